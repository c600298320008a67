@testable import Neural

extension LayerGradientCase {
  /// Attention without heads: settings, masks, flags of the call, dropout.
  static func queriesAndValues() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    func add(
      _ className: String, _ settings: ConfigValue, _ sizes: [[Int]], call: ConfigValue = [:],
      training: Bool = false, masks: [[Float]?] = []
    ) throws {
      guard let made = LayerCatalog.type(named: className)?.init() as? any QueryValueAttention
      else { throw PassError("\(className) is no attention") }
      var layer: any QueryValueAttention = made
      for (key, value) in settings.objectValue ?? [:] { try layer.set(key, to: value) }
      layer.call = LayerCall(
        call.objectValue ?? [:], count: sizes.count, parameters: type(of: layer).callParameters)
      cases.append(
        LayerGradientCase(
          "\(className) \(settings) \(call)", layer, sizes, training: training, masks: masks))
    }
    let settings: [(String, ConfigValue)] = [
      ("Attention", [:]), ("Attention", ["use_scale": true]),
      ("Attention", ["score_mode": "concat"]),
      ("Attention", ["score_mode": "concat", "use_scale": true]),
      ("AdditiveAttention", [:]), ("AdditiveAttention", ["use_scale": false]),
    ]
    let flags: ConfigValue = ["use_causal_mask": true, "return_attention_scores": true]
    for (className, settings) in settings {
      try add(className, settings, [[2, 3, 4], [2, 3, 4]])
      try add(className, settings, [[2, 3, 4], [2, 2, 3], [2, 2, 4]])
      try add(className, settings, [[2, 2, 3, 2], [1, 2, 2], [2, 2, 2, 2]])
      try add(className, settings, [[3, 2], [4, 2]])
      try add(className, settings, [[2, 4, 3], [2, 3, 3]], call: flags)
      try add(
        className, settings, [[2, 3, 2], [2, 2, 2]], call: ["return_attention_scores": true],
        masks: [[1, 0, 1, 1, 1, 0], [1, 1, 0, 1]])
      try add(className, settings, [[2, 3, 2], [2, 2, 2]], masks: [nil, [0, 1, 1, 0]])
      var config = settings.objectValue ?? [:]
      config["dropout"] = 0.4
      try add(className, .object(config), [[2, 4, 3], [2, 5, 3]], call: flags, training: true)
    }
    return cases
  }
}

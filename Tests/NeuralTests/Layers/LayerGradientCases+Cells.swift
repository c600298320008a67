@testable import Neural

extension LayerGradientCase {
  private static let mask: [Float] = [1, 1, 0, 1, 0, 0, 1, 1]

  /// `RNN` with cells, cells by themselves, and convolutional LSTMs.
  static func cells() throws -> [LayerGradientCase] {
    try steps() + walks() + convolutional()
  }

  private static func cell(_ className: String, _ units: Int = 2) throws -> NamedLayer {
    guard var cell = LayerCatalog.type(named: className)?.init() else {
      throw PassError("no layer is called \(className)")
    }
    try cell.set("units", to: .int(units))
    return NamedLayer(className, cell)
  }

  private static func steps() throws -> [LayerGradientCase] {
    let three = StackedRNNCells([
      try cell("LSTMCell"), NamedLayer("inner", StackedRNNCells([try cell("GRUCell", 3)])),
    ])
    return [
      LayerGradientCase("LSTMCell", try cell("LSTMCell").layer, [[2, 3], [2, 2], [2, 2]]),
      LayerGradientCase("GRUCell", try cell("GRUCell").layer, [[2, 3], [2, 2]]),
      LayerGradientCase("SimpleRNNCell", try cell("SimpleRNNCell").layer, [[2, 3], [2, 2]]),
      LayerGradientCase("StackedRNNCells", three, [[2, 3], [2, 2], [2, 2], [2, 3]]),
    ]
  }

  private static func walks() throws -> [LayerGradientCase] {
    let stack = NamedLayer(
      "stack",
      StackedRNNCells([try cell("LSTMCell"), try cell("GRUCell", 3), try cell("SimpleRNNCell")]))
    var cases: [LayerGradientCase] = []
    for inner in [try cell("GRUCell"), stack] {
      for settings: ConfigValue in [
        [:], ["return_sequences": true], ["return_sequences": true, "go_backwards": true],
        ["return_state": true, "go_backwards": true], ["unroll": true],
        ["return_sequences": true, "zero_output_for_mask": true, "return_state": true],
      ] {
        var layer = RNN(inner)
        for (key, value) in settings.objectValue ?? [:] { try layer.set(key, to: value) }
        for masks in [[], [mask]] as [[[Float]?]] {
          cases.append(
            LayerGradientCase(
              "RNN of \(inner.className) \(settings)", layer, [[2, 4, 3]], masks: masks))
        }
        let states =
          inner.className == "GRUCell" ? [[2, 2]] : [[2, 2], [2, 2], [2, 3], [2, 2]]
        cases.append(
          LayerGradientCase(
            "RNN of \(inner.className) \(settings)", layer, [[2, 4, 3]] + states))
        guard layer.sequence.goBackwards == false else { continue }
        cases.append(
          LayerGradientCase(
            "Bidirectional RNN of \(inner.className) \(settings)",
            Bidirectional(NamedLayer("rnn", layer)), [[2, 4, 3]], masks: [mask]))
      }
    }
    var first = LSTMCell(units: 2)
    try first.set("dropout", to: 0.3)
    var second = LSTMCell(units: 3)
    try second.set("recurrent_dropout", to: 0.3)
    let dropping = StackedRNNCells([NamedLayer("first", first), NamedLayer("second", second)])
    cases.append(
      LayerGradientCase(
        "RNN with dropout", RNN(NamedLayer("stack", dropping)), [[2, 4, 3]], training: true))
    return cases
  }

  private static func convolutional() throws -> [LayerGradientCase] {
    var cases: [LayerGradientCase] = []
    let mask: [Float] = [1, 0, 1, 1, 1, 0]
    for settings: ConfigValue in [
      [:], ["return_sequences": true, "return_state": true], ["padding": "same", "strides": 2],
      ["dilation_rate": 2, "go_backwards": true, "return_sequences": true],
      ["data_format": "channels_first", "use_bias": false, "activation": "softmax"],
      ["return_sequences": true, "zero_output_for_mask": true], ["unroll": true],
    ] {
      for rank in [1, 2] {
        var layer: any Layer = rank == 1 ? ConvLSTM1D() : ConvLSTM2D()
        try layer.set("filters", to: 2)
        try layer.set("kernel_size", to: 2)
        for (key, value) in settings.objectValue ?? [:] { try layer.set(key, to: value) }
        for masks in [[], [mask]] as [[[Float]?]] {
          cases.append(
            LayerGradientCase(
              "ConvLSTM\(rank)D \(settings)", layer,
              [[2, 3] + Array(repeating: 4, count: rank + 1)], masks: masks))
        }
      }
    }
    var dropping = ConvLSTM1D()
    for (key, value) in [
      ("filters", 2), ("kernel_size", 2), ("padding", "same"), ("dropout", 0.3),
      ("recurrent_dropout", 0.3),
    ] as [(String, ConfigValue)] { try dropping.set(key, to: value) }
    cases.append(
      LayerGradientCase("ConvLSTM1D with dropout", dropping, [[2, 3, 4, 2]], training: true))
    cases.append(
      LayerGradientCase(
        "ConvLSTM1D with states", dropping, [[2, 3, 4, 2], [2, 4, 2], [2, 4, 2]]))
    cases.append(
      LayerGradientCase(
        "Bidirectional ConvLSTM1D", Bidirectional(NamedLayer("inner", dropping)), [[2, 3, 4, 2]]))
    return cases
  }
}

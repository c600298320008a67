import Neural
import OrderedCollections

extension KerasSession {
  /// Calls a layer whose call names its tensors: `attention(query, value, use_causal_mask=True)`.
  ///
  /// The arguments are kept as they stand, so that a file or a script that is written of the model
  /// says them in the same way.
  func callByNames(
    _ layer: LayerObject, _ arguments: CallArguments, in evaluator: Evaluator
  ) throws -> Value {
    guard let type = (layer.named.layer as? any CalledLayer).map({ Swift.type(of: $0) }) else {
      return .none
    }
    let all = arguments.positional + arguments.keywords.map(\.value)
    if run != nil, !all.contains(where: { evaluator.holdsSymbol($0) }),
      all.contains(where: { evaluator.holdsArray($0) }),
      let result = try evaluator.computed(
        arguments, { try self.callByNames(layer, $0, in: evaluator) })
    {
      return result
    }
    let className = layer.named.className
    guard arguments.positional.count <= type.callParameters.count else {
      throw evaluator.fault(
        "\(className) takes at most \(type.callParameters.count) arguments, found "
          + "\(arguments.positional.count)", type: "TypeError")
    }
    for (key, _) in arguments.keywords where !type.callParameters.contains(key) {
      let near = nearest(to: key, in: type.callParameters)
      throw evaluator.fault(
        "a call of \(className) has no argument '\(key)'",
        remedy: near.map { "did you mean \($0)?" }
          ?? "it takes \(type.callParameters.joined(separator: ", "))", type: "TypeError")
    }
    var inputs: [SymbolicTensor] = []
    let positional = try arguments.positional.map {
      try self.argument($0, of: className, &inputs, evaluator)
    }
    var named: OrderedDictionary<String, ConfigValue> = [:]
    for (key, value) in arguments.keywords {
      named[key] = try argument(value, of: className, &inputs, evaluator)
    }
    guard !inputs.isEmpty else {
      if all.contains(where: { $0.isUnknown || evaluator.holdsArray($0) }) {
        return evaluator.unknown(nil, "a layer is called on data")
      }
      throw evaluator.fault("\(layer.named.name) is called without an input", type: "TypeError")
    }
    let template = CallArgumentsTemplate(positional: positional, keywords: named)
    let call = try record(
      layer, on: inputs, keywords: [CallArgumentsTemplate.key: template.configValue],
      in: evaluator)
    return try result(call, in: evaluator)
  }

  /// An argument, with a place for each tensor in it.
  private func argument(
    _ value: Value, of className: String, _ inputs: inout [SymbolicTensor], _ evaluator: Evaluator
  ) throws -> ConfigValue {
    try evaluator.charge(1)
    if let unknown = value.unknown {
      throw evaluator.fault(needing: "an argument of \(className)", unknown)
    }
    if case .native(let object) = value, let tensor = object as? SymbolicTensor {
      guard inputs.count < 2_000 else {
        throw evaluator.fault(
          "a call takes at most 2000 tensors here", remedy: "join fewer at once")
      }
      inputs.append(tensor)
      return CallArgumentsTemplate.place(inputs.count - 1)
    }
    if let elements = value.sequence {
      return .list(try elements.map { try argument($0, of: className, &inputs, evaluator) })
    }
    return try evaluator.config(from: value, for: "an argument of \(className)")
  }
}

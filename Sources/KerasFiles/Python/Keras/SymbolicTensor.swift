import Neural

/// A tensor of a model that is being built: it has a shape and a place in the graph, no numbers.
final class SymbolicTensor: NativeObject {
  let shape: Shape
  let call: CallNode
  let output: Int
  /// The rank of the mask that Keras keeps with the tensor; `nil` where it has none.
  var maskRank: Int?

  init(_ shape: Shape, of call: CallNode, output: Int) {
    self.shape = shape
    self.call = call
    self.output = output
  }

  var typeName: String { "KerasTensor" }

  func isInstance(of type: ClassObject) -> Bool {
    ["KerasTensor", "Tensor", "object"].contains(type.name)
  }

  /// The shape as Python sees it.
  func shapeValue(_ evaluator: Evaluator) throws -> Value {
    try evaluator.tuple(shape.sizes.map { $0.map { .int($0) } ?? .none })
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "shape", "_keras_shape": return try shapeValue(evaluator)
    case "get_shape":
      return .builtin(Builtin(name) { evaluator, _ in try self.shapeValue(evaluator) })
    case "ndim", "rank": return .int(shape.rank)
    case "dtype":
      let input = call.layer.named.layer as? InputLayer
      return .string(input?.dtype ?? "float32")
    case "name": return .string(call.layer.named.name)
    case "set_shape": return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
    case "__abs__":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.operation("Absolute", operands: [.native(self)])
        })
    default: break
    }
    if let function = OperationCatalog.functions["keras.ops.\(name)"] {
      return .builtin(
        Builtin(name) { evaluator, arguments in
          try evaluator.call(function, named: name, arguments.prepending(.native(self)))
        })
    }
    return name.hasPrefix("_")
      ? evaluator.unknown(nil, "\(name) of a tensor is not evaluated") : nil
  }

  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? {
    try evaluator.operation("GetItem", operands: [.native(self)], key: index)
  }

  func binary(
    _ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator
  ) throws -> Value? {
    guard let className = OperationCatalog.operators[symbol.symbol] else { return nil }
    let own = Value.native(self)
    return try evaluator.operation(className, operands: isReflected ? [other, own] : [own, other])
  }

  func compare(
    _ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator
  ) throws -> Value? {
    guard let className = OperationCatalog.operators[symbol.symbol] else { return nil }
    if case .none = other { return .bool(symbol == .notEqual) }
    if case .string = other { return .bool(symbol == .notEqual) }
    return try evaluator.operation(className, operands: [.native(self), other])
  }

  func unary(_ symbol: UnaryOperator, in evaluator: Evaluator) throws -> Value? {
    switch symbol {
    case .negative: try evaluator.operation("Negative", operands: [.native(self)])
    case .invert: try evaluator.operation("LogicalNot", operands: [.native(self)])
    default: .native(self)
    }
  }
}

import Neural

/// A weight as a script sees it: `layer.kernel`, `model.trainable_weights[0]`.
final class Variable: NativeObject {
  private let spec: WeightSpec
  private let index: Int
  private let layer: LayerObject

  init(_ spec: WeightSpec, _ index: Int, of layer: LayerObject) {
    self.spec = spec
    self.index = index
    self.layer = layer
  }

  var typeName: String { "Variable" }

  private func tensor(in evaluator: Evaluator) throws -> Tensor {
    try evaluator.keras.takeLiveWeights(in: evaluator)
    let tensors = try layer.ownTensors(in: evaluator)
    guard index < tensors.count else { throw evaluator.fault("\(spec.name) has no numbers yet") }
    return tensors[index]
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "shape": return try evaluator.tuple(spec.shape.map { .int($0) })
    case "name": return .string(spec.name)
    case "path":
      return .string(([layer.named.name] + spec.owner + [spec.name]).joined(separator: "/"))
    case "trainable": return .bool(spec.isTrainable && layer.named.trainable)
    case "dtype": return .string("float32")
    case "ndim": return .int(spec.shape.count)
    case "numpy", "value":
      return .builtin(
        Builtin(name) { evaluator, _ in try evaluator.value(of: try self.tensor(in: evaluator)) })
    case "assign":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          guard let given = arguments.value(0, "value") else { return .none }
          try self.assign(try evaluator.tensor(from: given, for: self.spec.name), in: evaluator)
          return .native(self)
        })
    default:
      // What an array can do, its numbers can.
      return try evaluator.attributeIfPresent(
        name, of: try evaluator.value(of: try tensor(in: evaluator)))
    }
  }

  private func assign(_ value: Tensor, in evaluator: Evaluator) throws {
    guard value.sizes == spec.shape else {
      throw evaluator.fault(
        "\(spec.name) has the shape \(Shape(sizes: spec.shape)), found \(value.shape)")
    }
    _ = try tensor(in: evaluator)
    layer.tensors?[index] = value
    evaluator.keras.run?.weightChanges += 1
  }

  func numbers(in evaluator: Evaluator) throws -> NDArray? {
    NDArray(try tensor(in: evaluator))
  }

  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? {
    guard case .array(let array) = try evaluator.value(of: try tensor(in: evaluator)) else {
      return nil
    }
    return try evaluator.item(index, of: array)
  }

  func binary(
    _ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator
  ) throws -> Value? {
    let own = try evaluator.value(of: try tensor(in: evaluator))
    return try isReflected
      ? evaluator.binary(symbol, other, own) : evaluator.binary(symbol, own, other)
  }

  func elements(in evaluator: Evaluator) throws -> [Value]? {
    try evaluator.elements(of: try evaluator.value(of: try tensor(in: evaluator)))
  }
}

/// `weights`, `trainable_weights` and the like, of layers.
enum VariableList {
  /// Which weights are meant.
  enum Part: String {
    case weights, variables
    case trainableWeights = "trainable_weights"
    case trainableVariables = "trainable_variables"
    case nonTrainableWeights = "non_trainable_weights"
    case nonTrainableVariables = "non_trainable_variables"

    func holds(_ isTrained: Bool) -> Bool {
      switch self {
      case .weights, .variables: true
      case .trainableWeights, .trainableVariables: isTrained
      case .nonTrainableWeights, .nonTrainableVariables: !isTrained
      }
    }
  }

  static func variables(
    of holders: [LayerObject], _ part: Part, in evaluator: Evaluator
  ) throws -> [Value] {
    try holders.flatMap { holder in
      try holder.weightSpecs(in: evaluator).enumerated()
        .filter { part.holds($1.isTrainable && holder.named.trainable) }
        .map { .native(Variable($1, $0, of: holder)) }
    }
  }
}

import Neural
import OrderedCollections

/// An optimizer of a script.
final class OptimizerObject: NativeObject, ConfigHolder {
  /// What it was made as.
  private(set) var optimizer: Optimizer
  /// The model that was compiled with it: its training keeps the learning rate.
  weak var model: ModelObject?
  /// The learning rate that the script has set since the optimizer was made.
  private(set) var learningRateThatWasSet: Double?

  init(_ optimizer: Optimizer) { self.optimizer = optimizer }

  var typeName: String { optimizer.className }
  var configValue: ConfigValue { optimizer.configValue }

  func isInstance(of type: ClassObject) -> Bool {
    [typeName, "Optimizer", "object"].contains(type.name)
  }

  /// The learning rate now.
  var learningRate: Double? {
    model?.learningRate ?? optimizer.config["learning_rate"]?.doubleValue
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "learning_rate", "lr", "_learning_rate":
      return learningRate.map { _ in .native(ScalarVariable(self)) }
        ?? optimizer.config["learning_rate"].map { evaluator.value(from: $0) }
    case "name": return optimizer.config["name"].map { evaluator.value(from: $0) }
    case "iterations": return .int(model?.optimizerSteps ?? 0)
    case "get_config":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.dict(
            self.optimizer.config.map { ($0.key, evaluator.value(from: $0.value)) })
        })
    case "__class__": return .type(ClassObject(typeName))
    default:
      return optimizer.config[name].map { evaluator.value(from: $0) }
    }
  }

  func setAttribute(_ name: String, to value: Value, in evaluator: Evaluator) throws -> Bool {
    switch name {
    case "learning_rate", "lr":
      if let rate = try evaluator.number(from: value) {
        try setLearningRate(rate, in: evaluator)
      } else {
        optimizer.config["learning_rate"] = try evaluator.config(from: value, for: name)
      }
    default:
      guard optimizer.config[name] != nil else { return false }
      optimizer.config[name] = try evaluator.config(from: value, for: name)
    }
    return true
  }

  func setLearningRate(_ rate: Double, in evaluator: Evaluator) throws {
    optimizer.config["learning_rate"] = .double(rate)
    learningRateThatWasSet = rate
    try model?.setLearningRate(rate, in: evaluator)
  }
}

/// `optimizer.learning_rate`: a number that can be read, computed with and assigned.
final class ScalarVariable: NativeObject {
  private let optimizer: OptimizerObject

  init(_ optimizer: OptimizerObject) { self.optimizer = optimizer }

  var typeName: String { "Variable" }
  /// The number, in the 32 bits in which Keras keeps it.
  var number: Double? { optimizer.learningRate.map { Double(Float($0)) } }

  private var value: Value { .scalar(NumPyScalar(number ?? .nan, .float32)) }

  func numbers(in evaluator: Evaluator) throws -> NDArray? {
    NDArray([], floats: [number ?? .nan], .float32)
  }

  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String? {
    "<Variable path=\(optimizer.typeName.lowercased())/learning_rate, shape=(), dtype=float32, "
      + "value=\((number ?? .nan).pythonDescription)>"
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "numpy", "value", "item", "__float__", "read_value":
      return .builtin(Builtin(name) { _, _ in self.value })
    case "assign":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          guard let rate = try evaluator.number(from: arguments.value(0, "value") ?? .none) else {
            throw evaluator.fault("a learning rate is a number", type: "TypeError")
          }
          try self.optimizer.setLearningRate(rate, in: evaluator)
          return .native(self)
        })
    case "shape": return try evaluator.tuple([])
    case "dtype": return .string("float32")
    case "name": return .string("learning_rate")
    default: return nil
    }
  }

  func binary(
    _ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator
  ) throws -> Value? {
    try isReflected
      ? evaluator.binary(symbol, other, value) : evaluator.binary(symbol, value, other)
  }

  func compare(
    _ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator
  ) throws -> Value? {
    try evaluator.compare(symbol, value, other)
  }

  func unary(_ symbol: UnaryOperator, in evaluator: Evaluator) throws -> Value? {
    try evaluator.unary(symbol, value)
  }
}

extension Evaluator {
  /// A loss or metrics for `compile`, as files have them: functions of Keras as functions.
  func compileConfig(from value: Value, for key: String) throws -> ConfigValue {
    switch value {
    case .native(let object):
      if let function = object as? LossFunction { return function.fileConfig }
    case .list, .tuple:
      return .list(
        try (value.sequence ?? []).map { element in
          try nested { try compileConfig(from: element, for: key) }
        })
    case .dict(let dict):
      var members: OrderedDictionary<String, ConfigValue> = [:]
      for (name, member) in dict.members.values {
        guard let name = name.stringValue else { return try config(from: value, for: key) }
        members[name] = try nested { try compileConfig(from: member, for: key) }
      }
      return .object(members)
    default: break
    }
    return try config(from: value, for: key)
  }

  /// The optimizer that a script means: an object, a name, a class.
  func optimizer(from value: Value) throws -> OptimizerObject {
    if case .native(let object) = value, let optimizer = object as? OptimizerObject {
      return optimizer
    }
    let config = try config(from: value, for: "optimizer")
    do throws(SettingError) {
      return OptimizerObject(try Optimizer(configValue: config, kind: .value))
    } catch {
      throw fault(error.message)
    }
  }
}

/// An object of a library that we provide: a layer, a model, a symbolic tensor, a parser.
///
/// Each operation returns `nil` where the object has no such thing.
protocol NativeObject: AnyObject {
  /// The class as Python names it.
  var typeName: String { get }
  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value?
  /// Whether the attribute was taken.
  func setAttribute(_ name: String, to value: Value, in evaluator: Evaluator) throws -> Bool
  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value?
  func item(_ index: Value, in evaluator: Evaluator) throws -> Value?
  func binary(
    _ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator
  ) throws -> Value?
  func compare(_ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator) throws
    -> Value?
  func unary(_ symbol: UnaryOperator, in evaluator: Evaluator) throws -> Value?
  func elements(in evaluator: Evaluator) throws -> [Value]?
  func isInstance(of type: ClassObject) -> Bool
  /// What `str()` or, for containers and prompts, `repr()` makes of it.
  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String?
  /// Its numbers, where it stands for an array, as a weight or a tensor does.
  func numbers(in evaluator: Evaluator) throws -> NDArray?
}

extension NativeObject {
  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? { nil }
  func setAttribute(_ name: String, to value: Value, in evaluator: Evaluator) throws -> Bool {
    false
  }
  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? { nil }
  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? { nil }
  func binary(
    _ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator
  ) throws -> Value? { nil }
  func compare(
    _ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator
  ) throws -> Value? { nil }
  func unary(_ symbol: UnaryOperator, in evaluator: Evaluator) throws -> Value? { nil }
  func elements(in evaluator: Evaluator) throws -> [Value]? { nil }
  func isInstance(of type: ClassObject) -> Bool { type.name == typeName || type.name == "object" }
  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String? { nil }
  func numbers(in evaluator: Evaluator) throws -> NDArray? { nil }
}

/// A call of a NumPy function in a run, with its arguments by place or keyword.
struct ArrayCall {
  let name: String
  let evaluator: Evaluator
  let arguments: CallArguments

  /// The argument at a place or under a keyword; `nil` where it is missing or `None`.
  func value(_ index: Int, _ keyword: String) -> Value? {
    arguments.value(index, keyword).flatMap { $0.isNone ? nil : $0 }
  }

  /// The argument at a place or under a keyword.
  func required(_ index: Int, _ keyword: String) throws -> Value {
    guard let value = arguments.value(index, keyword) else {
      throw ArrayProblem("TypeError", "\(name)() is missing its argument '\(keyword)'")
    }
    if let unknown = value.unknown { throw evaluator.needed(unknown) }
    return value
  }

  /// An argument as an array.
  func array(_ index: Int, _ keyword: String) throws -> NDArray {
    try evaluator.ndarray(from: try required(index, keyword))
  }

  /// An argument as one side of an operator: a Python number stays weak.
  func operand(_ index: Int, _ keyword: String) throws -> Operand {
    try evaluator.operand(try required(index, keyword))
  }

  /// A list of arrays.
  func arrays(_ index: Int, _ keyword: String) throws -> [NDArray] {
    let source = try required(index, keyword)
    if case .array(let array) = source, let numbers = array.numbers, numbers.rank > 0 {
      return try evaluator.rows(of: numbers)
    }
    guard let values = try evaluator.elements(of: source) else {
      throw ArrayProblem("TypeError", "\(name)() takes a list of arrays")
    }
    return try values.map { try evaluator.ndarray(from: $0) }
  }

  func int(_ index: Int, _ keyword: String) throws -> Int? {
    guard let value = value(index, keyword) else { return nil }
    if let unknown = value.unknown { throw evaluator.needed(unknown) }
    guard let number = value.intValue else {
      throw ArrayProblem(
        "TypeError",
        "'\(evaluator.typeName(of: value))' object cannot be interpreted as an integer")
    }
    return number
  }

  func double(_ index: Int, _ keyword: String) throws -> Double? {
    guard let value = value(index, keyword) else { return nil }
    return try evaluator.double(from: value)
  }

  func flag(_ index: Int, _ keyword: String) throws -> Bool? {
    guard let value = value(index, keyword) else { return nil }
    return try evaluator.truth(of: value)
  }

  /// One whole number or several.
  func ints(_ index: Int, _ keyword: String) throws -> [Int]? {
    guard let value = value(index, keyword) else { return nil }
    return try evaluator.sizes(from: value)
  }

  func dtype(_ index: Int, _ keyword: String = "dtype") throws -> DType? {
    guard let value = value(index, keyword) else { return nil }
    return try evaluator.dtype(from: value)
  }

  /// The axes that `axis=` names, for an array.
  func axes(_ index: Int, of array: NDArray) throws -> ReducedAxes {
    let keeps = try flag(.max, "keepdims") ?? false
    return try ReducedAxes(try ints(index, "axis"), rank: array.rank, keepsAxes: keeps)
  }

  /// Refuses keywords that the function does not have.
  func accept(_ names: String...) throws {
    for (name, _) in arguments.keywords where !names.contains(name) {
      throw ArrayProblem(
        "TypeError", "\(self.name)() got an unexpected keyword argument '\(name)'")
    }
  }
}

extension Evaluator {
  /// Runs array code; what it finds wrong is raised here.
  func arrays<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let problem as ArrayProblem {
      throw raise(problem.type, problem.message, remedy: problem.remedy)
    }
  }

  /// One side of an operator.
  func operand(_ value: Value) throws -> Operand {
    if let weak = Operand(weak: value) { return weak }
    return Operand(try ndarray(from: value))
  }

  /// A number as a float.
  func double(from value: Value) throws -> Double {
    if let number = value.doubleValue { return number }
    if let unknown = value.unknown { throw needed(unknown) }
    if case .array(let array) = value, let numbers = array.numbers, numbers.count == 1 {
      return try numbers.doubles()[0]
    }
    throw ArrayProblem("TypeError", "must be real number, not \(typeName(of: value))")
  }

  /// Sizes or axes: one whole number, or a tuple or array of them.
  func sizes(from value: Value) throws -> [Int] {
    if let number = value.intValue { return [number] }
    if let unknown = value.unknown { throw needed(unknown) }
    guard let elements = try elements(of: value) else {
      throw ArrayProblem("TypeError", "a whole number or a tuple of them is expected")
    }
    return try elements.map { element in
      if let unknown = element.unknown { throw needed(unknown) }
      guard let number = element.intValue else {
        throw ArrayProblem(
          "TypeError",
          "'\(typeName(of: element))' object cannot be interpreted as an integer")
      }
      return number
    }
  }

  /// The rows of an array: its elements along the first axis.
  func rows(of array: NDArray) throws -> [NDArray] {
    try charge(array.shape[0])
    return (0..<array.shape[0]).map { array.row($0) }
  }

  /// The type that a value names: `"float32"`, `np.float32`, `float`, `a.dtype`.
  func dtype(from value: Value) throws -> DType {
    let name: String
    switch value {
    case .string(let text): name = text
    case .builtin(let builtin): name = builtin.name
    case .type(let type): name = type.name
    case .native(let object as DTypeObject): return object.dtype
    case .unknown(let unknown): throw needed(unknown)
    default: name = representation(of: value)
    }
    guard let type = DType(named: name) else {
      throw ArrayProblem("TypeError", "data type '\(name)' not understood")
    }
    return type
  }
}

extension NDArray {
  /// One element along the first axis, as a window.
  func row(_ index: Int) -> NDArray {
    NDArray(
      storage, dtype, shape: Array(shape.dropFirst()), strides: Array(strides.dropFirst()),
      offset: offset + index * strides[0])
  }
}

/// `a.dtype`.
final class DTypeObject: NativeObject {
  let dtype: DType
  private let text: String

  init(_ array: NDArray) {
    dtype = array.dtype
    text = array.dtype == .string ? array.stringTypeName : array.dtype.name
  }

  init(_ dtype: DType) {
    self.dtype = dtype
    text = dtype == .string ? "<U0" : dtype.name
  }

  var typeName: String { "dtype" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "name": return .string(dtype.name)
    case "kind": return .string(dtype.kindCode)
    case "itemsize": return .int(dtype.itemSize)
    case "str": return .string(text)
    case "type": return evaluator.scalarType(dtype)
    case "char": return .string(dtype.kindCode)
    default: return nil
    }
  }

  func compare(
    _ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator
  ) throws -> Value? {
    guard symbol == .equal || symbol == .notEqual else { return nil }
    let same = (try? evaluator.dtype(from: other)) == dtype
    return .bool(same == (symbol == .equal))
  }

  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String? {
    guard isRepresentation else { return text }
    return dtype == .object ? "dtype('O')" : "dtype('\(text)')"
  }
}

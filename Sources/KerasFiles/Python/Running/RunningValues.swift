/// `d.keys()`, `d.values()`, `d.items()`: a view of the dict as it is now.
final class DictView: NativeObject {
  enum Part: String { case keys, values, items }
  private let dict: DictObject
  private let part: Part

  init(_ dict: DictObject, _ part: Part) {
    self.dict = dict
    self.part = part
  }

  var typeName: String { "dict_\(part.rawValue)" }

  func elements(in evaluator: Evaluator) throws -> [Value]? {
    try evaluator.charge(dict.members.count)
    return switch part {
    case .keys: dict.members.values.map(\.key)
    case .values: dict.members.values.map(\.value)
    case .items: try dict.members.values.map { try evaluator.tuple([$0.key, $0.value]) }
    }
  }

  func binary(
    _ symbol: BinaryOperator, _ other: Value, isReflected: Bool, in evaluator: Evaluator
  ) throws -> Value? {
    guard part != .values, let own = try elements(in: evaluator),
      let rest = try evaluator.elements(of: other)
    else { return nil }
    let (a, b) = (try evaluator.set(own), try evaluator.set(rest))
    return try isReflected ? evaluator.binary(symbol, b, a) : evaluator.binary(symbol, a, b)
  }

  func compare(
    _ symbol: ComparisonOperator, _ other: Value, in evaluator: Evaluator
  ) throws -> Value? {
    guard part != .values, let own = try elements(in: evaluator),
      symbol == .equal || symbol == .notEqual, let rest = try evaluator.elements(of: other)
    else { return nil }
    return try evaluator.compare(symbol, try evaluator.set(own), try evaluator.set(rest))
  }

  func text(isRepresentation: Bool, in evaluator: Evaluator) -> String? {
    guard let elements = try? elements(in: evaluator) else { return nil }
    return "\(typeName)(\(evaluator.representation(of: .tuple(elements).asList(evaluator))))"
  }
}

extension Value {
  /// The elements of a tuple in a list that nothing else holds.
  fileprivate func asList(_ evaluator: Evaluator) -> Value {
    .list(ListObject(sequence ?? []))
  }
}

extension DictObject {
  /// `defaultdict(<class 'list'>, {…})` around the members.
  func wrapped(_ text: String, in evaluator: Evaluator) -> String {
    guard let factory else { return text }
    return "defaultdict(\(evaluator.representation(of: factory)), \(text))"
  }
}

extension Evaluator {
  /// A class as `print(type(x))` shows it.
  func qualifiedName(of type: ClassObject) -> String {
    if type.isScripted { return "__main__.\(type.name)" }
    if type.name == "ndarray" || types.named["numpy.\(type.name)"] === type {
      return "numpy.\(type.name)"
    }
    return type.name
  }

  /// `repr()` of an object of a class.
  func representation(of instance: Instance) -> String {
    let value = Value.instance(instance)
    if case .function(let function)? = instance.type.lookUp("__repr__"),
      let result = try? call(function, CallArguments(positional: [value])),
      case .string(let text) = result
    {
      return text
    }
    if instance.type.isSubclass(ofNamed: "BaseException") {
      guard case .tuple(let arguments)? = instance.attributes["args"] else {
        return "\(instance.type.name)()"
      }
      let shown = arguments.elements.map { representation(of: $0, depth: 1) }
      return "\(instance.type.name)(\(shown.joined(separator: ", ")))"
    }
    if case .tuple(let fields)? = instance.type.lookUp("__fields__") {
      let shown = fields.elements.compactMap(\.stringValue).map {
        "\($0)=\(representation(of: instance.attributes[$0] ?? .none, depth: 1))"
      }
      return "\(instance.type.name)(\(shown.joined(separator: ", ")))"
    }
    return "<\(qualifiedName(of: instance.type)) object>"
  }

  /// The `KeyError` for a key that a dict does not have.
  func missingKey(_ key: Value) -> Interruption {
    guard case .raised(let raised) = raise("KeyError", representation(of: key)) else {
      return raise("KeyError", "")
    }
    raised.exception.attributes["args"] = .tuple([key])
    return .raised(raised)
  }

  /// The error for values that have no order.
  func unordered(_ left: Value, _ right: Value) -> Interruption {
    if case .array = left { return ambiguousTruth() }
    if case .array = right { return ambiguousTruth() }
    return raise(
      "TypeError",
      "'<' not supported between instances of '\(typeName(of: left))' and "
        + "'\(typeName(of: right))'")
  }

  private func ambiguousTruth() -> Interruption {
    raise(
      "ValueError",
      "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")
  }

  /// Says once that what a module would do is left out.
  func leaveOut(_ unknown: Unknown, _ call: String?) {
    guard !unknown.reason.isEmpty, leftOut.insert(unknown.reason).inserted else { return }
    warn("\(call.map { "`\($0)`" } ?? "this call") is left out: \(unknown.reason)")
  }

  /// `pow(base, exponent, modulus)`.
  func modularPower(_ arguments: CallArguments) throws -> Value {
    let numbers = arguments.positional.compactMap(\.intValue)
    guard numbers.count == 3, numbers[1] >= 0, numbers[2] != 0 else {
      throw raise("ValueError", "pow() takes whole numbers, and a modulus other than 0")
    }
    let modulus = Int128(numbers[2])
    func rest(_ value: Int128) -> Int128 {
      let rest = value % modulus
      return rest != 0 && (rest < 0) != (modulus < 0) ? rest + modulus : rest
    }
    var result = rest(1)
    var base = rest(Int128(numbers[0]))
    var exponent = numbers[1]
    while exponent > 0 {
      if exponent & 1 == 1 { result = rest(result * base) }
      base = rest(base * base)
      exponent >>= 1
    }
    return .int(Int(result))
  }
}

extension NDArray {
  /// What `sum()` makes of a row, adding one element after the other; `nil` for no numbers.
  func sumInOrder() -> Value? {
    switch dtype.kind {
    case .int:
      let type: DType = dtype == .bool ? .int64 : dtype
      return count == 0 ? .int(0) : .scalar(NumPyScalar(type.wrapped(ints().reduce(0, &+)), type))
    case .float:
      var total = 0.0
      for number in floats() { total = dtype.rounded(total + number) }
      return count == 0 ? .int(0) : .scalar(NumPyScalar(total, dtype))
    case .object: return nil
    }
  }
}

import Neural

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension Evaluator {
  /// Whether a value is true to Python; `nil` where it is not known.
  func truth(of value: Value) throws -> Bool? {
    switch value {
    case .none: return false
    case .bool(let flag): return flag
    case .int(let number): return number != 0
    case .float(let number): return number != 0
    case .string(let text): return !text.isEmpty
    case .bytes(let bytes): return !bytes.isEmpty
    case .tuple(let tuple): return !tuple.elements.isEmpty
    case .list(let list):
      return list.elements.isEmpty ? (list.unknownTail == nil ? false : nil) : true
    case .dict(let dict):
      return dict.members.isEmpty ? (dict.unknownTail == nil ? false : nil) : true
    case .set(let set):
      return set.members.isEmpty ? (set.unknownTail == nil ? false : nil) : true
    case .range(let range): return range.count > 0
    case .unknown(let unknown):
      if isRunning { throw needed(unknown) }
      return nil
    case .array(let array): return try array.numbers.map { try truth(of: $0) }
    case .scalar(let scalar): return scalar.truth
    case .instance(let instance):
      for name in ["__bool__", "__len__"] {
        if let method = instance.type.lookUp(name), case .function = method {
          return try truth(of: try call(method, CallArguments(positional: [value])))
        }
      }
      return true
    default: return true
    }
  }

  func unary(_ symbol: UnaryOperator, _ operand: Value) throws -> Value {
    if symbol == .not {
      guard let truth = try truth(of: operand) else {
        return operand.isUnknown ? operand : unknown(nil, "an array is no condition")
      }
      return .bool(!truth)
    }
    switch operand {
    case .array(let array):
      guard let numbers = array.numbers else { return operand }
      return try arrays { .array(ArrayValue(try numbers.unary(symbol))) }
    case .scalar(let scalar): return try arrays { .numbers(try NDArray(scalar).unary(symbol)) }
    case .unknown: return operand
    case .native(let object):
      if let result = try object.unary(symbol, in: self) { return result }
    case .instance:
      let name = ["USub": "neg", "UAdd": "pos", "Invert": "invert"][symbol.rawValue] ?? ""
      if let method = try attributeIfPresent("__\(name)__", of: operand) {
        return try call(method, CallArguments())
      }
    case .float(let number) where symbol != .invert:
      return .float(symbol == .negative ? -number : number)
    default:
      if let number = operand.intValue {
        switch symbol {
        case .negative: return number == .min ? tooLarge() : .int(-number)
        case .invert: return .int(~number)
        default: return .int(number)
        }
      }
    }
    throw raise("TypeError", "bad operand type for unary operator: '\(typeName(of: operand))'")
  }

  func binary(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    switch (left, right) {
    case (.native(let object), _):
      if let result = try object.binary(symbol, right, isReflected: false, in: self) {
        return result
      }
    case (_, .native(let object)):
      if let result = try object.binary(symbol, left, isReflected: true, in: self) {
        return result
      }
    default: break
    }
    if let result = try scripted(symbol, left, right) { return result }
    if isRunning, isNumPy(left) || isNumPy(right),
      let result = try arrayBinary(symbol, left, right)
    {
      return result
    }
    if case .array(let array) = left { return arithmetic(symbol, array, right) }
    if case .array(let array) = right { return arithmetic(symbol, array, left) }
    if case .string(let text) = left, symbol == .modulo {
      return try formatPercent(text, right)
    }
    if let unknown = left.unknown ?? right.unknown { return .unknown(unknown) }
    if let a = left.intValue, let b = right.intValue {
      if case .set = left {} else { return try integers(symbol, a, b, left, right) }
    }
    if let a = left.doubleValue, let b = right.doubleValue {
      if let result = try floats(symbol, a, b) { return result }
    }
    if let result = try sequences(symbol, left, right) { return result }
    throw raise(
      "TypeError",
      "unsupported operand types for \(symbol.symbol): '\(typeName(of: left))' and "
        + "'\(typeName(of: right))'")
  }

  /// An operator that a class of the script defines.
  private func scripted(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    if case .instance = left,
      let method = try attributeIfPresent("__\(symbol.method)__", of: left), !method.isUnknown
    {
      return try call(method, CallArguments(positional: [right]))
    }
    if case .instance = right,
      let method = try attributeIfPresent("__r\(symbol.method)__", of: right), !method.isUnknown
    {
      return try call(method, CallArguments(positional: [left]))
    }
    return nil
  }

  private func integers(
    _ symbol: BinaryOperator, _ a: Int, _ b: Int, _ left: Value, _ right: Value
  ) throws -> Value {
    func checked(_ result: (partialValue: Int, overflow: Bool)) -> Value {
      result.overflow ? tooLarge() : .int(result.partialValue)
    }
    switch symbol {
    case .add: return checked(a.addingReportingOverflow(b))
    case .subtract: return checked(a.subtractingReportingOverflow(b))
    case .multiply: return checked(a.multipliedReportingOverflow(by: b))
    case .floorDivide, .modulo, .divide:
      if b == 0 { throw raise("ZeroDivisionError", "division by zero") }
      if symbol == .divide { return .float(Double(a) / Double(b)) }
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      if overflow { return symbol == .modulo ? .int(0) : tooLarge() }
      let rest = a - quotient * b
      // Python rounds towards minus infinity.
      let isLow = rest != 0 && (rest < 0) != (b < 0)
      return symbol == .modulo
        ? .int(isLow ? rest + b : rest) : .int(isLow ? quotient - 1 : quotient)
    case .power: return power(a, b)
    case .bitAnd: return bits(a & b, left, right)
    case .bitOr: return bits(a | b, left, right)
    case .bitXor: return bits(a ^ b, left, right)
    case .rightShift: return .int(b < 0 ? 0 : a >> min(b, 63))
    case .leftShift:
      guard b >= 0, b < 63 else { return a == 0 ? .int(0) : tooLarge() }
      return checked(a.multipliedReportingOverflow(by: 1 << b))
    case .matrixMultiply: throw raise("TypeError", "unsupported operand types for @: 'int'")
    }
  }

  private func bits(_ result: Int, _ left: Value, _ right: Value) -> Value {
    if case .bool = left, case .bool = right { return .bool(result != 0) }
    return .int(result)
  }

  private func power(_ base: Int, _ exponent: Int) -> Value {
    if exponent < 0 { return .float(pow(Double(base), Double(exponent))) }
    if base == 0 || base == 1 { return .int(exponent == 0 ? 1 : base) }
    if base == -1 { return .int(exponent % 2 == 0 ? 1 : -1) }
    guard exponent < 64 else { return tooLarge() }
    var result = 1
    for _ in 0..<exponent {
      let (next, overflow) = result.multipliedReportingOverflow(by: base)
      if overflow { return tooLarge() }
      result = next
    }
    return .int(result)
  }

  private func floats(_ symbol: BinaryOperator, _ a: Double, _ b: Double) throws -> Value? {
    switch symbol {
    case .add: return .float(a + b)
    case .subtract: return .float(a - b)
    case .multiply: return .float(a * b)
    case .divide, .floorDivide, .modulo:
      if b == 0 { throw raise("ZeroDivisionError", "float division by zero") }
      if symbol == .divide { return .float(a / b) }
      return .float(
        symbol == .floorDivide ? FloatDivision.quotient(a, b) : FloatDivision.modulo(a, b))
    case .power:
      if a == 0, b < 0 {
        throw raise("ZeroDivisionError", "0.0 cannot be raised to a negative power")
      }
      let result = pow(a, b)
      if result.isInfinite, a.isFinite, b.isFinite {
        throw raise("OverflowError", "(34, 'Numerical result out of range')")
      }
      return result.isNaN ? unknown(nil, "complex numbers are not evaluated") : .float(result)
    default: return nil
    }
  }

  private func sequences(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    switch (symbol, left, right) {
    case (.add, .string(let a), .string(let b)):
      try charge(text: a.utf8.count + b.utf8.count)
      return .string(a + b)
    case (.add, .bytes(let a), .bytes(let b)):
      try charge(text: a.count + b.count)
      return .bytes(a + b)
    case (.add, .tuple(let a), .tuple(let b)): return try tuple(a.elements + b.elements)
    case (.add, .list(let a), .list(let b)):
      let result = try keep(ListObject([]))
      try charge(a.elements.count + b.elements.count)
      result.elements = a.elements + b.elements
      result.unknownTail = a.unknownTail ?? b.unknownTail
      return .list(result)
    case (.bitOr, .dict(let a), .dict(let b)):
      let result = try keep(DictObject())
      try update(result, with: .dict(a))
      try update(result, with: .dict(b))
      return .dict(result)
    case (_, .set(let a), .set(let b)): return try sets(symbol, a, b)
    case (.multiply, _, _):
      if let count = right.intValue { return try repeated(left, count) }
      if let count = left.intValue { return try repeated(right, count) }
      return nil
    default: return nil
    }
  }

  private func repeated(_ value: Value, _ count: Int) throws -> Value? {
    let count = max(0, count)
    func total(_ size: Int) -> Int {
      let (product, overflow) = size.multipliedReportingOverflow(by: count)
      return overflow ? .max : product
    }
    switch value {
    case .string(let text):
      try charge(text: total(text.utf8.count) - 1)
      return .string(String(repeating: text, count: text.isEmpty ? 0 : count))
    case .bytes(let bytes):
      try charge(text: total(bytes.count) - 1)
      return .bytes(Array(repeatElement(bytes, count: bytes.isEmpty ? 0 : count).joined()))
    case .list(let list):
      try charge(total(list.elements.count))
      let one = list.elements
      let result = try keep(
        ListObject(Array(repeatElement(one, count: one.isEmpty ? 0 : count).joined())))
      result.unknownTail = list.unknownTail
      return .list(result)
    case .tuple(let tuple):
      try charge(total(tuple.elements.count))
      let one = tuple.elements
      return try self.tuple(Array(repeatElement(one, count: one.isEmpty ? 0 : count).joined()))
    default: return nil
    }
  }

  func sets(_ symbol: BinaryOperator, _ a: SetObject, _ b: SetObject) throws -> Value? {
    let result = try keep(SetObject(isFrozen: a.isFrozen))
    result.unknownTail = a.unknownTail ?? b.unknownTail
    try charge(a.members.count + b.members.count)
    switch symbol {
    case .bitOr:
      result.members = a.members
      result.members.merge(b.members.elements.map { ($0.key, $0.value) }) { first, _ in first }
    case .bitAnd: result.members = a.members.filter { b.members[$0.key] != nil }
    case .subtract: result.members = a.members.filter { b.members[$0.key] == nil }
    case .bitXor:
      result.members = a.members.filter { b.members[$0.key] == nil }
      for (key, value) in b.members where a.members[key] == nil { result.members[key] = value }
    default: return nil
    }
    return .set(result)
  }

  private func arithmetic(_ symbol: BinaryOperator, _ array: ArrayValue, _ other: Value) -> Value {
    guard case .array(let second) = other else {
      if case .list = other { return .array(array) }
      return .array(array)
    }
    if symbol == .matrixMultiply, array.shape.count >= 2, second.shape.count >= 2 {
      return .array(
        ArrayValue(array.shape.dropLast() + [second.shape.last ?? nil], dtype: array.dtype))
    }
    return .array(array.broadcast(with: second))
  }
}

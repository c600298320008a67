import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension NDArray {
  /// How many elements an array of this shape has.
  ///
  /// - Throws: `ArrayProblem` where they would not fit in memory.
  @discardableResult
  static func checkedCount(_ shape: [Int]) throws(ArrayProblem) -> Int {
    var total = Count(8)
    for size in shape {
      guard size >= 0 else {
        throw ArrayProblem("ValueError", "negative dimensions are not allowed")
      }
      total = total * Count(size)
    }
    guard total <= Count(MemoryLimit.standard.bytes) else {
      throw ArrayProblem(
        "MemoryError",
        "an array of shape \(text(shape)) would take \(total.grouped) bytes, allowed are "
          + MemoryLimit.standard.bytes.grouped,
        remedy: "use fewer samples, or smaller ones")
    }
    return shape.reduce(1, *)
  }

  /// An operator between elements.
  static func binary(
    _ symbol: BinaryOperator, _ a: Operand, _ b: Operand
  ) throws(ArrayProblem) -> NDArray {
    guard let shape = broadcastShape(a.array.shape, b.array.shape) else {
      throw mismatch([a.array.shape, b.array.shape])
    }
    var type = try Operand.commonType(a, b)
    if type.kind == .object { throw unsupported(symbol, a, b) }
    switch symbol {
    case .divide:
      if !type.isFloat { type = .float64 }
    case .floorDivide, .modulo, .power, .leftShift, .rightShift:
      if type == .bool { type = .int8 }
    case .bitAnd, .bitOr, .bitXor:
      if type.isFloat {
        throw ArrayProblem(
          "TypeError", "\(symbol.symbol) works on whole numbers and truth values, not on floats",
          remedy: "compare first, or use astype(bool)")
      }
    case .subtract:
      if type == .bool {
        throw ArrayProblem(
          "TypeError", "numpy boolean subtract, the `-` operator, is not supported",
          remedy: "use ^ or logical_xor")
      }
    default: break
    }
    if type.isFloat {
      let numbers = floats(symbol, try alignedFloats(a.array, b.array, shape))
      guard let numbers else { throw unsupported(symbol, a, b) }
      return NDArray(shape, floats: rounded(numbers, type), type)
    }
    let pairs = try alignedInts(a.array, b.array, shape, type)
    if symbol == .power, pairs.second.contains(where: { $0 < 0 }) {
      throw ArrayProblem(
        "ValueError", "Integers to negative integer powers are not allowed.",
        remedy: "make the base a float")
    }
    guard let numbers = ints(symbol, pairs) else { throw unsupported(symbol, a, b) }
    return NDArray(
      shape, ints: type == .int64 || type == .uint64 ? numbers : numbers.map { type.wrapped($0) },
      type)
  }

  private static func unsupported(
    _ symbol: BinaryOperator, _ a: Operand, _ b: Operand
  ) -> ArrayProblem {
    ArrayProblem(
      "TypeError",
      "\(symbol.symbol) is not supported between arrays of \(a.array.dtype.name) and "
        + b.array.dtype.name)
  }

  private static func floats(_ symbol: BinaryOperator, _ pairs: Aligned<Double>) -> [Double]? {
    switch symbol {
    case .add: pairs.map { $0 + $1 }
    case .subtract: pairs.map { $0 - $1 }
    case .multiply: pairs.map { $0 * $1 }
    case .divide: pairs.map { $0 / $1 }
    case .floorDivide: pairs.map { FloatDivision.quotient($0, $1) }
    case .modulo: pairs.map { FloatDivision.modulo($0, $1) }
    case .power:
      // A square is the commonest power by far.
      pairs.second.count == 1 && pairs.second[0] == 2
        ? pairs.map { x, _ in x * x } : pairs.map { pow($0, $1) }
    default: nil
    }
  }

  private static func ints(_ symbol: BinaryOperator, _ pairs: Aligned<Int>) -> [Int]? {
    switch symbol {
    case .add: pairs.map { $0 &+ $1 }
    case .subtract: pairs.map { $0 &- $1 }
    case .multiply: pairs.map { $0 &* $1 }
    case .floorDivide: pairs.map { IntegerArithmetic.quotient($0, $1) }
    case .modulo: pairs.map { IntegerArithmetic.modulo($0, $1) }
    case .power: pairs.map { IntegerArithmetic.power($0, $1) }
    case .bitAnd: pairs.map { $0 & $1 }
    case .bitOr: pairs.map { $0 | $1 }
    case .bitXor: pairs.map { $0 ^ $1 }
    case .leftShift: pairs.map { $1 >= 0 && $1 < 64 ? $0 << $1 : 0 }
    case .rightShift: pairs.map { $1 >= 0 ? $0 >> min($1, 63) : 0 }
    case .divide, .matrixMultiply: nil
    }
  }

  // MARK: Comparisons

  /// A comparison of elements: an array of truth values.
  static func compare(
    _ symbol: ComparisonOperator, _ a: Operand, _ b: Operand
  ) throws(ArrayProblem) -> NDArray {
    guard let shape = broadcastShape(a.array.shape, b.array.shape) else {
      throw mismatch([a.array.shape, b.array.shape])
    }
    let type = comparedType(a, b)
    let flags: [Bool]
    switch type.kind {
    case .float: flags = compared(symbol, try alignedFloats(a.array, b.array, shape))
    case .int: flags = compared(symbol, try alignedInts(a.array, b.array, shape, .int64))
    case .object: flags = try comparedObjects(symbol, try alignedObjects(a.array, b.array, shape))
    }
    return NDArray(shape, ints: flags.map { $0 ? 1 : 0 }, .bool)
  }

  /// What is compared is compared exactly: no Python number is too large for it.
  private static func comparedType(_ a: Operand, _ b: Operand) -> DType {
    let (x, y) = (a.array.dtype, b.array.dtype)
    if x.kind == .int, y.kind == .int { return .int64 }
    return DType.promoted(x, y)
  }

  private static func compared<Element: Comparable>(
    _ symbol: ComparisonOperator, _ pairs: Aligned<Element>
  ) -> [Bool] {
    switch symbol {
    case .equal: pairs.map { $0 == $1 }
    case .notEqual: pairs.map { $0 != $1 }
    case .less: pairs.map { $0 < $1 }
    case .lessOrEqual: pairs.map { $0 <= $1 }
    case .greater: pairs.map { $0 > $1 }
    default: pairs.map { $0 >= $1 }
    }
  }

  private static func comparedObjects(
    _ symbol: ComparisonOperator, _ pairs: Aligned<Value>
  ) throws(ArrayProblem) -> [Bool] {
    var isOrdered = true
    let flags = pairs.map { a, b -> Bool in
      if let x = a.stringValue, let y = b.stringValue {
        return compareTexts(symbol, x, y)
      }
      if let x = a.doubleValue, let y = b.doubleValue {
        return compared(symbol, Aligned(first: [x], second: [y], count: 1))[0]
      }
      if symbol == .equal || symbol == .notEqual {
        return (HashKey(a) != nil && HashKey(a) == HashKey(b)) == (symbol == .equal)
      }
      isOrdered = false
      return false
    }
    guard isOrdered else {
      throw ArrayProblem(
        "TypeError", "'\(symbol.symbol)' not supported between these elements")
    }
    return flags
  }

  private static func compareTexts(_ symbol: ComparisonOperator, _ a: String, _ b: String) -> Bool {
    let isLess = a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
    return switch symbol {
    case .equal: a == b
    case .notEqual: a != b
    case .less: isLess
    case .lessOrEqual: isLess || a == b
    case .greater: !isLess && a != b
    default: !isLess
    }
  }
}

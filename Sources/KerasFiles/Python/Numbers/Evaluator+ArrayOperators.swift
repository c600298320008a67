import Neural

extension Evaluator {
  /// Whether NumPy decides what an operator does with this value.
  func isNumPy(_ value: Value) -> Bool {
    switch value {
    case .array, .scalar: true
    default: false
    }
  }

  /// An operator with an array or a number of NumPy's on one side at least; `nil` where it is
  /// Python's after all.
  func arrayBinary(_ symbol: BinaryOperator, _ left: Value, _ right: Value) throws -> Value? {
    if let unknown = left.unknown ?? right.unknown { return .unknown(unknown) }
    switch (left, right) {
    case (.string, _) where symbol == .modulo: return nil
    case (.string, .scalar), (.list, .scalar), (.tuple, .scalar), (.scalar, .string),
      (.scalar, .list), (.scalar, .tuple):
      // `[0] * n` repeats the list.
      if symbol == .multiply, left.intValue != nil || right.intValue != nil { return nil }
    case (.native, _), (_, .native): break
    default: break
    }
    for value in [left, right] {
      switch value {
      case .array, .scalar, .int, .bool, .float, .list, .tuple, .range, .native: break
      case .string where symbol == .add:
        break
      default:
        throw raise(
          "TypeError",
          "unsupported operand type(s) for \(symbol.symbol): '\(typeName(of: left))' and "
            + "'\(typeName(of: right))'")
      }
    }
    return try arrays {
      let a = try operand(left)
      let b = try operand(right)
      if symbol == .matrixMultiply {
        return .numbers(try NDArray.matrixProduct(a.array, b.array))
      }
      if a.array.dtype.kind == .object || b.array.dtype.kind == .object {
        return try objectBinary(symbol, a.array, b.array)
      }
      return .numbers(try NDArray.binary(symbol, a, b))
    }
  }

  /// An operator between the elements of arrays of Python values.
  private func objectBinary(_ symbol: BinaryOperator, _ a: NDArray, _ b: NDArray) throws -> Value {
    guard let shape = NDArray.broadcastShape(a.shape, b.shape),
      let x = a.broadcast(to: shape)?.values(), let y = b.broadcast(to: shape)?.values()
    else { throw NDArray.mismatch([a.shape, b.shape]) }
    let values = try zip(x, y).map { try binary(symbol, $0.unscaled, $1.unscaled) }
    let isText = a.dtype == .string && b.dtype == .string
    return .numbers(NDArray(shape, objects: values, isText ? .string : .object))
  }

  /// `a += b`: the array itself changes.
  ///
  /// - Returns: Whether it was an array.
  func augmentArray(_ target: Value, _ symbol: BinaryOperator, _ operand: Value) throws -> Bool {
    guard case .array(let value) = target, let array = value.numbers,
      symbol != .matrixMultiply
    else { return false }
    if operand.isUnknown { return false }
    return try arrays {
      let other = try self.operand(operand)
      if array.dtype.kind == .object { return false }
      let result = try NDArray.binary(symbol, Operand(array), other)
      guard result.shape == array.shape else {
        throw ArrayProblem(
          "ValueError",
          "non-broadcastable output operand with shape \(NDArray.text(array.shape)) doesn't match "
            + "the broadcast shape \(NDArray.text(result.shape))")
      }
      let isNarrower =
        result.dtype.isFloat && array.dtype.kind == .int
        || result.dtype.isInteger && array.dtype == .bool
      guard !isNarrower else {
        throw ArrayProblem(
          "UFuncTypeError",
          "Cannot cast ufunc '\(symbol.ufunc)' output from dtype('\(result.dtype.name)') to "
            + "dtype('\(array.dtype.name)') with casting rule 'same_kind'",
          remedy: "write a = a \(symbol.symbol) …, or make a float array first")
      }
      try array.assign(result)
      return true
    }
  }

  /// A comparison with an array or a number of NumPy's.
  func arrayCompare(_ symbol: ComparisonOperator, _ left: Value, _ right: Value) throws -> Value {
    if let unknown = left.unknown ?? right.unknown { return .unknown(unknown) }
    return try arrays {
      if symbol == .equal || symbol == .notEqual {
        for (value, other) in [(left, right), (right, left)] {
          switch value {
          case .array, .scalar, .int, .bool, .float, .list, .tuple, .range, .native: continue
          case .string:
            if case .array(let array) = other, array.numbers?.dtype.kind == .object { continue }
          default: break
          }
          // A number never equals what is none.
          let flag = symbol == .notEqual
          guard case .array(let array) = other, let numbers = array.numbers else {
            return .bool(flag)
          }
          if numbers.dtype.kind == .object { continue }
          return .numbers(
            NDArray(
              numbers.shape, ints: Array(repeating: flag ? 1 : 0, count: numbers.count), .bool))
        }
      }
      let (a, b) = (try operand(left), try operand(right))
      // Arrays of shapes that do not fit together are not equal, where lists are compared.
      return .numbers(try NDArray.compare(symbol, a, b))
    }
  }

  /// `value in array`.
  func array(_ array: NDArray, contains element: Value) throws -> Bool {
    let found = try arrayCompare(.equal, .array(ArrayValue(array)), element)
    switch found {
    case .array(let flags): return flags.numbers?.truths().contains(true) ?? false
    default: return try truth(of: found) ?? false
    }
  }

  /// Whether an array is true: it must have one element.
  func truth(of array: NDArray) throws -> Bool {
    guard array.count == 1 else {
      throw raise(
        "ValueError",
        array.count == 0
          ? "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an "
            + "array is not empty."
          : "The truth value of an array with more than one element is ambiguous. Use a.any() or "
            + "a.all()")
    }
    return array.truths()[0]
  }

  /// The one number of an array, for `int()`, `float()` and `round()`.
  func single(_ array: NDArray) throws -> Value {
    guard array.count == 1 else {
      throw raise(
        "TypeError", "only length-1 arrays can be converted to Python scalars",
        remedy: "the array has the shape \(NDArray.text(array.shape))")
    }
    return array.values()[0]
  }
}

extension BinaryOperator {
  /// NumPy's name for it.
  var ufunc: String {
    switch self {
    case .add: "add"
    case .subtract: "subtract"
    case .multiply: "multiply"
    case .divide: "divide"
    case .floorDivide: "floor_divide"
    case .modulo: "remainder"
    case .power: "power"
    case .matrixMultiply: "matmul"
    case .bitAnd: "bitwise_and"
    case .bitOr: "bitwise_or"
    case .bitXor: "bitwise_xor"
    case .leftShift: "left_shift"
    case .rightShift: "right_shift"
    }
  }
}

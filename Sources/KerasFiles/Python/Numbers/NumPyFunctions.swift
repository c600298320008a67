/// The functions of `numpy` in a run, by name.
enum NumPyFunctions {
  typealias Body = (ArrayCall) throws -> Value

  nonisolated(unsafe) static let table: [String: Body] = {
    var table: [String: Body] = [:]
    for part in [making, elementwise, binary, reducing, ordering, joining, shaping, algebra, other]
    {
      table.merge(part) { $1 }
    }
    for (alias, name) in aliases { table[alias] = table[name] }
    return table
  }()

  private static let aliases = [
    "asanyarray": "asarray", "ascontiguousarray": "asarray", "identity": "eye",
    "amax": "max", "amin": "min", "around": "round", "round_": "round", "sometrue": "any",
    "alltrue": "all", "product": "prod", "cumproduct": "cumprod", "row_stack": "vstack",
    "concat": "concatenate", "permute_dims": "transpose", "inner": "dot", "absolute": "abs",
    "matrix_transpose": "swaplast", "array_repr": "array_repr", "true_divide": "divide",
    "remainder": "mod", "pow": "power",
  ]

  /// A function of an array, as a Python value.
  static func builtin(_ name: String) -> Builtin? {
    table[name].map { body in
      Builtin("numpy.\(name)") { evaluator, arguments in
        try evaluator.arrays {
          try body(ArrayCall(name: name, evaluator: evaluator, arguments: arguments))
        }
      }
    }
  }

  // MARK: One number

  nonisolated(unsafe) private static let elementwise: [String: Body] = {
    var table: [String: Body] = [:]
    let names =
      Array(UnaryFunctions.floating.keys) + Array(UnaryFunctions.keeping.keys)
      + Array(UnaryFunctions.tests.keys)
    for name in names {
      table[name] = { call in
        let array = try call.array(0, "x")
        guard let result = try UnaryFunctions.apply(name, to: array) else { return .none }
        if let type = try call.dtype(.max) { return .numbers(try result.converted(to: type)) }
        return .numbers(result)
      }
    }
    table["round"] = { call in
      let array = try call.array(0, "a")
      return .numbers(try array.rounded(toPlaces: try call.int(1, "decimals") ?? 0))
    }
    table["nan_to_num"] = { call in
      let array = try call.array(0, "x")
      guard array.dtype.isFloat else { return .numbers(array.copied()) }
      let nan = try call.double(.max, "nan") ?? 0
      let largest =
        array.dtype == .float64
        ? Double.greatestFiniteMagnitude : Double(Float.greatestFiniteMagnitude)
      let high = try call.double(.max, "posinf") ?? largest
      let low = try call.double(.max, "neginf") ?? -largest
      let numbers = array.floats().map {
        $0.isNaN ? nan : $0 == .infinity ? high : $0 == -.infinity ? low : $0
      }
      return .numbers(NDArray(array.shape, floats: numbers, array.dtype))
    }
    table["clip"] = { call in
      var result = try call.operand(0, "a")
      for (index, keyword, isLower) in [(1, "a_min", true), (2, "a_max", false)] {
        guard let bound = call.value(index, keyword) ?? call.value(.max, isLower ? "min" : "max")
        else { continue }
        let other = try call.evaluator.operand(bound)
        result = Operand(try extreme(result, other, isMaximum: isLower))
      }
      return .numbers(result.array)
    }
    return table
  }()

  // MARK: Two numbers

  nonisolated(unsafe) private static let binary: [String: Body] = {
    var table: [String: Body] = [:]
    let operators: [String: BinaryOperator] = [
      "add": .add, "subtract": .subtract, "multiply": .multiply, "divide": .divide,
      "floor_divide": .floorDivide, "mod": .modulo, "power": .power, "bitwise_and": .bitAnd,
      "bitwise_or": .bitOr, "bitwise_xor": .bitXor, "left_shift": .leftShift,
      "right_shift": .rightShift,
    ]
    for (name, symbol) in operators {
      table[name] = { call in
        .numbers(
          try NDArray.binary(symbol, try call.operand(0, "x1"), try call.operand(1, "x2")))
      }
    }
    let comparisons: [String: ComparisonOperator] = [
      "equal": .equal, "not_equal": .notEqual, "less": .less, "less_equal": .lessOrEqual,
      "greater": .greater, "greater_equal": .greaterOrEqual,
    ]
    for (name, symbol) in comparisons {
      table[name] = { call in
        try call.evaluator.arrayCompare(
          symbol, try strong(call, 0, "x1"), try call.required(1, "x2"))
      }
    }
    for name in ["maximum", "minimum", "fmax", "fmin"] {
      table[name] = { call in
        let (a, b) = (try call.operand(0, "x1"), try call.operand(1, "x2"))
        return .numbers(
          try extreme(
            a, b, isMaximum: name == "maximum" || name == "fmax", skipsNaN: name.hasPrefix("f")))
      }
    }
    for (name, function) in floatPairs {
      table[name] = { call in
        let (a, b) = (try call.operand(0, "x1"), try call.operand(1, "x2"))
        guard let shape = NDArray.broadcastShape(a.array.shape, b.array.shape) else {
          throw NDArray.mismatch([a.array.shape, b.array.shape])
        }
        let common = try Operand.commonType(a, b)
        let type: DType = common.isFloat && name != "float_power" ? common : .float64
        let numbers = try NDArray.alignedFloats(a.array, b.array, shape).map { function($0, $1) }
        if name == "fmod" || name == "gcd" || name == "lcm", common.kind == .int {
          return .numbers(NDArray(shape, ints: numbers.map { common.integer($0) }, common))
        }
        return .numbers(NDArray(shape, floats: NDArray.rounded(numbers, type), type))
      }
    }
    for name in ["logical_and", "logical_or", "logical_xor"] {
      table[name] = { call in
        let (a, b) = (try call.array(0, "x1"), try call.array(1, "x2"))
        let (x, y) = (
          NDArray(a.shape, ints: a.truths().map { $0 ? 1 : 0 }, .bool),
          NDArray(b.shape, ints: b.truths().map { $0 ? 1 : 0 }, .bool)
        )
        let symbol: BinaryOperator =
          name == "logical_and" ? .bitAnd : name == "logical_or" ? .bitOr : .bitXor
        return .numbers(try NDArray.binary(symbol, Operand(x), Operand(y)))
      }
    }
    return table
  }()

  /// An argument that is compared as an array, even where it is a plain number.
  private static func strong(_ call: ArrayCall, _ index: Int, _ keyword: String) throws -> Value {
    let value = try call.required(index, keyword)
    return call.evaluator.isNumPy(value)
      ? value : .array(ArrayValue(try call.evaluator.ndarray(from: value)))
  }

  /// The greater or the less of two numbers, element by element.
  static func extreme(
    _ a: Operand, _ b: Operand, isMaximum: Bool, skipsNaN: Bool = false
  ) throws(ArrayProblem) -> NDArray {
    guard let shape = NDArray.broadcastShape(a.array.shape, b.array.shape) else {
      throw NDArray.mismatch([a.array.shape, b.array.shape])
    }
    let type = try Operand.commonType(a, b)
    if type.kind == .int {
      let pairs = try NDArray.alignedInts(a.array, b.array, shape, type)
      return NDArray(
        shape, ints: isMaximum ? pairs.map { max($0, $1) } : pairs.map { min($0, $1) }, type)
    }
    let pairs = try NDArray.alignedFloats(a.array, b.array, shape)
    let numbers = pairs.map { x, y -> Double in
      if x.isNaN || y.isNaN { return skipsNaN ? (x.isNaN ? y : x) : .nan }
      return isMaximum ? (x >= y ? x : y) : (x <= y ? x : y)
    }
    return NDArray(shape, floats: NDArray.rounded(numbers, type), type.isFloat ? type : .float64)
  }
}

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

  // MARK: Reductions

  nonisolated(unsafe) private static let reducing: [String: Body] = {
    var table: [String: Body] = [:]
    for name in ["sum", "prod", "max", "min", "any", "all"] {
      guard let reduction = Reduction(rawValue: name) else { continue }
      table[name] = { call in
        var array = try call.array(0, "a")
        let takesType = name == "sum" || name == "prod"
        let axes = try call.axes(1, of: array)
        if let mask = call.value(.max, "where") {
          array = try masked(array, try call.evaluator.ndarray(from: mask), reduction)
        }
        let result = try array.reduced(reduction, axes, type: takesType ? try call.dtype(2) : nil)
        if takesType, let initial = call.value(.max, "initial") {
          return .numbers(
            try NDArray.binary(
              name == "sum" ? .add : .multiply, Operand(result),
              try call.evaluator.operand(initial)))
        }
        return .numbers(result)
      }
    }
    table["mean"] = { call in
      let array = try call.array(0, "a")
      return .numbers(try array.mean(try call.axes(1, of: array), type: try call.dtype(2)))
    }
    for name in ["std", "var"] {
      table[name] = { call in
        let array = try call.array(0, "a")
        let variance = try array.variance(
          try call.axes(1, of: array), ddof: try call.double(4, "ddof") ?? 0)
        guard name == "std" else { return .numbers(variance) }
        return .numbers(
          NDArray(
            variance.shape,
            floats: NDArray.rounded(variance.floats().map { $0.squareRoot() }, variance.dtype),
            variance.dtype))
      }
    }
    for name in ["argmax", "argmin", "nanargmax", "nanargmin"] {
      table[name] = { call in
        var array = try call.array(0, "a")
        let isMaximum = name.hasSuffix("max")
        if name.hasPrefix("nan") {
          let rest = isMaximum ? -Double.infinity : .infinity
          array = NDArray(array.shape, floats: try array.doubles().map { $0.isNaN ? rest : $0 })
        }
        let axis = try call.int(1, "axis")
        let result = try array.argument(isMaximum: isMaximum, axis: axis)
        if let axis, try call.flag(.max, "keepdims") ?? false {
          return .numbers(try result.expanded([axis]))
        }
        return .numbers(result)
      }
    }
    for name in ["nansum", "nanmean", "nanmax", "nanmin", "nanstd", "nanvar", "nanprod"] {
      table[name] = { call in
        let array = try call.array(0, "a")
        guard call.value(1, "axis") == nil else {
          throw ArrayProblem(
            "NotImplementedError", "\(name) along an axis is not supported",
            remedy: "take the rows one by one")
        }
        let numbers = try array.doubles().filter { !$0.isNaN }
        let rest = NDArray(
          [numbers.count], floats: numbers, array.dtype.isFloat ? array.dtype : .float64)
        let plain = String(name.dropFirst(3))
        return try table[plain].map { body in
          try body(
            ArrayCall(
              name: plain, evaluator: call.evaluator,
              arguments: CallArguments(positional: [.array(ArrayValue(rest))])))
        } ?? .none
      }
    }
    for name in ["cumsum", "cumprod"] {
      table[name] = { call in
        .numbers(
          try call.array(0, "a").cumulative(
            name == "cumsum" ? .sum : .prod, axis: try call.int(1, "axis"), type: try call.dtype(2))
        )
      }
    }
    table["ptp"] = { call in
      let array = try call.array(0, "a")
      let axes = try call.axes(1, of: array)
      return .numbers(
        try NDArray.binary(
          .subtract, Operand(try array.reduced(.max, axes)), Operand(try array.reduced(.min, axes)))
      )
    }
    for (name, scale) in [("percentile", 100.0), ("quantile", 1), ("nanpercentile", 100)] {
      table[name] = { call in
        let array = try call.array(0, "a")
        let fractions = try call.array(1, "q")
        let values = try array.quantiles(
          try fractions.doubles().map { $0 / scale }, try call.axes(2, of: array))
        guard fractions.rank > 0 else { return .numbers(values[0]) }
        return .numbers(try NDArray.stacked(values, axis: 0))
      }
    }
    for name in ["median", "nanmedian"] {
      table[name] = { call in
        var array = try call.array(0, "a")
        if name == "nanmedian" {
          let numbers = try array.doubles().filter { !$0.isNaN }
          array = NDArray([numbers.count], floats: numbers)
        }
        return .numbers(try array.quantiles([0.5], try call.axes(1, of: array))[0])
      }
    }
    table["average"] = { call in
      let array = try call.array(0, "a")
      let axes = try call.axes(1, of: array)
      guard let weights = call.value(2, "weights") else { return .numbers(try array.mean(axes)) }
      var scale = try call.evaluator.ndarray(from: weights)
      if scale.rank == 1, array.rank > 1, let axis = axes.axes.first, axes.axes.count == 1 {
        var shape = Array(repeating: 1, count: array.rank)
        shape[axis] = scale.count
        scale = try scale.reshaped(shape)
      }
      guard let wide = scale.broadcast(to: array.shape) else {
        throw NDArray.mismatch([array.shape, scale.shape])
      }
      let products = try NDArray.binary(.multiply, Operand(array), Operand(scale))
      return .numbers(
        try NDArray.binary(
          .divide, Operand(try products.reduced(.sum, axes)), Operand(try wide.reduced(.sum, axes)))
      )
    }
    table["count_nonzero"] = { call in
      let array = try call.array(0, "a")
      let flags = NDArray(array.shape, ints: array.truths().map { $0 ? 1 : 0 })
      return .numbers(try flags.reduced(.sum, try call.axes(1, of: array)))
    }
    return table
  }()

  /// The array with what a mask leaves out replaced by what changes nothing.
  private static func masked(
    _ array: NDArray, _ mask: NDArray, _ reduction: Reduction
  ) throws(ArrayProblem) -> NDArray {
    guard reduction == .sum || reduction == .prod, let flags = mask.broadcast(to: array.shape)
    else {
      throw ArrayProblem(
        "NotImplementedError", "where= is supported for sum and prod only",
        remedy: "select with a[mask] first")
    }
    let copy = array.copied()
    let rest = reduction == .sum ? 0 : 1
    for (index, flag) in flags.truths().enumerated() where !flag {
      if array.dtype.kind == .int {
        copy.storage.ints[index] = rest
      } else {
        copy.storage.floats[index] = Double(rest)
      }
    }
    return copy
  }

  // MARK: Order

  nonisolated(unsafe) private static let ordering: [String: Body] = [
    "sort": { call in
      let array = try call.array(0, "a")
      let axis = call.arguments.value(1, "axis")
      return .numbers(
        try array.sorted(axis: axis.map(\.isNone) == true ? nil : axis?.intValue ?? -1))
    },
    "argsort": { call in
      let array = try call.array(0, "a")
      let axis = call.arguments.value(1, "axis")
      return .numbers(
        try array.sortingOrder(axis: axis.map(\.isNone) == true ? nil : axis?.intValue ?? -1))
    },
    "unique": { call in
      let found = try call.array(0, "ar").unique()
      var results = [Value.numbers(found.values)]
      for (index, keyword, array) in [
        (1, "return_index", found.firsts), (2, "return_inverse", found.inverse),
        (3, "return_counts", found.counts),
      ] where try call.flag(index, keyword) ?? false {
        results.append(.array(ArrayValue(array)))
      }
      return results.count == 1 ? results[0] : try call.evaluator.tuple(results)
    },
    "searchsorted": { call in
      let array = try call.array(0, "a")
      let isRight = call.value(2, "side")?.stringValue == "right"
      return .numbers(try array.insertionPlaces(of: try call.array(1, "v"), isRight: isRight))
    },
    "digitize": { call in
      let bins = try call.array(1, "bins")
      let isRight = try call.flag(2, "right") ?? false
      return .numbers(try bins.insertionPlaces(of: try call.array(0, "x"), isRight: !isRight))
    },
    "bincount": { call in
      let numbers = try call.array(0, "x").integers()
      guard numbers.allSatisfy({ $0 >= 0 }) else {
        throw ArrayProblem("ValueError", "'list' argument must have no negative elements")
      }
      let size = max(try call.int(2, "minlength") ?? 0, (numbers.max() ?? -1) + 1)
      try NDArray.checkedCount([size])
      if let weights = call.value(1, "weights") {
        let scale = try call.evaluator.ndarray(from: weights).doubles()
        guard scale.count == numbers.count else {
          throw ArrayProblem("ValueError", "The weights and list don't have the same length.")
        }
        var sums = Array(repeating: 0.0, count: size)
        for (number, weight) in zip(numbers, scale) { sums[number] += weight }
        return .numbers(NDArray([size], floats: sums))
      }
      var counts = Array(repeating: 0, count: size)
      for number in numbers { counts[number] += 1 }
      return .array(ArrayValue(NDArray([size], ints: counts)))
    },
    "nonzero": { call in
      try call.evaluator.tuple(
        try call.array(0, "a").nonzero().map { .array(ArrayValue($0)) })
    },
    "flatnonzero": { call in
      let array = try call.array(0, "a")
      return .array(ArrayValue(array.reshapedCopy([array.count]).nonzero()[0]))
    },
    "argwhere": { call in
      let array = try call.array(0, "a")
      return .array(ArrayValue(try NDArray.stacked(array.nonzero(), axis: 1)))
    },
    "where": { call in
      let condition = try call.array(0, "condition")
      guard call.arguments.positional.count > 1 || call.value(1, "x") != nil else {
        return try call.evaluator.tuple(condition.nonzero().map { .array(ArrayValue($0)) })
      }
      return .numbers(
        try chosen(condition, try call.operand(1, "x"), try call.operand(2, "y")))
    },
    "isin": { call in
      let array = try call.array(0, "element")
      let tests = Set(try call.array(1, "test_elements").values().compactMap { HashKey($0) })
      let isInverted = try call.flag(.max, "invert") ?? false
      let flags = array.values().map { value in
        (HashKey(value).map(tests.contains) ?? false) != isInverted ? 1 : 0
      }
      return .numbers(NDArray(array.shape, ints: flags, .bool))
    },
  ]

  /// Elements of one array where a condition holds, of another elsewhere.
  private static func chosen(
    _ condition: NDArray, _ x: Operand, _ y: Operand
  ) throws(ArrayProblem) -> NDArray {
    let shape = try NDArray.broadcastShape(of: [condition, x.array, y.array])
    try NDArray.checkedCount(shape)
    let type = try Operand.commonType(x, y)
    guard let flags = condition.broadcast(to: shape)?.truths(),
      let a = x.array.broadcast(to: shape), let b = y.array.broadcast(to: shape)
    else { throw NDArray.mismatch([condition.shape, x.array.shape, y.array.shape]) }
    func pick<Element>(_ first: [Element], _ second: [Element]) -> [Element] {
      flags.indices.map { flags[$0] ? first[$0] : second[$0] }
    }
    switch type.kind {
    case .int: return NDArray(shape, ints: pick(try a.integers(type), try b.integers(type)), type)
    case .float:
      return NDArray(
        shape, floats: NDArray.rounded(pick(try a.doubles(), try b.doubles()), type), type)
    case .object:
      return NDArray(
        shape, objects: pick(a.values().map(\.unscaled), b.values().map(\.unscaled)), type)
    }
  }
}

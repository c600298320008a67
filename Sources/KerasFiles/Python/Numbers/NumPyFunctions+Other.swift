import Neural

extension NumPyFunctions {
  /// Questions about arrays, printing, files.
  nonisolated(unsafe) static let other: [String: Body] = {
    var table: [String: Body] = [:]
    table["shape"] = { call in
      try call.evaluator.tuple(try call.array(0, "a").shape.map { .int($0) })
    }
    table["ndim"] = { .int(try $0.array(0, "a").rank) }
    table["size"] = { call in
      let array = try call.array(0, "a")
      return .int(try call.int(1, "axis").map { array.shape[try array.axis($0)] } ?? array.count)
    }
    table["isclose"] = { .numbers(try close($0)) }
    table["allclose"] = { .bool(try close($0).truths().allSatisfy { $0 }) }
    table["array_equal"] = { call in
      let (a, b) = (try call.array(0, "a1"), try call.array(1, "a2"))
      guard a.shape == b.shape else { return .bool(false) }
      return .bool(
        try NDArray.compare(.equal, Operand(a), Operand(b)).truths().allSatisfy { $0 })
    }
    table["array_equiv"] = table["array_equal"]
    table["isscalar"] = { call in
      switch try call.required(0, "element") {
      case .int, .float, .bool, .string, .scalar: .bool(true)
      default: .bool(false)
      }
    }
    table["iterable"] = { call in
      .bool((try? call.evaluator.iterator(over: try call.required(0, "y"))) != nil)
    }
    table["result_type"] = { call in
      var type = DType.bool
      for value in call.arguments.positional {
        let next =
          try (try? call.evaluator.dtype(from: value)) ?? call.evaluator.ndarray(from: value).dtype
        type = DType.promoted(type, next)
      }
      return .native(DTypeObject(type))
    }
    table["promote_types"] = table["result_type"]
    table["dtype"] = { .native(DTypeObject(try $0.dtype(0) ?? .float64)) }
    table["finfo"] = { call in
      let type = try call.dtype(0) ?? .float64
      let isWide = type == .float64
      return try limits(
        call.evaluator, "finfo",
        [
          ("eps", .scalar(NumPyScalar(isWide ? Double.ulpOfOne : Double(Float.ulpOfOne), type))),
          (
            "max",
            .scalar(
              NumPyScalar(
                isWide ? .greatestFiniteMagnitude : Double(Float.greatestFiniteMagnitude), type))
          ),
          (
            "min",
            .scalar(
              NumPyScalar(
                isWide ? -.greatestFiniteMagnitude : -Double(Float.greatestFiniteMagnitude), type))
          ),
          (
            "tiny",
            .scalar(
              NumPyScalar(isWide ? .leastNormalMagnitude : Double(Float.leastNormalMagnitude), type)
            )
          ),
          ("dtype", .native(DTypeObject(type))),
        ])
    }
    table["iinfo"] = { call in
      let type = try call.dtype(0) ?? .int64
      return try limits(
        call.evaluator, "iinfo",
        [
          ("max", .int(type.bounds.upperBound)), ("min", .int(type.bounds.lowerBound)),
          ("bits", .int(type.itemSize * 8)), ("dtype", .native(DTypeObject(type))),
        ])
    }
    table["interp"] = { call in
      let x = try call.array(0, "x")
      let (places, values) = (try call.array(1, "xp").doubles(), try call.array(2, "fp").doubles())
      guard places.count == values.count, let first = values.first, let last = values.last else {
        throw ArrayProblem("ValueError", "fp and xp are not of the same length.")
      }
      let numbers = try x.doubles().map { number -> Double in
        guard let next = places.firstIndex(where: { $0 > number }) else { return last }
        guard next > 0 else { return first }
        let slope = (values[next] - values[next - 1]) / (places[next] - places[next - 1])
        return slope * (number - places[next - 1]) + values[next - 1]
      }
      return .numbers(NDArray(x.shape, floats: numbers))
    }
    table["histogram"] = { call in
      let numbers = try call.array(0, "a").doubles()
      var edges: [Double]
      if let given = call.value(1, "bins"), given.intValue == nil {
        edges = try call.evaluator.ndarray(from: given).doubles()
      } else {
        let count = try call.int(1, "bins") ?? 10
        guard count > 0 else { throw ArrayProblem("ValueError", "`bins` must be positive") }
        try NDArray.checkedCount([count])
        var (low, high) = (numbers.min() ?? 0, numbers.max() ?? 1)
        if let range = call.value(2, "range"), let pair = try call.evaluator.elements(of: range),
          pair.count == 2
        {
          (low, high) = (
            try call.evaluator.double(from: pair[0]), try call.evaluator.double(from: pair[1])
          )
        }
        if low == high { (low, high) = (low - 0.5, high + 0.5) }
        let step = (high - low) / Double(count)
        edges = (0...count).map { Double($0) * step + low }
        edges[count] = high
      }
      guard edges.count > 1 else { throw ArrayProblem("ValueError", "there are no bins") }
      var counts = Array(repeating: 0, count: edges.count - 1)
      for number in numbers {
        guard number >= edges[0], number <= edges[edges.count - 1] else { continue }
        let next = edges.firstIndex { $0 > number } ?? edges.count - 1
        counts[max(0, next - 1)] += 1
      }
      var result = NDArray([counts.count], ints: counts)
      if try call.flag(.max, "density") ?? false {
        let total = Double(counts.reduce(0, +))
        result = NDArray(
          [counts.count],
          floats: counts.indices.map { Double(counts[$0]) / (edges[$0 + 1] - edges[$0]) / total })
      }
      return try call.evaluator.tuple([
        .array(ArrayValue(result)),
        .array(ArrayValue(NDArray([edges.count], floats: edges))),
      ])
    }
    table["apply_along_axis"] = { call in
      let array = try call.array(2, "arr")
      let axis = try array.axis(try call.int(1, "axis") ?? 0)
      let last = try array.movingAxes([axis], to: [-1]).copied()
      let size = array.shape[axis]
      let function = try call.required(0, "func1d")
      let count = size > 0 ? last.count / size : 0
      let results = try (0..<count).map { row in
        try call.evaluator.ndarray(
          from: try call.evaluator.call(
            function,
            CallArguments(positional: [
              .array(ArrayValue(try last.reshaped([count, size]).row(row)))
            ])))
      }
      let rows = try NDArray.stacked(results, axis: 0)
      let shape = Array(last.shape.dropLast()) + rows.shape.dropFirst()
      let whole = try rows.reshaped(shape)
      return .numbers(
        rows.rank > 1 ? try whole.movingAxes([-1], to: [axis]) : whole)
    }
    table["vectorize"] = { call in
      let function = try call.required(0, "pyfunc")
      return .builtin(
        Builtin("vectorize") { evaluator, arguments in
          try evaluator.arrays {
            let arrays = try arguments.positional.map { try evaluator.ndarray(from: $0) }
            let shape = try NDArray.broadcastShape(of: arrays)
            let columns = arrays.compactMap { $0.broadcast(to: shape)?.values() }
            let results = try (0..<(columns.first?.count ?? 0)).map { index in
              try evaluator.call(
                function, CallArguments(positional: columns.map { $0[index] }))
            }
            return .numbers(
              try evaluator.ndarray(from: try evaluator.list(results)).reshaped(shape))
          }
        })
    }
    table["set_printoptions"] = { call in
      var options = call.evaluator.printOptions
      if let precision = try call.int(0, "precision") {
        options.precision = min(max(precision, 0), 300)
      }
      if let threshold = call.value(1, "threshold") {
        options.threshold = threshold.intValue ?? .max
      }
      if let edge = try call.int(2, "edgeitems") { options.edgeItems = min(max(edge, 0), 10_000) }
      if let width = try call.int(3, "linewidth") { options.lineWidth = max(width, 1) }
      if let suppress = try call.flag(4, "suppress") { options.suppressesSmall = suppress }
      if let mode = call.value(.max, "floatmode")?.stringValue { options.isFixed = mode == "fixed" }
      call.evaluator.printOptions = options
      return .none
    }
    for name in ["array2string", "array_str"] {
      table[name] = { call in
        var options = call.evaluator.printOptions
        if let precision = try call.int(.max, "precision") {
          options.precision = min(max(precision, 0), 300)
        }
        if let suppress = try call.flag(.max, "suppress_small") {
          options.suppressesSmall = suppress
        }
        let separator = call.value(.max, "separator")?.stringValue ?? " "
        let evaluator = call.evaluator
        return .string(
          ArrayPrinter(try call.array(0, "a"), options, separator: separator) {
            evaluator.representation(of: $0)
          }.text(prefix: ""))
      }
    }
    table["array_repr"] = { .string($0.evaluator.representation(of: try $0.required(0, "arr"))) }
    for name in ["seterr", "errstate", "geterr"] {
      table[name] = { try $0.evaluator.dict() }
    }
    table["save"] = { call in
      throw ArrayProblem(
        "PermissionError", "a run writes no files of its own",
        remedy: "print the numbers, or use unroll predict --out")
    }
    for name in ["savez", "savez_compressed", "savetxt"] { table[name] = table["save"] }
    for name in ["load", "loadtxt", "genfromtxt", "fromfile"] {
      table[name] = { call in
        throw ArrayProblem(
          "PermissionError", "a run opens no file but the script",
          remedy: "make the data in the script")
      }
    }
    return table
  }()

  private static func limits(
    _ evaluator: Evaluator, _ name: String, _ members: [(String, Value)]
  ) throws -> Value {
    let object = try evaluator.keep(Instance(ClassObject(name)))
    for (key, value) in members { object.attributes[key] = value }
    return .instance(object)
  }

  private static func close(_ call: ArrayCall) throws -> NDArray {
    let (a, b) = (try call.array(0, "a"), try call.array(1, "b"))
    guard let shape = NDArray.broadcastShape(a.shape, b.shape) else {
      throw NDArray.mismatch([a.shape, b.shape])
    }
    let relative = try call.double(2, "rtol") ?? 1e-5
    let absolute = try call.double(3, "atol") ?? 1e-8
    let equalsNaN = try call.flag(4, "equal_nan") ?? false
    let flags = try NDArray.alignedFloats(a, b, shape).map { x, y -> Int in
      if x == y { return 1 }
      if x.isNaN || y.isNaN { return equalsNaN && x.isNaN && y.isNaN ? 1 : 0 }
      if x.isInfinite || y.isInfinite { return 0 }
      return (x - y).magnitude <= absolute + relative * y.magnitude ? 1 : 0
    }
    return NDArray(shape, ints: flags, .bool)
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension NumPyFunctions {
  /// Functions that make arrays.
  nonisolated(unsafe) static let making: [String: Body] = {
    var table: [String: Body] = [:]
    for (name, number) in [("zeros", 0), ("ones", 1), ("empty", 0)] {
      table[name] = { call in
        let shape = try call.ints(0, "shape") ?? []
        return .array(ArrayValue(try filled(shape, number, try call.dtype(1) ?? .float64)))
      }
      table[name + "_like"] = { call in
        let array = try call.array(0, "a")
        return .numbers(
          try filled(
            try call.ints(.max, "shape") ?? array.shape, number, try call.dtype(1) ?? array.dtype))
      }
    }
    table["full"] = { call in
      let value = try call.array(1, "fill_value")
      return try full(
        try call.ints(0, "shape") ?? [], value, try call.dtype(2) ?? value.dtype)
    }
    table["full_like"] = { call in
      let array = try call.array(0, "a")
      return try full(
        array.shape, try call.array(1, "fill_value"), try call.dtype(2) ?? array.dtype)
    }
    table["array"] = { call in
      let value = try call.required(0, "object")
      let array = try call.evaluator.ndarray(from: value, try call.dtype(1))
      let least = try call.int(.max, "ndmin") ?? 0
      let shape = Array(repeating: 1, count: max(0, least - array.rank)) + array.shape
      // Only what is no array yet is new already.
      if call.evaluator.isNumPy(value) { return .array(ArrayValue(array.reshapedCopy(shape))) }
      return .array(ArrayValue(least > array.rank ? try array.reshaped(shape) : array))
    }
    table["asarray"] = { call in
      .array(
        ArrayValue(
          try call.evaluator.ndarray(from: try call.required(0, "a"), try call.dtype(1))))
    }
    table["copy"] = { .array(ArrayValue(try $0.array(0, "a").copied())) }
    table["fromiter"] = { call in
      let elements = try call.evaluator.elements(of: try call.required(0, "iter")) ?? []
      return .array(
        ArrayValue(
          try call.evaluator.ndarray(from: try call.evaluator.list(elements), try call.dtype(1))))
    }
    table["arange"] = arange
    table["linspace"] = linspace
    table["logspace"] = { call in
      let base = try call.double(4, "base") ?? 10
      let numbers = try spaced(call).numbers.map { pow(base, $0) }
      return .array(ArrayValue(NDArray([numbers.count], floats: numbers)))
    }
    table["geomspace"] = { call in
      guard let start = try call.double(0, "start"), let stop = try call.double(1, "stop"),
        start != 0, stop != 0, (start < 0) == (stop < 0)
      else { throw ArrayProblem("ValueError", "Geometric sequence cannot include zero") }
      let count = try call.int(2, "num") ?? 50
      try NDArray.checkedCount([count])
      let ratio = log10(stop / start)
      let numbers = (0..<count).map { index -> Double in
        if index == count - 1, count > 1 { return stop }
        return index == 0
          ? start : start * pow(10, ratio * Double(index) / Double(max(count - 1, 1)))
      }
      return .array(ArrayValue(NDArray([count], floats: numbers)))
    }
    table["eye"] = { call in
      let rows = try call.int(0, "N") ?? 0
      let columns = try call.int(1, "M") ?? rows
      let shift = try call.int(2, "k") ?? 0
      let array = try filled([rows, columns], 0, try call.dtype(3) ?? .float64)
      for row in 0..<rows where row + shift >= 0 && row + shift < columns {
        let place = row * columns + row + shift
        if array.dtype.kind == .int {
          array.storage.ints[place] = 1
        } else if array.dtype.isFloat {
          array.storage.floats[place] = 1
        }
      }
      return .array(ArrayValue(array))
    }
    table["diag"] = { call in
      let array = try call.array(0, "v")
      let shift = try call.int(1, "k") ?? 0
      guard array.rank == 1 else { return .numbers(try array.diagonal(shift)) }
      let size = array.count + abs(shift)
      let result = try filled([size, size], 0, array.dtype)
      let first = result.window(axis: 0, from: max(0, -shift), count: array.count)
        .window(axis: 1, from: max(0, shift), count: array.count)
      try first.diagonal(0).assign(array)
      return .array(ArrayValue(result))
    }
    table["meshgrid"] = { call in
      let arrays = try call.arguments.positional.map {
        let array = try call.evaluator.ndarray(from: $0)
        return array.reshapedCopy([array.count])
      }
      let isMatrix = call.value(.max, "indexing")?.stringValue == "ij"
      let order =
        isMatrix || arrays.count < 2
        ? Array(arrays.indices) : [1, 0] + Array(arrays.indices.dropFirst(2))
      let shape = order.map { arrays[$0].count }
      try NDArray.checkedCount(shape)
      return try call.evaluator.tuple(
        try arrays.enumerated().map { index, array in
          var sizes = Array(repeating: 1, count: arrays.count)
          sizes[order.firstIndex(of: index) ?? 0] = array.count
          return .array(
            ArrayValue((try array.reshaped(sizes).broadcast(to: shape) ?? array).copied()))
        })
    }
    table["indices"] = { call in
      let shape = try call.ints(0, "dimensions") ?? []
      try NDArray.checkedCount([shape.count] + shape)
      let parts = try shape.enumerated().map { axis, size in
        var sizes = Array(repeating: 1, count: shape.count)
        sizes[axis] = size
        return try NDArray(sizes, ints: Array(0..<size)).broadcast(to: shape)?.copied()
          ?? filled(shape, 0, .int64)
      }
      return .numbers(try NDArray.stacked(parts, axis: 0))
    }
    table["tri"] = { call in
      let rows = try call.int(0, "N") ?? 0
      let columns = try call.int(1, "M") ?? rows
      let ones = try filled([rows, columns], 1, try call.dtype(3) ?? .float64)
      return .numbers(try triangle(ones, try call.int(2, "k") ?? 0, isLower: true))
    }
    for (name, isLower) in [("tril", true), ("triu", false)] {
      table[name] = { call in
        .numbers(try triangle(try call.array(0, "m"), try call.int(1, "k") ?? 0, isLower: isLower))
      }
    }
    return table
  }()

  /// An array of one number.
  static func filled(_ shape: [Int], _ number: Int, _ type: DType) throws(ArrayProblem) -> NDArray {
    let count = try NDArray.checkedCount(shape)
    switch type.kind {
    case .int: return NDArray(shape, ints: Array(repeating: number, count: count), type)
    case .float: return NDArray(shape, floats: Array(repeating: Double(number), count: count), type)
    case .object:
      let value: Value = type == .string ? .string(number == 0 ? "" : "1") : .int(number)
      return NDArray(shape, objects: Array(repeating: value, count: count), type)
    }
  }

  private static func full(_ shape: [Int], _ value: NDArray, _ type: DType) throws -> Value {
    let result = try filled(shape, 0, type)
    try result.assign(value)
    return .array(ArrayValue(result))
  }

  nonisolated(unsafe) private static let arange: Body = { call in
    var bounds = call.arguments.positional.prefix(3).map { $0 }
    if let start = call.arguments["start"] { bounds.insert(start, at: 0) }
    if let stop = call.arguments["stop"] { bounds.append(stop) }
    if let step = call.arguments["step"] {
      if bounds.count == 1 { bounds.insert(.int(0), at: 0) }
      bounds.append(step)
    }
    guard !bounds.isEmpty else {
      throw ArrayProblem("TypeError", "arange() requires stop to be specified.")
    }
    if bounds.count == 1 { bounds.insert(.int(0), at: 0) }
    let type = try call.dtype(3)
    let whole = bounds.compactMap(\.intValue)
    let isWhole = whole.count == bounds.count
    let numbers = try bounds.map { try call.evaluator.double(from: $0) }
    let step = numbers.count > 2 ? numbers[2] : 1
    guard step != 0, step.isFinite, numbers[0].isFinite, numbers[1].isFinite else {
      throw ArrayProblem(
        "ZeroDivisionError", "arange() needs finite bounds and a step other than 0")
    }
    let length = max(0, ((numbers[1] - numbers[0]) / step).rounded(.up))
    let count = Int(exactly: length) ?? .max
    try NDArray.checkedCount([count])
    let array: NDArray
    if isWhole {
      let (start, stride) = (whole[0], whole.count > 2 ? whole[2] : 1)
      array = NDArray([count], ints: (0..<count).map { start &+ $0 &* stride })
    } else {
      // NumPy works out the second number and goes on by their difference.
      let delta = (numbers[0] + step) - numbers[0]
      array = NDArray([count], floats: (0..<count).map { numbers[0] + Double($0) * delta })
    }
    let standard: DType = isWhole ? .int64 : .float64
    return .array(
      ArrayValue(try (type ?? standard) == standard ? array : array.converted(to: type ?? standard))
    )
  }

  private static func spaced(_ call: ArrayCall) throws -> (numbers: [Double], step: Double) {
    guard let start = try call.double(0, "start"), let stop = try call.double(1, "stop") else {
      throw ArrayProblem("TypeError", "\(call.name)() takes start and stop")
    }
    let count = try call.int(2, "num") ?? 50
    try NDArray.checkedCount([count])
    let hasEnd = try call.flag(3, "endpoint") ?? true
    let gaps = hasEnd ? count - 1 : count
    let step = gaps > 0 ? (stop - start) / Double(gaps) : .nan
    var numbers = (0..<count).map { Double($0) * (gaps > 0 ? step : stop - start) + start }
    if hasEnd, count > 1 { numbers[count - 1] = stop }
    return (numbers, step)
  }

  nonisolated(unsafe) private static let linspace: Body = { call in
    let (numbers, step) = try spaced(call)
    let type = try call.dtype(5) ?? .float64
    let made = NDArray([numbers.count], floats: numbers)
    let array = type == .float64 ? made : try made.converted(to: type)
    guard try call.flag(4, "retstep") ?? false else { return .array(ArrayValue(array)) }
    return try call.evaluator.tuple([.array(ArrayValue(array)), .scalar(NumPyScalar(step))])
  }

  /// What stands on one side of a diagonal; zeros elsewhere.
  private static func triangle(
    _ array: NDArray, _ shift: Int, isLower: Bool
  ) throws(ArrayProblem) -> NDArray {
    guard array.rank >= 2 else {
      throw ArrayProblem("ValueError", "tril() and triu() take a matrix")
    }
    let (rows, columns) = (array.shape[array.rank - 2], array.shape[array.rank - 1])
    let mask = (0..<rows).flatMap { row in
      (0..<columns).map { column in
        (isLower ? column <= row + shift : column >= row + shift) ? 1 : 0
      }
    }
    let type: DType = array.dtype == .bool ? .bool : array.dtype
    let kept = try NDArray.binary(
      .multiply, Operand(array),
      Operand(try NDArray([rows, columns], ints: mask).converted(to: type)))
    return kept
  }
}

extension NDArray {
  /// The diagonal of the first two axes, as a window.
  func diagonal(_ shift: Int = 0) throws(ArrayProblem) -> NDArray {
    guard rank >= 2 else {
      throw ArrayProblem("ValueError", "diag requires an array of at least two dimensions")
    }
    let (row, column) = (Swift.max(0, 0 &- shift), Swift.max(0, shift))
    let count = Swift.max(
      0, Swift.min(shape[0] - Swift.min(row, shape[0]), shape[1] - Swift.min(column, shape[1])))
    return NDArray(
      storage, dtype, shape: Array(shape.dropFirst(2)) + [count],
      strides: Array(strides.dropFirst(2)) + [strides[0] + strides[1]],
      offset: count > 0 ? offset + row * strides[0] + column * strides[1] : offset)
  }
}

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The functions of `numpy` whose results' shapes follow from their arguments' shapes.
///
/// In a run the same names compute numbers.
nonisolated(unsafe) let numpyFunctions: [String: ArrayFunction] = {
  shapeFunctions.reduce(into: [:]) { table, entry in
    let running = NumPyFunctions.builtin(entry.key)
    table[entry.key] = { evaluator, arguments in
      if evaluator.isRunning, let running { return try running.body(evaluator, arguments) }
      return try entry.value(evaluator, arguments)
    }
  }
}()

nonisolated(unsafe) private let shapeFunctions: [String: ArrayFunction] = {
  var table: [String: ArrayFunction] = [:]
  for name in ["zeros", "ones", "empty", "full"] {
    table[name] = { evaluator, arguments in
      guard let shape = arguments.value(0, "shape") else { return .none }
      if shape.isUnknown { return shape }
      let dtype = arguments.value(name == "full" ? 2 : 1, "dtype")?.stringValue
      return evaluator.array(ofShape: shape.sequence ?? [shape], dtype: dtype ?? "float64")
    }
  }
  for name in [
    "array", "asarray", "ascontiguousarray", "zeros_like", "ones_like", "empty_like", "copy",
    "float32", "abs", "exp", "log", "sqrt", "square", "sin", "cos", "tanh", "sign", "clip",
    "round", "nan_to_num", "flip", "roll", "sort", "add", "subtract", "multiply", "divide",
    "maximum", "minimum", "power", "cumsum", "fliplr", "flipud", "floor", "ceil", "rint", "log2",
    "log10",
  ] {
    table[name] = { evaluator, arguments in
      try elementwise(name, evaluator, arguments)
    }
  }
  table["arange"] = arange
  table["linspace"] = { _, arguments in
    .array(ArrayValue([arguments.value(2, "num")?.intValue ?? 50]))
  }
  table["eye"] = { _, arguments in
    let count = arguments.value(0, "N")?.intValue
    return .array(ArrayValue([count, arguments.value(1, "M")?.intValue ?? count]))
  }
  table["identity"] = table["eye"]
  table["reshape"] = { evaluator, arguments in
    guard let source = arguments.positional.first, let array = evaluator.array(from: source),
      let shape = arguments.value(1, "newshape") ?? arguments["shape"]
    else { return evaluator.doubt(about: arguments.positional.first ?? .none) }
    if shape.isUnknown { return shape }
    return try evaluator.reshaped(array, shape.sequence ?? [shape])
  }
  table["transpose"] = transpose
  table["swapaxes"] = swapaxes
  table["expand_dims"] = expandDims
  table["squeeze"] = squeeze
  table["concatenate"] = concatenate
  table["stack"] = stack
  table["vstack"] = { try concatenate($0, $1) }
  table["hstack"] = { evaluator, arguments in
    var arguments = arguments
    arguments.keywords.append(("axis", .int(1)))
    return try concatenate(evaluator, arguments)
  }
  table["append"] = { evaluator, arguments in
    var joined = CallArguments()
    joined.positional = [try evaluator.list(Array(arguments.positional.prefix(2)))]
    joined.keywords = arguments.keywords
    return try concatenate(evaluator, joined)
  }
  table["repeat"] = repeated
  table["dot"] = dot
  table["matmul"] = dot
  table["prod"] = { evaluator, arguments in
    let source = arguments.positional.first ?? .none
    if case .array = source { return evaluator.unknown(nil, "it is computed from data") }
    return try evaluator.product(of: source)
  }
  for name in [
    "sum", "mean", "std", "var", "max", "min", "amax", "amin", "argmax", "argmin", "any", "all",
    "median",
  ] {
    table[name] = reduce
  }
  table["shape"] = { evaluator, arguments in
    guard let array = evaluator.array(from: arguments.positional.first ?? .none) else {
      return evaluator.doubt(about: arguments.positional.first ?? .none)
    }
    return try evaluator.attribute("shape", of: array) ?? .none
  }
  return table
}()

private func source(_ evaluator: Evaluator, _ arguments: CallArguments) -> ArrayValue? {
  evaluator.array(from: arguments.positional.first ?? arguments["a"] ?? .none)
}

private func doubt(_ evaluator: Evaluator, _ arguments: CallArguments) -> Value {
  evaluator.doubt(about: arguments.positional.first ?? .none)
}

/// numpy's functions of one number.
nonisolated(unsafe) private let scalarFunctions: [String: (Double) -> Double] = [
  "exp": { exp($0) }, "log": { log($0) }, "log2": { log2($0) }, "log10": { log10($0) },
  "sqrt": { $0.squareRoot() }, "sin": { sin($0) }, "cos": { cos($0) }, "tanh": { tanh($0) },
  "floor": { $0.rounded(.down) }, "ceil": { $0.rounded(.up) },
  "round": { $0.rounded(.toNearestOrEven) }, "rint": { $0.rounded(.toNearestOrEven) },
]

private func elementwise(
  _ name: String, _ evaluator: Evaluator, _ arguments: CallArguments
) throws -> Value {
  let first = arguments.positional.first
  if let number = first?.doubleValue {
    if let function = scalarFunctions[name], arguments.positional.count == 1 {
      return .float(function(number))
    }
    if let value = try scalar(name, evaluator, arguments.positional) { return value }
  }
  guard var array = source(evaluator, arguments) else { return doubt(evaluator, arguments) }
  if array.shape.isEmpty { return evaluator.unknown(nil, "numpy's numbers are not evaluated") }
  if let dtype = arguments["dtype"]?.stringValue { array.dtype = dtype }
  if arguments.positional.count > 1, case .array(let other) = arguments.positional[1] {
    return .array(array.broadcast(with: other))
  }
  return .array(array)
}

/// What a function such as `np.maximum(a, b)` makes of plain numbers.
private func scalar(
  _ name: String, _ evaluator: Evaluator, _ values: [Value]
) throws -> Value? {
  let symbols: [String: BinaryOperator] = [
    "add": .add, "subtract": .subtract, "multiply": .multiply, "divide": .divide, "power": .power,
  ]
  if values.count == 2 {
    if let symbol = symbols[name] { return try evaluator.binary(symbol, values[0], values[1]) }
    guard let order = try evaluator.order(values[0], values[1]) else { return nil }
    if name == "maximum" { return order < 0 ? values[1] : values[0] }
    if name == "minimum" { return order < 0 ? values[0] : values[1] }
  }
  switch name {
  case "abs":
    return try evaluator.order(values[0], .int(0)).flatMap {
      $0 < 0 ? try evaluator.unary(.negative, values[0]) : values[0]
    }
  case "square": return try evaluator.binary(.multiply, values[0], values[0])
  case "float32", "array", "asarray", "nan_to_num": return values[0]
  default: return nil
  }
}

private func arange(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  let numbers = arguments.positional.compactMap(\.doubleValue)
  guard numbers.count == arguments.positional.count, !numbers.isEmpty else {
    return doubt(evaluator, arguments)
  }
  let start = numbers.count > 1 ? numbers[0] : 0
  let stop = numbers.count > 1 ? numbers[1] : numbers[0]
  let step = numbers.count > 2 ? numbers[2] : 1
  let count = ((stop - start) / step).rounded(.up)
  return .array(ArrayValue([Int(exactly: max(0, count))], dtype: "int64"))
}

private func transpose(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard var array = source(evaluator, arguments) else { return doubt(evaluator, arguments) }
  let given = arguments.value(1, "axes") ?? .none
  let axes =
    arguments.positional.count > 2 ? Array(arguments.positional.dropFirst()) : given.sequence
  let shape = array.shape
  if let axes {
    let indices = axes.compactMap { $0.intValue.flatMap { array.index(ofAxis: $0) } }
    guard Set(indices).count == shape.count else {
      throw evaluator.raise("ValueError", "axes don't match array")
    }
    array.shape = indices.map { shape[$0] }
  } else {
    array.shape.reverse()
  }
  return .array(array)
}

private func swapaxes(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard var array = source(evaluator, arguments),
    let a = arguments.value(1, "axis1")?.intValue.flatMap({ array.index(ofAxis: $0) }),
    let b = arguments.value(2, "axis2")?.intValue.flatMap({ array.index(ofAxis: $0) })
  else { return doubt(evaluator, arguments) }
  array.shape.swapAt(a, b)
  return .array(array)
}

private func expandDims(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard var array = source(evaluator, arguments),
    let axis = arguments.value(1, "axis")?.intValue,
    let index = array.index(ofAxis: axis, rank: array.shape.count + 1)
  else { return doubt(evaluator, arguments) }
  array.shape.insert(1, at: index)
  return .array(array)
}

private func squeeze(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard var array = source(evaluator, arguments) else { return doubt(evaluator, arguments) }
  if let axis = arguments.value(1, "axis")?.intValue {
    if let index = array.index(ofAxis: axis) { array.shape.remove(at: index) }
  } else {
    array.shape.removeAll { $0 == 1 }
  }
  return .array(array)
}

private func parts(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> [ArrayValue]? {
  guard let source = arguments.positional.first, let values = try evaluator.elements(of: source)
  else { return nil }
  let arrays = values.compactMap { evaluator.array(from: $0) }
  return arrays.count == values.count && !arrays.isEmpty ? arrays : nil
}

private func concatenate(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard let arrays = try parts(evaluator, arguments), var result = arrays.first,
    let axis = result.index(ofAxis: arguments.value(1, "axis")?.intValue ?? 0)
  else { return doubt(evaluator, arguments) }
  result.shape[axis] = arrays.reduce(0 as Int?) { total, array in
    guard let total, array.shape.count > axis, let size = array.shape[axis] else { return nil }
    let (sum, overflow) = total.addingReportingOverflow(size)
    return overflow ? nil : sum
  }
  return .array(result)
}

private func stack(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard let arrays = try parts(evaluator, arguments), var result = arrays.first,
    let axis = result.index(
      ofAxis: arguments.value(1, "axis")?.intValue ?? 0, rank: result.shape.count + 1)
  else { return doubt(evaluator, arguments) }
  result.shape.insert(arrays.count, at: axis)
  return .array(result)
}

private func repeated(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard var array = source(evaluator, arguments),
    let count = arguments.value(1, "repeats")?.intValue,
    let axis = arguments.value(2, "axis")?.intValue.flatMap({ array.index(ofAxis: $0) })
  else { return doubt(evaluator, arguments) }
  array.shape[axis] = array.shape[axis].flatMap {
    let (product, overflow) = $0.multipliedReportingOverflow(by: count)
    return overflow ? nil : product
  }
  return .array(array)
}

private func dot(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard arguments.positional.count > 1, let a = evaluator.array(from: arguments.positional[0]),
    let b = evaluator.array(from: arguments.positional[1]), a.shape.count >= 1, b.shape.count >= 1
  else { return doubt(evaluator, arguments) }
  let shape =
    a.shape.dropLast() + b.shape.dropLast(2) + (b.shape.count > 1 ? b.shape.suffix(1) : [])
  return shape.isEmpty
    ? evaluator.unknown(nil, "it is computed from data") : .array(ArrayValue(Array(shape)))
}

private func reduce(_ evaluator: Evaluator, _ arguments: CallArguments) throws -> Value {
  guard var array = source(evaluator, arguments) else { return doubt(evaluator, arguments) }
  guard let axis = arguments.value(1, "axis"), !axis.isNone else {
    return evaluator.unknown(nil, "it is computed from data")
  }
  let indices = (axis.sequence ?? [axis]).compactMap {
    $0.intValue.flatMap { array.index(ofAxis: $0) }
  }
  let keeps = try arguments["keepdims"].flatMap { try evaluator.truth(of: $0) } ?? false
  for index in Set(indices).sorted(by: >) {
    if keeps { array.shape[index] = 1 } else { array.shape.remove(at: index) }
  }
  return array.shape.isEmpty
    ? evaluator.unknown(nil, "it is computed from data") : .array(array)
}

extension Evaluator {
  /// An attribute or method of an array in a run.
  func attribute(_ name: String, of array: NDArray) throws -> Value? {
    switch name {
    case "shape": return try tuple(array.shape.map { .int($0) })
    case "ndim": return .int(array.rank)
    case "size": return .int(array.count)
    case "dtype": return .native(DTypeObject(array))
    case "T": return .array(ArrayValue(array.transposed))
    case "flat":
      return .iterator(try keep(IteratorObject(array.values())))
    case "itemsize": return .int(array.dtype.itemSize)
    case "nbytes": return .int(array.count * array.dtype.itemSize)
    case "real": return .array(ArrayValue(array))
    case "strides": return try tuple(array.strides.map { .int($0 * array.dtype.itemSize) })
    case "__class__": return .type(types.named("ndarray"))
    default: return arrayMethod(name, of: .array(ArrayValue(array)))
    }
  }

  /// An attribute or method of a number of NumPy's.
  func attribute(_ name: String, of scalar: NumPyScalar) throws -> Value? {
    switch name {
    case "shape": return try tuple([])
    case "ndim": return .int(0)
    case "size": return .int(1)
    case "dtype": return .native(DTypeObject(scalar.dtype))
    case "T", "real": return .scalar(scalar)
    case "__class__": return scalarType(scalar.dtype)
    case "is_integer", "bit_length", "hex", "as_integer_ratio":
      return method(name, of: scalar.pythonValue).map {
        .method(BoundMethod(scalar.pythonValue, $0))
      }
    default: return arrayMethod(name, of: .scalar(scalar))
    }
  }

  private func arrayMethod(_ name: String, of receiver: Value) -> Value? {
    guard let body = ArrayMethods.table[name] else { return nil }
    return .builtin(
      Builtin(name) { evaluator, arguments in
        try evaluator.arrays {
          try body(
            ArrayCall(
              name: name, evaluator: evaluator, arguments: arguments.prepending(receiver)))
        }
      })
  }

  /// `a.shape = …` and the like.
  func setAttribute(_ name: String, of array: NDArray, to value: Value) throws {
    try arrays {
      switch name {
      case "shape":
        let shape = try sizes(from: value)
        try array.reshapeInPlace(try array.reshaped(shape).shape)
      case "flat": try array.assign(try ndarray(from: value).reshaped(array.shape))
      default:
        throw ArrayProblem(
          "AttributeError", "'numpy.ndarray' object has no attribute '\(name)'")
      }
    }
  }

  /// `a.tolist()`: nested lists of Python's own numbers.
  func nestedList(_ array: NDArray) throws -> Value {
    if array.rank == 0 { return array.element(at: array.offset).unscaled }
    if array.rank == 1 { return try list(array.values().map(\.unscaled)) }
    return try list(try rows(of: array).map { try nestedList($0) })
  }
}

/// The methods of arrays; the array is the first argument.
enum ArrayMethods {
  typealias Body = (ArrayCall) throws -> Value

  /// Those that are functions of `numpy` as well, under the same name.
  private static let shared = [
    "sum", "prod", "mean", "std", "var", "min", "max", "argmin", "argmax", "any", "all", "cumsum",
    "cumprod", "round", "clip", "squeeze", "repeat", "dot", "nonzero", "take", "swapaxes",
    "argsort", "diagonal", "trace", "ravel", "searchsorted", "compress", "ptp",
  ]

  nonisolated(unsafe) static let table: [String: Body] = {
    var table: [String: Body] = [:]
    for name in shared { table[name] = NumPyFunctions.table[name] }
    table["reshape"] = { call in
      let array = try call.array(0, "self")
      let rest = call.arguments.positional.dropFirst()
      let shape =
        rest.count > 1
        ? try rest.map { try call.evaluator.sizes(from: $0)[0] }
        : try call.ints(1, "shape") ?? call.ints(1, "newshape") ?? []
      return .array(ArrayValue(try array.reshaped(shape)))
    }
    table["astype"] = { call in
      let array = try call.array(0, "self")
      return .numbers(try array.converted(to: try call.dtype(1) ?? .float64))
    }
    table["copy"] = { .numbers(try $0.array(0, "self").copied()) }
    table["__copy__"] = table["copy"]
    table["__deepcopy__"] = table["copy"]
    table["view"] = { .numbers(try $0.array(0, "self")) }
    table["flatten"] = { call in
      let array = try call.array(0, "self")
      return .array(ArrayValue(array.reshapedCopy([array.count])))
    }
    table["transpose"] = { call in
      let rest = call.arguments.positional.dropFirst()
      if rest.count > 1 {
        let axes = try rest.map { try call.evaluator.sizes(from: $0)[0] }
        return try NumPyFunctions.transposed(try call.array(0, "self"), axes)
      }
      return try NumPyFunctions.transposed(try call.array(0, "self"), try call.ints(1, "axes"))
    }
    table["tolist"] = { try $0.evaluator.nestedList(try $0.array(0, "self")) }
    table["item"] = { call in
      let array = try call.array(0, "self")
      let rest = Array(call.arguments.positional.dropFirst())
      if rest.isEmpty { return try call.evaluator.single(array).unscaled }
      let index = rest.count == 1 && array.rank > 1 ? rest[0] : try call.evaluator.tuple(rest)
      let base = rest.count == 1 && array.rank > 1 ? array.reshapedCopy([array.count]) : array
      return try call.evaluator.item(index, of: base).unscaled
    }
    table["sort"] = { call in
      let array = try call.array(0, "self")
      try array.assign(try array.sorted(axis: try call.int(1, "axis") ?? -1))
      return .none
    }
    table["fill"] = { call in
      try call.array(0, "self").assign(try call.array(1, "value"))
      return .none
    }
    table["resize"] = { _ in
      throw ArrayProblem(
        "NotImplementedError", "resize() is not supported", remedy: "use reshape()")
    }
    table["tobytes"] = { _ in
      throw ArrayProblem("NotImplementedError", "tobytes() is not supported")
    }
    table["__len__"] = { call in
      try call.evaluator.length(call.arguments.positional.first ?? .none)
    }
    table["conj"] = table["copy"]
    table["put"] = { call in
      let array = try call.array(0, "self")
      let flat = try array.reshaped([array.count])
      try call.evaluator.setItem(
        try call.required(1, "indices"), of: flat, to: try call.required(2, "values"))
      if flat.storage !== array.storage { try array.assign(flat.reshaped(array.shape)) }
      return .none
    }
    return table
  }()
}

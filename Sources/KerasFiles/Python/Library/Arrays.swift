extension Value {
  /// One element along the first axis.
  static func item(of array: ArrayValue) -> Value {
    var rest = array
    rest.shape.removeFirst()
    if rest.shape.isEmpty {
      return .unknown(
        array.unknown
          ?? Unknown(nil, reason: "it is a number of an array", at: .init(line: 1, column: 1)))
    }
    return .array(rest)
  }
}

extension ArrayValue {
  /// How many elements there are; `nil` where it is not known or does not fit in 64 bits.
  var count: Int? {
    var product = 1
    for size in shape {
      guard let size else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The shape of element-wise arithmetic with another array.
  func broadcast(with other: ArrayValue) -> ArrayValue {
    let rank = max(shape.count, other.shape.count)
    func padded(_ shape: [Int?]) -> [Int?] {
      Array(repeating: 1, count: rank - shape.count) + shape
    }
    let sizes = zip(padded(shape), padded(other.shape)).map { a, b -> Int? in
      if a == 1 { return b }
      if b == 1 { return a }
      return a ?? b
    }
    return ArrayValue(sizes, dtype: dtype, unknown: unknown ?? other.unknown)
  }

  /// The array with an axis counted from either end, if there is such an axis.
  func index(ofAxis axis: Int, rank: Int? = nil) -> Int? {
    let rank = rank ?? shape.count
    let index = axis < 0 ? axis + rank : axis
    return (0..<rank).contains(index) ? index : nil
  }
}

extension Evaluator {
  func attribute(_ name: String, of array: ArrayValue) throws -> Value? {
    switch name {
    case "shape": return try tuple(array.shape.map { size(of: array, $0) })
    case "ndim": return .int(array.shape.count)
    case "size": return size(of: array, array.count)
    case "dtype": return .string(array.dtype)
    case "T": return .array(ArrayValue(array.shape.reversed(), dtype: array.dtype))
    case "__class__": return .type(types.named("ndarray"))
    default:
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, arguments in
          try evaluator.arrayMethod(name, array, arguments)
        })
    }
  }

  private func size(of array: ArrayValue, _ size: Int?) -> Value {
    if let size { return .int(size) }
    if let reason = array.unknown { return .unknown(reason) }
    return unknown(nil, "the array's size is not known")
  }

  private func arrayMethod(
    _ name: String, _ array: ArrayValue, _ arguments: CallArguments
  ) throws -> Value {
    switch name {
    case "reshape":
      let first = arguments.positional.first ?? arguments["newshape"] ?? .none
      let sizes = arguments.positional.count > 1 ? arguments.positional : first.sequence ?? [first]
      return try reshaped(array, sizes)
    case "astype":
      var copy = array
      copy.dtype = arguments.positional.first?.stringValue ?? array.dtype
      return .array(copy)
    case "copy", "clip", "round": return .array(array)
    case "fill", "sort": return .none
    case "tolist": return unknown(nil, "the array's numbers are not known")
    case "flatten", "ravel": return .array(ArrayValue([array.count], dtype: array.dtype))
    default:
      guard let function = numpyFunctions[name] else {
        return unknown(nil, "the array's numbers are not known")
      }
      return try function(self, arguments.prepending(.array(array)))
    }
  }

  func reshaped(_ array: ArrayValue, _ sizes: [Value]) throws -> Value {
    var shape: [Int?] = []
    var reason: Unknown?
    for size in sizes {
      reason = reason ?? size.unknown
      shape.append(size.intValue)
    }
    if let free = shape.firstIndex(of: -1) {
      var known: Int? = 1
      for (index, size) in shape.enumerated() where index != free {
        known = known.flatMap { total in
          size.flatMap { total.multipliedReportingOverflow(by: $0).overflow ? nil : total * $0 }
        }
      }
      if let total = array.count, let known, known > 0 {
        guard total % known == 0 else {
          throw raise(
            "ValueError",
            "cannot reshape array of size \(total) into shape \(representation(of: try tuple(sizes)))"
          )
        }
        shape[free] = total / known
      } else {
        shape[free] = nil
      }
    } else if let total = array.count, let wanted = ArrayValue(shape).count, total != wanted {
      throw raise(
        "ValueError",
        "cannot reshape array of size \(total) into shape \(representation(of: try tuple(sizes)))")
    }
    return .array(ArrayValue(shape, dtype: array.dtype, unknown: array.unknown ?? reason))
  }

  /// `array[index]`.
  func item(_ index: Value, of array: ArrayValue) throws -> Value {
    var parts: [Value] = [index]
    if case .tuple(let tuple) = index { parts = tuple.elements }
    let taken = parts.filter { part in
      if case .none = part { return false }
      if case .ellipsis = part { return false }
      return true
    }.count
    var shape: [Int?] = []
    var rest = array.shape[...]
    for part in parts {
      switch part {
      case .none: shape.append(1)
      case .ellipsis:
        let count = max(0, rest.count - (taken - (array.shape.count - rest.count)))
        shape += rest.prefix(count)
        rest = rest.dropFirst(count)
      case .slice(let slice):
        guard let size = rest.popFirst() else { throw raise("IndexError", "too many indices") }
        shape.append(try size.flatMap { try positions(slice, count: $0)?.count })
      case .array(let picker):
        let size = rest.popFirst() ?? nil
        if picker.dtype == "bool" { shape.append(nil) } else { shape += picker.shape }
        _ = size
      case .list(let list):
        _ = rest.popFirst()
        shape.append(list.unknownTail == nil ? list.elements.count : nil)
      default:
        if rest.popFirst() == nil { throw raise("IndexError", "too many indices for array") }
      }
    }
    shape += rest
    if shape.isEmpty { return unknown(nil, "it is a number of an array") }
    return .array(ArrayValue(shape, dtype: array.dtype, unknown: array.unknown))
  }
}

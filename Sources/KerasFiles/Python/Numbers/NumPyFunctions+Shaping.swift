#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension NumPyFunctions {
  /// Functions of two floats.
  nonisolated(unsafe) static let floatPairs: [String: (Double, Double) -> Double] = [
    "arctan2": { atan2($0, $1) }, "atan2": { atan2($0, $1) }, "hypot": { hypot($0, $1) },
    "fmod": { fmod($0, $1) }, "copysign": { copysign($0, $1) },
    "float_power": { pow($0, $1) },
    "logaddexp": { a, b in
      a == b ? a + M_LN2 : max(a, b) + log1p(exp(-(a - b).magnitude))
    },
    "gcd": { a, b in
      Double(IntegerArithmetic.greatestCommonDivisor(Int(exactly: a) ?? 0, Int(exactly: b) ?? 0))
    },
    "heaviside": { $0.isNaN ? $0 : $0 < 0 ? 0 : $0 > 0 ? 1 : $1 },
  ]

  static func transposed(_ array: NDArray, _ axes: [Int]?) throws -> Value {
    guard let axes else { return .array(ArrayValue(array.transposed)) }
    let order = try axes.map { try array.axis($0) }
    guard Set(order).count == array.rank, order.count == array.rank else {
      throw ArrayProblem("ValueError", "axes don't match array")
    }
    return .array(ArrayValue(array.transposed(order)))
  }

  /// Functions that put arrays together or take them apart.
  nonisolated(unsafe) static let joining: [String: Body] = {
    var table: [String: Body] = [:]
    table["concatenate"] = { call in
      let arrays = try call.arrays(0, "arrays")
      if let axis = call.arguments.value(1, "axis"), axis.isNone {
        return .array(
          ArrayValue(
            try NDArray.concatenated(arrays.map { $0.reshapedCopy([$0.count]) }, axis: 0)))
      }
      return .array(
        ArrayValue(try NDArray.concatenated(arrays, axis: try call.int(1, "axis") ?? 0)))
    }
    table["stack"] = { call in
      .array(
        ArrayValue(
          try NDArray.stacked(try call.arrays(0, "arrays"), axis: try call.int(1, "axis") ?? 0)))
    }
    table["vstack"] = { call in
      let rows = try call.arrays(0, "tup").map {
        $0.rank < 2 ? $0.reshapedCopy([1, $0.count]) : $0
      }
      return .array(ArrayValue(try NDArray.concatenated(rows, axis: 0)))
    }
    table["hstack"] = { call in
      let parts = try call.arrays(0, "tup").map { $0.rank == 0 ? $0.reshapedCopy([1]) : $0 }
      return .array(
        ArrayValue(try NDArray.concatenated(parts, axis: parts.first?.rank == 1 ? 0 : 1)))
    }
    table["dstack"] = { call in
      let parts = try call.arrays(0, "tup").map { array in
        array.rank >= 3
          ? array
          : array.reshapedCopy(
            array.rank == 2 ? array.shape + [1] : [1, array.count, 1])
      }
      return .array(ArrayValue(try NDArray.concatenated(parts, axis: 2)))
    }
    table["column_stack"] = { call in
      let parts = try call.arrays(0, "tup").map {
        $0.rank < 2 ? $0.reshapedCopy([$0.count, 1]) : $0
      }
      return .array(ArrayValue(try NDArray.concatenated(parts, axis: 1)))
    }
    table["append"] = { call in
      let (a, b) = (try call.array(0, "arr"), try call.array(1, "values"))
      guard let axis = try call.int(2, "axis") else {
        return .array(
          ArrayValue(
            try NDArray.concatenated(
              [a.reshapedCopy([a.count]), b.reshapedCopy([b.count])], axis: 0)))
      }
      return .array(ArrayValue(try NDArray.concatenated([a, b], axis: axis)))
    }
    table["insert"] = { call in
      let array = try call.array(0, "arr")
      let given = try call.int(3, "axis")
      let base = given == nil ? array.reshapedCopy([array.count]) : array
      let axis = try base.axis(given ?? 0)
      let size = base.shape[axis]
      let place = try call.int(1, "obj") ?? 0
      let start = place < 0 ? place + size : place
      guard start >= 0, start <= size else {
        throw ArrayProblem(
          "IndexError", "index \(place) is out of bounds for axis \(axis) with size \(size)")
      }
      var shape = base.shape
      shape[axis] = 1
      let values = try call.array(2, "values")
      let row = try filled(shape, 0, base.dtype)
      try row.assign(values)
      return .array(
        ArrayValue(
          try NDArray.concatenated(
            [
              base.window(axis: axis, from: 0, count: start), row,
              base.window(axis: axis, from: start, count: size - start),
            ], axis: axis)))
    }
    table["delete"] = { call in
      let array = try call.array(0, "arr")
      let given = try call.int(2, "axis")
      let base = given == nil ? array.reshapedCopy([array.count]) : array
      let axis = try base.axis(given ?? 0)
      let size = base.shape[axis]
      let dropped: Set<Int>
      if case .slice(let slice) = try call.required(1, "obj") {
        let range = try call.evaluator.positions(slice, count: size)
        dropped = Set((0..<(range?.count ?? 0)).map { range?[$0] ?? 0 })
      } else {
        dropped = Set(try (call.ints(1, "obj") ?? []).map { $0 < 0 ? $0 + size : $0 })
      }
      guard dropped.allSatisfy({ (0..<size).contains($0) }) else {
        throw ArrayProblem(
          "IndexError", "an index is out of bounds for axis \(axis) with size \(size)")
      }
      return .array(
        ArrayValue(base.taking((0..<size).filter { !dropped.contains($0) }, axis: axis)))
    }
    for name in ["split", "array_split", "vsplit", "hsplit"] {
      table[name] = { call in
        let array = try call.array(0, "ary")
        let axis =
          name == "hsplit"
          ? (array.rank > 1 ? 1 : 0)
          : name == "vsplit"
            ? 0
            : try call.int(2, "axis") ?? 0
        let index = try array.axis(axis)
        let size = array.shape[index]
        let places: [Int]
        if let count = try call.required(1, "indices_or_sections").intValue {
          guard count > 0 else {
            throw ArrayProblem("ValueError", "number sections must be larger than 0.")
          }
          guard name == "array_split" || size % count == 0 else {
            throw ArrayProblem("ValueError", "array split does not result in an equal division")
          }
          try call.evaluator.charge(count)
          // The first parts take what is left over.
          places = (1..<max(count, 1)).map { $0 * (size / count) + min($0, size % count) }
        } else {
          places = try call.ints(1, "indices_or_sections") ?? []
        }
        return try call.evaluator.list(
          try array.split(at: places, axis: axis).map { .array(ArrayValue($0)) })
      }
    }
    return table
  }()

  /// Functions that arrange the same elements in another way.
  nonisolated(unsafe) static let shaping: [String: Body] = {
    var table: [String: Body] = [:]
    table["reshape"] = { call in
      let array = try call.array(0, "a")
      let shape = try call.ints(1, "shape") ?? call.ints(.max, "newshape") ?? []
      return .array(ArrayValue(try array.reshaped(shape)))
    }
    table["ravel"] = { call in
      let array = try call.array(0, "a")
      return .array(ArrayValue(try array.reshaped([array.count])))
    }
    table["transpose"] = { call in
      try transposed(try call.array(0, "a"), try call.ints(1, "axes"))
    }
    table["swapaxes"] = { call in
      let array = try call.array(0, "a")
      var order = Array(0..<array.rank)
      order.swapAt(
        try array.axis(try call.int(1, "axis1") ?? 0), try array.axis(try call.int(2, "axis2") ?? 0)
      )
      return .array(ArrayValue(array.transposed(order)))
    }
    table["swaplast"] = { call in
      let array = try call.array(0, "x")
      guard array.rank > 1 else { throw ArrayProblem("ValueError", "a matrix is expected") }
      var order = Array(0..<array.rank)
      order.swapAt(array.rank - 1, array.rank - 2)
      return .array(ArrayValue(array.transposed(order)))
    }
    table["moveaxis"] = { call in
      .array(
        ArrayValue(
          try call.array(0, "a").movingAxes(
            try call.ints(1, "source") ?? [], to: try call.ints(2, "destination") ?? [])))
    }
    table["rollaxis"] = { call in
      let array = try call.array(0, "a")
      return .array(
        ArrayValue(
          try array.movingAxes([try call.int(1, "axis") ?? 0], to: [try call.int(2, "start") ?? 0]))
      )
    }
    table["expand_dims"] = { call in
      .array(ArrayValue(try call.array(0, "a").expanded(try call.ints(1, "axis") ?? [0])))
    }
    table["squeeze"] = { call in
      .array(ArrayValue(try call.array(0, "a").squeezed(try call.ints(1, "axis"))))
    }
    for (name, rank) in [("atleast_1d", 1), ("atleast_2d", 2), ("atleast_3d", 3)] {
      table[name] = { call in
        let array = try call.array(0, "arys")
        guard array.rank < rank else { return .array(ArrayValue(array)) }
        let shape =
          rank == 3 && array.rank == 2
          ? array.shape + [1]
          : rank == 3 && array.rank == 1
            ? [1, array.count, 1]
            : Array(repeating: 1, count: rank - array.rank) + array.shape
        return .array(ArrayValue(try array.reshaped(shape)))
      }
    }
    table["broadcast_to"] = { call in
      let array = try call.array(0, "array")
      let shape = try call.ints(1, "shape") ?? []
      try NDArray.checkedCount(shape)
      guard let wide = array.broadcast(to: shape) else {
        throw NDArray.mismatch([array.shape, shape])
      }
      return .array(ArrayValue(wide.copied()))
    }
    table["flip"] = { call in
      .array(ArrayValue(try call.array(0, "m").flipped(try call.ints(1, "axis"))))
    }
    table["fliplr"] = { .array(ArrayValue(try $0.array(0, "m").flipped([1]))) }
    table["flipud"] = { .array(ArrayValue(try $0.array(0, "m").flipped([0]))) }
    table["rot90"] = { call in
      let array = try call.array(0, "m")
      guard array.rank >= 2 else { throw ArrayProblem("ValueError", "rot90() takes a matrix") }
      var order = Array(0..<array.rank)
      order.swapAt(0, 1)
      switch IntegerArithmetic.modulo(try call.int(1, "k") ?? 1, 4) {
      case 1: return .array(ArrayValue(try array.transposed(order).flipped([0])))
      case 2: return .array(ArrayValue(try array.flipped([0, 1])))
      case 3: return .array(ArrayValue(try array.flipped([0]).transposed(order)))
      default: return .array(ArrayValue(array))
      }
    }
    table["roll"] = { call in
      let array = try call.array(0, "a")
      let shifts = try call.ints(1, "shift") ?? [0]
      guard let axes = try call.ints(2, "axis") else {
        return .array(ArrayValue(try array.rolled(by: shifts.reduce(0, &+), axis: nil)))
      }
      var result = array
      for (index, axis) in axes.enumerated() {
        result = try result.rolled(by: shifts[min(index, shifts.count - 1)], axis: axis)
      }
      return .array(ArrayValue(result))
    }
    table["repeat"] = { call in
      .array(
        ArrayValue(
          try call.array(0, "a").repeated(
            try call.ints(1, "repeats") ?? [1], axis: try call.int(2, "axis"))))
    }
    table["tile"] = { call in
      .array(ArrayValue(try call.array(0, "A").tiled(try call.ints(1, "reps") ?? [1])))
    }
    table["take"] = { call in
      .numbers(
        try call.array(0, "a").taken(try call.array(1, "indices"), axis: try call.int(2, "axis")))
    }
    table["take_along_axis"] = { call in
      let (array, indices) = (try call.array(0, "arr"), try call.array(1, "indices"))
      let axis = try array.axis(try call.int(2, "axis") ?? -1)
      var parts: [Value] = []
      for index in 0..<array.rank {
        if index == axis {
          parts.append(.array(ArrayValue(indices)))
        } else {
          var shape = Array(repeating: 1, count: array.rank)
          shape[index] = array.shape[index]
          parts.append(
            .array(ArrayValue(NDArray(shape, ints: Array(0..<array.shape[index])))))
        }
      }
      return try call.evaluator.item(try call.evaluator.tuple(parts), of: array)
    }
    table["pad"] = pad
    table["diff"] = { call in
      var array = try call.array(0, "a")
      let axis = try array.axis(try call.int(2, "axis") ?? -1)
      for _ in 0..<max(0, min(try call.int(1, "n") ?? 1, 64)) {
        let size = max(array.shape[axis] - 1, 0)
        let (later, earlier) = (
          Operand(array.window(axis: axis, from: min(1, array.shape[axis]), count: size)),
          Operand(array.window(axis: axis, from: 0, count: size))
        )
        array =
          array.dtype == .bool
          ? try NDArray.compare(.notEqual, later, earlier)
          : try NDArray.binary(.subtract, later, earlier)
      }
      return .array(ArrayValue(array))
    }
    table["diagonal"] = { call in
      .array(ArrayValue(try call.array(0, "a").diagonal(try call.int(1, "offset") ?? 0)))
    }
    return table
  }()

  nonisolated(unsafe) private static let pad: Body = { call in
    let array = try call.array(0, "array")
    let given = try call.array(1, "pad_width")
    guard
      let wide = (given.count == 1 ? given.reshapedCopy([1, 1]) : given).broadcast(
        to: [array.rank, 2])
    else {
      throw ArrayProblem("ValueError", "pad_width does not fit an array of \(array.rank) axes")
    }
    let widths = try wide.integers()
    guard widths.allSatisfy({ $0 >= 0 }) else {
      throw ArrayProblem("ValueError", "index can't contain negative values")
    }
    let mode = call.value(2, "mode")?.stringValue ?? "constant"
    var result = array
    for axis in 0..<array.rank {
      let (before, after) = (widths[2 * axis], widths[2 * axis + 1])
      let size = result.shape[axis]
      var shape = result.shape
      shape[axis] = size.addingReportingOverflow(before).overflow ? .max : size &+ before &+ after
      try NDArray.checkedCount(shape)
      if mode == "constant" {
        let rim = try filled(shape, 0, result.dtype)
        if let value = call.value(.max, "constant_values") {
          try rim.assign(try call.evaluator.ndarray(from: value))
        }
        try rim.window(axis: axis, from: before, count: size).assign(result)
        result = rim
        continue
      }
      guard size > 0 else { throw ArrayProblem("ValueError", "an empty axis cannot be padded so") }
      let period = max(2 * (size - 1), 1)
      let places = (-before..<size + after).map { place -> Int in
        switch mode {
        case "edge": return min(max(place, 0), size - 1)
        case "wrap": return IntegerArithmetic.modulo(place, size)
        case "symmetric":
          let index = IntegerArithmetic.modulo(place, 2 * size)
          return index < size ? index : 2 * size - 1 - index
        default:
          let index = size == 1 ? 0 : IntegerArithmetic.modulo(place, period)
          return index < size ? index : period - index
        }
      }
      guard ["edge", "wrap", "symmetric", "reflect"].contains(mode) else {
        throw ArrayProblem("ValueError", "mode '\(mode)' is not supported")
      }
      result = result.taking(places, axis: axis)
    }
    return .array(ArrayValue(result))
  }
}

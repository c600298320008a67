import Neural

extension NDArray {
  /// The elements under another shape: a window on them where they lie in order, else a copy.
  ///
  /// One size may be -1, for what is left.
  func reshaped(_ shape: [Int]) throws(ArrayProblem) -> NDArray {
    var sizes = shape
    let known = Count.product(shape.filter { $0 != -1 })
    let free = shape.filter { $0 == -1 }.count
    let shown = NDArray.text(shape)
    guard free <= 1 else {
      throw ArrayProblem("ValueError", "can only specify one unknown dimension")
    }
    if let index = shape.firstIndex(of: -1) {
      guard known > 0, known <= Count(Int.max), count % Int(known.value) == 0 else {
        throw ArrayProblem(
          "ValueError", "cannot reshape array of size \(count) into shape \(shown)")
      }
      sizes[index] = count / Int(known.value)
    } else if known != Count(count) || shape.contains(where: { $0 < 0 }) {
      throw ArrayProblem(
        "ValueError", "cannot reshape array of size \(count) into shape \(shown)")
    }
    guard isContiguous else { return reshapedCopy(sizes) }
    return NDArray(
      storage, dtype, shape: sizes, strides: NDArray.strides(sizes), offset: offset)
  }

  /// The array without its axes of size 1, or without the given ones.
  func squeezed(_ axes: [Int]?) throws(ArrayProblem) -> NDArray {
    var dropped: Set<Int> = []
    if let axes {
      for axis in axes {
        let index = try self.axis(axis)
        guard shape[index] == 1 else {
          throw ArrayProblem(
            "ValueError",
            "cannot select an axis to squeeze out which has size not equal to one")
        }
        dropped.insert(index)
      }
    } else {
      dropped = Set(shape.indices.filter { shape[$0] == 1 })
    }
    let kept = shape.indices.filter { !dropped.contains($0) }
    return NDArray(
      storage, dtype, shape: kept.map { shape[$0] }, strides: kept.map { strides[$0] },
      offset: offset)
  }

  /// The array with new axes of size 1 at these places of the result.
  func expanded(_ axes: [Int]) throws(ArrayProblem) -> NDArray {
    let rank = self.rank + axes.count
    var places: Set<Int> = []
    for axis in axes { places.insert(try NDArray.axis(axis, rank: rank)) }
    var sizes: [Int] = []
    var steps: [Int] = []
    var next = 0
    for index in 0..<rank {
      if places.contains(index) {
        sizes.append(1)
        steps.append(0)
      } else if next < shape.count {
        sizes.append(shape[next])
        steps.append(strides[next])
        next += 1
      }
    }
    return NDArray(storage, dtype, shape: sizes, strides: steps, offset: offset)
  }

  /// The positions `range` of an axis, as a window.
  func window(axis: Int, from start: Int, count: Int, step: Int = 1) -> NDArray {
    var sizes = shape
    var steps = strides
    sizes[axis] = count
    steps[axis] = strides[axis] * step
    return NDArray(
      storage, dtype, shape: sizes, strides: steps,
      offset: count > 0 ? offset + start * strides[axis] : offset)
  }

  /// The positions of an axis in any order, each as often as it is named.
  func taking(_ positions: [Int], axis: Int) -> NDArray {
    var sizes = shape
    sizes[axis] = positions.count
    let contiguous = copied()
    let (outer, size, inner) = (
      shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *)
    )
    func picked<Element>(_ elements: [Element]) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(outer * positions.count * inner)
      for row in 0..<outer {
        for position in positions {
          let start = (row * size + position) * inner
          result.append(contentsOf: elements[start..<start + inner])
        }
      }
      return result
    }
    switch dtype.kind {
    case .int: return NDArray(sizes, ints: picked(contiguous.storage.ints), dtype)
    case .float: return NDArray(sizes, floats: picked(contiguous.storage.floats), dtype)
    case .object: return NDArray(sizes, objects: picked(contiguous.storage.objects), dtype)
    }
  }

  /// `numpy.take`: indices may have any shape; without an axis they count all elements.
  func taken(_ indices: NDArray, axis: Int?) throws(ArrayProblem) -> NDArray {
    let base = axis == nil ? reshapedCopy([count]) : self
    let index = try base.axis(axis ?? 0)
    let size = base.shape[index]
    var positions: [Int] = []
    for number in try indices.integers() {
      let place = number < 0 ? number + size : number
      guard place >= 0, place < size else {
        throw ArrayProblem(
          "IndexError", "index \(number) is out of bounds for axis \(index) with size \(size)")
      }
      positions.append(place)
    }
    let rows = base.taking(positions, axis: index)
    return rows.reshapedCopy(
      Array(base.shape[..<index]) + indices.shape + Array(base.shape[(index + 1)...]))
  }

  /// Arrays one behind the other along an axis.
  static func concatenated(_ arrays: [NDArray], axis: Int) throws(ArrayProblem) -> NDArray {
    guard let first = arrays.first else {
      throw ArrayProblem("ValueError", "need at least one array to concatenate")
    }
    guard first.rank > 0 else {
      throw ArrayProblem("ValueError", "zero-dimensional arrays cannot be concatenated")
    }
    let index = try first.axis(axis)
    var type = first.dtype
    var total = 0
    for (place, array) in arrays.enumerated() {
      guard array.rank == first.rank else {
        throw ArrayProblem(
          "ValueError",
          "all the input array dimensions except for the concatenation axis must match exactly, "
            + "but the array at index 0 has \(first.rank) dimension(s) and the array at index "
            + "\(place) has \(array.rank) dimension(s)")
      }
      for axis in 0..<first.rank where axis != index && array.shape[axis] != first.shape[axis] {
        throw ArrayProblem(
          "ValueError",
          "all the input array dimensions except for the concatenation axis must match exactly, "
            + "but along dimension \(axis), the array at index 0 has size \(first.shape[axis]) and "
            + "the array at index \(place) has size \(array.shape[axis])")
      }
      type = DType.promoted(type, array.dtype)
      total += array.shape[index]
    }
    var sizes = first.shape
    sizes[index] = total
    try checkedCount(sizes)
    let outer = sizes[..<index].reduce(1, *)
    let inner = sizes[(index + 1)...].reduce(1, *)
    var parts: [NDArray] = []
    for array in arrays {
      parts.append(array.dtype == type ? array : try array.converted(to: type))
    }
    func joined<Element>(_ lists: [[Element]]) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(outer * total * inner)
      for row in 0..<outer {
        for (part, list) in zip(parts, lists) {
          let run = part.shape[index] * inner
          result.append(contentsOf: list[row * run..<(row + 1) * run])
        }
      }
      return result
    }
    switch type.kind {
    case .int: return NDArray(sizes, ints: joined(parts.map { $0.ints() }), type)
    case .float: return NDArray(sizes, floats: joined(parts.map { $0.floats() }), type)
    case .object: return NDArray(sizes, objects: joined(parts.map { $0.objects() }), type)
    }
  }

  /// Arrays of one shape along a new axis.
  static func stacked(_ arrays: [NDArray], axis: Int) throws(ArrayProblem) -> NDArray {
    guard let first = arrays.first else {
      throw ArrayProblem("ValueError", "need at least one array to stack")
    }
    guard arrays.allSatisfy({ $0.shape == first.shape }) else {
      throw ArrayProblem("ValueError", "all input arrays must have the same shape")
    }
    let index = try NDArray.axis(axis, rank: first.rank + 1)
    var parts: [NDArray] = []
    for array in arrays { parts.append(try array.expanded([index])) }
    return try concatenated(parts, axis: index)
  }

  /// The parts of an array between positions of an axis, as windows.
  func split(at positions: [Int], axis: Int) throws(ArrayProblem) -> [NDArray] {
    let index = try self.axis(axis)
    let size = shape[index]
    let bounds =
      [0] + positions.map { Swift.min(Swift.max($0 < 0 ? $0 + size : $0, 0), size) } + [size]
    return zip(bounds, bounds.dropFirst()).map { start, end in
      window(axis: index, from: start, count: Swift.max(0, end - start))
    }
  }

  /// The elements of an axis, in reverse.
  func flipped(_ axes: [Int]?) throws(ArrayProblem) -> NDArray {
    var result = self
    for axis in axes ?? Array(0..<rank) {
      let index = try self.axis(axis)
      result = result.window(
        axis: index, from: Swift.max(shape[index] - 1, 0), count: shape[index], step: -1)
    }
    return result
  }

  /// The elements moved along an axis, those that leave at one end coming in at the other.
  func rolled(by shift: Int, axis: Int?) throws(ArrayProblem) -> NDArray {
    guard let axis else {
      return try reshapedCopy([count]).rolled(by: shift, axis: 0).reshapedCopy(shape)
    }
    let index = try self.axis(axis)
    let size = shape[index]
    guard size > 0 else { return copied() }
    let start = IntegerArithmetic.modulo(0 &- shift, size)
    return taking((0..<size).map { ($0 + start) % size }, axis: index)
  }

  /// Each element, or each position of an axis, as often as `counts` says.
  func repeated(_ counts: [Int], axis: Int?) throws(ArrayProblem) -> NDArray {
    let base = axis == nil ? reshapedCopy([count]) : self
    let index = try base.axis(axis ?? 0)
    let size = base.shape[index]
    guard counts.count == 1 || counts.count == size, counts.allSatisfy({ $0 >= 0 }) else {
      throw ArrayProblem("ValueError", "repeats must be one count, or one for each position")
    }
    var total = Count(0)
    for place in 0..<size { total = total + Count(counts[counts.count == 1 ? 0 : place]) }
    var sizes = base.shape
    sizes[index] = Int(clamping: total.value)
    try NDArray.checkedCount(sizes)
    var positions: [Int] = []
    for place in 0..<size {
      positions += Array(repeating: place, count: counts[counts.count == 1 ? 0 : place])
    }
    return base.taking(positions, axis: index)
  }

  /// The whole array side by side with itself.
  func tiled(_ counts: [Int]) throws(ArrayProblem) -> NDArray {
    let rank = Swift.max(self.rank, counts.count)
    var result = reshapedCopy(Array(repeating: 1, count: rank - self.rank) + shape)
    let counts = Array(repeating: 1, count: rank - counts.count) + counts
    for (axis, count) in counts.enumerated() where count != 1 {
      let size = result.shape[axis]
      var sizes = result.shape
      sizes[axis] = multiplied(size, Swift.max(count, 0)) ?? .max
      try NDArray.checkedCount(sizes)
      result = result.taking((0..<sizes[axis]).map { $0 % Swift.max(size, 1) }, axis: axis)
    }
    return result
  }

  /// Axes moved elsewhere.
  func movingAxes(_ from: [Int], to: [Int]) throws(ArrayProblem) -> NDArray {
    var sources: [Int] = []
    var targets: [Int] = []
    for axis in from { sources.append(try self.axis(axis)) }
    for axis in to { targets.append(try self.axis(axis)) }
    guard sources.count == targets.count, Set(sources).count == sources.count,
      Set(targets).count == targets.count
    else { throw ArrayProblem("ValueError", "moveaxis takes as many sources as destinations") }
    var order = (0..<rank).filter { !sources.contains($0) }
    for (target, source) in zip(targets, sources).sorted(by: { $0.0 < $1.0 }) {
      order.insert(source, at: target)
    }
    return transposed(order)
  }
}

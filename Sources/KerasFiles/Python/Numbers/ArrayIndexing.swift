/// What stands between the brackets of `array[…]`, worked out for one array.
enum ArraySelection {
  /// Integers, slices and new axes: a window on the same numbers.
  case window(NDArray)
  /// Masks and lists of indices: the places in the storage, in row-major order of this shape.
  case places([Int], shape: [Int])
}

/// One part of an index.
private enum IndexPart {
  case position(Int)
  case slice(RangeValue)
  case newAxis
  /// Indices along an axis, all such parts broadcast together.
  case picked(NDArray)
}

extension Evaluator {
  /// `array[index]` in a run.
  func item(_ index: Value, of array: NDArray) throws -> Value {
    switch try selection(index, of: array) {
    case .window(let window): return .numbers(window)
    case .places(let places, let shape):
      let picked: NDArray
      switch array.dtype.kind {
      case .int:
        picked = NDArray(shape, ints: places.map { array.storage.ints[$0] }, array.dtype)
      case .float:
        picked = NDArray(shape, floats: places.map { array.storage.floats[$0] }, array.dtype)
      case .object:
        picked = NDArray(shape, objects: places.map { array.storage.objects[$0] }, array.dtype)
      }
      return .numbers(picked)
    }
  }

  /// `array[index] = value` in a run.
  func setItem(_ index: Value, of array: NDArray, to value: Value) throws {
    // One number at one place: the commonest case in loops.
    if let place = try singlePlace(index, of: array), array.dtype.isNumber,
      let number = value.doubleValue
    {
      if array.dtype.kind == .int {
        array.storage.ints[place] =
          try value.intValue.map { try fitted($0, array.dtype, value) }
          ?? array.dtype.integer(number)
      } else {
        array.storage.floats[place] = array.dtype.rounded(number)
      }
      return
    }
    let source: NDArray
    if array.dtype == .object, value.sequence == nil, array.rank > 0 {
      if case .array(let other) = value, let numbers = other.numbers {
        source = numbers
      } else {
        source = NDArray([], objects: [value], .object)
      }
    } else {
      source = try ndarray(from: value)
      if array.dtype.isInteger, case .int(let number) = value {
        _ = try fitted(number, array.dtype, value)
      }
    }
    switch try selection(index, of: array) {
    case .window(let window):
      try window.assign(window.sharesStorage(source) ? source.copied() : source)
    case .places(let places, let shape):
      guard let seen = source.droppingOuterOnes(to: shape.count).broadcast(to: shape) else {
        throw ArrayProblem(
          "ValueError",
          "shape mismatch: value array of shape \(NDArray.text(source.shape)) could not be "
            + "broadcast to indexing result of shape \(NDArray.text(shape))")
      }
      switch array.dtype.kind {
      case .int:
        let numbers = try seen.integers(array.dtype)
        for (place, number) in zip(places, numbers) { array.storage.ints[place] = number }
      case .float:
        let numbers = NDArray.rounded(try seen.doubles(), array.dtype)
        for (place, number) in zip(places, numbers) { array.storage.floats[place] = number }
      case .object:
        for (place, value) in zip(places, try seen.converted(to: array.dtype).objects()) {
          array.storage.objects[place] = value
        }
      }
    }
  }

  /// A Python integer for an array of a narrower type.
  private func fitted(_ number: Int, _ type: DType, _ value: Value) throws -> Int {
    if case .int = value, type.isInteger, !type.bounds.contains(number) {
      throw ArrayProblem(
        "OverflowError", "Python integer \(number) out of bounds for \(type.name)")
    }
    return type.wrapped(number)
  }

  /// The place of the one element that integers choose; `nil` where it is another kind of index.
  private func singlePlace(_ index: Value, of array: NDArray) throws -> Int? {
    func isPosition(_ value: Value) -> Bool {
      switch value {
      case .int: true
      case .scalar(let scalar): scalar.dtype.isInteger
      default: false
      }
    }
    if array.rank == 1, isPosition(index), let position = index.intValue {
      return array.offset + (try place(position, axis: 0, of: array)) * array.strides[0]
    }
    guard case .tuple(let tuple) = index, tuple.elements.count == array.rank,
      tuple.elements.allSatisfy(isPosition)
    else { return nil }
    var result = array.offset
    for (axis, value) in tuple.elements.enumerated() {
      result += try place(value.intValue ?? 0, axis: axis, of: array) * array.strides[axis]
    }
    return result
  }

  private func place(_ position: Int, axis: Int, of array: NDArray) throws -> Int {
    let size = array.shape[axis]
    let place = position < 0 ? position + size : position
    guard place >= 0, place < size else {
      throw ArrayProblem(
        "IndexError", "index \(position) is out of bounds for axis \(axis) with size \(size)")
    }
    return place
  }

  /// Works out an index.
  private func selection(_ index: Value, of array: NDArray) throws -> ArraySelection {
    if let place = try singlePlace(index, of: array) {
      return .window(
        NDArray(array.storage, array.dtype, shape: [], strides: [], offset: place))
    }
    // A mask over the whole array: the commonest one.
    if case .array(let value) = index, let mask = value.numbers, mask.dtype == .bool,
      mask.shape == array.shape, array.rank > 0, array.isContiguous
    {
      let flags = mask.ints()
      let places = flags.indices.filter { flags[$0] != 0 }
      return .places(
        array.offset == 0 ? places : places.map { $0 + array.offset }, shape: [places.count])
    }
    let parts = try parts(of: index, for: array)
    if parts.contains(where: { if case .picked = $0 { true } else { false } }) {
      return try picked(parts, of: array)
    }
    var shape: [Int] = []
    var strides: [Int] = []
    var offset = array.offset
    var axis = 0
    for part in parts {
      switch part {
      case .position(let position):
        offset += try place(position, axis: axis, of: array) * array.strides[axis]
        axis += 1
      case .slice(let range):
        shape.append(range.count)
        strides.append(array.strides[axis] * range.step)
        if range.count > 0 { offset += range.start * array.strides[axis] }
        axis += 1
      default:
        shape.append(1)
        strides.append(0)
      }
    }
    return .window(
      NDArray(array.storage, array.dtype, shape: shape, strides: strides, offset: offset))
  }

  /// The parts of an index, one for each axis, and the new axes.
  private func parts(of index: Value, for array: NDArray) throws -> [IndexPart] {
    var given = [index]
    if case .tuple(let tuple) = index { given = tuple.elements }
    var masks: [Int: NDArray] = [:]
    var taken = 0
    for (place, value) in given.enumerated() {
      switch value {
      case .none, .ellipsis: break
      case .array, .list, .range, .bool:
        let picker = try picker(value)
        masks[place] = picker
        taken += picker.dtype == .bool ? picker.rank : 1
      default: taken += 1
      }
    }
    guard taken <= array.rank else {
      throw ArrayProblem(
        "IndexError",
        "too many indices for array: array is \(array.rank)-dimensional, but \(taken) were indexed")
    }
    var parts: [IndexPart] = []
    var axis = 0
    func fill(_ count: Int) {
      for _ in 0..<max(0, count) {
        parts.append(.slice(RangeValue(start: 0, stop: array.shape[axis], step: 1)))
        axis += 1
      }
    }
    var hasEllipsis = false
    for (place, value) in given.enumerated() {
      switch value {
      case .none: parts.append(.newAxis)
      case .ellipsis:
        guard !hasEllipsis else {
          throw ArrayProblem(
            "IndexError", "an index can only have a single ellipsis ('...')")
        }
        hasEllipsis = true
        fill(array.rank - taken)
      case .slice(let slice):
        guard let range = try positions(slice, count: array.shape[axis]) else {
          throw needed(
            (slice.lower.unknown ?? slice.upper.unknown ?? slice.step.unknown)
              ?? Unknown(nil, reason: "the slice is open", at: location))
        }
        parts.append(.slice(range))
        axis += 1
      case .unknown(let unknown): throw needed(unknown)
      default:
        if let picker = masks[place] {
          if picker.dtype == .bool {
            try add(mask: picker, at: &axis, of: array, to: &parts)
          } else {
            parts.append(.picked(picker))
            axis += 1
          }
        } else if let position = value.intValue {
          parts.append(.position(position))
          axis += 1
        } else {
          throw ArrayProblem(
            "IndexError",
            "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or "
              + "boolean arrays are valid indices")
        }
      }
    }
    fill(array.rank - axis)
    return parts
  }

  private func picker(_ value: Value) throws -> NDArray {
    let array = try ndarray(from: value)
    if array.count == 0, !array.dtype.isBool { return try array.converted(to: .int64) }
    guard array.dtype.kind == .int else {
      throw ArrayProblem(
        "IndexError", "arrays used as indices must be of integer (or boolean) type")
    }
    return array
  }

  private func add(
    mask: NDArray, at axis: inout Int, of array: NDArray, to parts: inout [IndexPart]
  ) throws {
    for (index, size) in mask.shape.enumerated() where array.shape[axis + index] != size {
      throw ArrayProblem(
        "IndexError",
        "boolean index did not match indexed array along axis \(axis + index); size of axis is "
          + "\(array.shape[axis + index]) but size of corresponding boolean axis is \(size)")
    }
    for indices in mask.nonzero() { parts.append(.picked(indices)) }
    axis += mask.rank
  }

  /// Masks and lists of indices: the places of what they choose.
  private func picked(_ parts: [IndexPart], of array: NDArray) throws -> ArraySelection {
    var pickers: [(indices: NDArray, axis: Int)] = []
    var before: [(count: Int, step: Int)] = []
    var after: [(count: Int, step: Int)] = []
    var base = array.offset
    var axis = 0
    // Where the pickers stand: together, or with slices between them (then they come first).
    var groups = 0
    var wasPicker = false
    for part in parts {
      switch part {
      case .position(let position):
        pickers.append((NDArray([], ints: [position]), axis))
        if !wasPicker { groups += 1 }
        wasPicker = true
        axis += 1
      case .picked(let indices):
        pickers.append((indices, axis))
        if !wasPicker { groups += 1 }
        wasPicker = true
        axis += 1
      case .slice(let range):
        let run = (range.count, array.strides[axis] * range.step)
        if range.count > 0 { base += range.start * array.strides[axis] }
        if pickers.isEmpty { before.append(run) } else { after.append(run) }
        wasPicker = false
        axis += 1
      case .newAxis:
        if pickers.isEmpty { before.append((1, 0)) } else { after.append((1, 0)) }
        wasPicker = false
      }
    }
    if groups > 1 {
      after = before + after
      before = []
    }
    let shape = try NDArray.broadcastShape(of: pickers.map(\.indices))
    var chosen = Array(repeating: 0, count: shape.reduce(1, *))
    for (indices, axis) in pickers {
      guard let seen = indices.broadcast(to: shape) else { continue }
      for (index, position) in seen.ints().enumerated() {
        chosen[index] += try place(position, axis: axis, of: array) * array.strides[axis]
      }
    }
    func offsets(_ runs: [(count: Int, step: Int)]) -> [Int] {
      runs.reduce([0]) { starts, run in
        starts.flatMap { start in (0..<run.count).map { start + $0 * run.step } }
      }
    }
    let result = before.map(\.count) + shape + after.map(\.count)
    let count = try NDArray.checkedCount(result)
    let (outer, inner) = (offsets(before), offsets(after))
    var places: [Int] = []
    places.reserveCapacity(count)
    for start in outer {
      for middle in chosen {
        for end in inner { places.append(base + start + middle + end) }
      }
    }
    return .places(places, shape: result)
  }
}

extension NDArray {
  /// The indices of the elements that are not zero, one array for each axis.
  func nonzero() -> [NDArray] {
    let flags = truths()
    let found = flags.indices.filter { flags[$0] }
    guard rank > 0 else { return [NDArray([found.count], ints: found)] }
    let steps = NDArray.strides(shape)
    return (0..<rank).map { axis in
      NDArray(
        [found.count], ints: found.map { $0 / max(steps[axis], 1) % max(shape[axis], 1) })
    }
  }

  /// Whether each element is true to Python, in row-major order.
  func truths() -> [Bool] {
    switch dtype.kind {
    case .int: ints().map { $0 != 0 }
    case .float: floats().map { $0 != 0 }
    case .object:
      objects().map { value in
        switch value {
        case .none: false
        case .string(let text): !text.isEmpty
        default: value.doubleValue != 0
        }
      }
    }
  }

  func sharesStorage(_ other: NDArray) -> Bool { storage === other.storage }

  /// The array without axes of size 1 in front that are more than wanted.
  fileprivate func droppingOuterOnes(to rank: Int) -> NDArray {
    let extra = self.rank - rank
    guard extra > 0, shape.prefix(extra).allSatisfy({ $0 == 1 }) else { return self }
    return reshapedCopy(Array(shape.dropFirst(extra)))
  }
}

import Neural

extension NDArray {
  /// The places of all elements in the storage, in row-major order, as runs of equal steps.
  ///
  /// `body` takes the first place of a run, the step and the count.
  @inline(__always)
  static func forEachRun(
    _ shape: [Int], _ strides: [Int], _ offset: Int, _ body: (Int, Int, Int) -> Void
  ) {
    guard !shape.contains(0) else { return }
    guard let run = shape.last, let step = strides.last else { return body(offset, 1, 1) }
    let outer = shape.count - 1
    var index = Array(repeating: 0, count: outer)
    var place = offset
    while true {
      body(place, step, run)
      var axis = outer - 1
      while axis >= 0 {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= index[axis] * strides[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// Elements of a storage seen through a window, in row-major order.
  static func gathered<Element>(
    _ elements: [Element], _ shape: [Int], _ strides: [Int], _ offset: Int
  ) -> [Element] {
    let count = shape.reduce(1, *)
    guard count > 0 else { return [] }
    return Array(unsafeUninitializedCapacity: count) { out, initialized in
      elements.withUnsafeBufferPointer { from in
        var next = 0
        forEachRun(shape, strides, offset) { place, step, run in
          var place = place
          for index in next..<next + run {
            (out.baseAddress.unsafelyUnwrapped + index).initialize(to: from[place])
            place += step
          }
          next += run
        }
      }
      initialized = count
    }
  }

  private func elements<Element>(_ stored: [Element]) -> [Element] {
    if offset == 0, stored.count == count, isContiguous { return stored }
    return NDArray.gathered(stored, shape, strides, offset)
  }

  /// The elements of an array of whole numbers, in row-major order.
  func ints() -> [Int] { elements(storage.ints) }

  /// The elements of an array of floats, in row-major order.
  func floats() -> [Double] { elements(storage.floats) }

  /// The elements of an array of values, in row-major order.
  func objects() -> [Value] { elements(storage.objects) }

  /// The elements as floats, in row-major order.
  ///
  /// - Throws: `ArrayProblem` where they are no numbers.
  func doubles() throws(ArrayProblem) -> [Double] {
    switch dtype.kind {
    case .float: return floats()
    case .int:
      return dtype == .uint64
        ? ints().map { Double(UInt(bitPattern: $0)) } : ints().map { Double($0) }
    case .object:
      var result: [Double] = []
      for value in objects() {
        if let number = value.doubleValue {
          result.append(number)
        } else if let text = value.stringValue, let number = Double(text.filter { $0 != " " }) {
          result.append(number)
        } else {
          throw value.stringValue.map {
            ArrayProblem("ValueError", "could not convert string to float: '\($0)'")
          } ?? ArrayProblem("TypeError", "these elements are no numbers")
        }
      }
      return result
    }
  }

  /// The elements as whole numbers of a type, in row-major order.
  func integers(_ type: DType = .int64) throws(ArrayProblem) -> [Int] {
    switch dtype.kind {
    case .int:
      if type == dtype || type == .int64 { return ints() }
      return ints().map { type.wrapped($0) }
    case .float: return floats().map { type.integer($0) }
    case .object: return try doubles().map { type.integer($0) }
    }
  }

  /// The element at a place of the storage, as a Python value.
  func element(at place: Int) -> Value {
    switch dtype.kind {
    case .int: .scalar(NumPyScalar(storage.ints[place], dtype))
    case .float: .scalar(NumPyScalar(storage.floats[place], dtype))
    case .object: storage.objects[place]
    }
  }

  /// All elements as Python values, in row-major order.
  func values() -> [Value] {
    switch dtype.kind {
    case .int: ints().map { .scalar(NumPyScalar($0, dtype)) }
    case .float: floats().map { .scalar(NumPyScalar($0, dtype)) }
    case .object: objects()
    }
  }

  /// The array of one number, or of the elements of another kind.
  convenience init(_ scalar: NumPyScalar) {
    switch scalar.number {
    case .int(let value): self.init([], ints: [value], scalar.dtype)
    case .float(let value): self.init([], floats: [value], scalar.dtype)
    }
  }

  /// A copy in row-major order.
  func copied() -> NDArray { reshapedCopy(shape) }

  /// The elements, copied, under another shape of as many.
  func reshapedCopy(_ shape: [Int]) -> NDArray {
    switch dtype.kind {
    case .int: NDArray(shape, ints: ints(), dtype)
    case .float: NDArray(shape, floats: floats(), dtype)
    case .object: NDArray(shape, objects: objects(), dtype)
    }
  }

  /// The same elements as numbers of another type, in an array of its own.
  func converted(to type: DType) throws(ArrayProblem) -> NDArray {
    if type == dtype { return copied() }
    switch type.kind {
    case .int: return NDArray(shape, ints: try integers(type), type)
    case .float:
      let numbers = try doubles()
      return NDArray(shape, floats: NDArray.rounded(numbers, type), type)
    case .object:
      let values = type == .string ? texts().map { Value.string($0) } : values().map(\.unscaled)
      return NDArray(shape, objects: values, type)
    }
  }

  /// What `str()` makes of each element.
  private func texts() -> [String] {
    values().map { value in
      switch value {
      case .string(let text): text
      case .scalar(let scalar): scalar.text
      case .int(let number): String(number)
      case .float(let number): number.pythonDescription
      case .bool(let flag): flag ? "True" : "False"
      case .none: "None"
      default: ""
      }
    }
  }

  /// Floats as a type keeps them.
  static func rounded(_ numbers: [Double], _ type: DType) -> [Double] {
    switch type {
    case .float32: numbers.map { Double(Float($0)) }
    case .float16: numbers.map { type.rounded($0) }
    default: numbers
    }
  }

  /// Writes elements of another array, or one for all, into this window.
  ///
  /// - Throws: `ArrayProblem` where the other does not broadcast to this shape.
  func assign(_ source: NDArray) throws(ArrayProblem) {
    // An array of ones in front may be dropped, as NumPy does.
    var source = source
    if source.rank > rank {
      let extra = source.rank - rank
      guard source.shape.prefix(extra).allSatisfy({ $0 == 1 }) else {
        throw cannotAssign(source)
      }
      source = source.reshapedCopy(Array(source.shape.dropFirst(extra)))
    }
    guard let seen = source.broadcast(to: shape) else { throw cannotAssign(source) }
    switch dtype.kind {
    case .int: write(try seen.integers(dtype), into: &storage.ints)
    case .float: write(NDArray.rounded(try seen.doubles(), dtype), into: &storage.floats)
    case .object: write(try seen.converted(to: dtype).objects(), into: &storage.objects)
    }
  }

  private func cannotAssign(_ source: NDArray) -> ArrayProblem {
    ArrayProblem(
      "ValueError",
      "could not broadcast input array from shape \(NDArray.text(source.shape)) into shape "
        + NDArray.text(shape))
  }

  private func write<Element>(_ elements: [Element], into stored: inout [Element]) {
    stored.withUnsafeMutableBufferPointer { out in
      elements.withUnsafeBufferPointer { from in
        var next = 0
        NDArray.forEachRun(shape, strides, offset) { place, step, run in
          var place = place
          for index in next..<next + run {
            out[place] = from[index]
            place += step
          }
          next += run
        }
      }
    }
  }
}

extension Value {
  /// A number of NumPy's as Python's own.
  var unscaled: Value {
    if case .scalar(let scalar) = self { scalar.pythonValue } else { self }
  }
}

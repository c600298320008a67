/// One side of an operator: an array, or a plain number that takes the other side's type.
struct Operand {
  /// A Python number, which NumPy calls weak.
  enum Weakness {
    case strong, bool, int, float
  }

  let array: NDArray
  let weakness: Weakness

  init(_ array: NDArray) {
    self.array = array
    weakness = .strong
  }

  /// A Python number; `nil` for any other value.
  init?(weak value: Value) {
    switch value {
    case .bool(let flag):
      array = NDArray([], ints: [flag ? 1 : 0], .bool)
      weakness = .bool
    case .int(let number):
      array = NDArray([], ints: [number], .int64)
      weakness = .int
    case .float(let number):
      array = NDArray([], floats: [number], .float64)
      weakness = .float
    default: return nil
    }
  }

  /// The type in which two operands meet.
  ///
  /// - Throws: `ArrayProblem` where a Python integer does not fit in the other's type.
  static func commonType(_ a: Operand, _ b: Operand) throws(ArrayProblem) -> DType {
    if a.weakness == .strong, b.weakness == .strong {
      return DType.promoted(a.array.dtype, b.array.dtype)
    }
    if a.weakness == .strong { return try b.weakType(beside: a.array.dtype) }
    if b.weakness == .strong { return try a.weakType(beside: b.array.dtype) }
    return DType.promoted(a.array.dtype, b.array.dtype)
  }

  private func weakType(beside other: DType) throws(ArrayProblem) -> DType {
    switch weakness {
    case .int where other.isInteger:
      let number = array.storage.ints[0]
      guard other.bounds.contains(number) else {
        throw ArrayProblem(
          "OverflowError", "Python integer \(number) out of bounds for \(other.name)")
      }
      return other
    case .int: return other == .bool ? .int64 : other
    case .float: return other.isFloat || other.kind == .object ? other : .float64
    default: return DType.promoted(other, .bool)
    }
  }
}

/// Two arrays brought to one shape: each list has all elements, or one that stands for all.
struct Aligned<Element> {
  let first: [Element]
  let second: [Element]
  let count: Int

  /// `join` applied to the elements at equal places.
  @inline(__always)
  func map<Result>(_ join: (Element, Element) -> Result) -> [Result] {
    Array(unsafeUninitializedCapacity: count) { out, initialized in
      guard let to = out.baseAddress, count > 0 else { return }
      first.withUnsafeBufferPointer { a in
        second.withUnsafeBufferPointer { b in
          if b.count == 1 {
            let y = b[0]
            if a.count == 1 {
              let value = join(a[0], y)
              for index in 0..<count { (to + index).initialize(to: value) }
            } else {
              for index in 0..<count { (to + index).initialize(to: join(a[index], y)) }
            }
          } else if a.count == 1 {
            let x = a[0]
            for index in 0..<count { (to + index).initialize(to: join(x, b[index])) }
          } else {
            for index in 0..<count { (to + index).initialize(to: join(a[index], b[index])) }
          }
        }
      }
      initialized = count
    }
  }
}

extension NDArray {
  /// The elements under a shape, or the only one there is.
  fileprivate func spread(to shape: [Int]) -> NDArray {
    if self.shape == shape || count == 1 { return self }
    return broadcast(to: shape) ?? self
  }

  static func alignedFloats(
    _ a: NDArray, _ b: NDArray, _ shape: [Int]
  ) throws(ArrayProblem) -> Aligned<Double> {
    let count = try NDArray.checkedCount(shape)
    return Aligned(
      first: try a.spread(to: shape).doubles(), second: try b.spread(to: shape).doubles(),
      count: count)
  }

  static func alignedInts(
    _ a: NDArray, _ b: NDArray, _ shape: [Int], _ type: DType
  ) throws(ArrayProblem) -> Aligned<Int> {
    let count = try NDArray.checkedCount(shape)
    return Aligned(
      first: try a.spread(to: shape).integers(type), second: try b.spread(to: shape).integers(type),
      count: count)
  }

  static func alignedObjects(
    _ a: NDArray, _ b: NDArray, _ shape: [Int]
  ) throws(ArrayProblem) -> Aligned<Value> {
    let count = try NDArray.checkedCount(shape)
    return Aligned(
      first: a.spread(to: shape).values().map(\.unscaled),
      second: b.spread(to: shape).values().map(\.unscaled), count: count)
  }
}

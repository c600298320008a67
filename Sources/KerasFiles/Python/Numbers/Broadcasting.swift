extension NDArray {
  /// The shape that arrays have together: axes of size 1 stretch, missing ones count as 1.
  ///
  /// - Returns: `nil` where two sizes differ and neither is 1.
  static func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
    if a == b { return a }
    let rank = max(a.count, b.count)
    var shape = Array(repeating: 1, count: rank)
    for index in 0..<rank {
      let x = index < rank - a.count ? 1 : a[index - (rank - a.count)]
      let y = index < rank - b.count ? 1 : b[index - (rank - b.count)]
      guard x == y || x == 1 || y == 1 else { return nil }
      shape[index] = x == 1 ? y : x
    }
    return shape
  }

  /// The shape that arrays have together.
  static func broadcastShape(of arrays: [NDArray]) throws(ArrayProblem) -> [Int] {
    var shape: [Int] = []
    for array in arrays {
      guard let next = broadcastShape(shape, array.shape) else {
        throw mismatch(arrays.map(\.shape))
      }
      shape = next
    }
    return shape
  }

  static func mismatch(_ shapes: [[Int]]) -> ArrayProblem {
    ArrayProblem(
      "ValueError",
      "operands could not be broadcast together with shapes "
        + shapes.map { text($0) + " " }.joined())
  }

  /// The array stretched to a shape, without a copy; `nil` where it does not fit.
  func broadcast(to target: [Int]) -> NDArray? {
    if shape == target { return self }
    guard shape.count <= target.count else { return nil }
    let missing = target.count - shape.count
    var steps = Array(repeating: 0, count: target.count)
    for (index, size) in shape.enumerated() {
      guard size == target[missing + index] || size == 1 else { return nil }
      steps[missing + index] = size == 1 ? 0 : strides[index]
    }
    return NDArray(storage, dtype, shape: target, strides: steps, offset: offset)
  }
}

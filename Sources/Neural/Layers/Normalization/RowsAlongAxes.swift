extension Tensor {
  /// The axes that `indices` name, ascending, counted from 0.
  ///
  /// - Throws: `PassError` where there is none, one does not exist, or one stands there twice.
  func axes(_ indices: [Int], for layer: String) throws(PassError) -> [Int] {
    let axes = indices.map { axis($0) }.sorted()
    guard !axes.isEmpty, axes.allSatisfy({ sizes.indices.contains($0) }) else {
      throw PassError("\(layer) has axis \(indices), but the input is \(shape)")
    }
    guard Set(axes).count == axes.count else {
      throw PassError("\(layer) has axis \(indices): one axis stands there twice")
    }
    return axes
  }

  /// The tensor with rows changed: the numbers that lie along `axes`, the last axis fastest.
  ///
  /// - Parameters:
  ///   - axes: ascending, counted from 0.
  ///   - change: changes a row in place.
  /// - Returns: a tensor of the same sizes.
  @inline(__always) func changingRows(
    along axes: [Int], _ change: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    let width = axes.reduce(1) { $0 * sizes[$1] }
    var rows = withLast(axes)
    rows.values.withUnsafeMutableBufferPointer { numbers in
      guard width > 0 else { return }
      for start in stride(from: 0, to: numbers.count, by: width) {
        change(UnsafeMutableBufferPointer(rebasing: numbers[start..<(start + width)]))
      }
    }
    return rows.withAxesBack(from: axes)
  }

  /// The tensor with rows changed, each beside the row of `other` at the same place.
  ///
  /// - Precondition: the sizes are equal.
  @inline(__always) func changingRows(
    along axes: [Int], beside other: Tensor,
    _ change: (UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
  ) -> Tensor {
    precondition(sizes == other.sizes, "\(sizes) and \(other.sizes) differ")
    let width = axes.reduce(1) { $0 * sizes[$1] }
    var rows = withLast(axes)
    let others = other.withLast(axes)
    rows.values.withUnsafeMutableBufferPointer { numbers in
      others.values.withUnsafeBufferPointer { others in
        guard width > 0 else { return }
        for start in stride(from: 0, to: numbers.count, by: width) {
          change(
            UnsafeMutableBufferPointer(rebasing: numbers[start..<(start + width)]),
            UnsafeBufferPointer(rebasing: others[start..<(start + width)]))
        }
      }
    }
    return rows.withAxesBack(from: axes)
  }

  /// The tensor with these axes behind all others.
  func withLast(_ axes: [Int]) -> Tensor {
    let order = sizes.indices.filter { !axes.contains($0) } + axes
    return order == Array(sizes.indices) ? self : transposed(order)
  }

  /// The way back from `withLast(_:)`.
  func withAxesBack(from axes: [Int]) -> Tensor {
    let order = sizes.indices.filter { !axes.contains($0) } + axes
    return order == Array(sizes.indices) ? self : transposed(order.inversePermutation)
  }
}

extension [Int] {
  /// The order that undoes this order of axes.
  var inversePermutation: [Int] {
    var result = self
    for (place, axis) in enumerated() { result[axis] = place }
    return result
  }
}

import Neural

extension NDArray {
  /// `a @ b`: products of the last two axes, the others broadcast.
  static func matrixProduct(_ a: NDArray, _ b: NDArray) throws(ArrayProblem) -> NDArray {
    guard a.rank > 0, b.rank > 0 else {
      throw ArrayProblem(
        "ValueError", "matmul: an operand does not have enough dimensions (a number is no matrix)")
    }
    let left = a.rank == 1 ? a.reshapedCopy([1, a.count]) : a
    let right = b.rank == 1 ? b.reshapedCopy([b.count, 1]) : b
    let rows = left.shape[left.rank - 2]
    let inner = left.shape[left.rank - 1]
    let columns = right.shape[right.rank - 1]
    guard inner == right.shape[right.rank - 2],
      let outer = broadcastShape(Array(left.shape.dropLast(2)), Array(right.shape.dropLast(2))),
      let x = left.broadcast(to: outer + [rows, inner]),
      let y = right.broadcast(to: outer + [inner, columns])
    else {
      throw ArrayProblem(
        "ValueError",
        "matmul: shapes \(text(a.shape)) and \(text(b.shape)) do not fit together")
    }
    try checkedCount(outer + [rows, columns])
    let type = DType.promoted(a.dtype, b.dtype)
    guard type.isNumber else {
      throw ArrayProblem("TypeError", "matmul works on numbers, not on \(type.name)")
    }
    var shape = outer
    if a.rank > 1 { shape.append(rows) }
    if b.rank > 1 { shape.append(columns) }
    let count = outer.reduce(1, *)
    if type.isFloat {
      let numbers = products(
        try x.doubles(), try y.doubles(), count: count, rows, inner, columns, zero: 0
      ) { $0 += $1 * $2 }
      return NDArray(shape, floats: rounded(numbers, type), type)
    }
    let numbers = products(
      try x.integers(), try y.integers(), count: count, rows, inner, columns, zero: 0
    ) { $0 = $0 &+ $1 &* $2 }
    return NDArray(shape, ints: numbers.map { type.wrapped($0) }, type)
  }

  @inline(__always)
  private static func products<Element>(
    _ a: [Element], _ b: [Element], count: Int, _ rows: Int, _ inner: Int, _ columns: Int,
    zero: Element, add: (inout Element, Element, Element) -> Void
  ) -> [Element] {
    var result = Array(repeating: zero, count: count * rows * columns)
    result.withUnsafeMutableBufferPointer { out in
      a.withUnsafeBufferPointer { x in
        b.withUnsafeBufferPointer { y in
          for matrix in 0..<count {
            for row in 0..<rows {
              let to = (matrix * rows + row) * columns
              for index in 0..<inner {
                let factor = x[(matrix * rows + row) * inner + index]
                let from = (matrix * inner + index) * columns
                for column in 0..<columns { add(&out[to + column], factor, y[from + column]) }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// `numpy.dot`: for more than two axes the last of `a` with the last but one of `b`.
  static func dot(_ a: NDArray, _ b: NDArray) throws(ArrayProblem) -> NDArray {
    if a.rank == 0 || b.rank == 0 { return try binary(.multiply, Operand(a), Operand(b)) }
    if a.rank <= 2, b.rank <= 2 {
      guard a.shape[a.rank - 1] == b.shape[max(0, b.rank - 2)] else {
        throw ArrayProblem(
          "ValueError", "shapes \(text(a.shape)) and \(text(b.shape)) not aligned")
      }
      return try matrixProduct(a, b)
    }
    return try tensorProduct(a, b, axes: ([a.rank - 1], [max(0, b.rank - 2)]))
  }

  /// `numpy.tensordot`: sums over pairs of axes.
  static func tensorProduct(
    _ a: NDArray, _ b: NDArray, axes: ([Int], [Int])
  ) throws(ArrayProblem) -> NDArray {
    var first: [Int] = []
    var second: [Int] = []
    for axis in axes.0 { first.append(try a.axis(axis)) }
    for axis in axes.1 { second.append(try b.axis(axis)) }
    guard first.count == second.count,
      zip(first, second).allSatisfy({ a.shape[$0] == b.shape[$1] })
    else { throw ArrayProblem("ValueError", "shape-mismatch for sum") }
    let kept = (0..<a.rank).filter { !first.contains($0) }
    let other = (0..<b.rank).filter { !second.contains($0) }
    let inner = first.map { a.shape[$0] }.reduce(1, *)
    let rows = kept.map { a.shape[$0] }
    let columns = other.map { b.shape[$0] }
    let left = a.transposed(kept + first).reshapedCopy([rows.reduce(1, *), inner])
    let right = b.transposed(second + other).reshapedCopy([inner, columns.reduce(1, *)])
    return try matrixProduct(left, right).reshapedCopy(rows + columns)
  }

  /// The axes in another order, without a copy.
  func transposed(_ order: [Int]) -> NDArray {
    NDArray(
      storage, dtype, shape: order.map { shape[$0] }, strides: order.map { strides[$0] },
      offset: offset)
  }

  /// The axes in reverse order.
  var transposed: NDArray { transposed(Array((0..<rank).reversed())) }
}

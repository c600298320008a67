extension LossRows {
  /// Values that are the mean of each row's elements.
  func mean(of formula: some ElementFormula) {
    run(formula, share: width > 0 ? 1 / Float(width) : .nan)
  }

  /// Values that are the sum of each row's elements.
  func sum(of formula: some ElementFormula) { run(formula, share: 1) }

  /// How many elements are computed before they are shared out to their rows: few enough to stay
  /// in the processor's first cache.
  private var piece: Int { 1024 }

  private func run(_ formula: some ElementFormula, share: Float) {
    for row in 0..<count { values[row] = 0 }
    let total = count * width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * piece) { buffer in
      guard let elements = buffer.baseAddress else { return }
      let slopes = elements + piece
      var row = 0
      var rowEnd = width
      for start in stride(from: 0, to: total, by: piece) {
        let end = min(start + piece, total)
        compute(formula, start..<end, elements, slopes)
        var position = start
        while position < end {
          while position == rowEnd {
            row += 1
            rowEnd += width
          }
          let next = min(rowEnd, end)
          shareOut(
            position..<next, ofRow: row, share, UnsafePointer(elements) + (position - start),
            UnsafePointer(slopes) + (position - start))
          position = next
        }
      }
    }
    for row in 0..<count { values[row] *= share }
  }

  /// The elements of a piece; up to seven numbers behind its end are written, too.
  @inline(__always)
  private func compute(
    _ formula: some ElementFormula, _ range: Range<Int>,
    _ elements: UnsafeMutablePointer<Float>, _ slopes: UnsafeMutablePointer<Float>
  ) {
    var index = range.lowerBound
    while index < range.upperBound {
      let left = range.upperBound - index
      let (p, t) =
        left >= 8
        ? (Lanes(at: predictions + index), Lanes(at: targets + index))
        : (Lanes(at: predictions + index, count: left), Lanes(at: targets + index, count: left))
      let (value, slope) = formula(p, t)
      value.store(at: elements + (index - range.lowerBound))
      slope.store(at: slopes + (index - range.lowerBound))
      index += 8
    }
  }

  /// Adds elements of a row to its value, and writes their part of the way back.
  @inline(__always)
  private func shareOut(
    _ range: Range<Int>, ofRow row: Int, _ share: Float,
    _ elements: UnsafePointer<Float>, _ slopes: UnsafePointer<Float>
  ) {
    values[row] += range.count == 1 ? elements[0] : elements.sum(range.count)
    guard let gradient else { return }
    let scale = factor(row) * share
    for index in range { gradient[index] = slopes[index - range.lowerBound] * scale }
  }

  /// How targets become −1 and 1: where all of them are 0 or 1, these do.
  var hingeSigns: HingeSigns {
    for index in 0..<(count * width) where targets[index] != 0 && targets[index] != 1 {
      return HingeSigns(keep: 1, add: 0)
    }
    return HingeSigns(keep: 2, add: -1)
  }
}

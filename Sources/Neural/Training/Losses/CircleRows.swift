#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension LossRows {
  /// softplus(logΣexp(positives) + logΣexp(negatives)) of each sample against all of the batch.
  ///
  /// Rows are samples of length 1, d = max(1 − pᵢ · pⱼ, 0) the distance of two. Of those with the
  /// same number: −γ max(m + d, 0) (m − d); of the others: γ max(1 + m − d, 0) (1 − m − d).
  /// Source: Y. Sun et al., "Circle Loss", 2020, as in `keras/src/losses/losses.py` (`circle`).
  func runCircle(_ circle: LossFormula.Circle) {
    if let gradient { gradient.update(repeating: 0, count: count * width) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(2 * count, 1)) { buffer in
      guard let terms = buffer.baseAddress else { return }
      let slopes = terms + count
      for row in 0..<count {
        for other in 0..<count {
          (terms[other], slopes[other]) = circle.term(
            distance: 1 - product(row, other), isPositive: isPositive(row, other))
        }
        let positive = sum(terms, of: row, positives: true, circle)
        let negative = sum(terms, of: row, positives: false, circle)
        let joined = positive + negative
        values[row] = max(joined, 0) + log1pf(expf(-abs(joined)))
        if joined.isNaN { values[row] = .nan }
        guard gradient != nil else { continue }
        let slope = factor(row) / (1 + expf(-joined))
        for other in 0..<count where counts(row, other, circle) {
          let group = isPositive(row, other) ? positive : negative
          // By the product of the two, which is 1 less the distance.
          pull(row, other, -slope * expf(terms[other] - group) * slopes[other])
        }
      }
    }
  }

  private func isPositive(_ row: Int, _ other: Int) -> Bool { targets[row] == targets[other] }

  private func counts(_ row: Int, _ other: Int, _ circle: LossFormula.Circle) -> Bool {
    !(circle.removesDiagonal && row == other)
  }

  /// The logarithm of the sum of exponentials; −∞ where there is nothing to sum up.
  private func sum(
    _ terms: UnsafeMutablePointer<Float>, of row: Int, positives: Bool,
    _ circle: LossFormula.Circle
  ) -> Float {
    let members = (0..<count).lazy.filter {
      isPositive(row, $0) == positives && counts(row, $0, circle)
    }
    let top = members.reduce(-Float.infinity) { $0 > terms[$1] ? $0 : terms[$1] }
    guard top > -.infinity else { return top }
    return top + logf(members.reduce(Float(0)) { $0 + expf(terms[$1] - top) })
  }

  private func product(_ row: Int, _ other: Int) -> Float {
    let (one, second) = (predictions + row * width, predictions + other * width)
    var sum: Float = 0
    for index in 0..<width { sum += one[index] * second[index] }
    return sum
  }

  /// Adds to the gradients of two samples how the loss changes with their product.
  private func pull(_ row: Int, _ other: Int, _ slope: Float) {
    guard let gradient else { return }
    for index in 0..<width {
      gradient[row * width + index] += slope * predictions[other * width + index]
      gradient[other * width + index] += slope * predictions[row * width + index]
    }
  }
}

extension LossFormula.Circle {
  /// What two samples add to the sum of their kind, and how that changes with their distance.
  fileprivate func term(distance: Float, isPositive: Bool) -> (value: Float, slope: Float) {
    let near = distance < 0 ? 0 : distance
    let turning: Float = distance < 0 ? 0 : (distance == 0 ? 0.5 : 1)
    if isPositive {
      let weight = max(margin + near, 0)
      let weightSlope: Float = margin + near > 0 ? 1 : 0
      return (
        -gamma * weight * (margin - near),
        -gamma * (weightSlope * (margin - near) - weight) * turning
      )
    }
    let weight = max(1 + margin - near, 0)
    let weightSlope: Float = 1 + margin - near > 0 ? -1 : 0
    return (
      gamma * weight * (1 - margin - near),
      gamma * (weightSlope * (1 - margin - near) - weight) * turning
    )
  }
}

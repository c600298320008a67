#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension LossRows {
  /// −Σ t ln q, where q are the row's shares of its sum within ε and 1 − ε; of logits:
  /// −Σ t (x − ln Σ eˣ).
  ///
  /// Smoothed targets are t (1 − s) + s / n, n the size of the last axis. Most of one-hot targets are 0: these cost no logarithm.
  func runCategorical(_ entropy: LossFormula.Crossentropy) {
    let labels = Smoothing(keep: 1 - entropy.smoothing, add: entropy.smoothing / Float(lastSize))
    for row in 0..<count {
      let start = row * width
      let back = gradient.map { $0 + start }
      values[row] =
        entropy.fromLogits
        ? ofLogits(predictions + start, targets + start, labels, factor(row), back)
        : ofShares(predictions + start, targets + start, labels, factor(row), back)
    }
  }

  private func ofLogits(
    _ logits: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, _ labels: Smoothing,
    _ factor: Float, _ back: UnsafeMutablePointer<Float>?
  ) -> Float {
    let (top, sum) = exponentials(logits, into: back)
    let logarithm = logf(sum)
    var value: Float = 0
    var mass: Float = 0
    for index in 0..<width {
      let label = labels(targets[index])
      mass += label
      if label != 0 { value -= label * (logits[index] - top - logarithm) }
    }
    if sum.isNaN { value = .nan }
    if let back {
      let scale = mass / sum
      for index in 0..<width {
        back[index] = (back[index] * scale - labels(targets[index])) * factor
      }
    }
    return value
  }

  private func ofShares(
    _ predictions: UnsafePointer<Float>, _ targets: UnsafePointer<Float>, _ labels: Smoothing,
    _ factor: Float, _ back: UnsafeMutablePointer<Float>?
  ) -> Float {
    let sum = predictions.sum(width)
    var value: Float = sum.isNaN ? .nan : 0
    // Σ q · ∂loss/∂q: what every prediction changes by being part of the sum.
    var common: Float = 0
    var index = 0
    while index + 8 <= width {
      let label = labels(Lanes(at: targets + index))
      if all(label .== 0) {
        if let back { Lanes.zero.store(at: back + index) }
      } else {
        let share = Lanes(at: predictions + index) / sum
        let clipped = share.atLeast(lossEpsilon).atMost(largestProbability)
        value -= (label * clipped.logarithm).sum()
        let slope =
          -label / clipped * share.slope(ofAtLeast: lossEpsilon, atMost: largestProbability)
        common += (slope * share).sum()
        if let back { slope.store(at: back + index) }
      }
      index += 8
    }
    while index < width {
      let label = labels(targets[index])
      let share = Share(predictions[index] / sum)
      let slope = label == 0 ? 0 : -label / share.clipped * share.slope
      if label != 0 {
        value -= label * logf(share.clipped)
        common += slope * share.value
      }
      if let back { back[index] = slope }
      index += 1
    }
    if let back {
      let scale = factor / sum
      for index in 0..<width { back[index] = (back[index] - common) * scale }
    }
    return value
  }

  /// e^(x − max x) of a row, written where there is room for it.
  ///
  /// - Returns: the largest number of the row, and the sum of the exponentials.
  func exponentials(
    _ logits: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>?
  ) -> (top: Float, sum: Float) {
    let top = logits.largest(width)
    var lanes = Lanes.zero
    var sum: Float = 0
    var index = 0
    while index + 8 <= width {
      let power = (Lanes(at: logits + index) - top).exponentialOfNonPositive
      lanes += power
      if let out { power.store(at: out + index) }
      index += 8
    }
    while index < width {
      let power = expf(logits[index] - top)
      sum += power
      if let out { out[index] = power }
      index += 1
    }
    return (top, sum + lanes.sum())
  }

  /// −Σ t α (1 − q)^γ ln q, q as in the categorical cross-entropy; of logits: of their softmax.
  func runCategoricalFocal(_ entropy: LossFormula.Crossentropy, _ focus: LossFormula.Focus) {
    let labels = Smoothing(keep: 1 - entropy.smoothing, add: entropy.smoothing / Float(lastSize))
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(2 * width, 1)) { buffer in
      guard let probabilities = buffer.baseAddress else { return }
      let slopes = probabilities + width
      for row in 0..<count {
        let start = row * width
        probabilities.update(from: predictions + start, count: width)
        if entropy.fromLogits {
          let sum = exponentials(predictions + start, into: probabilities).sum
          for index in 0..<width { probabilities[index] /= sum }
        }
        let sum = UnsafePointer(probabilities).sum(width)
        var value: Float = sum.isNaN ? .nan : 0
        var common: Float = 0
        for index in 0..<width {
          let label = labels(targets[start + index])
          let alpha = focus.alpha[focus.alpha.count == 1 ? 0 : min(index, focus.alpha.count - 1)]
          let share = Share(probabilities[index] / sum)
          let (missed, logarithm) = (1 - share.clipped, logf(share.clipped))
          value -= label == 0 ? 0 : alpha * powf(missed, focus.gamma) * label * logarithm
          let turning =
            focus.gamma == 0 ? 0 : focus.gamma * powf(missed, focus.gamma - 1) * logarithm
          slopes[index] =
            label == 0
            ? 0
            : alpha * label * share.slope
              * (turning - powf(missed, focus.gamma) / share.clipped)
          common += slopes[index] * share.value
        }
        values[row] = value
        guard let gradient else { continue }
        for index in 0..<width { slopes[index] = (slopes[index] - common) / sum }
        if entropy.fromLogits { backThroughSoftmax(slopes, probabilities) }
        for index in 0..<width { gradient[start + index] = slopes[index] * factor(row) }
      }
    }
  }

  /// From slopes by probabilities to those by logits: s (∂ − Σ s ∂).
  private func backThroughSoftmax(
    _ slopes: UnsafeMutablePointer<Float>, _ probabilities: UnsafeMutablePointer<Float>
  ) {
    var common: Float = 0
    for index in 0..<width { common += slopes[index] * probabilities[index] }
    for index in 0..<width { slopes[index] = probabilities[index] * (slopes[index] - common) }
  }
}

/// A probability within ε and 1 − ε.
struct Share {
  /// As it was.
  let value: Float
  /// Within the bounds.
  let clipped: Float
  /// How the clipped one changes with the other; ½ at a bound itself, as in JAX.
  let slope: Float

  @inline(__always)
  init(_ value: Float) {
    self.value = value
    if value < lossEpsilon {
      (clipped, slope) = (lossEpsilon, 0)
    } else if value > largestProbability {
      (clipped, slope) = (largestProbability, 0)
    } else {
      clipped = value
      slope = value == lossEpsilon || value == largestProbability ? 0.5 : 1
    }
  }
}

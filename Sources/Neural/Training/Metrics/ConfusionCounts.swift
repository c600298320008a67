#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Hits and misses at each threshold: predictions above it say yes.
struct ConfusionCounts: Sendable {
  /// True positives.
  var trueYes: [Double]
  /// False positives.
  var falseYes: [Double]
  /// False negatives.
  var trueNo: [Double]
  /// True negatives.
  var falseNo: [Double]
  /// Of even thresholds: all that is true, and all that is not, of the batch at hand.
  var allTrue = 0.0
  var allFalse = 0.0

  /// Nothing at any of some thresholds.
  init(_ count: Int) {
    trueYes = Array(repeating: 0, count: count)
    (falseYes, trueNo, falseNo) = (trueYes, trueYes, trueYes)
  }

  /// Counts an answer at a threshold.
  mutating func add(_ isTrue: Bool, _ isYes: Bool, _ weight: Double, at index: Int) {
    switch (isTrue, isYes) {
    case (true, true): trueYes[index] += weight
    case (true, false): trueNo[index] += weight
    case (false, true): falseYes[index] += weight
    case (false, false): falseNo[index] += weight
    }
  }

  /// Makes counts at thresholds of counts between them.
  mutating func sumUp() {
    for index in trueYes.indices.dropLast().reversed() {
      trueYes[index] += trueYes[index + 1]
      falseYes[index] += falseYes[index + 1]
    }
    for index in trueYes.indices {
      trueNo[index] = allTrue - trueYes[index]
      falseNo[index] = allFalse - falseYes[index]
    }
  }

  /// Adds the counts of another batch.
  mutating func add(_ other: ConfusionCounts) {
    for index in trueYes.indices {
      trueYes[index] += other.trueYes[index]
      falseYes[index] += other.falseYes[index]
      trueNo[index] += other.trueNo[index]
      falseNo[index] += other.falseNo[index]
    }
  }

  /// What follows from the counts; of areas: see `area`.
  func results(_ result: ConfusionResult) -> [Double] {
    switch result {
    case .count(let kind):
      switch kind {
      case .truePositives: trueYes
      case .trueNegatives: falseNo
      case .falsePositives: falseYes
      case .falseNegatives: trueNo
      }
    case .precision: precision
    case .recall: recall
    case .best(let wanted, let given, let least):
      [best(ratio(wanted), where: ratio(given), isAtLeast: least)]
    case .area: []
    }
  }

  private var precision: [Double] { shares(trueYes, falseYes) }
  private var recall: [Double] { shares(trueYes, trueNo) }

  private func ratio(_ ratio: ConfusionResult.Ratio) -> [Double] {
    switch ratio {
    case .precision: precision
    case .recall: recall
    case .specificity: shares(falseNo, falseYes)
    }
  }

  /// a / (a + b); 0 of nothing.
  private func shares(_ part: [Double], _ rest: [Double]) -> [Double] {
    zip(part, rest).map { $0 + $1 == 0 ? 0 : $0 / ($0 + $1) }
  }

  /// The largest value where the other is large enough; compared as 32-bit numbers, as in Keras.
  private func best(_ values: [Double], where given: [Double], isAtLeast least: Float) -> Double {
    zip(values, given).reduce(0) { Float($1.1) >= least ? max($0, $1.0) : $0 }
  }

  /// The area under a curve of two ratios over all thresholds.
  func area(
    _ curve: ConfusionResult.Curve, _ summation: ConfusionResult.Summation
  ) -> Double {
    let (x, y): ([Double], [Double])
    switch curve {
    case .precisionRecall:
      if summation == .interpolation { return interpolatedPrecisionRecall }
      (x, y) = (recall, precision)
    case .receiver: (x, y) = (shares(falseYes, falseNo), recall)
    case .gain: (x, y) = gains
    }
    return (0..<(x.count - 1)).reduce(0) { sum, index in
      let (one, other) = (y[index], y[index + 1])
      let height =
        switch summation {
        case .interpolation: (one + other) / 2
        case .minoring: min(one, other)
        case .majoring: max(one, other)
        }
      return sum + (x[index] - x[index + 1]) * height
    }
  }

  /// Recall gain and precision gain.
  ///
  /// Source: P. Flach, M. Kull, "Precision-Recall-Gain Curves", 2015.
  private var gains: (x: [Double], y: [Double]) {
    var (x, y): ([Double], [Double]) = ([], [])
    for index in trueYes.indices {
      let hits = trueYes[index]
      guard hits != 0 else {
        x.append(0)
        y.append(1)
        continue
      }
      let wrong = falseNo[index] + falseYes[index]
      let scale = wrong == 0 ? 0 : (hits + trueNo[index]) / wrong
      x.append(max(1 - scale * trueNo[index] / hits, 0))
      y.append(1 - scale * falseYes[index] / hits)
    }
    return (x, y)
  }

  /// The area under precision over recall, interpolated between thresholds as is right for it.
  ///
  /// Source: J. Davis, M. Goadrich, "The Relationship Between Precision-Recall and ROC Curves",
  /// 2006, as in `interpolate_pr_auc`.
  private var interpolatedPrecisionRecall: Double {
    let yes = zip(trueYes, falseYes).map { $0 + $1 }
    return (0..<(yes.count - 1)).reduce(0) { sum, index in
      let hits = trueYes[index] - trueYes[index + 1]
      let step = max(yes[index] - yes[index + 1], 0)
      let slope = step == 0 ? 0 : hits / step
      let intercept = trueYes[index + 1] - slope * yes[index + 1]
      let ratio = yes[index] > 0 && yes[index + 1] > 0 ? yes[index] / yes[index + 1] : 1
      let all = max(trueYes[index + 1] + trueNo[index + 1], 0)
      return all == 0 ? sum : sum + slope * (hits + intercept * log(ratio)) / all
    }
  }
}

/// The F score: how many of those that are meant are found, and of those found are meant.
///
/// F = (1 + β²) · precision · recall / (β² · precision + recall), of each class or of all.
/// Source: `keras/src/metrics/f_score_metrics.py`.
struct ScoreMeasure: MetricMeasure {
  private enum Average: String {
    case micro, macro, weighted
  }

  private let average: Average?
  private let beta: Double
  private let threshold: Float?
  /// Of each class: found and meant, found, missed, meant.
  private var counts: [(hits: Double, false: Double, missed: Double, meant: Double)] = []

  init(_ read: ParameterReader<MetricFamily>) throws(PassError) {
    switch read.value("average") {
    case nil, .null?: average = nil
    case let value?:
      guard let known = value.stringValue.flatMap({ Average(rawValue: $0) }) else {
        throw read.error("average", "micro, macro, weighted or None")
      }
      average = known
    }
    beta = read.object.className == "F1Score" ? 1 : Double(try read.number("beta"))
    guard beta > 0 else { throw read.error("beta", "above 0") }
    threshold = try read.optionalNumbers("threshold")?.first
    if let threshold, !(threshold > 0 && threshold <= 1) {
      throw read.error("threshold", "above 0, at most 1")
    }
  }

  mutating func update(_ batch: MetricBatch) throws(PassError) {
    let (predictions, targets) = (batch.predictions, batch.targets)
    guard predictions.rank == 2, targets.sizes == predictions.sizes else {
      throw PassError(
        batch.mismatch.message, remedy: "the F score is taken of (samples, classes) for both")
    }
    let width = predictions.sizes[1]
    if counts.isEmpty { counts = Array(repeating: (0, 0, 0, 0), count: width) }
    guard counts.count == width else {
      throw PassError("the F score has seen \(counts.count) classes, now there are \(width)")
    }
    let weights = try LossWeighting.merged([predictions.sizes[0]], batch.weights, [])?
      .stretched(toSizes: [predictions.sizes[0]])
    for row in 0..<predictions.sizes[0] {
      let range = (row * width)..<((row + 1) * width)
      let weight = Double(weights?.values[row] ?? 1)
      let top = threshold ?? predictions.values[range].reduce(-Float.infinity) { max($0, $1) }
      for (column, index) in range.enumerated() {
        let prediction = predictions.values[index]
        let isFound =
          threshold == nil ? prediction >= top && abs(prediction) > 1e-9 : prediction > top
        let (found, meant) = (isFound ? 1.0 : 0, Double(targets.values[index]))
        counts[column].hits += weight * found * meant
        counts[column].false += weight * found * (1 - meant)
        counts[column].missed += weight * (1 - found) * meant
        counts[column].meant += weight * meant
      }
    }
  }

  var results: [Double] {
    let epsilon = 1e-7
    if average == .micro {
      let all = counts.reduce((hits: 0.0, false: 0.0, missed: 0.0)) {
        ($0.hits + $1.hits, $0.false + $1.false, $0.missed + $1.missed)
      }
      return [score(all.hits, all.false, all.missed)]
    }
    let scores = counts.map { score($0.hits, $0.false, $0.missed) }
    switch average {
    case nil: return scores.isEmpty ? [0] : scores
    case .weighted?:
      let mass = counts.reduce(0) { $0 + $1.meant } + epsilon
      return [zip(scores, counts).reduce(0) { $0 + $1.0 * $1.1.meant / mass }]
    default: return [scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)]
    }
  }

  private func score(_ hits: Double, _ false: Double, _ missed: Double) -> Double {
    let epsilon = 1e-7
    let precision = hits / (hits + `false` + epsilon)
    let recall = hits / (hits + missed + epsilon)
    let square = beta * beta
    return precision * recall / (square * precision + recall + epsilon) * (1 + square)
  }

  mutating func reset() { counts = [] }
}

/// R²: how much of what varies in the targets predictions explain; 1 − residues / variance.
///
/// Source: `R2Score` in `keras/src/metrics/regression_metrics.py`.
struct DeterminationMeasure: MetricMeasure {
  private enum Aggregation {
    case uniform, byVariance, none
  }

  private let aggregation: Aggregation
  private let regressors: Int
  private var samples = 0
  /// Of each output: targets, their squares, squared errors, weights; all of them sums.
  private var sums: [(target: Double, square: Double, error: Double, weight: Double)] = []

  init(_ read: ParameterReader<MetricFamily>) throws(PassError) {
    switch read.value("class_aggregation") {
    case nil, .null?: aggregation = .none
    case .string("uniform_average")?: aggregation = .uniform
    case .string("variance_weighted_average")?: aggregation = .byVariance
    default:
      throw read.error("class_aggregation", "uniform_average, variance_weighted_average or None")
    }
    regressors = try read.whole("num_regressors", default: 0)
    guard regressors >= 0 else { throw read.error("num_regressors", "at least 0") }
  }

  mutating func update(_ batch: MetricBatch) throws(PassError) {
    let fitting = TargetFitting(predictions: batch.predictions.sizes, targets: batch.targets.sizes)
    guard fitting.predictions.count == 2, fitting.targets == fitting.predictions else {
      throw PassError(
        batch.mismatch.message, remedy: "R² is taken of (samples, outputs) for both")
    }
    let (rows, width) = (fitting.predictions[0], fitting.predictions[1])
    if sums.isEmpty { sums = Array(repeating: (0, 0, 0, 0), count: width) }
    guard sums.count == width else {
      throw PassError("R² has seen \(sums.count) outputs, now there are \(width)")
    }
    let merged = try LossWeighting.merged(fitting.predictions, batch.weights, [])
    let weights = merged.map {
      $0.reshaped($0.sizes + Array(repeating: 1, count: 2 - $0.rank))
        .stretched(toSizes: fitting.predictions)
    }
    for index in 0..<(rows * width) {
      let weight = Double(weights?.values[index] ?? 1)
      let target = Double(batch.targets.values[index])
      let error = target - Double(batch.predictions.values[index])
      sums[index % width].target += target * weight
      sums[index % width].square += target * target * weight
      sums[index % width].error += error * error * weight
      sums[index % width].weight += weight
    }
    samples += rows * width
  }

  var results: [Double] {
    let totals = sums.map { $0.square - $0.target * $0.target / $0.weight }
    let scores = zip(sums, totals).map { sum, total in
      let score = 1 - sum.error / total
      return score.isInfinite ? 0 : score
    }
    guard !scores.isEmpty else { return [0] }
    let joined: [Double]
    switch aggregation {
    case .none: joined = scores
    case .uniform: joined = [scores.reduce(0, +) / Double(scores.count)]
    case .byVariance:
      let mass = totals.reduce(0, +)
      joined = [zip(scores, totals).reduce(0) { $0 + $1.0 * $1.1 } / mass]
    }
    guard regressors != 0, regressors < samples - 1 else { return joined }
    let (n, p) = (Double(samples), Double(regressors))
    return joined.map { 1 - (1 - $0) * (n - 1) / (n - p - 1) }
  }

  mutating func reset() { (sums, samples) = ([], 0) }
}

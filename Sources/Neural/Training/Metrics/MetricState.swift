/// A metric on its way over the batches of an epoch.
public struct MetricState: Sendable {
  /// What is measured: the metric that a word such as `accuracy` stands for here.
  public let metric: Metric
  /// Its name among the results: `accuracy`.
  public let name: String
  private var measure: any MetricMeasure

  /// A metric that has seen nothing.
  ///
  /// - Parameters:
  ///   - metric: what is measured.
  ///   - name: its name among the results; `nil`: its own.
  ///   - outputSizes: the sizes of the output that is measured, from which `accuracy` follows
  ///     which accuracy is meant; the batch axis first.
  ///   - targetSizes: the sizes of its targets.
  ///   - loss: the loss of the same output; `crossentropy` follows from it.
  /// - Throws: `PassError` where it is not known or cannot measure such an output.
  public init(
    _ metric: Metric, name: String? = nil, outputSizes: [Int], targetSizes: [Int], loss: Loss?
  ) throws(PassError) {
    let resolved = metric.resolved(
      outputSizes: outputSizes, targetSizes: targetSizes, loss: loss)
    self.metric = resolved
    self.name = name ?? metric.name
    measure = try resolved.measure()
  }

  /// Takes a batch in.
  ///
  /// - Parameters:
  ///   - predictions: (batch, …): what the model gives.
  ///   - targets: what it should give.
  ///   - weights: how much each sample, or each timestep of each sample, counts; `nil`: all alike.
  ///   - mask: which timesteps count; `nil`: all. Counts of hits and misses (precision, AUC, F1,
  ///     R², IoU, the root of squares) pass over it, as in Keras.
  /// - Throws: `PassError` where targets do not fit.
  public mutating func update(
    predictions: Tensor, targets: Tensor, weights: Tensor? = nil, mask: Tensor? = nil
  ) throws(PassError) {
    try measure.update(
      MetricBatch(predictions: predictions, targets: targets, weights: weights, mask: mask))
  }

  /// Takes numbers in, for `Mean` and `Sum`, which measure no predictions.
  ///
  /// - Throws: `PassError` where it is another metric, or weights do not fit.
  public mutating func update(values: Tensor, weights: Tensor? = nil) throws(PassError) {
    guard var mean = measure as? MeanMeasure, mean.takesNumbers else {
      throw PassError("\(metric.className) measures predictions beside targets")
    }
    try mean.add(values, weights: weights, masks: [])
    measure = mean
  }

  /// The metric over all batches since the last reset; the mean where it has several numbers, as
  /// Keras' progress bar shows it.
  public var result: Double {
    let results = results
    return results.count == 1 ? results[0] : results.reduce(0, +) / Double(results.count)
  }

  /// All numbers of the metric: several for each threshold of a `Precision`, for each class of an
  /// `F1Score` without average.
  public var results: [Double] { measure.results }

  /// Forgets all batches: a new epoch begins.
  public mutating func reset() { measure.reset() }
}

/// What a metric takes in at once.
struct MetricBatch {
  var predictions: Tensor
  var targets: Tensor
  var weights: Tensor?
  var mask: Tensor?
}

/// What a metric remembers of the batches that it has seen.
protocol MetricMeasure: Sendable {
  /// Takes a batch in.
  mutating func update(_ batch: MetricBatch) throws(PassError)
  /// What came out so far: one number or several.
  var results: [Double] { get }
  /// Forgets all batches.
  mutating func reset()
}

extension Metric {
  /// What measures it.
  fileprivate func measure() throws(PassError) -> any MetricMeasure {
    guard original == nil else { throw MetricFamily.unknown(className) }
    let read = ParameterReader(self)
    switch className {
    case "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives", "Precision",
      "Recall", "SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall",
      "RecallAtPrecision", "AUC":
      return try ConfusionMeasure(read)
    case "F1Score", "FBetaScore": return try ScoreMeasure(read)
    case "R2Score": return try DeterminationMeasure(read)
    case "IoU", "BinaryIoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU":
      return try IntersectionMeasure(read)
    default: return try MeanMeasure(read)
    }
  }
}

/// A mean over samples, each sample's value the mean over its timesteps.
///
/// Source: `Mean` and `reduce_to_samplewise_values` in `keras/src/metrics/reduction_metrics.py`.
struct MeanMeasure: MetricMeasure {
  private let values: MetricValues
  private let isRoot: Bool
  private let isSum: Bool
  private var total = 0.0
  private var count = 0.0

  /// Whether it takes numbers, not predictions beside targets.
  var takesNumbers: Bool { if case .numbers = values { true } else { false } }

  init(_ read: ParameterReader<MetricFamily>) throws(PassError) {
    values = try MetricValues(read)
    isRoot = read.object.className == "RootMeanSquaredError"
    isSum = read.object.className == "Sum"
  }

  mutating func update(_ batch: MetricBatch) throws(PassError) {
    switch values {
    case .numbers:
      throw PassError(
        "\(isSum ? "Sum" : "Mean") measures numbers, not predictions beside targets",
        remedy: "for losses and accuracies there are metrics of their own")
    case .lossOfBatch(let loss):
      total += try loss.value(
        of: batch.predictions, targets: batch.targets, weights: batch.weights, mask: batch.mask
      ).value
      count += 1
    default:
      let (values, mask) = try values(batch)
      let masks = isRoot ? [] : [batch.mask].compactMap { $0 }
      // What a loss leaves out by itself (an ignored class) it leaves out of weights alone: without
      // any, Keras counts it in, with a loss of 0.
      let own = batch.weights != nil || batch.mask != nil ? [mask].compactMap { $0 } : []
      try add(values, weights: batch.weights, masks: masks + own)
    }
  }

  /// Takes values in, the samples on their first axis.
  mutating func add(
    _ values: Tensor, weights: Tensor?, masks: [Tensor]
  ) throws(PassError) {
    let sizes = values.sizes
    guard let samples = sizes.first else {
      total += values.values.reduce(0.0) { $0 + Double($1) }
      count += 1
      return
    }
    guard values.count > 0 else { return }
    guard let merged = try LossWeighting.merged(sizes, weights, masks) else {
      let sum = values.values.reduce(0.0) { $0 + Double($1) }
      total += isSum ? sum : sum / Double(values.count / samples)
      count += Double(samples)
      return
    }
    // Axes behind those of the weights are averaged first.
    let leading = max(merged.rank, 1)
    let positions = Array(sizes.prefix(leading))
    let behind = sizes.dropFirst(leading).reduce(1, *)
    let factors = merged.reshaped(merged.rank == 0 ? [1] : merged.sizes)
      .stretched(toSizes: positions)
    var (sum, mass) = (0.0, 0.0)
    for (index, factor) in factors.values.enumerated() {
      var value = 0.0
      for place in (index * behind)..<((index + 1) * behind) {
        value += Double(values.values[place])
      }
      sum += value * Double(factor)
      mass += Double(factor)
    }
    let each = Double(factors.count / samples)
    total += isSum ? sum : sum / Double(behind) / each
    count += mass / each
  }

  var results: [Double] {
    if isSum { return [total] }
    let mean = count == 0 ? 0 : total / count
    return [isRoot ? mean.squareRoot() : mean]
  }

  mutating func reset() { (total, count) = (0, 0) }
}

/// What is averaged: a value for each sample, or more for each.
enum MetricValues {
  /// Given numbers.
  case numbers
  /// The values of a loss before they are reduced, with a sign.
  case loss(Loss, sign: Float)
  /// A loss of whole batches.
  case lossOfBatch(Loss)
  case squares
  case equality
  case binary(threshold: Float)
  case categorical
  case sparse
  case topK(Int)
  case sparseTopK(Int, areSorted: Bool)
  case correlation(axis: Int, isConcordance: Bool)

  /// The values of a batch; 1 or 0 where it is about being right.
  ///
  /// - Returns: them, and which of them count by what is measured itself.
  /// - Throws: `PassError` where targets do not fit.
  func callAsFunction(
    _ batch: MetricBatch
  ) throws(PassError) -> (values: Tensor, mask: Tensor?) {
    switch self {
    case .numbers, .lossOfBatch: return (batch.predictions, nil)
    case .loss(let loss, let sign):
      let weights = [batch.weights?.sizes, batch.mask?.sizes].compactMap { $0 }
      let rows = try LossBatch(
        LossFunction(loss), predictions: batch.predictions, targets: batch.targets,
        weights: weights)
      let values = rows.values()
      return (sign == 1 ? values : values.map { sign * $0 }, rows.ownMask(values: nil))
    case .squares:
      return (try batch.elementwise { ($0 - $1) * ($0 - $1) }, nil)
    case .equality: return (try batch.elementwise { $0 == $1 ? 1 : 0 }, nil)
    case .binary(let threshold):
      return (try batch.elementwise { ($0 > threshold ? 1 : 0) == $1 ? 1 : 0 }, nil)
    case .categorical:
      let (first, second) = try batch.classes()
      return (first.zipped(with: second) { $0 == $1 ? 1 : 0 }, nil)
    case .sparse:
      let labels = try batch.labels()
      return (labels.zipped(with: batch.predictions.largestPlaces()) { $0 == $1 ? 1 : 0 }, nil)
    case .topK(let k):
      return (batch.predictions.holdsAmongLargest(k, try batch.classes().targets), nil)
    case .sparseTopK(let k, let areSorted):
      let labels = try batch.labels()
      return (
        areSorted
          ? batch.predictions.holdsAmongFirst(k, labels)
          : batch.predictions.holdsAmongLargest(k, labels), nil
      )
    case .correlation(let axis, let isConcordance):
      return (try batch.correlation(axis: axis, isConcordance: isConcordance), nil)
    }
  }
}

extension MetricValues {
  fileprivate init(_ read: ParameterReader<MetricFamily>) throws(PassError) {
    let metric = read.object
    switch metric.className {
    case "Mean", "Sum": self = .numbers
    case "RootMeanSquaredError": self = .squares
    case "Accuracy": self = .equality
    case "BinaryAccuracy": self = .binary(threshold: try read.number("threshold"))
    case "CategoricalAccuracy": self = .categorical
    case "SparseCategoricalAccuracy": self = .sparse
    case "TopKCategoricalAccuracy": self = .topK(try read.whole("k"))
    case "SparseTopKCategoricalAccuracy":
      self = .sparseTopK(try read.whole("k"), areSorted: try read.flag("from_sorted_ids"))
    case "PearsonCorrelation", "ConcordanceCorrelation":
      self = .correlation(
        axis: try read.whole("axis", default: -1),
        isConcordance: metric.className == "ConcordanceCorrelation")
    case "MeanMetricWrapper": self = try Self.wrapped(read)
    default:
      let name = metric.className == "LogCoshError" ? "LogCosh" : metric.className
      guard var loss = Loss(named: name) else { throw MetricFamily.unknown(metric.className) }
      for (key, value) in metric.config where loss.config[key] != nil { loss.config[key] = value }
      loss.config["reduction"] = "sum_over_batch_size"
      // Keras' loss is the negative of its metric.
      self = .loss(loss, sign: metric.className == "CosineSimilarity" ? -1 : 1)
    }
  }

  private static func wrapped(
    _ read: ParameterReader<MetricFamily>
  ) throws(PassError) -> MetricValues {
    guard let function = read.value("fn"), !function.isNull else {
      throw read.error("fn", "a function or a loss")
    }
    if let name = function.stringValue {
      var loss = try Loss(spelled: name)
      for (key, value) in read.object.config where key != "name" && loss.config[key] != nil {
        loss.config[key] = value
      }
      return .loss(loss, sign: 1)
    }
    do throws(SettingError) {
      return .lossOfBatch(try Loss(configValue: function, kind: .value))
    } catch {
      throw PassError(error.message)
    }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Counts of hits and misses at thresholds, and what follows from them.
///
/// A prediction above a threshold says yes. Source: `keras/src/metrics/confusion_metrics.py`,
/// `keras/src/metrics/metrics_utils.py`.
struct ConfusionMeasure: MetricMeasure {
  private let result: ConfusionResult
  private let thresholds: [Float]
  /// Whether the thresholds stand at equal distances: a prediction's place among them is computed.
  private let isEven: Bool
  /// Whether the first and last of even thresholds stand a little outside 0 and 1.
  private let hasMargins: Bool
  private let topK: Int?
  private let classID: Int?
  private let isMultiLabel: Bool
  private let labelWeights: [Float]?
  private let fromLogits: Bool
  /// One for each label where labels are told apart, else one.
  private var counts: [ConfusionCounts] = []

  init(_ read: ParameterReader<MetricFamily>) throws(PassError) {
    let settings = try ConfusionSettings(read)
    result = settings.result
    thresholds = settings.thresholds.map { Float($0) }
    isEven = settings.isEven
    hasMargins = (settings.thresholds.first ?? 0) < 0
    topK = try read.optionalWhole("top_k")
    classID = try read.optionalWhole("class_id")
    isMultiLabel = try read.flag("multi_label")
    fromLogits = try read.flag("from_logits")
    labelWeights = try read.optionalNumbers("label_weights")
    if let topK, topK < 1 { throw read.error("top_k", "at least 1") }
    if !isMultiLabel { counts = [ConfusionCounts(thresholds.count)] }
    if !isMultiLabel, try read.optionalWhole("num_labels") ?? 0 != 0 {
      throw PassError("AUC: num_labels is for multi_label=True")
    }
  }

  mutating func update(_ batch: MetricBatch) throws(PassError) {
    var (predictions, targets) = try fitted(batch)
    if isMultiLabel, predictions.rank != 2 {
      throw PassError(
        "AUC tells labels apart where predictions are (samples, labels), these are "
          + "\(predictions.shape)")
    }
    var weights = try expanded(batch.weights, to: predictions.sizes)
    if fromLogits { predictions = predictions.map { 1 / (1 + expf(-$0)) } }
    if let topK { predictions = try filtered(predictions, topK) }
    if let classID {
      let place = try column(classID, predictions)
      predictions = predictions.slice(axis: predictions.rank - 1, place..<(place + 1))
      targets = targets.slice(axis: targets.rank - 1, place..<(place + 1))
      weights = weights?.slice(axis: predictions.rank - 1, place..<(place + 1))
    }
    let width = max(predictions.sizes.last ?? 1, 1)
    if let labelWeights, labelWeights.count != width {
      throw PassError("AUC has \(labelWeights.count) label weights for \(width) labels")
    }
    if counts.isEmpty {
      counts = Array(repeating: ConfusionCounts(thresholds.count), count: width)
    }
    guard !isMultiLabel || counts.count == width else {
      throw PassError("AUC has seen \(counts.count) labels, now there are \(width)")
    }
    var hits = counts.map { _ in ConfusionCounts(thresholds.count) }
    for index in 0..<predictions.count {
      var weight = Double(weights?.values[index] ?? 1)
      if let labelWeights, !isMultiLabel { weight *= Double(labelWeights[index % width]) }
      add(
        predictions.values[index], targets.values[index] != 0, weight,
        to: &hits[isMultiLabel ? index % width : 0])
    }
    for label in counts.indices {
      if isEven { hits[label].sumUp() }
      counts[label].add(hits[label])
    }
  }

  /// Counts a prediction: in the place above which no threshold is below it where thresholds are
  /// even (they are summed up later), else at every threshold.
  private func add(
    _ prediction: Float, _ isTrue: Bool, _ weight: Double, to counts: inout ConfusionCounts
  ) {
    guard isEven else {
      for (index, threshold) in thresholds.enumerated() {
        counts.add(isTrue, prediction > threshold, weight, at: index)
      }
      return
    }
    if isTrue { counts.allTrue += weight } else { counts.allFalse += weight }
    let within = prediction < 0 ? 0 : (prediction > 1 ? 1 : prediction)
    var place = (within * Float(thresholds.count - 1)).rounded(.up) - 1
    if hasMargins, place < 0 { place = 0 }
    // What is no number stands at the first place, as JAX converts it.
    guard let index = Int(exactly: place.isNaN ? 0 : place), counts.trueYes.indices.contains(index)
    else { return }
    if isTrue { counts.trueYes[index] += weight } else { counts.falseYes[index] += weight }
  }

  private func fitted(_ batch: MetricBatch) throws(PassError) -> (Tensor, Tensor) {
    let fitting = TargetFitting(predictions: batch.predictions.sizes, targets: batch.targets.sizes)
    guard fitting.targets == fitting.predictions, !fitting.predictions.isEmpty else {
      throw PassError(
        batch.mismatch.message,
        remedy: "hits and misses are counted for yes and no: one target for each prediction")
    }
    return (
      batch.predictions.reshaped(fitting.predictions), batch.targets.reshaped(fitting.targets)
    )
  }

  /// Weights for each prediction.
  private func expanded(_ weights: Tensor?, to sizes: [Int]) throws(PassError) -> Tensor? {
    guard let merged = try LossWeighting.merged(sizes, weights, []) else { return nil }
    let ones = Array(repeating: 1, count: sizes.count - merged.rank)
    return merged.reshaped(merged.sizes + ones).stretched(toSizes: sizes)
  }

  private func column(_ id: Int, _ predictions: Tensor) throws(PassError) -> Int {
    let width = predictions.sizes.last ?? 0
    guard predictions.rank > 1, id >= -width, id < width else {
      throw PassError("class_id \(id) is none of the \(width) predictions")
    }
    return id < 0 ? id + width : id
  }

  /// The predictions with all but the `k` largest of each row far below any threshold; of equals,
  /// the first ones stay.
  private func filtered(_ predictions: Tensor, _ k: Int) throws(PassError) -> Tensor {
    let width = predictions.sizes.last ?? 0
    guard k <= width else {
      throw PassError("top_k is \(k), but there are \(width) predictions a sample")
    }
    var result = Tensor(predictions.sizes, repeating: ConfusionSettings.farBelow)
    for start in stride(from: 0, to: predictions.count, by: max(width, 1)) {
      let order = (start..<(start + width)).sorted { one, other in
        let (a, b) = (predictions.values[one], predictions.values[other])
        return a == b ? one < other : a > b || (a.isNaN && !b.isNaN)
      }
      for place in order.prefix(k) { result.values[place] = predictions.values[place] }
    }
    return result
  }

  var results: [Double] {
    switch result {
    case .area(let curve, let summation):
      let areas = counts.map { $0.area(curve, summation) }
      guard isMultiLabel else { return [areas.first ?? 0] }
      let weights = labelWeights.map { $0.map { Double($0) } } ?? areas.map { _ in 1 }
      let mass = weights.reduce(0, +)
      return [mass == 0 ? 0 : zip(areas, weights).reduce(0) { $0 + $1.0 * $1.1 } / mass]
    default: return counts.first?.results(result) ?? []
    }
  }

  mutating func reset() {
    counts = isMultiLabel ? [] : [ConfusionCounts(thresholds.count)]
  }
}

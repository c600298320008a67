import OrderedCollections

/// An `evaluate` on its way: advances by one batch at a time.
public struct Evaluation: Sendable {
  /// The model with its weights; what stateful layers keep goes on.
  public private(set) var trainer: Trainer
  /// Losses and metrics over the batches so far.
  public private(set) var measurements: Measurements
  /// Batches that are done.
  public private(set) var batch = 0
  /// Batches that there are.
  public let batches: Int
  private let data: TrainingData
  private let batchSize: Int

  /// An evaluation that has not begun.
  ///
  /// - Parameters:
  ///   - trainer: the model with its weights.
  ///   - data: what it is measured on.
  ///   - batchSize: samples that are computed at a time.
  ///   - steps: batches at most; `nil`: all.
  /// - Throws: `PassError` where there are no samples, or not equally many everywhere.
  public init(
    _ trainer: Trainer, data: TrainingData, batchSize: Int = 32, steps: Int? = nil
  ) throws(PassError) {
    try data.check()
    self.trainer = trainer
    self.data = data
    self.batchSize = batchSize
    measurements = trainer.measurements
    let all = try batchCount(data.count, batchSize)
    batches = min(all, max(steps ?? all, 1))
  }

  /// Whether all batches are done.
  public var isOver: Bool { batch >= batches }

  /// Measures the next batch; nothing where all are done.
  ///
  /// - Throws: `PassError` where something does not fit.
  public mutating func advance() throws(PassError) {
    guard !isOver else { return }
    let start = batch * batchSize
    let range = start..<(start + min(batchSize, data.count - start))
    try trainer.test(on: data.samples(range), measuring: &measurements)
    batch += 1
  }

  /// The results so far, in the order in which Keras shows them.
  public var results: OrderedDictionary<String, Double> { measurements.results }
}

/// A `predict` on its way: advances by one batch at a time.
public struct Prediction: Sendable {
  /// The model with its weights; what stateful layers keep goes on.
  public private(set) var trainer: Trainer
  /// Batches that are done.
  public private(set) var batch = 0
  /// Batches that there are.
  public let batches: Int
  private let inputs: [Tensor]
  private let batchSize: Int
  private var parts: [[Tensor]] = []

  /// A prediction that has not begun.
  ///
  /// - Parameters:
  ///   - trainer: the model with its weights.
  ///   - inputs: a tensor for each input.
  ///   - batchSize: samples that are computed at a time.
  /// - Throws: `PassError` where there are no samples, or not equally many everywhere.
  public init(_ trainer: Trainer, inputs: [Tensor], batchSize: Int = 32) throws(PassError) {
    let data = TrainingData(inputs: inputs, targets: [])
    try data.check()
    self.trainer = trainer
    self.inputs = inputs
    self.batchSize = batchSize
    batches = try batchCount(data.count, batchSize)
  }

  /// Whether all batches are done.
  public var isOver: Bool { batch >= batches }

  /// Computes the next batch; nothing where all are done.
  ///
  /// - Throws: `PassError` where something does not fit.
  public mutating func advance() throws(PassError) {
    guard !isOver else { return }
    let start = batch * batchSize
    let count = inputs[0].sizes[0]
    let range = start..<(start + min(batchSize, count - start))
    parts.append(
      try trainer.predict(range.count == count ? inputs : inputs.map { $0.samples(range) }))
    batch += 1
  }

  /// What the model makes of the batches so far: a tensor for each output.
  public var outputs: [Tensor] {
    guard let first = parts.first else { return [] }
    return first.indices.map { index in
      Tensor.concatenated(parts.map { $0[index] }, axis: 0)
    }
  }
}

/// How many batches samples make.
///
/// - Throws: `PassError` where a batch has none.
func batchCount(_ samples: Int, _ batchSize: Int) throws(PassError) -> Int {
  guard batchSize > 0 else {
    throw PassError("a batch of \(batchSize) samples", remedy: "use a batch size from 1")
  }
  return samples / batchSize + (samples % batchSize == 0 ? 0 : 1)
}

extension Trainer {
  /// Measures the model: Keras' `evaluate`.
  ///
  /// - Parameters:
  ///   - data: what it is measured on.
  ///   - batchSize: samples that are computed at a time.
  ///   - progress: is told after each batch how many are done, of how many, and the results so far.
  /// - Returns: losses and metrics, in the order in which Keras shows them.
  /// - Throws: `PassError` where something does not fit.
  public mutating func evaluate(
    _ data: TrainingData, batchSize: Int = 32,
    progress: (Int, Int, OrderedDictionary<String, Double>) -> Void = { _, _, _ in }
  ) throws(PassError) -> OrderedDictionary<String, Double> {
    var evaluation = try Evaluation(self, data: data, batchSize: batchSize)
    while !evaluation.isOver {
      try evaluation.advance()
      progress(evaluation.batch, evaluation.batches, evaluation.results)
    }
    self = evaluation.trainer
    return evaluation.results
  }

  /// Computes what the model makes of inputs: Keras' `predict`.
  ///
  /// - Parameters:
  ///   - inputs: a tensor for each input.
  ///   - batchSize: samples that are computed at a time.
  ///   - progress: is told after each batch how many are done, of how many.
  /// - Returns: a tensor for each output.
  /// - Throws: `PassError` where something does not fit.
  public mutating func predict(
    inputs: [Tensor], batchSize: Int = 32, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(PassError) -> [Tensor] {
    var prediction = try Prediction(self, inputs: inputs, batchSize: batchSize)
    while !prediction.isOver {
      try prediction.advance()
      progress(prediction.batch, prediction.batches)
    }
    self = prediction.trainer
    return prediction.outputs
  }

  /// Makes one training step: Keras' `train_on_batch`.
  ///
  /// - Returns: losses and metrics of the batch.
  /// - Throws: `PassError` where something does not fit.
  public mutating func trainOnBatch(
    _ batch: TrainingData
  ) throws(PassError) -> OrderedDictionary<String, Double> {
    try batch.check()
    var measurements = measurements
    try train(on: batch, measuring: &measurements)
    return measurements.results
  }

  /// Measures one batch: Keras' `test_on_batch`.
  ///
  /// - Returns: losses and metrics of the batch.
  /// - Throws: `PassError` where something does not fit.
  public mutating func testOnBatch(
    _ batch: TrainingData
  ) throws(PassError) -> OrderedDictionary<String, Double> {
    try batch.check()
    var measurements = measurements
    try test(on: batch, measuring: &measurements)
    return measurements.results
  }
}

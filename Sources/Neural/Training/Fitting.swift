import OrderedCollections

/// A `fit` on its way: advances by one batch at a time, so that it can be watched, paused and
/// stopped between any two.
///
/// Source: `fit` in `keras/src/backend/jax/trainer.py`.
public struct Fitting: Sendable {
  /// The model, its weights and its optimizer.
  public private(set) var trainer: Trainer
  /// How it goes over the data.
  public let settings: FitSettings
  /// The results of the epochs so far.
  public private(set) var history = History()
  /// The epoch under way, from 0.
  public private(set) var epoch: Int
  /// Batches of this epoch that are done.
  public private(set) var batch = 0
  /// Batches of an epoch.
  public let batchesPerEpoch: Int
  /// The weights with the best validation loss so far, or the best loss without validation.
  public private(set) var best: Best?

  /// The best weights so far.
  public struct Best: Sendable {
    /// The weights.
    public var weights: ModelWeights
    /// After which epoch, from 0.
    public var epoch: Int
    /// What it was judged by: `val_loss` or `loss`.
    public var name: String
    /// How good it was.
    public var value: Double
  }

  /// What one step of a fit was.
  public enum Event: Sendable {
    /// An epoch begins.
    case epochBegan(Int)
    /// A batch was trained; results so far in this epoch, in Keras' order.
    case trained(Trainer.BatchResult, results: OrderedDictionary<String, Double>)
    /// A batch of validation was measured.
    case validated(batch: Int, of: Int)
    /// An epoch has ended, with these results (`val_…` among them).
    ///
    /// What callbacks do at its end was told before.
    case epochEnded(Int, results: OrderedDictionary<String, Double>)
    /// A callback says something worth a line: `Epoch 3: early stopping`.
    case remark(String)
    /// The model is to be saved here.
    case checkpoint(path: String, weightsOnly: Bool)
    /// A line for a table is at hand.
    case log(path: String, separator: String, appends: Bool, OrderedDictionary<String, Double>)
    /// All is done.
    case ended(Reason)
  }

  /// Why a fit ended.
  public enum Reason: Hashable, Sendable {
    /// All epochs were made.
    case completed
    /// A callback ended it.
    case stopped(String)
    /// The loss is not a number any more: the weights are those before that batch.
    ///
    /// Epoch and batch are counted from 1, as people count them.
    case notANumber(epoch: Int, batch: Int)
  }

  private enum Stage {
    case beforeEpoch
    case training
    case validating(Evaluation)
    case epochEnd(OrderedDictionary<String, Double>)
    case over(Reason)
  }

  private var stage = Stage.beforeEpoch
  private var batches: TrainingBatches
  private let validationData: TrainingData?
  private var measurements: Measurements
  private var callbacks: [any RunningCallback] = []
  /// What happened at once and is still to be told.
  private var pending: [Event] = []
  /// Why the training is to end with this epoch.
  private var stopReason: String?

  /// A fit that has not begun.
  ///
  /// - Throws: `PassError` where there are no samples, inputs and targets have not equally many, or
  ///   something does not fit the model.
  public init(
    _ trainer: Trainer, data: TrainingData, settings: FitSettings
  ) throws(PassError) {
    self.trainer = trainer
    self.settings = settings
    epoch = max(settings.initialEpoch, 0)
    try trainer.check(data)
    var data = data
    if let given = settings.validationData {
      do throws(PassError) {
        try trainer.check(given)
      } catch {
        throw error.at("the data for validation")
      }
      validationData = given
    } else if settings.validationSplit != 0 {
      let (first, last) = try data.split(validation: settings.validationSplit)
      (data, validationData) = (first, last)
    } else {
      validationData = nil
    }
    if let weights = settings.classWeights { data = try data.weighted(byClass: weights) }
    if let size = settings.validationBatchSize { _ = try batchCount(1, size) }
    for (number, name) in [
      (settings.stepsPerEpoch, "steps_per_epoch"), (settings.validationSteps, "validation_steps"),
      (settings.validationFrequency, "validation_freq"),
    ] {
      guard let number, number < 1 else { continue }
      throw PassError("\(name) is \(number)", remedy: "use a whole number from 1")
    }
    batches = try TrainingBatches(data, settings)
    batchesPerEpoch = settings.stepsPerEpoch ?? batches.perRound
    measurements = trainer.measurements
    for callback in settings.callbacks {
      callbacks.append(try callback.running(in: measurements))
    }
  }

  /// Makes the next step.
  ///
  /// - Throws: `PassError` where a layer cannot be trained.
  public mutating func advance() throws(PassError) -> Event {
    if !pending.isEmpty { return pending.removeFirst() }
    switch stage {
    case .beforeEpoch: return try beginEpoch()
    case .training: return try trainBatch()
    case .validating(let evaluation): return try validate(evaluation)
    case .epochEnd(let results): return try endEpoch(results)
    case .over(let reason): return .ended(reason)
    }
  }

  /// Whether the next step trains a batch.
  public var isBeforeTrainingBatch: Bool {
    guard pending.isEmpty, case .training = stage else { return false }
    return true
  }

  /// Ends the training with this epoch: its validation and callbacks still take place.
  public mutating func stop(_ reason: String) {
    stopReason = stopReason ?? reason
    guard case .training = stage, batch > 0 else { return }
    stage = afterTraining()
  }

  /// Sets the learning rate.
  ///
  /// - Throws: `PassError` where a schedule sets it, or it is no number from 0.
  public mutating func setLearningRate(_ rate: Double) throws(PassError) {
    try trainer.setLearningRate(rate)
  }

  /// Replaces the weights by others of the same sizes.
  public mutating func setWeights(_ weights: ModelWeights) { trainer.weights = weights }
}

extension Fitting {
  private mutating func beginEpoch() throws(PassError) -> Event {
    guard epoch < settings.epochs, stopReason == nil else { return end() }
    try tell { callback, stage throws(PassError) in try callback.epochBegan(&stage) }
    measurements.reset()
    batches.beginEpoch()
    batch = 0
    stage = .training
    return .epochBegan(epoch)
  }

  private mutating func trainBatch() throws(PassError) -> Event {
    let result = try trainer.train(on: batches.next(), measuring: &measurements)
    batch += 1
    guard !result.isNotANumber else {
      pending = [.remark("Batch \(batch - 1): Invalid loss, terminating training")]
      if settings.callbacks.contains(.terminateOnNaN) == false { pending = [] }
      stage = .over(.notANumber(epoch: epoch + 1, batch: batch))
      return try advance()
    }
    let results = measurements.results
    let batch = batch
    try tell(results) { callback, stage throws(PassError) in
      try callback.batchEnded(batch - 1, &stage)
    }
    if batch >= batchesPerEpoch || batches.haveRunOut || stopReason != nil {
      if batch < batchesPerEpoch, stopReason == nil {
        pending.append(
          .remark("the data ran out after \(batch) of \(batchesPerEpoch) batches of an epoch"))
      }
      stage = afterTraining()
    }
    return .trained(result, results: results)
  }

  private func afterTraining() -> Stage {
    let results = measurements.results
    let number = epoch + 1
    let isDue =
      settings.validationEpochs.map { $0.contains(number) }
      ?? (number % settings.validationFrequency == 0)
    guard isDue, let validationData,
      let evaluation = try? Evaluation(
        trainer, data: validationData,
        batchSize: settings.validationBatchSize ?? settings.batchSize,
        steps: settings.validationSteps)
    else { return .epochEnd(results) }
    return .validating(evaluation)
  }

  private mutating func validate(_ evaluation: Evaluation) throws(PassError) -> Event {
    var evaluation = evaluation
    // The weights are held in one place.
    stage = .beforeEpoch
    try evaluation.advance()
    let event = Event.validated(batch: evaluation.batch, of: evaluation.batches)
    guard evaluation.isOver else {
      stage = .validating(evaluation)
      return event
    }
    trainer = evaluation.trainer
    var results = measurements.results
    for (name, value) in evaluation.results { results["val_" + name] = value }
    results.sort { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
    stage = .epochEnd(results)
    return event
  }

  private mutating func endEpoch(
    _ results: OrderedDictionary<String, Double>
  ) throws(PassError) -> Event {
    let results = try tell(results) { callback, stage throws(PassError) in
      try callback.epochEnded(&stage)
    }
    history.add(epoch, results)
    let name = validationData == nil ? "loss" : "val_loss"
    if let value = results[name], best.map({ value < $0.value }) ?? !value.isNaN {
      best = Best(weights: trainer.weights, epoch: epoch, name: name, value: value)
    }
    pending.append(.epochEnded(epoch, results: results))
    epoch += 1
    batch = 0
    stage = .beforeEpoch
    return pending.removeFirst()
  }

  private mutating func end() -> Event {
    if history.epochs.isEmpty == false { trainer.finish() }
    stage = .over(stopReason.map { .stopped($0) } ?? .completed)
    _ = try? tell { callback, stage throws(PassError) in callback.trainingEnded(&stage) }
    if case .over(let reason) = stage { pending.append(.ended(reason)) }
    return pending.removeFirst()
  }

  /// Lets all callbacks know of something, in their order.
  ///
  /// - Returns: the results, with what callbacks added to them.
  @discardableResult
  private mutating func tell(
    _ results: OrderedDictionary<String, Double> = [:],
    _ body: (inout any RunningCallback, inout CallbackStage) throws(PassError) -> Void
  ) throws(PassError) -> OrderedDictionary<String, Double> {
    guard !callbacks.isEmpty else { return results }
    var stage = CallbackStage(epoch: epoch, trainer: trainer, results: results)
    for index in callbacks.indices {
      stage.speaks = !settings.quietCallbacks.contains(index)
      try body(&callbacks[index], &stage)
    }
    trainer = stage.trainer
    pending += stage.events
    stopReason = stopReason ?? stage.stopReason
    return stage.results
  }
}

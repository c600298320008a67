import OrderedCollections

/// How `fit` goes over the data.
public struct FitSettings: Sendable {
  /// How often it goes over the data.
  public var epochs = 1
  /// Epochs that were made before: numbering goes on from there, up to `epochs`.
  public var initialEpoch = 0
  /// Samples of a training step.
  public var batchSize = 32
  /// Whether samples come in another order each epoch.
  public var shuffles = true
  /// The part of the data, from its end, that is not trained on but measured after each epoch.
  public var validationSplit = 0.0
  /// Data that is measured after each epoch; before `validationSplit`.
  public var validationData: TrainingData?
  /// Samples of a batch of validation; `nil`: as for training.
  public var validationBatchSize: Int?
  /// After how many epochs validation takes place.
  public var validationFrequency = 1
  /// Batches of an epoch; `nil`: all.
  public var stepsPerEpoch: Int?
  /// Batches of a validation; `nil`: all.
  public var validationSteps: Int?
  /// How much the samples of each class count.
  public var classWeights: [Int: Double]?
  /// What the order of samples is drawn from.
  public var seed: UInt64 = 0
  /// What happens between epochs.
  public var callbacks: [FitCallback] = []

  /// Keras' defaults.
  public init() {}
}

/// What happens between epochs: the callbacks of `keras.callbacks`.
public enum FitCallback: Hashable, Sendable {
  /// Ends the training where a value no longer gets better.
  case earlyStopping(
    monitor: String, minDelta: Double, patience: Int, mode: MonitorMode, baseline: Double?,
    restoresBestWeights: Bool, startFromEpoch: Int)
  /// Makes the learning rate smaller where a value no longer gets better.
  case reduceLearningRate(
    monitor: String, factor: Double, patience: Int, mode: MonitorMode, minDelta: Double,
    cooldown: Int, minimum: Double)
  /// Saves the model; the path may hold `{epoch}` and results: `{val_loss:.2f}`.
  case checkpoint(
    path: String, monitor: String, savesBestOnly: Bool, savesWeightsOnly: Bool, mode: MonitorMode,
    everyBatches: Int?, initialBest: Double?)
  /// Writes the results of each epoch to a table.
  case csvLogger(path: String, separator: String, appends: Bool)
  /// Ends the training where the loss is not a number.
  case terminateOnNaN
  /// Sets the learning rate of each epoch: of those that a script's function gave.
  case learningRates([Double])

  /// Which way a value gets better.
  public enum MonitorMode: String, Hashable, Sendable {
    /// As the value's name says: accuracies up, all else down.
    case auto
    /// Down.
    case min
    /// Up.
    case max
  }
}

/// The results of each epoch, by name, as Keras' `History` has them: `loss`, `accuracy`,
/// `val_loss`, ….
public struct History: Hashable, Sendable {
  /// The epochs, numbered from 0.
  public var epochs: [Int] = []
  /// A number an epoch for each result, in Keras' order.
  public var values: OrderedDictionary<String, [Double]> = [:]

  /// No epochs.
  public init() {}
}

/// A `fit` on its way: advances by one batch at a time, so that it can be watched, paused and
/// stopped between any two.
public struct Fitting: Sendable {
  /// The model, its weights and its optimizer.
  public private(set) var trainer: Trainer
  /// How it goes over the data.
  public let settings: FitSettings
  /// The results of the epochs so far.
  public private(set) var history = History()
  /// The epoch under way, from 0.
  public private(set) var epoch = 0
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
    /// The loss is not a number any more: the weights are those before that batch (from 1).
    case notANumber(epoch: Int, batch: Int)
  }

  private let data: TrainingData

  /// A fit that has not begun.
  ///
  /// - Throws: `PassError` where there are no samples, inputs and targets have not equally many, or
  ///   something does not fit the model.
  public init(
    _ trainer: Trainer, data: TrainingData, settings: FitSettings
  ) throws(PassError) {
    self.trainer = trainer
    self.data = data
    self.settings = settings
    batchesPerEpoch = (data.count + settings.batchSize - 1) / settings.batchSize
  }

  /// Makes the next step.
  ///
  /// - Throws: `PassError` where a layer cannot be trained.
  public mutating func advance() throws(PassError) -> Event {
    guard epoch < settings.epochs else { return .ended(.completed) }
    let start = batch * settings.batchSize
    guard start < data.count else {
      batch = 0
      epoch += 1
      return .epochEnded(epoch - 1, results: [:])
    }
    let range = start..<min(start + settings.batchSize, data.count)
    let result = try trainer.train(on: data.samples(range))
    batch += 1
    return .trained(result, results: ["loss": result.loss])
  }
}

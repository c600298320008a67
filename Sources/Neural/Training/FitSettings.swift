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
  /// The epochs, from 1, after which validation takes place; before `validationFrequency`.
  public var validationEpochs: Set<Int>?
  /// Batches of an epoch; `nil`: all.
  ///
  /// The next epoch goes on where this one stopped.
  public var stepsPerEpoch: Int?
  /// Batches of a validation; `nil`: all.
  public var validationSteps: Int?
  /// How much the samples of each class count.
  public var classWeights: [Int: Double]?
  /// What the order of samples is drawn from.
  public var seed: UInt64 = 0
  /// What gives the order of samples for each round over the data, instead of `seed`: all numbers
  /// from 0 to below the count.
  public var order: (@Sendable (_ count: Int) -> [Int])?
  /// What happens between epochs.
  public var callbacks: [FitCallback] = []
  /// The positions of callbacks that say nothing: those with `verbose=0`.
  public var quietCallbacks: Set<Int> = []

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

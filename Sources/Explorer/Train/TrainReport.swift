import Neural

/// A training as it stands: everything that the screen shows of it.
public struct TrainReport: Sendable {
  /// The number of what was asked for.
  public var number: Int
  /// How it goes.
  public var activity: Activity
  /// The models: one, or two that are compared.
  public var runs: [TrainLog]
  /// Seconds that the training took so far, pauses left out.
  public var seconds = 0.0
  /// Seconds until all epochs are made; `nil` where it is too early to say.
  public var secondsLeft: Double?
  /// Seconds of a training step.
  public var secondsPerStep: Double?
  /// Samples of a training step.
  public var samplesPerStep = 0

  /// How a training goes.
  public enum Activity: Hashable, Sendable {
    /// Batch follows batch.
    case training
    /// A person paused it.
    case paused
    /// A person stopped it: the model has its weights.
    case stopped
    /// All that was asked for is done, or a model has come to an end: the model has its weights.
    case done
    /// It could not go on.
    case failed(PassError)
  }

  /// A training of models that stands so.
  init(number: Int, activity: Activity, runs: [TrainLog]) {
    self.number = number
    self.activity = activity
    self.runs = runs
  }

  /// A training that could not begin.
  public static func failed(number: Int, _ problem: PassError) -> TrainReport {
    TrainReport(number: number, activity: .failed(problem), runs: [])
  }
}

/// What a training leaves: the weights that the model is to have.
public struct TrainOutcome: Sendable {
  /// The number of what was asked for.
  public let number: Int
  /// The model that was trained, what was added to it included.
  public let model: Model
  /// Its weights: the best by validation where there was one, else the last.
  public let weights: ModelWeights
  /// Which weights these are, in words.
  public let says: String
}

import Neural
import Screen

/// Something that happened: a key, or the end of an effect.
public enum Message: Sendable {
  /// The terminal reports a key, a click, a paste or a new size.
  case input(InputEvent)
  /// A file was opened: its models, the one to show, and what the reader remarked.
  case opened(models: [Document], current: Int, remarks: [String])
  /// A file could not be opened; nothing has changed.
  case openFailed(String)
  /// A model was saved; `note` says what else to know.
  case saved(model: Model, path: String, note: String?, thenQuit: Bool)
  /// A model could not be saved; the file is as it was.
  case saveFailed(String)
  /// Another file stands there than was read; `problem` says so in a few words.
  case conflict(path: String, problem: String, thenQuit: Bool)
  /// A run has ended.
  case ran(RunResult)
  /// A run could not be made; `number` is that of its request.
  case runFailed(number: Int, PassError)
  /// Timesteps of a long run are at hand that were not.
  case covered(number: Int, RunSource, LayerRecording)
  /// What is known of a weight: all but how its numbers are spread may come first.
  case weightSummarized(number: Int, index: Int, Histogram)
  /// All weights of a request are summed up.
  case weightsSummarized(number: Int)
  /// Weights could not be read; `number` is that of the request.
  case weightsNotRead(number: Int, WeightFault)
  /// Numbers of a weight to look at one by one.
  case weightRead(number: Int, WeightPlane)
  /// So many timesteps are to be played.
  case tick(steps: Int)
  /// A script was asked what it trains on: on this, or on nothing; `why` says more.
  case trainingRead(path: String, TrainSetup?, why: String?)
  /// It is known what is to be trained on what.
  case trainingPrepared(TrainPlan)
  /// Something cannot be trained; `number` is that of its request.
  case trainingNotPrepared(number: Int, PassError)
  /// How a training stands.
  case training(TrainReport)
  /// A training has ended or was stopped, and leaves its weights.
  case trained(TrainOutcome)
  /// The names in a folder that complete a path.
  case completions(for: String, [String])
}

/// Something to be done outside: a value, so that a test compares it.
public enum Effect: Hashable, Sendable {
  /// Write the model to a file.
  case save(Model, path: String, overwrite: Bool, thenQuit: Bool)
  /// Read a file; `settings` are what a person says of a script's variables, as `NAME=VALUE`.
  case open(path: String, settings: [String])
  /// List the files whose paths begin so.
  case complete(path: String)
  /// Run the model and tell how it went; a run that is under way is not needed any more.
  case run(RunRequest)
  /// The run that is under way is not needed any more.
  case cancelRun
  /// Compute timesteps again that a long run did not keep.
  case cover(RunCover)
  /// Sum the weights of a layer up; another layer's, on the way, are not needed any more.
  case summarizeWeights(WeightSummaryRequest)
  /// Read numbers of a weight; those of another, on the way, are not needed any more.
  case readWeight(WeightReadRequest)
  /// Find out what a script trains on: the model of this variable, or its last.
  case readTraining(path: String, model: String?)
  /// Make the data that a training needs.
  case prepareTraining(TrainRequest)
  /// Train, and tell how it goes; a training that is under way is not needed any more.
  case train(TrainStart)
  /// Tell the training that is under way what to do.
  case steerTraining(TrainSteer)
  /// Give the terminal back until the person comes back.
  case suspend
  /// End the program.
  case quit
}

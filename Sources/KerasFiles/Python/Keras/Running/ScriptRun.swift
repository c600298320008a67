import Neural

/// A script that is run, not only read: what its models need to compute with numbers.
final class ScriptRun {
  /// What the run is for.
  enum Purpose {
    /// All that the script says.
    case everything
    /// To find out what it trains on: nothing is trained.
    case training
  }

  let purpose: Purpose
  /// Whether what the script writes goes to a terminal.
  var isTerminal = false
  /// The columns of that terminal.
  var columns = 80
  /// Whether a person asked to end the run.
  var isInterrupted: () -> Bool = { false }
  /// Whether the script was told so.
  var hasBeenInterrupted = false
  /// Takes what is trained on, where nothing is trained: whether that is all that is asked for.
  var noteTraining: (ScriptTraining) -> Bool = { _ in false }
  /// What random numbers are drawn from: first weights, the order of samples, Dropout.
  var seed: UInt64
  /// How much memory a model may take at a time.
  let memoryLimit: MemoryLimit
  /// The models whose training was taken note of.
  var notedModels: Set<ObjectIdentifier> = []
  /// Counts whatever changes weights from outside of a training.
  var weightChanges = 0
  /// The fit that is under way while a callback of the script runs.
  var liveFits: [ScriptFit] = []

  private var drawn: [String: Int] = [:]
  private var draws: UInt64 = 0

  init(purpose: Purpose, seed: UInt64, memoryLimit: MemoryLimit) {
    self.purpose = purpose
    self.seed = seed
    self.memoryLimit = memoryLimit
  }

  /// `keras.utils.set_random_seed(…)`: what follows is the same each time.
  func setSeed(_ seed: UInt64) {
    self.seed = seed
    drawn = [:]
    draws = 0
  }

  /// What the first weights of a layer are drawn from: those of a second layer of the same name
  /// are others.
  func seed(forLayer name: String) -> UInt64 {
    let count = drawn[name, default: 0]
    drawn[name] = count + 1
    return seed &+ UInt64(count) &* 0x9E37_79B9_7F4A_7C15
  }

  /// What the next training or random pass draws from: another one each time.
  func nextSeed() -> UInt64 {
    draws += 1
    return seed &+ (draws - 1) &* 0xD1B5_4A32_D192_ED03
  }
}

extension Evaluator {
  /// Raises where something is asked for that does not fit: a bad input's one line.
  func fault(_ error: PassError) -> Interruption {
    fault(error.message, remedy: error.remedy)
  }

  /// Raises where a file cannot be read or written.
  func fault(_ error: FileError) -> Interruption {
    fault("\(error.path): \(error.message)", remedy: error.remedy, type: "OSError")
  }

  /// Runs what may end in a `PassError`.
  func computing<Result>(_ body: () throws(PassError) -> Result) throws -> Result {
    do throws(PassError) {
      return try body()
    } catch {
      throw fault(error)
    }
  }
}

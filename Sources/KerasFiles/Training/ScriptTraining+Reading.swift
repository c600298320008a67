import Neural
import OrderedCollections
import Synchronization

extension ScriptTraining {
  /// Runs a script up to the first `fit` of a model, which trains nothing.
  ///
  /// - Parameters:
  ///   - path: the script.
  ///   - model: the variable or the name of the model; `nil`: the last that is trained.
  ///   - settings: what a person says of the script's variables, as Python literals.
  ///   - seed: what the script's random numbers and first weights are drawn from.
  ///   - memoryLimit: how much memory its arrays and models may take.
  /// - Returns: what it trains on; `nil` where it trains no such model.
  /// - Throws: `FileError` where the script cannot be read, or fails before its `fit`.
  public static func of(
    path: String, model: String? = nil, settings: OrderedDictionary<String, String> = [:],
    seed: UInt64 = 0, memoryLimit: MemoryLimit = .standard
  ) async throws(FileError) -> ScriptTraining? {
    let script = try FileContents.read(path).bytes
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let found = Found()
    do throws(ScriptError) {
      try await PythonScript.run(
        script, path: path, settings: settings, seed: seed, memoryLimit: memoryLimit,
        output: { _, _ in }
      ) { evaluator in
        let run = ScriptRun(purpose: .training, seed: seed, memoryLimit: memoryLimit)
        run.noteTraining = { training in
          var training = training
          training.label = "\(file): \(training.label)"
          return found.add(training, wanted: model)
        }
        evaluator.keras.run = run
      }
    } catch {
      // What follows the training may rest on what it would have given.
      guard !found.hasSeenAny else { return found.trainings.last }
      throw FileError(
        path, error.message, remedy: error.remedy, line: error.location?.line,
        column: error.location?.column)
    }
    return found.trainings.last
  }

  /// The trainings of a script, taken note of on the thread that runs it.
  private final class Found: Sendable {
    private struct State {
      var trainings: [ScriptTraining] = []
      var hasSeenAny = false
    }

    private let state = Mutex(State())

    var trainings: [ScriptTraining] { state.withLock { $0.trainings } }
    /// Whether the script trains any model, be it not the wanted one.
    var hasSeenAny: Bool { state.withLock { $0.hasSeenAny } }

    /// Takes a training where it is the wanted one, or none is wanted.
    ///
    /// - Returns: whether no other is looked for.
    func add(_ training: ScriptTraining, wanted: String?) -> Bool {
      let isWanted =
        wanted.map { training.variable == $0 || training.model.name == $0 } ?? true
      state.withLock { state in
        state.hasSeenAny = true
        if isWanted { state.trainings.append(training) }
      }
      return wanted != nil && isWanted
    }
  }
}

import Neural
import OrderedCollections

extension PythonScript {
  /// Where a running script writes, and who may end it.
  public struct Surroundings: Sendable {
    /// Whether what the script writes goes to a terminal.
    public var isTerminal = false
    /// The columns of that terminal.
    public var columns = 80
    /// How much memory a model may take at a time.
    public var memoryLimit = MemoryLimit.standard
    /// Whether a person asked to end the run.
    public var isInterrupted: @Sendable () -> Bool = { false }
    /// Takes what the script writes, in the order in which it is written.
    public var output: @Sendable (String, ScriptStream) -> Void

    /// Surroundings without a terminal.
    public init(output: @escaping @Sendable (String, ScriptStream) -> Void) {
      self.output = output
    }
  }

  /// Runs a Keras script from top to bottom: its models are built, trained and run.
  ///
  /// - Parameters:
  ///   - path: the script.
  ///   - settings: what a person says of the script's variables, as Python literals.
  ///   - seed: what random numbers and first weights are drawn from.
  ///   - surroundings: where it writes.
  /// - Returns: the status with which the script ends.
  /// - Throws: `FileError` where it cannot be read, or raises what it does not catch: a
  ///   `KeyboardInterrupt` where a person ended it.
  public static func run(
    path: String, settings: OrderedDictionary<String, String> = [:], seed: UInt64 = 0,
    in surroundings: Surroundings
  ) async throws(FileError) -> Int32 {
    let script = try FileContents.read(path).bytes
    do throws(ScriptError) {
      return try await run(
        script, path: path, settings: settings, seed: seed,
        memoryLimit: surroundings.memoryLimit, output: surroundings.output
      ) { evaluator in
        let run = ScriptRun(
          purpose: .everything, seed: seed, memoryLimit: surroundings.memoryLimit)
        run.isTerminal = surroundings.isTerminal
        run.columns = surroundings.columns
        run.isInterrupted = surroundings.isInterrupted
        evaluator.keras.run = run
      }
    } catch {
      throw FileError(
        path, error.message, remedy: error.remedy, line: error.location?.line,
        column: error.location?.column)
    }
  }
}

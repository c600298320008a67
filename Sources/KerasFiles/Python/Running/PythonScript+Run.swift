import Neural
import OrderedCollections

extension PythonScript {
  /// Runs a script from top to bottom: Python parses it, and our evaluator does what it says.
  ///
  /// - Parameters:
  ///   - script: The bytes of the file.
  ///   - path: The file, as `__file__` and `sys.argv[0]` name it.
  ///   - settings: What a person says of the script's variables, as for reading; they win over
  ///     what the script says.
  ///   - seed: What all random numbers come from that the script itself seeds nowhere; `nil`: from
  ///     the system.
  ///   - interpreter: The Python that parses, by name or path.
  ///   - output: Takes what the script writes, in the order in which it is written, on a thread
  ///     of the run's own.
  /// - Returns: The status with which the script ends: 0, or what it gives `sys.exit`.
  /// - Throws: `ScriptError` where the script cannot be parsed, or raises what it does not catch.
  @discardableResult
  public static func run(
    _ script: [UInt8], path: String = "script.py",
    settings: OrderedDictionary<String, String> = [:], seed: UInt64? = nil,
    interpreter: String = "python3",
    output: @escaping @Sendable (String, ScriptStream) -> Void
  ) async throws(ScriptError) -> Int32 {
    try await run(
      script, path: path, settings: settings, seed: seed, interpreter: interpreter, output: output
    ) { _ in }
  }

  /// Runs a script after `prepare` has set its evaluator up.
  @discardableResult
  static func run(
    _ script: [UInt8], path: String = "script.py",
    settings: OrderedDictionary<String, String> = [:], seed: UInt64? = nil,
    interpreter: String = "python3", memoryLimit: MemoryLimit = .standard,
    output: @escaping @Sendable (String, ScriptStream) -> Void,
    prepare: @escaping @Sendable (Evaluator) throws -> Void
  ) async throws(ScriptError) -> Int32 {
    let (tree, answers) = try await parsed(script, settings: settings, interpreter: interpreter)
    return try await onLargeStack { () throws(ScriptError) -> Int32 in
      let options = RunOptions(
        path: path, seed: seed, memoryLimit: memoryLimit, output: output)
      let statements = try SyntaxDecoder.statements(from: tree)
      let run = try RunningEvaluation(statements, overrides: answers, options)
      return try run.finish(prepare)
    }
  }
}

/// One run of a script.
private struct RunningEvaluation {
  let statements: [Statement]
  let evaluator: Evaluator

  init(
    _ statements: [Statement], overrides: [(String, Expression)], _ options: RunOptions
  ) throws(ScriptError) {
    self.statements = statements
    let reader = Evaluator()
    let values = try ScriptEvaluation.values(of: overrides, by: reader)
    evaluator = Evaluator(
      limits: .running(options.memoryLimit), overrides: values, mode: .running(options))
    evaluator.overrideSource = reader
  }

  func finish(_ prepare: (Evaluator) throws -> Void) throws(ScriptError) -> Int32 {
    defer {
      evaluator.release()
      evaluator.overrideSource?.release()
    }
    do {
      try prepare(evaluator)
      _ = try evaluator.run(statements)
    } catch Interruption.raised(let raised) {
      // As Python's last line: the class, then the message.
      let type = raised.exception.type.name
      let message = raised.error.message
      let text =
        message == type || message == "\(type) is raised here" ? type : "\(type): \(message)"
      let isOwn = raised.error.remedy.hasPrefix("the script itself")
      throw ScriptError(
        at: raised.error.location, text, remedy: isOwn ? "" : raised.error.remedy)
    } catch Interruption.stopped(let error) {
      throw error
    } catch Interruption.exit, Interruption.generatorIsFull {
      return evaluator.exitStatus
    } catch let error as ScriptError {
      throw error
    } catch {
      throw ScriptError(at: evaluator.location, "the script cannot be run: \(error)", remedy: "")
    }
    return evaluator.exitStatus
  }
}

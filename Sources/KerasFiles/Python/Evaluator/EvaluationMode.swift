import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a running script writes.
public enum ScriptStream: Sendable {
  /// Standard output: what `print` writes.
  case output
  /// Standard error.
  case error
}

/// What an evaluation is for.
enum EvaluationMode {
  /// To learn which models a script builds: arrays have shapes but no numbers, what is random is
  /// unknown, nothing is printed.
  case reading
  /// To do what the script says: arrays have numbers, random functions draw, `print` prints.
  case running(RunOptions)
}

/// What a run needs beside the script.
struct RunOptions {
  /// The file, as `__file__` and `sys.argv[0]` name it.
  var path = "script.py"
  /// What all random numbers come from that the script seeds nowhere; `nil`: from the system.
  var seed: UInt64?
  /// How much memory one array, and all lists together, may take.
  var memoryLimit = MemoryLimit.standard
  /// Takes what the script writes, in the order in which it is written.
  var output: (String, ScriptStream) -> Void
}

extension EvaluationLimits {
  /// The bounds of a run: its steps and its time are the person's own to end.
  static func running(_ limit: MemoryLimit) -> EvaluationLimits {
    var limits = EvaluationLimits()
    limits.steps = .max
    // An element of a list takes 16 bytes, with what hangs on it about twice that.
    limits.elements = limit.bytes / 32
    limits.callDepth = 1_000
    limits.nesting = 20_000
    limits.generatorItems = .max
    limits.time = nil
    return limits
  }
}

extension Evaluator {
  /// Whether the script is run, not only read.
  var isRunning: Bool { runOptions != nil }

  /// Writes what the script prints; nothing where it is only read.
  func write(_ text: String, to stream: ScriptStream = .output) {
    runOptions?.output(text, stream)
  }

  /// The seed of the command, if one was given.
  var seed: UInt64? { runOptions?.seed }

  /// How much memory an array may take.
  var memoryLimit: MemoryLimit { runOptions?.memoryLimit ?? .standard }

  /// The error for a value that the run needs and nobody knows.
  ///
  /// While a script is only read, an unknown flows on; in a run it ends where it matters.
  func needed(_ unknown: Unknown) -> Interruption {
    let name = unknown.name.map { "`\($0)`" } ?? "this value"
    return raise(
      unknown.isUndefined ? "NameError" : "NotImplementedError",
      "\(name) is not known here: \(unknown.reason)", remedy: unknown.remedy)
  }
}

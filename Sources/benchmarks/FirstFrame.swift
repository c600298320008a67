import Screen
import TerminalProbe

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How long a person waits: from the start of the process to the first frame.
enum FirstFrame {
  static func run(_ seconds: Double) throws -> Measurement {
    let file = try sample()
    defer { unlink(file) }
    let command = try Executable.unroll()
    return try Measurement(seconds: seconds) {
      let terminal = try PseudoTerminal(command, [file], size: Size(width: 100, height: 30))
      let last = Array("Total".utf8)
      while terminal.output.firstRange(of: last) == nil {
        guard terminal.receive(within: 5_000) else { throw NothingShown() }
      }
      terminal.signal(SIGKILL)
      _ = try terminal.waitForEnd()
    }
  }

  static func summary(_ seconds: Double) throws -> Measurement {
    let file = try sample()
    defer { unlink(file) }
    let command = try Executable.unroll()
    return try Measurement(seconds: seconds) {
      let terminal = try PseudoTerminal(command, ["summary", file])
      guard try terminal.waitForEnd() == .exit(0) else { throw NothingShown() }
    }
  }

  struct NothingShown: Error {}

  /// A stack of ten layers as Keras writes it.
  private static func sample() throws -> String {
    let path = "/tmp/unroll-benchmark-\(getpid()).json"
    var layers = [
      """
      {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": \
      [32, 128, 20], "dtype": "float32", "name": "input_layer"}, "registered_name": null}
      """
    ]
    for index in 0..<10 {
      let lstm = """
        {"module": "keras.layers", "class_name": "LSTM", "config": {"name": "forward_lstm", \
        "units": 50, "return_sequences": true}, "registered_name": null}
        """
      layers.append(
        """
        {"module": "keras.layers", "class_name": "Bidirectional", "config": {"name": "b_\(index)", \
        "merge_mode": "concat", "layer": \(lstm)}, "registered_name": null}
        """)
    }
    let text = """
      {"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", \
      "layers": [\(layers.joined(separator: ", "))]}, "registered_name": null}
      """
    guard let file = fopen(path, "w") else { throw NothingShown() }
    fputs(text, file)
    fclose(file)
    return path
  }
}

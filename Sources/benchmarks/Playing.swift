import Screen
import TerminalProbe

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a run costs while it is played and while it stands still: the real program in a real
/// terminal of 100×30.
enum Playing {
  /// 30 steps a second: processor time, and bytes to the terminal, for each frame.
  static func play(_ seconds: Double) throws -> Measurement {
    let file = try sample()
    defer { unlink(file) }
    let terminal = try opened(file)
    // From 4 steps a second by 8 and 15.
    terminal.send("+++")
    terminal.settle()
    var frames: [Double] = []
    var (time, processor, bytes) = (0.0, 0.0, 0)
    let clock = ContinuousClock()
    repeat {
      terminal.send("g")
      terminal.settle()
      terminal.forget()
      let before = try processorTime(of: terminal.process)
      let start = clock.now
      terminal.send(" ")
      // A frame comes every 33 ms: a pause of 150 is the end.
      terminal.settle()
      let end = clock.now - .milliseconds(150)
      let used = try processorTime(of: terminal.process) - before
      time += milliseconds(end - start)
      processor += used
      bytes += terminal.output.count
      frames.append(used / Double(steps - 1))
    } while time < seconds * 1000
    let count = Double(frames.count * (steps - 1))
    return Measurement(
      times: frames,
      extra: [
        ("cpu_percent", processor / time * 100), ("bytes_per_frame", Double(bytes) / count),
        ("frames_per_second", count / time * 1000),
      ])
  }

  /// A run that stands still: processor time in a second, and what is written meanwhile.
  static func idle(_ seconds: Double) throws -> Measurement {
    let file = try sample()
    defer { unlink(file) }
    let terminal = try opened(file)
    terminal.send("lll")
    terminal.settle()
    terminal.forget()
    var times: [Double] = []
    let clock = ContinuousClock()
    let start = clock.now
    repeat {
      let before = try processorTime(of: terminal.process)
      let second = clock.now
      while clock.now - second < .seconds(1) { terminal.receive(within: 1_000) }
      times.append(try processorTime(of: terminal.process) - before)
    } while milliseconds(clock.now - start) < seconds * 1000
    let whole = milliseconds(clock.now - start)
    return Measurement(
      times: times,
      extra: [
        ("cpu_percent", times.reduce(0, +) / whole * 100),
        ("bytes", Double(terminal.output.count)),
      ])
  }

  private static let steps = 128

  /// The program on the Run screen, at the first timestep.
  private static func opened(_ file: String) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      try Executable.unroll(), [file], size: Size(width: 100, height: 30))
    try terminal.wait(for: "Total")
    terminal.send("2")
    try terminal.wait(for: " · t = 0 · unit 0")
    return terminal
  }

  /// Milliseconds of processor time that a process has used, all its threads together.
  private static func processorTime(of process: pid_t) throws -> Double {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      throw FirstFrame.NothingShown()
    }
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }

  private static func milliseconds(_ duration: Duration) -> Double {
    let (whole, atto) = duration.components
    return Double(whole) * 1e3 + Double(atto) / 1e15
  }

  /// The model of the first question: a bidirectional LSTM, normalised, with dropout.
  private static func sample() throws -> String {
    let path = "/tmp/unroll-benchmark-\(getpid()).json"
    func layer(_ name: String, _ config: String) -> String {
      """
      {"module": "keras.layers", "class_name": "\(name)", "config": {\(config)}, \
      "registered_name": null}
      """
    }
    let lstm = layer("LSTM", #""name": "lstm", "units": 50, "return_sequences": true"#)
    let layers = [
      layer("InputLayer", #""batch_shape": [32, \#(steps), 20], "name": "input_layer""#),
      layer(
        "Bidirectional", #""name": "bidirectional", "merge_mode": "concat", "layer": \#(lstm)"#),
      layer("BatchNormalization", #""name": "batch_normalization""#),
      layer("Dropout", #""name": "dropout", "rate": 0.2"#),
    ]
    let text = """
      {"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", \
      "layers": [\(layers.joined(separator: ", "))]}, "registered_name": null}
      """
    guard let file = fopen(path, "w") else { throw FirstFrame.NothingShown() }
    fputs(text, file)
    fclose(file)
    return path
  }
}

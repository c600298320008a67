#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `benchmarks WORKLOAD [--seconds S]`: runs a workload for S seconds and prints, as its last
/// line, `{"workload": …, "median_ms": …, "min_ms": …, "max_ms": …}`.
@main
enum Benchmarks {
  static let workloads:
    [(name: String, help: String, run: @Sendable (Double) throws -> Measurement)] = [
      ("keystroke", "an edit and its frame on a stack of 1,000 layers", Keystroke.edits),
      ("keystroke-towers", "the same on 1,000 layers in 4 towers with joins", Keystroke.towers),
      (
        "first-frame", "process start to first frame, of a .json in a real terminal", FirstFrame.run
      ),
      ("playing", "a run played at 30 steps a second, processor time a frame", Playing.play),
      ("playing-idle", "a run that stands still, processor time a second", Playing.idle),
      (
        "bilstm-predict", "Bidirectional(LSTM(50)), 32 samples of 128 timesteps",
        RecurrentPasses.bilstm
      ),
      (
        "wide-predict", "Bidirectional(LSTM(256)), 32 samples of 128 timesteps",
        RecurrentPasses.wide
      ),
      ("stream-predict", "LSTM(50), one sample of 1,000 timesteps", RecurrentPasses.stream),
      (
        "bilstm-train", "an Adam step of bilstm-predict's model, normalised and dropped",
        Training.bilstm
      ),
      ("wide-train", "an Adam step of wide-predict's model", Training.wide),
      ("towers-fit", "10 epochs of two towers on 100 samples", Training.towers),
      ("summary", "the command `summary` on a .json, whole process", FirstFrame.summary),
    ]

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    var seconds = 2.0
    if let place = arguments.firstIndex(of: "--seconds"), place + 1 < arguments.count,
      let given = Double(arguments[place + 1])
    {
      seconds = given
    }
    guard let name = arguments.first, let workload = workloads.first(where: { $0.name == name })
    else {
      print("usage: benchmarks WORKLOAD [--seconds S]")
      for workload in workloads { print("  \(workload.name): \(workload.help)") }
      exit(64)
    }
    do {
      print(try workload.run(seconds).line(name))
    } catch {
      print("\(name): \(error)")
      exit(1)
    }
  }
}

/// Times of one workload, in milliseconds.
struct Measurement {
  private var times: [Double] = []
  /// The calls come round in this many; the slowest of the round is told by its own median.
  private let round: Int
  private var inOrder: [Double] = []
  /// What was measured beside times.
  private var extra: [(name: String, value: Double)] = []

  /// Times that were taken elsewhere, in milliseconds, and what was measured beside them.
  init(times: [Double], extra: [(String, Double)]) {
    round = 1
    inOrder = times
    self.times = times.sorted()
    self.extra = extra.map { (name: $0.0, value: $0.1) }
  }

  /// Calls `body` until `seconds` have passed, at least 20 times after two calls to warm up.
  ///
  /// With `round`, call k of every round is one kind of work: each kind is measured by itself.
  init(seconds: Double, round: Int = 1, _ body: () throws -> Void) rethrows {
    self.round = round
    for _ in 0..<(2 * round) { try body() }
    let clock = ContinuousClock()
    let start = clock.now
    while inOrder.count < 20 * round || start.duration(to: clock.now) < .seconds(seconds) {
      let duration = try clock.measure(body)
      let (whole, atto) = duration.components
      inOrder.append(Double(whole) * 1e3 + Double(atto) / 1e15)
    }
    times = inOrder.sorted()
  }

  /// The largest median of one kind of work, and which of the round it is.
  private var slowest: (index: Int, median: Double) {
    let medians = (0..<round).map { kind -> Double in
      let own = stride(from: kind, to: inOrder.count, by: round).map { inOrder[$0] }.sorted()
      return own.isEmpty ? 0 : own[own.count / 2]
    }
    let index = medians.indices.max { medians[$0] < medians[$1] } ?? 0
    return (index, medians[index])
  }

  func line(_ name: String) -> String {
    func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
    let kind =
      round > 1
      ? ", \"slowest_of_round\": \(slowest.index), \"slowest_median_ms\": \(rounded(slowest.median))"
      : ""
    let extra = extra.map { ", \"\($0.name)\": \(rounded($0.value))" }.joined()
    return """
      {"workload": "\(name)", "median_ms": \(rounded(times[times.count / 2])), \
      "min_ms": \(rounded(times[0])), "max_ms": \(rounded(times[times.count - 1]))\(kind)\(extra)}
      """
  }
}

import KerasFiles
import Neural
import OrderedCollections

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How far a training has come, with the time left: a line on standard error that is written over,
/// and only on a terminal.
struct FitProgress {
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var isShown = false
  private var lastShown: ContinuousClock.Instant?
  private var batches = 0

  /// Notes that a batch was trained, and shows it.
  mutating func show(_ fitting: Fitting, _ results: OrderedDictionary<String, Double>) {
    batches += 1
    let now = ContinuousClock.now
    guard isTerminal, lastShown.map({ now - $0 >= .milliseconds(100) }) ?? true else { return }
    lastShown = now
    isShown = true
    let (settings, perEpoch) = (fitting.settings, fitting.batchesPerEpoch)
    let whole = multiplied(max(settings.epochs - settings.initialEpoch, 0), perEpoch) ?? .max
    let left = (now - start) / .seconds(1) / Double(batches) * Double(max(whole - batches, 0))
    let loss = results["loss"].map { ProgressBar.text(of: ["loss": $0]) } ?? ""
    put(
      "\r\u{1b}[Kepoch \(fitting.epoch + 1)/\(settings.epochs) - batch \(fitting.batch)/\(perEpoch)"
        + loss + " - \(Self.text(seconds: left)) left")
  }

  /// Takes the line away.
  mutating func end() {
    if isShown { put("\r\u{1b}[K") }
    isShown = false
  }

  /// A time in words: `12s`, `3m 05s`, `2h 10m`.
  private static func text(seconds: Double) -> String {
    guard let whole = Int(exactly: min(seconds, 1e12).rounded()) else { return "?" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m \(two(whole % 60))s" }
    return "\((whole / 3600).grouped)h \(two(whole % 3600 / 60))m"
  }

  private func put(_ text: String) {
    var text = text
    _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

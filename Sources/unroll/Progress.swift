#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How far a long run has come: a line on standard error that is written over, and only on a
/// terminal.
struct Progress {
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var isShown = false

  /// Says that `done` of `all` samples are through, where the run takes longer than a second.
  mutating func show(_ done: Int, of all: Int) {
    guard isTerminal, isShown || ContinuousClock.now - start > .seconds(1) else { return }
    isShown = true
    put("\r\(done.grouped) of \(all.grouped) samples")
  }

  /// Takes the line away.
  mutating func end() {
    if isShown { put("\r\u{1b}[K") }
    isShown = false
  }

  private func put(_ text: String) {
    var text = text
    _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

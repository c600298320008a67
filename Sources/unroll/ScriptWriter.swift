import KerasFiles
import Screen
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a script writes, on its way to standard output and standard error.
///
/// On a terminal it is made harmless: line breaks, tabs, returns to the start of the line and
/// colours pass, whatever else commands a terminal becomes a visible escape.
final class ScriptWriter: Sendable {
  private struct State {
    var output = StandardOutput()
    var failure: Failure?
    var lastFlush = ContinuousClock.now
    /// Whether the line on the terminal has no end yet.
    var isWithinLine = false
  }

  private let state = Mutex(State())
  private let isTerminal = StandardOutput.isTerminal
  private let errorsGoToTerminal = isatty(STDERR_FILENO) == 1

  /// Whether standard output takes no more.
  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// Writes a text; what goes to standard error keeps its place among the rest.
  func write(_ text: String, _ stream: ScriptStream) {
    state.withLock { state in
      guard state.failure == nil, !text.isEmpty else { return }
      do throws(Failure) {
        switch stream {
        case .output:
          try state.output.write(isTerminal ? Self.harmless(text) : text)
          state.isWithinLine = text.last != "\n"
          let now = ContinuousClock.now
          if isTerminal || now - state.lastFlush > .milliseconds(200) {
            state.lastFlush = now
            try state.output.flush()
          }
        case .error:
          try state.output.flush()
          Self.put(errorsGoToTerminal ? Self.harmless(text) : text)
        }
      } catch {
        state.failure = error
      }
    }
  }

  /// Writes what is left.
  ///
  /// - Throws: `Failure` where standard output did not take all of it.
  func finish() throws(Failure) {
    let failure: Failure? = state.withLock { state in
      if state.failure == nil {
        do throws(Failure) { try state.output.flush() } catch { state.failure = error }
      }
      return state.failure
    }
    if let failure { throw failure }
  }

  /// Ends a line on the terminal that a bar has begun.
  func endLine() {
    if isTerminal, state.withLock({ $0.isWithinLine }) { Self.put("\u{1b}[0m\n") }
  }

  private static func put(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { putBytes($0.baseAddress, $0.count) }
      guard written > 0 || errno == EINTR else { return }
      rest = rest.dropFirst(max(written, 0))
    }
  }

  /// The text with all but line breaks, tabs, returns and colours escaped.
  private static func harmless(_ text: String) -> String {
    guard Sanitizer.needsEscape(text) else { return text }
    var result = ""
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.first {
      if scalar == "\u{1b}", let end = colorEnd(of: rest) {
        result.unicodeScalars.append(contentsOf: rest[..<end])
        rest = rest[end...]
        continue
      }
      rest = rest.dropFirst()
      if scalar == "\n" || scalar == "\t" || scalar == "\r" || !Sanitizer.mustEscape(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += Sanitizer.sanitized(String(scalar))
      }
    }
    return result
  }

  /// Where a sequence such as `ESC [ 3 2 m`, which sets a colour, ends.
  private static func colorEnd(
    of text: Substring.UnicodeScalarView
  ) -> Substring.UnicodeScalarView.Index? {
    var rest = text.dropFirst()
    guard rest.first == "[" else { return nil }
    rest = rest.dropFirst().drop { ("0"..."9").contains($0) || $0 == ";" }
    return rest.first == "m" ? rest.index(after: rest.startIndex) : nil
  }
}

/// `write(2)`: a method above has its name.
private func putBytes(_ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(STDERR_FILENO, bytes, count)
}

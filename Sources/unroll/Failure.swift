import ArgumentParser
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bad input: one line on standard error, exit code 2.
struct Failure: Error {
  /// What is wrong and what to do about it.
  let message: String

  init(_ message: String) { self.message = message }

  /// The line that a person sees.
  var line: String {
    let text = Sanitizer.sanitized(message)
    return "unroll: " + (text.count > 600 ? text.prefix(599) + "…" : text)
  }
}

/// Writes a line to standard error.
func printError(_ line: String) {
  var rest = Array((line + "\n").utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    guard written > 0 || errno == EINTR else { return }
    rest = rest.dropFirst(max(written, 0))
  }
}

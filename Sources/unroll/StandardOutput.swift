#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard output, which carries results alone.
struct StandardOutput {
  private var buffer: [UInt8] = []

  /// Whether a person looks at it.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The columns of the terminal, as Keras looks them up: `COLUMNS`, the terminal, else 80.
  static var columns: Int {
    if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
      return columns
    }
    var window = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 {
      return Int(window.ws_col)
    }
    return 80
  }

  /// Adds text to what is to be written.
  ///
  /// - Throws: `Failure` where it cannot be written.
  mutating func write(_ text: String) throws(Failure) {
    buffer += Array(text.utf8)
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Writes what is left.
  ///
  /// - Throws: `Failure` where it cannot be written whole.
  mutating func flush() throws(Failure) {
    var rest = buffer[...]
    buffer = []
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { writeBytes(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw Failure("standard output cannot be written: \(String(cString: strerror(errno)))")
      }
    }
  }
}

/// `write(2)`: the method above has its name.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

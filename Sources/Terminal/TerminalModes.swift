@preconcurrency import CNcurses

/// The bytes that turn mouse and bracketed paste on and off, and those that undo everything.
struct TerminalModes {
  let enter: [UInt8]
  let leave: [UInt8]
  /// Undoes all of ncurses' modes as well, for when ncurses cannot be asked any more.
  let restore: [UInt8]

  /// Reads the modes of the terminal that ncurses was started on.
  @MainActor
  init() {
    // Terminals whose description has a mouse are xterm's descendants and know these modes.
    let isXterm = TerminalModes.capability("kmous") != nil
    enter = Array((isXterm ? "\u{1b}[?1000h\u{1b}[?1002h\u{1b}[?1006h\u{1b}[?2004h" : "").utf8)
    leave = Array((isXterm ? "\u{1b}[?2004l\u{1b}[?1006l\u{1b}[?1002l\u{1b}[?1000l" : "").utf8)
    let attributes = ["sgr0", "op", "cnorm", "rmkx"].compactMap(TerminalModes.capability)
    let screen = TerminalModes.capability("rmcup") ?? TerminalModes.capability("clear") ?? []
    restore = leave + attributes.joined() + screen
  }

  /// A capability's bytes without padding marks such as `$<5>`.
  @MainActor
  static func capability(_ name: String) -> [UInt8]? {
    guard let start = cn_capability(name) else { return nil }
    var bytes: [UInt8] = []
    var isPadding = false
    var rest = Array(String(cString: start).utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "<") { isPadding = true }
      if !isPadding { bytes.append(byte) }
      if byte == UInt8(ascii: ">") { isPadding = false }
    }
    return bytes.isEmpty ? nil : bytes
  }
}

import Screen
import TerminalProbe
import Testing

/// Terminals of all kinds show the explorer or are refused in one line.
@Suite(.serialized) struct EnvironmentTests {
  @Test(arguments: ["dumb", "", "unknown", "no-such-terminal"])
  func unusableTerminalsAreRefused(term: String) throws {
    let terminal = try PseudoTerminal(Executable.unroll(), environment: ["TERM": term])
    #expect(try terminal.waitForEnd() == .exit(2))
    let lines = terminal.text.split(separator: "\r\n")
    #expect(lines.count == 1)
    #expect(lines.first?.contains("unroll summary") == true)
    #expect(!terminal.output.contains(0x1b))
  }

  @Test(arguments: ["<", ">"])
  func pipesAndFilesAreRefused(redirection: String) throws {
    let command = "\"$0\" \(redirection)/dev/null"
    let terminal = try PseudoTerminal("/bin/sh", ["-c", command, Executable.unroll()])
    #expect(try terminal.waitForEnd() == .exit(2))
    #expect(terminal.text.contains("unroll summary"))
    #expect(!terminal.output.contains(0x1b))
  }

  @Test(arguments: ["xterm-256color", "xterm", "linux", "vt100"])
  func aCLocaleGetsASCII(term: String) throws {
    let terminal = try PseudoTerminal(
      Executable.unroll(), environment: ["TERM": term, "LC_ALL": "C"])
    try terminal.wait(for: "add")
    #expect(terminal.output.allSatisfy { $0 < 0x80 })
    terminal.send("q")
    #expect(try terminal.waitForEnd() == .exit(0))
  }

  @Test(arguments: ["xterm-256color", "linux"])
  func noColorMeansNoColour(term: String) throws {
    let terminal = try PseudoTerminal(
      Executable.unroll(), environment: ["TERM": term, "NO_COLOR": "1"])
    try terminal.wait(for: "add")
    #expect(!hasColor(terminal.output))
    let colored = try PseudoTerminal(Executable.unroll(), environment: ["TERM": term])
    try colored.wait(for: "add")
    #expect(hasColor(colored.output))
  }

  /// Whether any `ESC [ … m` sets a colour: 30–37, 38, 40–47, 48, 90–97, 100–107.
  private func hasColor(_ output: [UInt8]) -> Bool {
    String(decoding: output, as: UTF8.self).split(separator: "\u{1b}[").contains { piece in
      let parameters = piece.prefix { $0.isNumber || $0 == ";" }
      guard piece.dropFirst(parameters.count).first == "m" else { return false }
      return parameters.split(separator: ";").compactMap { Int($0) }.contains {
        (30...38).contains($0) || (40...48).contains($0) || (90...107).contains($0)
      }
    }
  }
}

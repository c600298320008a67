import Screen
import TerminalProbe
import Testing

/// What the explorer sends to an 80×24 terminal.
@Suite(.serialized) struct TrafficTests {
  private func terminal(_ term: String = "xterm-256color") throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(Executable.unroll(), environment: ["TERM": term])
    try terminal.wait(for: "add")
    return terminal
  }

  @Test(arguments: ["xterm-256color", "xterm", "linux", "vt100"])
  func aFullRedrawTakesAtMost16KB(term: String) throws {
    let terminal = try terminal(term)
    #expect(terminal.output.count <= 16_384)
    terminal.forget()
    try terminal.resize(to: Size(width: 79, height: 24))
    try terminal.wait(for: "add")
    #expect(terminal.output.count <= 16_384)
  }

  @Test func aKeyTakesAtMost2KB() throws {
    let terminal = try terminal()
    for key in ["j", "k", "\u{1b}[B", "\u{1b}[A", "G", "g", ":", "s", "e", "\u{7f}", "\u{1b}"] {
      terminal.forget()
      terminal.send(key)
      terminal.settle()
      #expect(terminal.output.count <= 2_048, "key \(key)")
    }
  }

  @Test func waitingSendsNothing() throws {
    let terminal = try terminal()
    terminal.settle()
    terminal.forget()
    #expect(!terminal.receive(within: 1_000))
    #expect(terminal.output.isEmpty)
  }
}

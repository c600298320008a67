import Screen
import TerminalProbe
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// However the explorer ends, the terminal is as it was.
@Suite(.serialized) struct TerminalGivenBackTests {
  /// Text of the explorer's key line.
  private static let ready = "add"

  private func expectGivenBack(
    term: String = "xterm-256color", expected: PseudoTerminal.End? = nil,
    _ endIt: (PseudoTerminal) throws -> Void
  ) throws {
    let terminal = try PseudoTerminal(Executable.unroll(), environment: ["TERM": term])
    // The program's own start takes longer than reading the settings it finds.
    let before = try PseudoTerminal("/bin/cat").settings()
    try terminal.wait(for: Self.ready)
    #expect(try terminal.settings() != before)
    #expect(ScreenModes(after: terminal.output) != .untouched)
    try endIt(terminal)
    let end = try terminal.waitForEnd()
    if let expected { #expect(end == expected) }
    #expect(try terminal.settings() == before)
    #expect(ScreenModes(after: terminal.output) == .untouched)
  }

  @Test(arguments: ["xterm-256color", "xterm", "linux", "vt100", "screen-256color"])
  func afterQuit(term: String) throws {
    try expectGivenBack(term: term, expected: .exit(0)) { $0.send("q") }
  }

  @Test(arguments: [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT])
  func afterACrash(signal: Int32) throws {
    try expectGivenBack(expected: .signal(signal)) { $0.signal(signal) }
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
  func afterASignal(signal: Int32) throws {
    try expectGivenBack { $0.signal(signal) }
  }

  @Test func afterACrashInATerminalWithoutASecondScreen() throws {
    try expectGivenBack(term: "vt100", expected: .signal(SIGILL)) { $0.signal(SIGILL) }
  }

  @Test func whenTheTerminalGoesAwayTheProgramEnds() throws {
    let terminal = try PseudoTerminal(Executable.unroll())
    try terminal.wait(for: Self.ready)
    terminal.hangUp()
    _ = try terminal.waitForEnd()
  }

  @Test func whenOnlyTheHangUpIsSeenTheProgramEnds() throws {
    // As under nohup: the signal is ignored, the end of the input is all there is.
    let command = "trap '' HUP; exec \"$0\""
    let terminal = try PseudoTerminal("/bin/sh", ["-c", command, Executable.unroll()])
    try terminal.wait(for: Self.ready)
    terminal.hangUp()
    _ = try terminal.waitForEnd()
  }

  @Test func ctrlZIsSurvivedWhereNobodyCouldContinue() throws {
    try expectGivenBack(expected: .exit(0)) { terminal in
      terminal.forget()
      terminal.send("\u{1a}")
      try terminal.wait(for: Self.ready)
      terminal.send("q")
    }
  }
}

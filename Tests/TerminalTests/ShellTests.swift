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

/// The explorer started from a shell with job control, in tmux.
@Suite(.serialized) struct ShellTests {
  /// Where the shell leaves the explorer's process number.
  private let pidFile = "/tmp/unroll-test-\(getpid())-\(UInt32.random(in: 0 ... .max)).pid"

  private func explorerProcess() throws -> pid_t {
    let file = open(pidFile, O_RDONLY)
    defer {
      close(file)
      unlink(pidFile)
    }
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = read(file, &buffer, buffer.count)
    let digits = buffer.prefix(max(0, count)).prefix { $0 >= 0x30 }
    return try #require(pid_t(String(decoding: digits, as: UTF8.self)))
  }

  private func shell() throws -> (tmux: Tmux, explorer: pid_t) {
    let tmux = try Tmux(
      "exec sh -i",
      environment: [
        "PS1": "ready> ", "ENV": "", "UNROLL": Executable.unroll(), "PID_FILE": pidFile,
      ])
    try tmux.wait(for: "ready>")
    try tmux.type("stty -g; sh -c 'echo $$ > \"$PID_FILE\"; exec \"$UNROLL\"'")
    try tmux.press("Enter")
    try tmux.wait(for: "add")
    return (tmux, try explorerProcess())
  }

  private func expectSameSettings(_ tmux: Tmux, mark: String) throws {
    // The quotes keep what is typed from being taken for what is answered.
    try tmux.type("stty -g; echo '\(mark)'-done")
    try tmux.press("Enter")
    let screen = try tmux.wait(for: "\(mark)-done")
    // What was typed before the shell asked for it leaves its prompt in front of the answer.
    let settings = screen.split(separator: "\n").filter { $0.split(separator: ":").count > 20 }
      .compactMap { $0.split(separator: " ").last }
    #expect(settings.count >= 2)
    #expect(Set(settings).count == 1)
  }

  @Test func ctrlZGivesTheShellItsTerminalAndFgReturns() throws {
    let tmux = try shell().tmux
    let before = try tmux.screen()
    try tmux.press("C-z")
    try tmux.wait(for: "Stopped")
    try expectSameSettings(tmux, mark: "stopped")
    try tmux.type("fg")
    try tmux.press("Enter")
    try tmux.wait(for: "the same screen") { $0 == before }
    try tmux.press("q")
    try tmux.wait(for: "stopped-done")
    try expectSameSettings(tmux, mark: "ended")
  }

  @Test func aNewSizeIsSeenOnReturn() throws {
    let tmux = try shell().tmux
    try tmux.press("C-z")
    try tmux.wait(for: "Stopped")
    try tmux.resize(to: Size(width: 70, height: 20))
    try tmux.type("fg")
    try tmux.press("Enter")
    let screen = try tmux.wait(for: "add")
    #expect(screen.split(separator: "\n").allSatisfy { $0.count <= 70 })
    try tmux.press("q")
    try tmux.wait(for: "Stopped")
  }

  @Test(arguments: [SIGTSTP, SIGSTOP])
  func stopAndContinueFromOutsideRedraw(signal: Int32) throws {
    let (tmux, explorer) = try shell()
    let before = try tmux.screen()
    kill(explorer, signal)
    try tmux.wait(for: "Stopped")
    try tmux.type("fg")
    // After SIGSTOP the terminal is still the explorer's: it makes no line feed of a return.
    try tmux.press("C-j")
    try tmux.wait(for: "the same screen") { $0 == before }
    try tmux.press("q")
    try tmux.wait(for: "ready>")
    try expectSameSettings(tmux, mark: "ended")
  }
}

import Screen
import TerminalProbe
import Testing

@Suite(.serialized) struct ResizeTests {
  @Test func anySizeIsSurvived() throws {
    let terminal = try PseudoTerminal(Executable.unroll())
    try terminal.wait(for: "add")
    let sizes = [(1, 1), (2, 1), (1, 2), (500, 200), (80, 1), (1, 24), (59, 15), (60, 16), (3, 3)]
    for (width, height) in sizes + sizes.reversed() {
      try terminal.resize(to: Size(width: width, height: height))
      terminal.receive(within: 20)
    }
    terminal.forget()
    try terminal.resize(to: Size(width: 80, height: 24))
    try terminal.wait(for: "add")
    terminal.send("q")
    #expect(try terminal.waitForEnd() == .exit(0))
  }

  @Test func theScreenAfterManySizesIsAFreshOnes() throws {
    let variables = ["UNROLL": try Executable.unroll()]
    // Not the first size: tmux tells no program of sizes that came and went between two moments.
    let last = Size(width: 90, height: 28)
    let fresh = try Tmux("exec \"$UNROLL\"", environment: variables, size: last)
    let expected = try fresh.wait(for: "add")
    let resized = try Tmux("exec \"$UNROLL\"", environment: variables)
    try resized.wait(for: "add")
    for (width, height) in [(40, 10), (120, 50), (1, 1), (200, 60), (61, 17)] {
      try resized.resize(to: Size(width: width, height: height))
    }
    try resized.resize(to: last)
    try resized.wait(for: "the fresh screen") { $0 == expected }
  }
}

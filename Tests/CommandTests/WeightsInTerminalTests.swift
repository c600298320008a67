import Screen
import TerminalProbe
import Testing

/// The weights of a file in the explorer, in a real terminal.
@Suite(.serialized) struct WeightsInTerminal {
  private func open(_ arguments: String) throws -> Tmux {
    try Tmux(
      "exec '\(try Executable.unroll())' \(arguments)", environment: ["TERM": "screen-256color"],
      size: Size(width: 160, height: 50))
  }

  /// The line below the map that says what the cursor is on.
  private func cursorLine(_ terminal: Tmux) throws -> String? {
    try terminal.wait(for: "kernel[0, 0] = ").split(separator: "\n").map(String.init)
      .first { $0.contains("kernel[0, 0] = ") }
  }

  @Test func theNumbersOfAFileAreShownAndStayThereWhenItIsOverwritten() throws {
    let scratch = try Scratch()
    let terminal = try open("'\(Samples.path("bidirectional.py"))'")
    try terminal.wait(for: "no numbers yet: space runs the model")
    try terminal.type(":w \(scratch.path)/m.keras")
    try terminal.press("Enter")
    try terminal.wait(for: "saved")
    try terminal.type(":e \(scratch.path)/m.keras")
    try terminal.press("Enter")
    try terminal.wait(for: "Weights from the file")
    try terminal.wait(for: "std")
    try terminal.press("Tab")
    try terminal.wait(for: "▸ kernel")
    try terminal.press("Enter")
    let before = try #require(try cursorLine(terminal))
    let map = try terminal.screen()
    for gate in ["i input gate", "f forget gate", "c candidate", "o output gate"] {
      #expect(map.contains(gate))
    }
    try terminal.press("Escape")
    try terminal.wait(for: "▸ kernel")
    try terminal.type(":set units 3")
    try terminal.press("Enter")
    try terminal.wait(for: "no numbers yet")
    try terminal.press("C-s")
    try terminal.wait(for: "saved")
    // The file has other weights now; those that it had are still at hand.
    try terminal.type("u")
    try terminal.wait(for: "Weights from the file")
    try terminal.press("Tab")
    try terminal.wait(for: "▸ kernel")
    try terminal.press("Enter")
    #expect(try cursorLine(terminal) == before)
    try terminal.press("Escape")
    let saved = try Command("summary", scratch.path + "/m.keras")
    #expect(saved.output.contains("(32, 128, 6)"))
  }
}

import Screen
import TerminalProbe
import Testing

/// The Run screen in a real terminal, as a person uses it.
@Suite(.serialized) struct RunInTerminal {
  private func open(
    _ arguments: String, environment: [String: String] = [:],
    size: Size = Size(width: 100, height: 30)
  ) throws -> Tmux {
    var variables = ["TERM": "screen-256color"]
    variables.merge(environment) { $1 }
    return try Tmux(
      "exec '\(try Executable.unroll())' \(arguments)", environment: variables, size: size)
  }

  /// The columns of timesteps of the lane whose row begins with `title`.
  private func lane(_ title: String, _ screen: String) -> [Character] {
    let row = screen.split(separator: "\n").first { $0.dropFirst().hasPrefix(title) } ?? ""
    return Array(row.dropFirst(14).prefix(64))
  }

  /// Where a lane is filled.
  private func filled(_ title: String, _ screen: String) -> [Int] {
    let lane = lane(title, screen)
    return lane.indices.filter { lane[$0] != "·" }
  }

  /// The number behind a word on the screen, with four decimals.
  private func number(_ word: String, _ screen: String) throws -> String {
    let start = try #require(screen.firstRange(of: word)?.upperBound)
    let rest = screen[start...].drop { $0 == " " }
    return String(rest.prefix { "−.0123456789".contains($0) }).replacing("−", with: "-")
  }

  @Test func bothDirectionsStartAtTheEndsAndTheOutputFillsFromTheMiddle() throws {
    let terminal = try open("'\(Samples.path("bidirectional.py"))'")
    try terminal.wait(for: "Total 28,800")
    try terminal.type("2")
    var screen = try terminal.wait(for: "s = 0 of 0…127")
    #expect(filled("forward  →", screen) == [0])
    #expect(filled("backward ←", screen) == [63])
    #expect(filled("output y →", screen).isEmpty && filled("output y ←", screen).isEmpty)
    #expect(screen.contains("[0]") && screen.contains("[127]"))
    try terminal.press("Right")
    try terminal.wait(for: "s = 1 of 0…127")
    try terminal.type(":goto 64")
    try terminal.press("Enter")
    screen = try terminal.wait(for: "s = 64 of 0…127")
    #expect(filled("output y →", screen) == [31, 32])
    #expect(filled("output y ←", screen) == [31, 32])
    try terminal.press("Home")
    try terminal.wait(for: "s = 0 of 0…127")
    try terminal.press("Space")
    try terminal.wait(for: "▶ 4 steps/s")
    try terminal.wait(for: "some timesteps") { $0.contains("s = 3 of") }
    try terminal.press("Space")
    try terminal.wait(for: "‖ 4 steps/s")
    try terminal.press("End")
    screen = try terminal.wait(for: "■ end")
    #expect(filled("output y →", screen).count == 64)
    try terminal.type("q")
  }

  @Test func theInspectorShowsTheNumbersOfTheTrace() throws {
    let file = Samples.path("bidirectional.py")
    let table = try Command("trace", file, "--unit", "12")
    #expect(table.status == 0, "\(table.errors)")
    let sections = table.output.split(separator: "\n").split { $0.hasPrefix("← ") }
    let terminal = try open("'\(file)'")
    try terminal.wait(for: "Total 28,800")
    try terminal.type("2")
    try terminal.wait(for: "s = 0 of 0…127")
    try terminal.press("PageDown")
    try terminal.type("jj:goto 7")
    try terminal.press("Enter")
    for (section, arrow) in zip(sections, ["forward", "backward"]) {
      let t = arrow == "forward" ? 7 : 120
      let screen = try terminal.wait(for: "\(arrow) · t = \(t) · unit 12")
      let line = try #require(
        section.first { $0.split(separator: " ").first.map(String.init) == "\(t)" })
      let numbers = line.split(separator: " ").dropFirst().map(String.init)
      let shown = try [
        "input gate   i", "forget gate  f", "candidate    g", "output gate  o",
      ].map { try number($0, screen) }
      #expect(shown == Array(numbers.prefix(4)))
      for (name, value) in zip(["│ c = ", "│ h = "], numbers.suffix(2)) {
        let row = try #require(screen.split(separator: "\n").first { $0.hasPrefix(name) })
        let last = row.split(separator: " ").dropLast().last.map(String.init) ?? ""
        #expect(last.replacing("−", with: "-") == value)
      }
      try terminal.press("Tab")
    }
  }

  @Test func aFreeLengthIsAskedFor() throws {
    let terminal = try open("'\(Samples.path("two_towers.py"))'")
    try terminal.wait(for: "Total 39,313")
    try terminal.press("Space")
    try terminal.wait(for: "how long is the free axis?")
    try terminal.press("BSpace", "BSpace")
    try terminal.type("7")
    try terminal.press("Enter")
    // The convolution looks at two words at a time: six timesteps are left, and play.
    try terminal.wait(for: "■ end    s = 5 of 0…5")
    try terminal.press("Escape")
    try terminal.wait(for: "Total 39,313")
  }

  @Test func filesAreReadAndBadOnesSayWhatIsWrong() throws {
    let scratch = try Scratch()
    let model = try scratch.file(
      "m.py",
      """
      from keras import Input, Sequential, layers
      m = Sequential([Input((None, 2)), layers.Bidirectional(layers.GRU(4))])
      """)
    let table = try scratch.file("x.csv", "0.5,1\n-0.25,0\n0,0.125\n")
    let ragged = try scratch.file("ragged.csv", "1,2\n3\n")
    let terminal = try open("'\(model)'")
    try terminal.wait(for: "bidirectional")
    try terminal.type(":input \(table)")
    try terminal.press("Enter")
    try terminal.type("2")
    try terminal.wait(for: "s = 0 of 0…2")
    #expect(try terminal.screen().contains("update gate"))
    try terminal.type(":input \(ragged)")
    try terminal.press("Enter")
    try terminal.wait(for: "cannot be run")
    #expect(try terminal.screen().contains("ragged.csv"))
    try terminal.type(":input \(table)")
    try terminal.press("Enter")
    try terminal.wait(for: "s = 0 of 0…2")
  }

  @Test func aTerminalWithoutColoursAndUnicodeShowsTheSame() throws {
    let terminal = try open(
      "'\(Samples.path("bidirectional.py"))'", environment: ["LC_ALL": "C", "NO_COLOR": "1"])
    try terminal.wait(for: "Total 28,800")
    try terminal.type("2")
    let screen = try terminal.wait(for: "s = 0 of 0~127")
    #expect(!screen.unicodeScalars.contains { !$0.isASCII })
    #expect(screen.contains("forward  >   >..."))
    #expect(screen.contains("...<"))
  }
}

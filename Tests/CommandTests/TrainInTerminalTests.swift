import Screen
import TerminalProbe
import Testing

/// The Train screen in a real terminal, as a person uses it.
@Suite(.serialized) struct TrainInTerminal {
  private func open(
    _ arguments: String, environment: [String: String] = [:],
    size: Size = Size(width: 100, height: 30)
  ) throws -> Tmux {
    var variables = ["TERM": "screen-256color"]
    variables.merge(environment) { $1 }
    return try Tmux(
      "exec '\(try Executable.unroll())' \(arguments)", environment: variables, size: size)
  }

  private let tagger = """
    from keras import Input, Sequential, layers
    m = Sequential([Input((None, 3)), layers.LSTM(3, return_sequences=True)])
    """

  @Test func aTaskIsTrainedPausedAndStopped() throws {
    let scratch = try Scratch()
    let terminal = try open("'\(try scratch.file("m.py", tagger))'")
    try terminal.wait(for: "lstm")
    try terminal.type("3")
    try terminal.wait(for: "tag by the next element")
    try terminal.wait(for: "space starts: 20 epochs")
    // More than it gets done before it is stopped.
    try terminal.type(":set epochs 1000000")
    try terminal.press("Enter")
    try terminal.wait(for: "space starts: 1,000,000 epochs")
    try terminal.type(".")
    try terminal.wait(for: "batch 1/32")
    try terminal.wait(for: "‖ paused")
    try terminal.type(" ")
    try terminal.wait(for: "▶ training")
    try terminal.wait(for: "|∂loss/∂h(t)|")
    try terminal.type("x")
    try terminal.wait(for: "■ stopped")
    try terminal.wait(for: "the model has the ")
    // The Run screen has the trained weights, and the program ends at once.
    try terminal.type("2")
    try terminal.wait(for: "how many timesteps?")
    try terminal.press("Escape")
    try terminal.type("q")
  }

  @Test func twoModelsAreComparedOnTheSameData() throws {
    let scratch = try Scratch()
    let terminal = try open("'\(try scratch.file("m.py", tagger))'")
    try terminal.wait(for: "lstm")
    try terminal.type("3c:set epochs 1")
    try terminal.press("Enter")
    try terminal.wait(for: "space starts: 1 epoch")
    try terminal.type(" ")
    try terminal.wait(for: "✓ done")
    let screen = try terminal.wait(for: "after 1 epoch")
    #expect(screen.contains("A LSTM · B Bidirectional"))
    #expect(screen.contains("val_accuracy: LSTM 0."))
    try terminal.type("q")
  }

  @Test func filesAreTrainedOnAndBadOnesSayWhatIsWrong() throws {
    let scratch = try Scratch()
    let model = try scratch.file(
      "m.py",
      """
      from keras import Input, Sequential, layers
      m = Sequential([Input((2,)), layers.Dense(1)])
      """)
    let x = try scratch.file("x.csv", "0,1\n1,0\n1,1\n0,0\n")
    let y = try scratch.file("y.csv", "1\n1\n2\n0\n")
    let short = try scratch.file("short.csv", "1\n1\n")
    let terminal = try open("'\(model)'")
    try terminal.wait(for: "dense")
    try terminal.type("3:data \(x) -> \(short)")
    try terminal.press("Enter")
    try terminal.wait(for: "This cannot be trained")
    #expect(try terminal.screen().contains("short.csv"))
    try terminal.type(":data \(x) -> \(y)")
    try terminal.press("Enter")
    try terminal.wait(for: "space starts")
    try terminal.type(" ")
    try terminal.wait(for: "✓ done")
    try terminal.type("q")
  }

  @Test func aTerminalWithoutColoursAndUnicodeShowsTheSame() throws {
    let scratch = try Scratch()
    let terminal = try open(
      "'\(try scratch.file("m.py", tagger))'", environment: ["LC_ALL": "C", "NO_COLOR": "1"])
    try terminal.wait(for: "lstm")
    try terminal.type("3")
    try terminal.wait(for: "space starts: 20 epochs")
    try terminal.type(".")
    let screen = try terminal.wait(for: "batch 1/32")
    #expect(!screen.unicodeScalars.contains { !$0.isASCII })
    try terminal.type("q")
  }
}

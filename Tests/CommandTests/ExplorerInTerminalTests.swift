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

/// The explorer in a real terminal, as a person uses it.
@Suite(.serialized) struct ExplorerInTerminal {
  private func open(
    _ arguments: String, environment: [String: String] = [:],
    size: Size = Size(width: 100, height: 30)
  ) throws -> Tmux {
    var variables = ["TERM": "screen-256color"]
    variables.merge(environment) { $1 }
    return try Tmux(
      "exec '\(try Executable.unroll())' \(arguments)", environment: variables, size: size)
  }

  @Test func theFirstQuestionIsAnsweredInUnderAMinute() throws {
    let scratch = try Scratch()
    let terminal = try open("'\(Samples.path("bidirectional.py"))'")
    // The question is answered as soon as the file is open.
    try terminal.wait(for: "Total 28,800")
    try terminal.wait(for: "Why 100 features?")
    try terminal.type("/bidirectional")
    try terminal.press("Enter")
    try terminal.wait(for: "1 of 4 layers match")
    try terminal.type("b")
    try terminal.wait(for: "Total 14,400")
    #expect(try terminal.screen().contains("14,200"))
    try terminal.type("u")
    try terminal.wait(for: "Total 28,800")
    try terminal.type("m")
    try terminal.wait(for: "Total 28,600")
    #expect(try terminal.screen().contains("(32, 128, 50)"))
    try terminal.type("ur")
    try terminal.wait(for: "(32, 100)")
    try terminal.type(":w \(scratch.path)/x.json")
    try terminal.press("Enter")
    try terminal.wait(for: "saved")
    let saved = try Command("summary", scratch.path + "/x.json")
    #expect(saved.output.contains("(32, 100)"))
    #expect(saved.output.contains("28,800"))
    try terminal.type(":w \(scratch.path)/x.py")
    try terminal.press("Enter")
    try terminal.wait(for: "x.py")
    try terminal.type("q")
  }

  @Test func savingAScriptKeepsWhatElseStoodInIt() throws {
    let scratch = try Scratch()
    let script = """
      # A comment that a model does not have.
      from keras import Sequential, layers
      model = Sequential([layers.Input((8, 4)), layers.LSTM(5)])
      model.compile(loss='mse')
      """
    let file = try scratch.file("mine.py", script)
    let terminal = try open("'\(file)'")
    try terminal.wait(for: "lstm")
    try terminal.type("r")
    try terminal.wait(for: "●")
    try terminal.press("C-s")
    try terminal.wait(for: "saved")
    try terminal.wait(for: "no ●") { !$0.contains("●") }
    #expect(try scratch.read("mine.py").contains("return_sequences=True"))
    #expect(try scratch.read("mine.py~") == script)
  }

  @Test func aFileThatSomeoneElseChangedIsNotOverwrittenSilently() throws {
    let scratch = try Scratch()
    let terminal = try open("")
    try terminal.wait(for: "First steps")
    try terminal.type(":w \(scratch.path)/m.json")
    try terminal.press("Enter")
    try terminal.wait(for: "saved")
    _ = try scratch.file("m.json", "somebody else's")
    try terminal.type(":set features 4")
    try terminal.press("Enter")
    try terminal.press("C-s")
    try terminal.wait(for: "changed by someone else")
    #expect(try scratch.read("m.json") == "somebody else's")
    try terminal.press("Escape")
    try terminal.wait(for: "not saved")
    try terminal.press("C-s")
    try terminal.wait(for: "replace it?")
    try terminal.type("y")
    try terminal.wait(for: "saved")
    #expect(try scratch.read("m.json").contains("Sequential"))
  }

  @Test func badInputInTheExplorerIsAStatusLineAndNothingIsLost() throws {
    let scratch = try Scratch()
    let bad = try scratch.file("bad.py", "from keras.layers import LSTM\nLSTM(untis=4)\n")
    let terminal = try open("'\(Samples.path("unidirectional.py"))'")
    try terminal.wait(for: "Total 14,400")
    try terminal.type(":e \(bad)")
    try terminal.press("Enter")
    try terminal.wait(for: "bad.py:2:")
    #expect(try terminal.screen().contains("Total 14,400"))
    try terminal.type(":e \(Samples.path("sentiment.py"))")
    try terminal.press("Enter")
    try terminal.wait(for: "Total 1,304,897")
  }

  @Test func aCLocaleShowsBordersAndArrowsInASCII() throws {
    let terminal = try open(
      "'\(Samples.path("bidirectional.py"))'", environment: ["LC_ALL": "C"])
    let screen = try terminal.wait(for: "Total 28,800")
    #expect(!screen.unicodeScalars.contains { !$0.isASCII })
    #expect(screen.contains("50> 50<"))
    #expect(screen.contains("+ Stack -"))
  }

  @Test func aLargerWindowIsUsedAndATinyOneAsksForMore() throws {
    let terminal = try open("'\(Samples.path("two_towers.py"))'")
    try terminal.wait(for: "Total 39,313")
    try terminal.resize(to: Size(width: 160, height: 50))
    try terminal.wait(for: "two towers side by side") { screen in
      screen.split(separator: "\n").contains { $0.contains("● lstm ") && $0.contains("● lstm_1") }
    }
    try terminal.resize(to: Size(width: 40, height: 10))
    try terminal.wait(for: "unroll needs 60×16")
    try terminal.resize(to: Size(width: 80, height: 24))
    try terminal.wait(for: "Total 39,313")
  }

  @Test func idleCostsNoBytesAndNoTime() throws {
    let terminal = try PseudoTerminal(
      Executable.unroll(), [Samples.path("bidirectional.py")], size: Size(width: 100, height: 30))
    try terminal.wait(for: "Total")
    let before = try processorTicks(of: terminal.process)
    terminal.forget()
    terminal.receive(within: 1_500)
    #expect(terminal.output.isEmpty)
    #expect(try processorTicks(of: terminal.process) - before <= 1)
  }

  /// Hundredths of a second of processor time that a process has used.
  private func processorTicks(of process: pid_t) throws -> Int {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 4096)
    fgets(&buffer, Int32(buffer.count), file)
    let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    return (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)
  }
}

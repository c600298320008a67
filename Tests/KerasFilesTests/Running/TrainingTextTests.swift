import KerasFiles
import Neural
import Testing

/// The texts of a training: bars, histories, tables.
@Suite struct TrainingTextTests {
  private let start = ContinuousClock.now

  @Test func aBarOnATerminalIsWrittenOverAsKerasDoes() {
    var bar = ProgressBar(steps: 20, isDynamic: true, now: start)
    let first = bar.text(1, results: ["loss": 0.7], isLast: false, now: start + .milliseconds(100))
    #expect(
      first == "\r\u{1b}[1m 1/20\u{1b}[0m \u{1b}[32m━\u{1b}[0m\u{1b}[37m"
        + String(repeating: "━", count: 19) + "\u{1b}[0m \u{1b}[1m1s\u{1b}[0m 100ms/step"
        + " - loss: 0.7000")
    #expect(
      bar.text(2, results: [:], isLast: false, now: start + .milliseconds(110)).isEmpty,
      "not more often than every 50 ms")
    let last = bar.text(20, results: ["loss": 1e-4], isLast: true, now: start + .seconds(2))
    #expect(last.hasSuffix("2s\u{1b}[0m 100ms/step - loss: 1.0000e-04\n"))
  }

  @Test func elsewhereOnlyTheLastStateIsWritten() {
    var bar = ProgressBar(steps: 3, isDynamic: false, now: start)
    #expect(bar.text(1, results: [:], isLast: false, now: start + .seconds(1)).isEmpty)
    let line = bar.text(3, results: ["loss": .nan], isLast: true, now: start + .seconds(121))
    #expect(line == "3/3 ━━━━━━━━━━━━━━━━━━━━ 121s 60s/step - loss: nan\n")
    #expect(
      bar.line(["loss": -0.5], now: start + .seconds(3))
        == "3/3 - 3s - 1s/step - loss: -5.0000e-01\n")
  }

  @Test func aHistoryIsANumberAnEpoch() {
    var history = History()
    history.epochs = [0, 1]
    history.values = ["loss": [0.5, 0.25], "val_loss": [1, .nan]]
    #expect(HistoryFile.text(history) == "{\"loss\": [0.5, 0.25], \"val_loss\": [1.0, NaN]}\n")
  }

  @Test func aTableHasKerasColumns() throws {
    let folder = try ScriptOutput.Folder()
    let path = try folder.file("log.csv", "")
    var table = try EpochTable(path: path)
    try table.add(epoch: 0, ["loss": 0.5, "accuracy": 1])
    try table.add(epoch: 1, ["loss": 0.25, "accuracy": 0])
    let text = String(decoding: try FileContents.read(path).bytes, as: UTF8.self)
    #expect(
      text == "epoch,accuracy,loss,val_accuracy,val_loss\r\n0,1.0,0.5,NA,NA\r\n"
        + "1,0.0,0.25,NA,NA\r\n")
  }
}

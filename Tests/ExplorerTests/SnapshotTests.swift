import Foundation
import Neural
import Testing

@testable import Explorer

/// Whole screens as text files in `Snapshots/`.
///
/// `UNROLL_RECORD=1 swift test --filter Snapshots` records them anew; read the difference before
/// committing it.
@Suite struct Snapshots {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots")

  struct Case: CustomStringConvertible, Sendable {
    let name: String
    let model: @Sendable () -> Model
    let keys: String
    /// What happens before the keys.
    var before: @Sendable (inout ExplorerProbe) -> Void = { _ in }
    var description: String { name }
  }

  static let cases: [Case] = [
    Case(name: "first-question", model: { bidirectionalModel() }, keys: "j"),
    Case(name: "two-towers", model: { twoTowersModel() }, keys: "jjj"),
    Case(name: "form", model: { bidirectionalModel() }, keys: "je6"),
    Case(name: "form-problem", model: { bidirectionalModel() }, keys: "je0"),
    Case(name: "picker", model: { bidirectionalModel() }, keys: "jacon"),
    Case(name: "help", model: { bidirectionalModel() }, keys: "?"),
    Case(name: "command", model: { bidirectionalModel() }, keys: "j:set me"),
    Case(name: "does-not-fit", model: { bidirectionalModel() }, keys: "jralstm<enter>"),
    Case(name: "empty", model: { State.emptyModel }, keys: ""),
    Case(name: "run", model: { bidirectionalModel() }, keys: "2:goto 64<enter>"),
    Case(name: "run-short", model: { shortModel() }, keys: "2lllllll"),
    Case(name: "run-last-states", model: { bidirectionalModel() }, keys: "2r<end><tab>"),
    Case(name: "run-length", model: { twoTowersModel() }, keys: "2"),
    Case(name: "run-problem", model: { bidirectionalModel() }, keys: "jralstm<enter>2"),
    Case(
      name: "train-ready", model: { taggingModel() }, keys: "",
      before: { $0.openTrain(added: ["dense: softmax over 4 classes"]) }),
    Case(
      name: "train-first-epoch", model: { taggingModel() }, keys: "",
      before: { $0.train(epochs: 0, batches: 9) }),
    Case(
      name: "train-later", model: { taggingModel() }, keys: "",
      before: { $0.train(epochs: 6, batches: 5) }),
    Case(
      name: "train-compare",
      model: { taggingModel(LSTM(units: 6, returnSequences: true)) }, keys: "",
      before: { $0.train(epochs: 10, comparing: true) }),
    Case(
      name: "train-nothing", model: { lineModel() }, keys: "3",
      before: { $0.state.train.source = nil }),
    Case(name: "train-help", model: { taggingModel() }, keys: "3?"),
    Case(
      name: "weights", model: { bidirectionalModel() }, keys: "",
      before: {
        $0.openMadeUpFile()
        $0.pressAndRead("<tab>j")
      }),
    Case(
      name: "weight-map", model: { bidirectionalModel() }, keys: "",
      before: {
        $0.openMadeUpFile()
        $0.pressAndRead("<tab><enter>jjllll")
      }),
    Case(
      name: "weight-map-numbers", model: { bidirectionalModel() }, keys: "",
      before: {
        $0.openMadeUpFile()
        $0.pressAndRead("<tab>G<enter>zzz<down><right>")
      }),
    Case(
      name: "weight-help", model: { bidirectionalModel() }, keys: "?",
      before: {
        $0.openMadeUpFile()
        $0.pressAndRead("<tab><enter>")
      }),
    Case(name: "run-help", model: { bidirectionalModel() }, keys: "2?"),
  ]

  @Test(arguments: cases, [[80, 24], [100, 30], [160, 50]])
  func screenIsAsRecorded(_ screen: Case, size: [Int]) throws {
    var probe = ExplorerProbe(
      screen.model(), path: "\(screen.name).py", size: (size[0], size[1]))
    screen.before(&probe)
    probe.press(screen.keys)
    let file = Self.folder.appending(path: "\(screen.name)-\(size[0])x\(size[1]).txt")
    if ProcessInfo.processInfo.environment["UNROLL_RECORD"] != nil {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try (probe.screen + "\n").write(to: file, atomically: true, encoding: .utf8)
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(probe.screen + "\n" == recorded)
  }
}

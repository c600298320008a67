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
    Case(name: "run-help", model: { bidirectionalModel() }, keys: "2?"),
  ]

  @Test(arguments: cases, [[80, 24], [100, 30], [160, 50]])
  func screenIsAsRecorded(_ screen: Case, size: [Int]) throws {
    var probe = ExplorerProbe(
      screen.model(), path: "\(screen.name).py", size: (size[0], size[1]))
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

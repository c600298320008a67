import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Files saved as every kind and opened again by real Keras (`verify_round_trips.py`).
///
/// `UNROLL_KERAS_PYTHON` names a Python that has Keras 3; else `python3` is asked.
@Suite struct RoundTripTests {
  private static let kinds = ["keras", "h5", "json", "py"]

  @Test(
    .enabled(
      if: KerasPython.path != nil,
      "no Python with Keras 3: name one in UNROLL_KERAS_PYTHON to check what is saved"))
  func everyFileSavedAsEveryKindOpensInKeras() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var list: [ConfigValue] = []
    var count = 0
    for original in try Self.files(unpackedIn: folder) {
      let name = original.deletingPathExtension().lastPathComponent
      var saved: [ConfigValue] = []
      for kind in Self.kinds {
        let path = folder.appendingPathComponent("\(name).\(kind)").path
        do {
          try await Self.save(original.path, as: path)
          saved.append(.string("\(name).\(kind)"))
          count += 1
        } catch {
          Issue.record("\(name).\(kind): \(error)")
        }
      }
      list.append([
        "name": .string(name), "original": .string(original.path), "files": .list(saved),
      ])
    }
    try Data(JSONWriter.write(.list(list), indent: nil).utf8).write(
      to: folder.appendingPathComponent("list.json"))
    let results = try await KerasPython.run("verify_round_trips.py", [folder.path])
    #expect(results.listValue?.count == count)
    for result in results.listValue ?? [] where result["ok"] != true {
      let file = result["file"]?.stringValue ?? ""
      Issue.record("\(file): \(result["error"]?.stringValue ?? "")")
    }
  }

  /// The `.keras` files beside these tests, and the `.h5` files of Keras 2 and 3.
  private static func files(unpackedIn folder: URL) throws -> [URL] {
    var files = try KerasFile.all().map { URL(fileURLWithPath: $0.path) }
    let unpacked = folder.appendingPathComponent("originals")
    try FileManager.default.createDirectory(at: unpacked, withIntermediateDirectories: true)
    for version in [2, 3] {
      let fixtures = try LegacyFixtures(keras: version)
      for name in fixtures.names where name != "weights_alone" {
        let file = unpacked.appendingPathComponent("legacy-\(name).h5")
        try Data(fixtures.bytes(name)).write(to: file)
        files.append(file)
      }
    }
    return files
  }

  private static func save(_ original: String, as path: String) async throws {
    let file = try await ModelFile.open(original)
    let entry = file.models[file.main]
    let contents = try entry.stored?.contents(of: entry.model) ?? ModelContents(entry.model)
    _ = try ModelFile.save(contents, to: path, knownAs: nil)
  }
}

/// A Python that has Keras 3.
enum KerasPython {
  /// The program; `nil` where there is none.
  static let path: String? = {
    let given = ProcessInfo.processInfo.environment["UNROLL_KERAS_PYTHON"]
    let program = given ?? "/usr/bin/env"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments =
      (given == nil ? ["python3"] : []) + [
        "-c", "import importlib.util as u, sys; sys.exit(u.find_spec('keras') is None)",
      ]
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    process.waitUntilExit()
    return process.terminationStatus == 0 ? program : nil
  }()

  /// Runs a script beside these tests and reads the JSON that it prints.
  static func run(_ script: String, _ arguments: [String]) async throws -> ConfigValue {
    let program = try #require(path)
    let file = Fixtures.folder.appendingPathComponent(script).path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = (program == "/usr/bin/env" ? ["python3"] : []) + [file] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSONReader.read([UInt8](bytes))
  }
}

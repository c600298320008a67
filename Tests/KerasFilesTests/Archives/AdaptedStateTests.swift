import Foundation
import Neural
import Testing

@testable import KerasFiles

/// What `adapt` gave to layers comes out of files and goes into every kind of file: models that
/// real Keras adapted (`make_adapted.py`).
@Suite struct AdaptedStateTests {
  /// A file, what goes in and what Keras gives.
  private struct Adapted {
    var name: String
    var path: String
    var input: Tensor
    var output: Tensor
  }

  private static func files() throws -> [Adapted] {
    let list = try Fixtures.json("adapted/adapted.json")["files"]?.listValue ?? []
    return try list.map { entry in
      let name = entry["name"]?.stringValue ?? ""
      func tensor(_ key: String) throws -> Tensor {
        try NumberArray(configValue: entry[key] ?? .null, kind: .value).tensor
      }
      return Adapted(
        name: name, path: Fixtures.folder.appendingPathComponent("adapted/\(name).keras").path,
        input: try tensor("input"), output: try tensor("output"))
    }
  }

  private func check(_ file: Adapted, opened path: String) async throws {
    let opened = try await ModelFile.open(path)
    let entry = opened.models[opened.main]
    let weights = try entry.stored?.loaded() ?? ModelWeights()
    let output = try entry.model.pass(on: [file.input], weights: weights).outputs[0]
    #expect(output.sizes == file.output.sizes, "\(path)")
    for (found, wanted) in zip(output.values, file.output.values) {
      #expect(abs(found - wanted) <= 1e-5 * (1 + abs(wanted)), "\(path)")
    }
  }

  @Test func filesOfAdaptedLayersGiveTheNumbersThatKerasGives() async throws {
    let files = try Self.files()
    #expect(files.count >= 7)
    for file in files { try await check(file, opened: file.path) }
  }

  /// The vocabulary of a layer of texts, which are not computed here.
  @Test func textsOfUnknownLayersAreInTheFileThatIsSaved() throws {
    let words: ConfigValue = ["vocabulary.txt": "the\ncat\n\u{E9}t\u{E9}\n", "more/b.txt": ""]
    var model = Model(name: "words", kind: .functional)
    let input = model.addInput(NamedLayer("text", InputLayer(batchShape: [nil, 1])))
    let lookup = NamedLayer(
      "string_lookup",
      OpaqueLayer(original: [
        "module": "keras.layers", "class_name": "StringLookup",
        "config": ["name": "string_lookup"], "registered_name": nil,
      ]),
      extra: [AdaptedState.unknownTexts: words])
    model.outputs = [TensorRef(model.call(model.addLayer(lookup), on: [input]))]
    for _ in 0..<2 {
      let bytes = try KerasArchive.write(ModelContents(model))
      model = try TemporaryFile.with(bytes, named: "model.keras") {
        try KerasArchive.read(OpenedFile($0)).model
      }
      let layer = model.layers.values.first { $0.name == "string_lookup" }
      #expect(layer?.extra[AdaptedState.unknownTexts]?["vocabulary.txt"] == words["vocabulary.txt"])
      #expect(layer?.extra[AdaptedState.unknownTexts]?["more/b.txt"] == "")
      #expect(!PythonWriter.script(for: model).contains("assets"))
    }
  }

  @Test(arguments: ["keras", "h5", "json", "py"])
  func everyKindOfFileKeepsWhatWasAdapted(suffix: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in try Self.files() {
      let opened = try await ModelFile.open(file.path)
      let path = folder.appendingPathComponent("\(file.name).\(suffix)").path
      _ = try ModelFile.save(opened.models[0].contents(), to: path, knownAs: nil)
      try await check(file, opened: path)
    }
  }

  @Test func aVocabularyStandsWhereKerasLooksForIt() async throws {
    for file in try Self.files() where file.name != "normalization" {
      let opened = try await ModelFile.open(file.path)
      let bytes = try KerasArchive.write(opened.models[0].contents())
      let saved = try TemporaryFile.with(bytes, named: "saved.keras") { try texts($0) }
      let original = try texts(file.path)
      #expect(saved == original, "\(file.name)")
    }
  }

  /// The texts of an archive by their names.
  private func texts(_ path: String) throws -> [String: [UInt8]] {
    let archive = try ZipReader(OpenedFile(path), remedy: "")
    var result: [String: [UInt8]] = [:]
    for listing in try archive.listings(where: AdaptedState.isAsset) {
      result[listing.name] = try archive.bytes(of: listing)
    }
    return result
  }

  @Test func aVocabularyThatIsNoneIsRefused() throws {
    var lookup = IntegerLookup()
    #expect(throws: SettingError.self) { try lookup.set("vocabulary", to: ["one", "two"]) }
    #expect(throws: SettingError.self) { try lookup.set("vocabulary", to: "words.txt") }
  }
}

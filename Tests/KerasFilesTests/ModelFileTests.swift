import Foundation
import Neural
import Testing

@testable import KerasFiles

@Suite final class ModelFileTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "unroll-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private var model: Model {
    Model(
      input: InputLayer(batchShape: [nil, 12, 4]),
      layers: [NamedLayer("lstm", LSTM(units: 8)), NamedLayer("dense", Dense())])
  }

  @Test(arguments: ["m.json", "m.py"])
  func whatIsSavedOpensAsTheSameModel(_ name: String) async throws {
    let path = folder + "/" + name
    _ = try ModelFile.save(ModelContents(model), to: path, knownAs: nil)
    let opened = try await ModelFile.open(path)
    #expect(opened.models.count == 1)
    let read = opened.models[opened.main].model
    #expect(KerasConfig.config(of: read) == KerasConfig.config(of: model))
    #expect(throws: FileError.self) {
      try ModelFile.save(ModelContents(self.model), to: path, knownAs: nil)
    }
    _ = try ModelFile.save(ModelContents(model), to: path, knownAs: opened.stamp)
  }

  @Test(arguments: ["m.hdf", "m", "m.txt"])
  func otherSuffixesAreRefusedWithWhatCanBeOpened(_ name: String) async throws {
    let path = folder + "/" + name
    try Data("x".utf8).write(to: URL(fileURLWithPath: path))
    let error = await #expect(throws: FileError.self) { try await ModelFile.open(path) }
    #expect(
      error?.message == "only .keras and .h5 models, .py scripts and .json configs can be opened")
    #expect(throws: FileError.self) {
      try ModelFile.save(ModelContents(self.model), to: path, knownAs: nil)
    }
  }
}

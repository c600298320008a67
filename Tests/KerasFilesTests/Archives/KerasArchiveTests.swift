import Foundation
import Neural
import Testing

@testable import KerasFiles

/// `.keras` files: what is written is read again, and what Keras wrote gives Keras' numbers.
@Suite struct KerasArchiveTests {
  @Test func everyModelComesBackWithItsWeights() throws {
    // With UNROLL_ARCHIVES=DIRECTORY the files stay, for `verify_archives.py`.
    let kept = ProcessInfo.processInfo.environment["UNROLL_ARCHIVES"]
    for number in try ModelNumbers(path: "model-numbers").models {
      let opened = try number.opened()
      let weights = try #require(opened.weights, "\(number.id)")
      let bytes = try KerasArchive.write(
        ModelContents(opened.model, weights: weights))
      if let kept { try Data(bytes).write(to: URL(fileURLWithPath: "\(kept)/\(number.id).keras")) }
      let (model, stored) = try TemporaryFile.with(bytes, named: "model.keras") {
        try KerasArchive.read(OpenedFile($0))
      }
      let read = try stored.loaded()
      let again = OpenedModel(number: number, model: model, analysis: Analysis(of: model))
      #expect(again.flat(read) == opened.flat(weights), "\(number.id)")
    }
  }

  @Test func aFileThatKerasWroteGivesItsNumbers() async throws {
    let folder = Fixtures.folder.appendingPathComponent("archives")
    let path = folder.appendingPathComponent("nested.keras").path
    let entry = try #require(try await ModelFile.open(path).models.first)
    let weights = try #require(try entry.stored?.loaded())
    let arrays = try ArrayFile.open(folder.appendingPathComponent("nested.npz").path)
    func array(_ name: String) throws -> Tensor {
      try #require(arrays.members.first { $0.name == name }?.tensor)
    }
    let pass = try entry.model.pass(on: [try array("x")], weights: weights)
    for (index, output) in pass.outputs.enumerated() {
      let expected = try array("y\(index)")
      #expect(output.sizes == expected.sizes)
      for (found, wanted) in zip(output.values, expected.values) {
        #expect(abs(found - wanted) < 1e-5)
      }
    }
  }

  @Test func aWeightOfAnotherSizeIsNamed() throws {
    let model = Model(
      input: InputLayer(batchShape: [nil, 3]), layers: [NamedLayer("dense", Dense())])
    var other = Dense()
    other.units = 5
    let larger = Model(
      input: InputLayer(batchShape: [nil, 3]), layers: [NamedLayer("dense", other)])
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let bytes = try WeightArchive.write(ModelContents(model, weights: weights))
    #expect(
      throws: HDF5.Failure(
        "dense: the weight layers/dense/vars/0 is (3, 32), expected (3, 5)")
    ) { try WeightArchive.stored(in: HDF5File(bytes), of: larger, path: "") }
  }

  @Test func whatIsNoArchiveIsSaidSo() {
    #expect(throws: FileError.self) {
      try TemporaryFile.with(Array("PK".utf8), named: "a.keras") {
        try KerasArchive.read(OpenedFile($0))
      }
    }
    #expect(throws: HDF5.Failure("is not an HDF5 file, or it is damaged")) {
      try WeightArchive.stored(
        in: HDF5File(Array("no HDF5".utf8)),
        of: Model(input: InputLayer(batchShape: [nil, 3]), layers: [NamedLayer("d", Dense())]),
        path: "")
    }
  }
}

extension OpenedModel {
  /// All weights in Keras' order.
  fileprivate func flat(_ weights: ModelWeights) -> [Tensor] {
    KerasOrder(model.kind == .functional ? model.withMaskOperations() : model).layers
      .flatMap { weights[$0].tensors }
  }
}

/// A file for a test, in a folder of its own that goes with it.
enum TemporaryFile {
  static func with<Result>(
    _ bytes: [UInt8], named name: String, _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return try body(file.path)
  }
}

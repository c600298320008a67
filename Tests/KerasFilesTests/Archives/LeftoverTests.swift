import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Arrays that are no weights of a layer known here: all of them are in the file that is saved.
@Suite struct LeftoverTests {
  private static let folder = Fixtures.folder.appendingPathComponent("leftovers")
  private static let kept = ProcessInfo.processInfo.environment["UNROLL_RESUMED"]

  private func entry(_ name: String) async throws -> ModelFile.Entry {
    let path = Self.folder.appendingPathComponent("\(name).keras").path
    return try #require(try await ModelFile.open(path).models.first)
  }

  @Test(
    arguments: [
      "unknown", "quantized", "bfloat16", "float16", "float64", "mixed_float16", "mixed_bfloat16",
    ])
  func everythingIsInTheFileThatIsSaved(name: String) async throws {
    let entry = try await entry(name)
    let stored = try #require(entry.stored)
    let bytes = try KerasArchive.write(entry.contents())
    if let kept = Self.kept {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(kept)/\(name).keras"))
    }
    let again = try TemporaryFile.with(bytes, named: "model.keras") {
      try KerasArchive.read(OpenedFile($0)).stored
    }
    #expect(again.index.arrays.keys.sorted() == stored.index.arrays.keys.sorted())
    #expect(again.index.groups.isSubset(of: stored.index.groups))
    let known = Set(stored.places.values.flatMap(\.paths))
    for path in stored.index.arrays.keys {
      let before = try stored.file.nativeArrays([path], stored.index)
      let after = try again.file.nativeArrays([path], again.index)
      if known.contains(path) {
        // Weights are computed with, and saved, in 32 bits.
        #expect(before.map(\.tensor) == after.map(\.tensor), "\(path)")
      } else {
        #expect(before == after, "\(path)")
      }
    }
  }

  @Test func aLayerOfAnUnknownClassKeepsItsArraysUnderItsPlace() async throws {
    let entry = try await entry("unknown")
    let contents = try entry.contents()
    let inner = contents.leftovers.filter { $0.place.inner.contains { $0.hasPrefix("heads") } }
    #expect(inner.count == 8)
    #expect(inner.allSatisfy { $0.path.hasSuffix("_dense/vars/0") || $0.path.hasSuffix("/vars/1") })
  }

  @Test func quantizedWeightsAreRefusedWhereTheyAreNeeded() async throws {
    let stored = try #require(try await entry("quantized").stored)
    #expect(stored.remarks.count == 2)
    #expect(stored.remarks.first?.hasSuffix("whole numbers, which are not run here") == true)
    #expect(throws: FileError.self) { try stored.loaded() }
    #expect(stored.layers.count == 1)
  }

  @Test func halvesOfFloatsAreRead() async throws {
    let stored = try #require(try await entry("bfloat16").stored)
    let path = "layers/dense/vars/0"
    #expect(stored.index.arrays[path]?.element == .bfloat)
    let native = try stored.file.nativeArrays([path], stored.index)
    let streamed = try stored.file.tensors([path], stored.index)
    #expect(native.map(\.tensor) == streamed)
    #expect(streamed[0].values.contains { $0 != 0 })
  }
}

import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Files that want to do harm, or are damaged: each ends as one clear line.
///
/// `hostile/` was made by `make_hostile_files.py`.
@Suite struct HostileFileTests {
  private static let folder = Fixtures.folder.appendingPathComponent("hostile")

  private static func names(_ prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".keras") }.sorted()
  }

  /// Opens a file, reads its weights and runs the model.
  private func run(_ path: String) async throws -> [Tensor] {
    let file = try await ModelFile.open(path)
    let entry = file.models[file.main]
    let weights = try #require(try entry.stored?.loaded(limit: MemoryLimit(bytes: 1 << 28)))
    let input = Tensor([1, 3]) { out in
      for index in out.indices { out[index] = Float(index) }
    }
    return try entry.model.pass(on: [input], weights: weights).outputs
  }

  @Test func goodFilesGiveTheirNumbers() async throws {
    for name in try Self.names("good") {
      let outputs = try await run(Self.folder.appendingPathComponent(name).path)
      // 0, 1, 2 times the kernel 0…5, and a bias of ones.
      #expect(outputs.map(\.values) == [[11, 14]], "\(name)")
    }
  }

  @Test(
    arguments: [
      ("hdf5-external-link", "is a link to another place, which is not followed"),
      ("hdf5-external-link-in-path", "is a link to another place, which is not followed"),
      ("hdf5-soft-link", "is a link to another place, which is not followed"),
      ("hdf5-soft-link-in-path", "is a link to another place, which is not followed"),
      ("hdf5-external-storage", "lies in another file, which is not opened"),
      ("hdf5-virtual", "lies in another file, which is not opened"),
      ("hdf5-huge", "says it holds more numbers than the file has bytes for"),
      ("hdf5-huge-chunks", "says it holds more numbers than the file has bytes for"),
      ("hdf5-texts", "holds no numbers"),
      ("hdf5-missing", "is missing"),
      ("hdf5-other-size", "is (3, 5), expected (3, 2)"),
      ("hdf5-cut", "is not an HDF5 file, or it is damaged"),
      ("zip-parent", "names lead to no other place"),
      ("zip-absolute", "names lead to no other place"),
      ("zip-twice", "two members of the name"),
      ("zip-encrypted", "is encrypted"),
      ("zip-bzip2", "packed in a way that is not known"),
      ("zip-overlap", "overlap"),
      ("zip-size", "more than its"),
      ("zip-checksum", "the checksum of the weights is wrong"),
      ("zip-no-config", "so it is no .keras file"),
      ("zip-no-weights", "has no model.weights.h5"),
      ("zip-bomb-config", "has a config of over"),
      ("config-deep", "nested more than"),
    ])
  func whatIsWrongIsSaid(name: String, words: String) async throws {
    let path = Self.folder.appendingPathComponent(name + ".keras").path
    let error = await #expect(throws: FileError.self) { try await run(path) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func everyOtherFileEndsAsOneLine() async throws {
    let names = try Self.names("hdf5") + Self.names("zip") + Self.names("config")
    #expect(names.count > 50)
    for name in names {
      let path = Self.folder.appendingPathComponent(name).path
      do {
        _ = try await run(path)
        Issue.record("\(name) was read")
      } catch {
        let line = "\(error)"
        #expect(!line.contains("\n") && !line.isEmpty, "\(name): \(line)")
      }
    }
  }

  /// A file that makes libhdf5 1.10.8 overrun its memory, and an index that says it is fine.
  @Test func aCrashOfTheLibraryIsAnError() throws {
    let bytes = try Data(contentsOf: Self.folder.appendingPathComponent("crashes-libhdf5.h5"))
    var index = HDF5Index()
    for (path, sizes) in [("layers/dense/vars/0", [3, 2]), ("layers/dense/vars/1", [2])] {
      index.arrays[path] = HDF5Index.Array(
        sizes: sizes, element: .float, elementBytes: 4, storedBytes: 24, isPacked: false,
        liesElsewhere: false, isUnwieldy: false)
    }
    let file = HDF5File([UInt8](bytes))
    #expect(throws: HDF5.Failure.self) {
      try file.tensors(["layers/dense/vars/0", "layers/dense/vars/1"], index)
    }
  }

  /// Flipped bytes and cut files, for each kind of file: an error or other numbers, never more.
  @Test(arguments: ["good.keras", "good-packed.keras", "good-latest.keras", "good-deflated.keras"])
  func mutatedFilesAreReadOrRefused(name: String) async throws {
    let good = try [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(name)))
    var random = SplitMix(state: 7)
    for _ in 0..<60 {
      var bytes = good
      for _ in 0..<(1 + random.next(below: 4)) {
        bytes[random.next(below: bytes.count)] = UInt8(random.next(below: 256))
      }
      if random.next(below: 6) == 0 { bytes.removeLast(random.next(below: bytes.count)) }
      try expectReadOrRefused(bytes)
    }
  }

  /// The HDF5 file itself: no checksum of an archive stands before it.
  @Test(arguments: ["good.keras", "good-packed.keras", "good-latest.keras"])
  func mutatedWeightsAreReadOrRefused(name: String) throws {
    let archive = try [UInt8](Data(contentsOf: Self.folder.appendingPathComponent(name)))
    let members = try ZipReader.members(of: archive, limit: .standard, remedy: "") {
      $0 == "model.weights.h5"
    }
    let good = try #require(members.first?.bytes)
    let model = Model(
      input: InputLayer(batchShape: [nil, 3]),
      layers: [
        NamedLayer(
          "dense",
          {
            var dense = Dense(); dense.units = 2; return dense
          }())
      ])
    var random = SplitMix(state: 11)
    var refused = 0
    for _ in 0..<150 {
      var bytes = good
      for _ in 0..<(1 + random.next(below: 6)) {
        bytes[random.next(below: bytes.count)] = UInt8(random.next(below: 256))
      }
      if random.next(below: 8) == 0 { bytes.removeLast(random.next(below: bytes.count)) }
      do {
        let file = HDF5File(bytes)
        let stored = try WeightArchive.stored(in: file, of: model, path: "w.weights.h5")
        _ = try stored.loaded()
      } catch {
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  private func expectReadOrRefused(_ bytes: [UInt8]) throws {
    try TemporaryFile.with(bytes, named: "m.keras") { path in
      do throws(FileError) {
        _ = try KerasArchive.read(OpenedFile(path)).stored.loaded(
          limit: MemoryLimit(bytes: 1 << 28))
      } catch {
        #expect(!error.description.contains("\n"))
      }
    }
  }
}

/// Random numbers that are the same each time.
private struct SplitMix {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int(truncatingIfNeeded: (z ^ (z >> 31)) % UInt64(max(bound, 1)))
  }
}

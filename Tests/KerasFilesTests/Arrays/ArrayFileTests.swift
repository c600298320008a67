import Foundation
import Neural
import Testing

@testable import KerasFiles

@Suite final class ArrayFileTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "unroll-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: ArrayFixtures.entries("archives"))
  func archivesOfNumPyAreRead(_ entry: ArrayFixtures.Entry) throws {
    let path = try file("x.npz", entry.bytes)
    let archive = try ArrayFile.open(path)
    #expect(archive.members.map(\.name) == entry.arrays.map(\.name))
    for (member, expected) in zip(archive.members, entry.arrays) {
      #expect(ArrayFixtures.equal(member.tensor, expected))
    }
    let one = try ArrayFile.open(path, member: "in/b")
    #expect(one.members.map(\.name) == ["in/b"])
    let error = try #require(throws: FileError.self) { try ArrayFile.open(path, member: "in/c") }
    #expect(error.description.contains("did you mean in/b?"), "\(error)")
  }

  @Test(arguments: ArrayFixtures.entries("bad_archives"))
  func badArchivesAreRefused(_ entry: ArrayFixtures.Entry) throws {
    let path = try file("x.npz", entry.bytes)
    let error = try #require(throws: FileError.self) {
      try ArrayFile.open(path, limit: MemoryLimit(bytes: 1 << 20))
    }
    #expect(error.description.hasPrefix(path + ": "))
    #expect(error.description.contains(entry.word), "\(error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.npz"])
  }

  @Test func noFlippedByteAndNoCutBreaksAnArchive() {
    for entry in ArrayFixtures.entries("archives") {
      for place in entry.bytes.indices {
        var changed = entry.bytes
        changed[place] ^= 0xFF
        _ = try? ArrayFile.archive(changed, "x.npz", limit: .standard)
        let start = Array(entry.bytes[..<place])
        #expect(throws: FileError.self) {
          try ArrayFile.archive(start, "x.npz", limit: .standard)
        }
      }
    }
  }

  @Test func archivesAreWrittenAndReadBack() throws {
    let arrays = [
      ("lstm/i", Tensor([2, 3], [1, 2, 3, 4, .nan, 6])), ("größe", Tensor([], [7])),
      ("none", Tensor([0, 3])),
    ].map { (name: $0.0, tensor: $0.1) }
    let path = folder + "/t.npz"
    try ArrayFile.save(arrays, to: path)
    let first = try FileContents.read(path, for: .array).bytes
    let read = try ArrayFile.open(path)
    #expect(read.members.map(\.name) == ["lstm/i", "größe", "none"])
    #expect(read.members.map(\.tensor.sizes) == [[2, 3], [], [0, 3]])
    #expect(read.members[0].tensor.values[4].isNaN)
    try ArrayFile.save(arrays, to: path)
    #expect(try FileContents.read(path, for: .array).bytes == first)
  }

  @Test func whatIsNoFileOfArraysSaysSo() throws {
    mkfifo(folder + "/pipe.npy", 0o600)
    try FileManager.default.createDirectory(
      atPath: folder + "/folder.npy", withIntermediateDirectories: true)
    for (name, word) in [
      ("missing.npy", "no such file"), ("pipe.npy", "a pipe"), ("folder.npy", "a folder"),
      ("x.txt", ".npy, .npz or .csv"), ("", ".npy, .npz or .csv"),
    ] {
      let error = try #require(throws: FileError.self) { try ArrayFile.open(folder + "/" + name) }
      #expect(error.description.contains(word), "\(error)")
    }
    let large = try file("large.npy", [UInt8](repeating: 0, count: 3 << 20))
    let error = try #require(throws: FileError.self) {
      try ArrayFile.open(large, limit: MemoryLimit(bytes: 1 << 20))
    }
    #expect(error.description.contains("larger than 1 MB"), "\(error)")
  }

  @Test func aSaveThatFailsLeavesTheOldFile() throws {
    let path = folder + "/y.npy"
    try ArrayFile.save(Tensor([2], [1, 2]), to: path)
    #expect(throws: FileError.self) {
      try ArrayFile.save(Tensor([1], [3]), to: folder + "/none/y.npy")
    }
    try FileManager.default.createDirectory(
      atPath: folder + "/z.npz", withIntermediateDirectories: true)
    #expect(throws: FileError.self) {
      try ArrayFile.save([(name: "a", tensor: Tensor([1]))], to: folder + "/z.npz")
    }
    #expect(try ArrayFile.open(path).members[0].tensor == Tensor([2], [1, 2]))
  }
}

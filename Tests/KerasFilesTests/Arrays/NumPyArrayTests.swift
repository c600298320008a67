import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Files that NumPy wrote, as `make_arrays.py` recorded them.
enum ArrayFixtures {
  struct Entry: CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: [UInt8]
    var shape: [Int]
    /// The numbers; NaN where the fixture has none.
    var values: [Double]
    /// A word of the message that refuses it.
    var word: String
    var arrays: [Entry]
    var testDescription: String { name }

    init(_ value: ConfigValue) {
      name = value["name"]?.stringValue ?? ""
      let digits = Array((value["hex"]?.stringValue ?? "").utf8)
      bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
      }
      shape = value["shape"]?.listValue?.compactMap(\.intValue) ?? []
      values = value["values"]?.listValue?.map { $0.doubleValue ?? .nan } ?? []
      word = value["words"]?.stringValue ?? ""
      arrays = value["arrays"]?.listValue?.map { Entry($0) } ?? []
    }
  }

  static func entries(_ key: String) -> [Entry] {
    let all = try? Fixtures.json("arrays.json")
    return all?[key]?.listValue?.map { Entry($0) } ?? []
  }

  static func equal(_ tensor: Tensor, _ entry: Entry) -> Bool {
    tensor.sizes == entry.shape && tensor.count == entry.values.count
      && zip(tensor.values, entry.values).allSatisfy { $1.isNaN ? $0.isNaN : $0 == Float($1) }
  }
}

@Suite struct NumPyArrayTests {
  @Test(arguments: ArrayFixtures.entries("good"))
  func whatNumPyWritesIsRead(_ entry: ArrayFixtures.Entry) throws {
    let tensor = try NumPyArray.read(entry.bytes, limit: .standard)
    #expect(ArrayFixtures.equal(tensor, entry), "\(tensor)")
  }

  @Test func thereAreFixtures() {
    #expect(ArrayFixtures.entries("good").count >= 30)
    #expect(ArrayFixtures.entries("bad").count >= 20)
  }

  @Test(arguments: ArrayFixtures.entries("bad"))
  func whatHoldsNoNumbersIsRefused(_ entry: ArrayFixtures.Entry) throws {
    let fault = try #require(throws: ArrayFault.self) {
      try NumPyArray.read(entry.bytes, limit: .standard)
    }
    #expect(fault.message.contains(entry.word) || fault.remedy.contains(entry.word), "\(fault)")
    #expect(!fault.message.contains("\n"))
  }

  @Test(arguments: [[], [3], [2, 3], [1, 128, 20], [0, 4], [1, 1, 1, 1, 1, 1, 1, 1, 1, 2]])
  func whatIsWrittenIsReadBack(_ sizes: [Int]) throws {
    let tensor = Tensor(sizes, (0..<sizes.reduce(1, *)).map { Float($0) / 7 - 1 })
    let bytes = NumPyArray.write(tensor)
    #expect(try NumPyArray.read(bytes, limit: .standard) == tensor)
    #expect(try NumPyHeader(bytes).length % 64 == 0)
  }

  @Test func theHeaderIsTheOneThatNumPyWrites() throws {
    let entry = try #require(ArrayFixtures.entries("good").first { $0.name == "<f4" })
    let tensor = Tensor(entry.shape, entry.values.map(Float.init))
    let header = try NumPyHeader(entry.bytes)
    // NumPy leaves room for the first axis to grow; the numbers and the dictionary are the same.
    #expect(try NumPyHeader(NumPyArray.write(tensor)).sizes == header.sizes)
    #expect(NumPyArray.write(tensor).suffix(24) == entry.bytes.suffix(24))
  }

  @Test func moreThanTheMemoryAllowedIsRefusedWithItsBytes() throws {
    let bytes = NumPyArray.write(Tensor([1000]))
    let fault = try #require(throws: ArrayFault.self) {
      try NumPyArray.read(bytes, limit: MemoryLimit(bytes: 4000))
    }
    #expect(fault.message.contains("8,128 bytes"), "\(fault)")
  }

  @Test func noFlippedByteAndNoCutBreaksTheReader() throws {
    let good = ArrayFixtures.entries("good")
    for name in ["fortran-big", "version-3"] {
      let bytes = try #require(good.first { $0.name == name }).bytes
      for place in bytes.indices {
        for flip: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
          var changed = bytes
          changed[place] ^= flip
          _ = try? NumPyArray.read(changed, limit: .standard)
        }
        #expect(throws: ArrayFault.self) {
          try NumPyArray.read(Array(bytes[..<place]), limit: .standard)
        }
      }
    }
  }
}

import Foundation
import Neural
import Testing

@testable import KerasFiles

/// `.h5` files that `make_legacy_models.py` made, and the numbers that belong to them.
struct LegacyFixtures {
  private var files: [String: [UInt8]] = [:]
  private let numbers: ArrayFile

  /// The files that this version of Keras wrote: 2 or 3.
  init(keras version: Int) throws {
    let path = Fixtures.folder.appendingPathComponent("legacy-\(version).zip").path
    let archive = try ZipReader(OpenedFile(path), remedy: "")
    for member in try archive.listings(where: { _ in true }) {
      files[member.name] = try archive.bytes(of: member)
    }
    let bytes = try #require(files["numbers.npz"])
    numbers = try TemporaryFile.with(bytes, named: "numbers.npz") { try ArrayFile.open($0) }
  }

  /// The models for which there are outputs.
  var names: [String] {
    files.keys.compactMap { name in
      guard name.hasSuffix(".h5") else { return nil }
      let name = String(name.dropLast(3))
      return numbers.members.contains { $0.name == "\(name).y0" } ? name : nil
    }.sorted()
  }

  /// The bytes of a file.
  func bytes(_ name: String) throws -> [UInt8] { try #require(files["\(name).h5"]) }

  /// The arrays `NAME.KIND0`, `NAME.KIND1`, and so on.
  func arrays(_ name: String, _ kind: String) throws -> [Tensor] {
    var result: [Tensor] = []
    while let member = numbers.members.first(where: { $0.name == "\(name).\(kind)\(result.count)" })
    {
      result.append(try #require(member.tensor))
    }
    return result
  }

  /// An array.
  func array(_ name: String, _ kind: String) throws -> Tensor {
    try #require(numbers.members.first { $0.name == "\(name).\(kind)" }?.tensor)
  }

  /// The model of a file, and its weights.
  func opened(_ name: String) throws -> (model: Model, stored: StoredWeights) {
    try Self.opened(try bytes(name))
  }

  static func opened(_ bytes: [UInt8]) throws -> (model: Model, stored: StoredWeights) {
    try TemporaryFile.with(bytes, named: "model.h5") { try LegacyArchive.read(OpenedFile($0)) }
  }
}

extension Tensor {
  /// How far numbers are apart at most, relative to 1 + |x|; infinite where the sizes differ.
  func distance(to other: Tensor) -> Float {
    guard sizes == other.sizes else { return .infinity }
    let apart = zip(values, other.values).map { abs($0 - $1) / (1 + abs($1)) }
    return apart.contains(where: \.isNaN) ? .infinity : apart.max() ?? 0
  }
}

@testable import KerasFiles

/// Keeps the bytes in memory.
final class MemorySink: ByteSink {
  private(set) var bytes: [UInt8] = []
  private var position = 0

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    let end = position + bytes.count
    if end > self.bytes.count {
      self.bytes += repeatElement(0, count: end - self.bytes.count)
    }
    self.bytes.withUnsafeMutableBytes { all in
      UnsafeMutableRawBufferPointer(rebasing: all[position..<end]).copyMemory(from: bytes)
    }
    position = end
  }

  func seek(to position: Int) throws {
    guard (0...bytes.count).contains(position) else { throw SystemFault.invalid }
    self.position = position
  }
}

/// Files written into memory, for tests that look at their bytes.
private func written(_ write: (any ByteSink) throws -> Void) rethrows -> [UInt8] {
  let sink = MemorySink()
  try write(sink)
  return sink.bytes
}

extension KerasArchive {
  static func write(_ contents: ModelContents) throws -> [UInt8] {
    try written { try write(contents, to: $0) }
  }
}

extension LegacyArchive {
  static func write(_ contents: ModelContents) throws -> [UInt8] {
    try written { try write(contents, to: $0) }
  }
}

extension WeightArchive {
  static func write(_ contents: ModelContents) throws -> [UInt8] {
    try HDF5Writer.file(items(contents))
  }
}

extension HDF5Writer {
  static func file(_ items: [Item]) throws -> [UInt8] {
    try written { sink in try file(items) { try sink.write($0) } }
  }
}

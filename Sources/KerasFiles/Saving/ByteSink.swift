/// Where the bytes of a file go as they are made, so that a file is never whole in memory.
protocol ByteSink: AnyObject {
  /// Writes bytes at the position, which moves behind them.
  ///
  /// - Throws: what keeps them from being kept.
  func write(_ bytes: UnsafeRawBufferPointer) throws

  /// Moves to a position counted from the start: a header is mended when the rest is there.
  func seek(to position: Int) throws
}

extension ByteSink {
  /// Writes bytes that are there already.
  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
}

/// Writes the bytes to an open file.
final class FileSink: ByteSink {
  private let calls: FileCalls
  private let descriptor: Int32

  init(_ descriptor: Int32, _ calls: FileCalls) {
    self.descriptor = descriptor
    self.calls = calls
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try calls.again {
        try calls.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
      }
      guard count > 0 else { throw SystemFault.inputOutput }
      rest = rest.dropFirst(count)
    }
  }

  func seek(to position: Int) throws { try calls.seek(descriptor, position) }
}

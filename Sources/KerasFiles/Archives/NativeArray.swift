import Neural

extension NativeArray {
  /// 32-bit floats as an array.
  init(_ tensor: Tensor) {
    self.init(
      sizes: tensor.sizes, element: .float, elementBytes: 4,
      bytes: tensor.values.withUnsafeBytes { Array($0) })
  }

  /// One whole number, in the 32 bits of Keras' counters; one that needs more takes 64.
  init(count: Int) {
    let bytes = Int32(exactly: count).map { number in withUnsafeBytes(of: number) { Array($0) } }
    self.init(
      sizes: [], element: .integer(isSigned: true), elementBytes: bytes == nil ? 8 : 4,
      bytes: bytes ?? withUnsafeBytes(of: Int64(count)) { Array($0) })
  }

  /// Whether the elements are whole numbers.
  var isInteger: Bool {
    if case .integer = element { return true }
    return false
  }

  /// The one whole number that it holds; `nil` where it holds something else.
  var count: Int? {
    guard case .integer(let isSigned) = element, bytes.count == elementBytes else { return nil }
    return bytes.withUnsafeBytes { bytes in
      switch (elementBytes, isSigned) {
      case (1, true): Int(bytes.loadUnaligned(as: Int8.self))
      case (2, true): Int(bytes.loadUnaligned(as: Int16.self))
      case (4, true): Int(bytes.loadUnaligned(as: Int32.self))
      case (8, true): Int(exactly: bytes.loadUnaligned(as: Int64.self))
      case (1, false): Int(bytes.loadUnaligned(as: UInt8.self))
      case (2, false): Int(bytes.loadUnaligned(as: UInt16.self))
      case (4, false): Int(bytes.loadUnaligned(as: UInt32.self))
      case (8, false): Int(exactly: bytes.loadUnaligned(as: UInt64.self))
      default: nil
      }
    }
  }

  /// The numbers as 32-bit floats, rounded where they do not fit; `nil` where they are of a kind
  /// or number that does not go together.
  var tensor: Tensor? {
    let count = sizes.reduce(1 as Int?) { count, size in count.flatMap { multiplied($0, size) } }
    guard let count, count >= 0, multiplied(count, elementBytes) == bytes.count else { return nil }
    switch (element, elementBytes) {
    case (.float, 2): return converted(UInt16.self) { Float(half: $0) }
    case (.float, 4): return converted(UInt32.self) { Float(bitPattern: $0) }
    case (.float, 8): return converted(UInt64.self) { Float(Double(bitPattern: $0)) }
    case (.bfloat, 2): return converted(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case (.boolean, 1): return converted(UInt8.self) { $0 == 0 ? 0 : 1 }
    case (.integer(isSigned: true), 1): return converted(Int8.self) { Float($0) }
    case (.integer(isSigned: true), 2): return converted(Int16.self) { Float($0) }
    case (.integer(isSigned: true), 4): return converted(Int32.self) { Float($0) }
    case (.integer(isSigned: true), 8): return converted(Int64.self) { Float($0) }
    case (.integer(isSigned: false), 1): return converted(UInt8.self) { Float($0) }
    case (.integer(isSigned: false), 2): return converted(UInt16.self) { Float($0) }
    case (.integer(isSigned: false), 4): return converted(UInt32.self) { Float($0) }
    case (.integer(isSigned: false), 8): return converted(UInt64.self) { Float($0) }
    default: return nil
    }
  }

  private func converted<Raw: BitwiseCopyable>(
    _ raw: Raw.Type, _ convert: (Raw) -> Float
  ) -> Tensor {
    Tensor(sizes) { out in
      bytes.withUnsafeBytes { bytes in
        for index in out.indices {
          out[index] = convert(
            bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Raw>.size, as: Raw.self))
        }
      }
    }
  }
}

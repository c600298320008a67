import Neural

/// NumPy's `.npy` format: one array.
enum NumPyArray {
  /// Reads an array of floats, integers or booleans.
  ///
  /// - Parameters:
  ///   - bytes: the file, whole.
  ///   - limit: how much memory the bytes and the tensor may take together.
  /// - Returns: the array.
  /// - Throws: `ArrayFault` where it is no such array, or its shape and its bytes disagree.
  static func read(_ bytes: [UInt8], limit: MemoryLimit) throws(ArrayFault) -> Tensor {
    let header = try NumPyHeader(bytes)
    let found = bytes.count - header.length
    let expected = header.count * header.type.size
    guard found == expected else { throw mismatch(header, found: found, expected: expected) }
    let copies = header.isFortranOrder && header.sizes.count > 1 ? 2 : 1
    let needed = Count(bytes.count) + Count(header.count) * 4 * Count(copies)
    guard needed <= Count(limit.bytes) else {
      throw .tooMuchMemory(needed, allowed: limit)
    }
    let stored = header.isFortranOrder ? Array(header.sizes.reversed()) : header.sizes
    let tensor = Tensor(stored) { out in
      bytes.withUnsafeBytes { raw in
        header.type.decode(UnsafeRawBufferPointer(rebasing: raw[header.length...]), into: out)
      }
    }
    guard copies == 2 else { return tensor.reshaped(header.sizes) }
    return tensor.transposed(Array(stored.indices.reversed()))
  }

  private static func mismatch(_ header: NumPyHeader, found: Int, expected: Int) -> ArrayFault {
    let shape = "its shape \(Shape(sizes: header.sizes)) takes \(expected.grouped) bytes"
    if found < expected {
      return ArrayFault(
        "is cut short: \(shape), \(found.grouped) are there",
        remedy: "copy it again, or write it anew with numpy.save(path, x)")
    }
    return ArrayFault(
      "goes on behind its array: \(shape), \(found.grouped) are there",
      remedy: "save each array in a file of its own, or several with numpy.savez")
  }

  /// The header for an array of 32-bit floats, little-endian, in C order: version 1.0.
  static func header(for sizes: [Int]) -> [UInt8] {
    let shape = sizes.count == 1 ? "\(sizes[0])," : sizes.map(String.init).joined(separator: ", ")
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
    // The numbers begin at a multiple of 64, so that they can be mapped into memory.
    let start = NumPyHeader.magic.count + 4
    let unpadded = start + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = text.utf8.count
    return NumPyHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)]
      + Array(text.utf8)
  }

  /// The bytes of a `.npy` file: 32-bit floats.
  static func write(_ tensor: Tensor) -> [UInt8] {
    let header = header(for: tensor.sizes)
    let count = header.count + 4 * tensor.count
    return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      write(tensor, header: header, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  /// Writes header and numbers into a buffer of the right size.
  static func write(
    _ tensor: Tensor, header: [UInt8], into buffer: UnsafeMutableRawBufferPointer
  ) {
    buffer.copyBytes(from: header)
    let body = UnsafeMutableRawBufferPointer(rebasing: buffer[header.count...])
    if 1.littleEndian == 1 {
      tensor.values.withUnsafeBytes { body.copyMemory(from: $0) }
    } else {
      for (index, value) in tensor.values.enumerated() {
        body.storeBytes(
          of: value.bitPattern.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
      }
    }
  }
}

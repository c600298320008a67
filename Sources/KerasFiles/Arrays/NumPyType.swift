/// The type of an array's numbers as NumPy writes it: `<f4`, `>i8`, `|b1`.
struct NumPyType: Hashable, Sendable {
  /// What the bytes of a number mean.
  enum Kind: Hashable, Sendable {
    case boolean, signed, unsigned, float
  }

  var kind: Kind
  /// Bytes that a number takes: 1, 2, 4 or 8.
  var size: Int
  var isBigEndian: Bool

  /// The type that a header's `descr` names.
  ///
  /// - Throws: `ArrayFault` where it is none of numbers: objects, text, records.
  init(_ description: HeaderLiteral) throws(ArrayFault) {
    guard case .text(let text) = description else {
      throw ArrayFault(
        "holds records with several fields, expected numbers of one type",
        remedy: "save one field alone: numpy.save(path, x['name'])")
    }
    var rest = Substring(text)
    let order = rest.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { rest.removeFirst() }
    let size = Int(rest.dropFirst())
    isBigEndian = order == ">"
    self.size = size ?? 0
    switch (rest.first, size) {
    case ("f", 2), ("f", 4), ("f", 8): kind = .float
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): kind = .signed
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8): kind = .unsigned
    case ("b", 1): kind = .boolean
    default: throw NumPyType.refused(rest, text)
    }
  }

  private static func refused(_ code: Substring, _ text: String) -> ArrayFault {
    let what =
      switch code.first {
      case "O": "Python objects, which cannot be read without executing what made them"
      case "S", "a", "U", "T": "text"
      case "c": "complex numbers"
      case "M", "m": "times"
      case "V": "raw bytes"
      case "f": "floats of a size that is not known here"
      default: "something that is not known here"
      }
    return ArrayFault(
      "holds \(what) (dtype \(text.prefix(20))), expected floats, integers or booleans",
      remedy: "in NumPy: numpy.save(path, x.astype('float32'))")
  }

  /// Turns the bytes of numbers into 32-bit floats.
  ///
  /// Larger numbers are rounded to the nearest float; `out` says how many numbers there are.
  func decode(_ bytes: UnsafeRawBufferPointer, into out: UnsafeMutableBufferPointer<Float>) {
    switch (kind, size) {
    case (.float, 2): fill(out, bytes, UInt16.self) { Float(half: $0) }
    case (.float, 4): fill(out, bytes, UInt32.self) { Float(bitPattern: $0) }
    case (.float, _): fill(out, bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
    case (.boolean, _): fill(out, bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    case (.unsigned, 1): fill(out, bytes, UInt8.self) { Float($0) }
    case (.unsigned, 2): fill(out, bytes, UInt16.self) { Float($0) }
    case (.unsigned, 4): fill(out, bytes, UInt32.self) { Float($0) }
    case (.unsigned, _): fill(out, bytes, UInt64.self) { Float($0) }
    case (.signed, 1): fill(out, bytes, Int8.self) { Float($0) }
    case (.signed, 2): fill(out, bytes, Int16.self) { Float($0) }
    case (.signed, 4): fill(out, bytes, Int32.self) { Float($0) }
    case (.signed, _): fill(out, bytes, Int64.self) { Float($0) }
    }
  }

  private func fill<Raw: FixedWidthInteger & BitwiseCopyable>(
    _ out: UnsafeMutableBufferPointer<Float>, _ bytes: UnsafeRawBufferPointer, _ raw: Raw.Type,
    _ convert: (Raw) -> Float
  ) {
    let width = MemoryLayout<Raw>.size
    for index in 0..<min(out.count, bytes.count / width) {
      let number = bytes.loadUnaligned(fromByteOffset: index * width, as: Raw.self)
      out[index] = convert(isBigEndian ? Raw(bigEndian: number) : Raw(littleEndian: number))
    }
  }
}

extension Float {
  /// The number of these 16 bits: IEEE 754 binary16, 1 sign, 5 exponent, 10 fraction bits.
  init(half bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      self = sign == 0 ? magnitude : -magnitude
    case 0x1F: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

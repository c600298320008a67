/// A Python literal as the headers of NumPy's arrays hold them.
indirect enum HeaderLiteral: Hashable, Sendable {
  case text(String)
  case integer(Int)
  case boolean(Bool)
  case none
  /// A tuple or a list.
  case sequence([HeaderLiteral])
  case dictionary([String: HeaderLiteral])
}

/// Reads the Python literal of a header.
///
/// Text, whole numbers, True, False, None, tuples, lists, and dictionaries with keys of text.
/// Nothing is evaluated.
struct HeaderLiteralReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  private static let depthLimit = 8

  /// Reads the one literal that makes up `bytes`, space around it not counted.
  ///
  /// - Throws: `ArrayFault` where it is no such literal.
  static func read(_ bytes: ArraySlice<UInt8>) throws(ArrayFault) -> HeaderLiteral {
    var reader = HeaderLiteralReader(bytes: bytes, position: bytes.startIndex)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.endIndex else { throw reader.fault("goes on behind its end") }
    return value
  }

  private init(bytes: ArraySlice<UInt8>, position: Int) {
    self.bytes = bytes
    self.position = position
  }

  private mutating func value(depth: Int) throws(ArrayFault) -> HeaderLiteral {
    skipSpace()
    guard depth <= Self.depthLimit else { throw fault("is nested too deeply") }
    guard let byte = peek() else { throw fault("breaks off") }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "{"): return try dictionary(depth: depth)
    case UInt8(ascii: "("): return try sequence(closedBy: UInt8(ascii: ")"), depth: depth)
    case UInt8(ascii: "["): return try sequence(closedBy: UInt8(ascii: "]"), depth: depth)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
    default: return try word()
    }
  }

  private mutating func text() throws(ArrayFault) -> String {
    let quote = bytes[position]
    position += 1
    let start = position
    while let byte = peek(), byte != quote {
      guard byte != UInt8(ascii: "\\") else { throw fault("has a text with a backslash") }
      position += 1
    }
    guard position < bytes.endIndex else { throw fault("has a text that is never closed") }
    position += 1
    return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
  }

  private mutating func integer() throws(ArrayFault) -> Int {
    let start = position
    position += 1
    while let byte = peek(), byte &- UInt8(ascii: "0") < 10 { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    // Python 2 wrote long numbers as 128L.
    if peek() == UInt8(ascii: "L") { position += 1 }
    guard let number = Int(digits) else {
      throw fault("has the number \(digits.prefix(40)), which is out of range")
    }
    return number
  }

  private mutating func word() throws(ArrayFault) -> HeaderLiteral {
    let start = position
    while let byte = peek(), isLetter(byte) { position += 1 }
    switch String(decoding: bytes[start..<position], as: UTF8.self) {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    default: throw fault("is not readable")
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  private mutating func sequence(
    closedBy bracket: UInt8, depth: Int
  ) throws(ArrayFault) -> HeaderLiteral {
    position += 1
    var elements: [HeaderLiteral] = []
    var isBehindComma = true
    while !takes(bracket) {
      guard isBehindComma else { throw fault("lacks a comma") }
      elements.append(try value(depth: depth + 1))
      isBehindComma = takes(UInt8(ascii: ","))
    }
    // (3) is the number 3, (3,) a tuple of one.
    if bracket == UInt8(ascii: ")"), elements.count == 1, !isBehindComma { return elements[0] }
    return .sequence(elements)
  }

  private mutating func dictionary(depth: Int) throws(ArrayFault) -> HeaderLiteral {
    position += 1
    var members: [String: HeaderLiteral] = [:]
    var isBehindComma = true
    while !takes(UInt8(ascii: "}")) {
      guard isBehindComma else { throw fault("lacks a comma") }
      guard case .text(let key) = try value(depth: depth + 1) else {
        throw fault("has a key that is no text")
      }
      guard takes(UInt8(ascii: ":")) else { throw fault("lacks a colon") }
      members[key] = try value(depth: depth + 1)
      isBehindComma = takes(UInt8(ascii: ","))
    }
    return .dictionary(members)
  }

  private mutating func takes(_ byte: UInt8) -> Bool {
    skipSpace()
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private func peek() -> UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func fault(_ what: String) -> ArrayFault {
    ArrayFault(
      "has a damaged header: it \(what), at byte \(position)",
      remedy: "write the file anew with numpy.save(path, x)")
  }
}

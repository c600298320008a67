extension JSONReader {
  /// Reads a string; `position` is at its opening quote.
  mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    let plain = position
    skipPlain()
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      // The usual case: no escapes, so the bytes are the string.
      let text = try text(of: plain..<position)
      position += 1
      return text
    }
    var unescaped = Array(bytes[plain..<position])
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: unescaped, as: UTF8.self) else {
          throw invalidUTF8(start)
        }
        return text
      case UInt8(ascii: "\\"):
        try escape(into: &unescaped)
      case 0..<0x20:
        throw fault(
          "\(found()) stands inside a string", "write line breaks as \\n and tabs as \\t")
      default:
        let begin = position
        skipPlain()
        unescaped.append(contentsOf: bytes[begin..<position])
      }
    }
    throw fault("the string is never closed", "add the missing \"", at: start)
  }

  private mutating func skipPlain() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      position += 1
    }
  }

  private func text(of range: Range<Int>) throws(JSONError) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw invalidUTF8(range.lowerBound)
    }
    return text
  }

  private func invalidUTF8(_ place: Int) -> JSONError {
    fault("the string is not valid UTF-8", "save the file as UTF-8", at: place)
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    let start = position
    position += 1
    guard position < bytes.count else {
      throw fault("the text ends inside an escape", "the file may have been cut short")
    }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "u"): try unicodeEscape(from: start, into: &text)
    default:
      throw fault("the escape is not one of JSON's", "write a backslash as \\\\", at: start)
    }
  }

  private mutating func unicodeEscape(
    from start: Int, into text: inout [UInt8]
  ) throws(JSONError) {
    let first = try fourHexDigits(from: start)
    var scalar = Unicode.Scalar(UInt32(first))
    if first & 0xFC00 == 0xD800, matches("\\u") {
      let mark = position
      position += 2
      let second = try fourHexDigits(from: mark)
      if second & 0xFC00 == 0xDC00 {
        let low = UInt32(second & 0x3FF)
        scalar = Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10 | low))
      } else {
        position = mark
      }
    }
    text.append(contentsOf: UTF8.encode(scalar ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func fourHexDigits(from start: Int) throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      let digit: UInt8? = position < bytes.count ? hexDigit(bytes[position]) : nil
      guard let digit else {
        throw fault("\\u is not followed by four hexadecimal digits", "write \\u00e9", at: start)
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

import Screen

/// What some bytes at the front of the input mean.
struct ParsedInput {
  enum Meaning {
    case event(InputEvent)
    case pasteStart
    case nothing
  }

  /// Bytes it takes; at least 1.
  let count: Int
  let meaning: Meaning

  init(_ count: Int, _ meaning: Meaning) {
    self.count = count
    self.meaning = meaning
  }

  init(_ count: Int, key: Key?) {
    self.count = count
    meaning = key.map { .event(.key($0)) } ?? .nothing
  }
}

extension InputDecoder {
  private static let sequenceLimit = 64
  private static let stringLimit = 4_096
  private static let esc: UInt8 = 0x1b

  /// The first item of `bytes`, which are not empty; nil if more bytes could change it and may come.
  func next(in bytes: ArraySlice<UInt8>, isLast: Bool) -> ParsedInput? {
    for own in ownKeys where bytes.starts(with: own.bytes) {
      return ParsedInput(own.bytes.count, key: own.key)
    }
    let first = bytes[bytes.startIndex]
    guard first != Self.esc else { return escape(Array(bytes.prefix(Self.stringLimit)), isLast) }
    if first < 0x20 || first == 0x7f { return ParsedInput(1, key: Self.controlKey(first)) }
    return character(Array(bytes.prefix(4)), isLast)
  }

  /// The key of a C0 byte or DEL.
  static func controlKey(_ byte: UInt8) -> Key {
    switch byte {
    case 0x09: return .tab
    case 0x0a, 0x0d: return .enter
    // Terminals differ in which of the two their backspace key sends.
    case 0x08, 0x7f: return .backspace
    case 0: return .control(" ")
    case 0x1b: return .escape
    default:
      let letter = Unicode.Scalar(byte + (byte < 0x1b ? 0x60 : 0x40))
      return .control(Character(letter))
    }
  }

  private func character(_ bytes: [UInt8], _ isLast: Bool) -> ParsedInput? {
    let length: Int
    switch bytes[0] {
    case ..<0x80: length = 1
    case 0xc2..<0xe0: length = 2
    case 0xe0..<0xf0: length = 3
    case 0xf0..<0xf5: length = 4
    default: return ParsedInput(1, .nothing)
    }
    let tail = bytes.dropFirst().prefix { $0 & 0xc0 == 0x80 }.prefix(length - 1)
    guard tail.count == length - 1 else {
      let canFollow = bytes.count == 1 + tail.count && !isLast
      return canFollow ? nil : ParsedInput(1 + tail.count, .nothing)
    }
    guard let text = String(validating: bytes[..<length], as: UTF8.self),
      let scalar = text.unicodeScalars.first, scalar.properties.generalCategory != .control
    else { return ParsedInput(length, .nothing) }
    return ParsedInput(length, key: .character(Character(scalar)))
  }

  private func escape(_ bytes: [UInt8], _ isLast: Bool) -> ParsedInput? {
    guard bytes.count > 1 else { return isLast ? ParsedInput(1, key: .escape) : nil }
    switch bytes[1] {
    case Self.esc: return ParsedInput(1, key: .escape)
    case UInt8(ascii: "["): return controlSequence(bytes, isLast)
    case UInt8(ascii: "O"): return singleShift(bytes, isLast)
    case UInt8(ascii: "]"), UInt8(ascii: "P"): return string(bytes, isLast)
    default: return prefixed(bytes, isLast)
    }
  }

  /// ESC before what is no sequence: alt, or the escape key alone.
  private func prefixed(_ bytes: [UInt8], _ isLast: Bool) -> ParsedInput? {
    guard hasAlt else { return ParsedInput(1, key: .escape) }
    if bytes[1] < 0x20 { return ParsedInput(1, key: .escape) }
    if bytes[1] == 0x7f { return ParsedInput(2, key: .alt("\u{7f}")) }
    guard let next = character(Array(bytes.dropFirst().prefix(4)), isLast) else { return nil }
    guard case .event(.key(.character(let letter))) = next.meaning else {
      return ParsedInput(1 + next.count, .nothing)
    }
    return ParsedInput(1 + next.count, key: .alt(letter))
  }

  private func singleShift(_ bytes: [UInt8], _ isLast: Bool) -> ParsedInput? {
    guard bytes.count > 2 else { return isLast ? prefixed(bytes, isLast) : nil }
    guard let key = KeySequences.key(final: bytes[2], parameters: []) else {
      // The keypad's other keys are letters here; anything else was typed after escape.
      return (0x6a...0x79).contains(bytes[2]) ? ParsedInput(3, .nothing) : prefixed(bytes, isLast)
    }
    return ParsedInput(3, key: key)
  }

  private func controlSequence(_ bytes: [UInt8], _ isLast: Bool) -> ParsedInput? {
    if bytes.count > 2, bytes[2] == UInt8(ascii: "[") {
      return linuxFunctionKey(bytes, isLast)
    }
    var end = 2
    while end < bytes.count, (0x20..<0x40).contains(bytes[end]) { end += 1 }
    guard end < bytes.count else {
      if bytes.count == 2, isLast { return prefixed(bytes, isLast) }
      return isLast || end > Self.sequenceLimit ? ParsedInput(end, .nothing) : nil
    }
    let final = bytes[end]
    // A sequence that something else breaks off is dropped up to there.
    guard (0x40..<0x7f).contains(final) else { return ParsedInput(end, .nothing) }
    if end == 2, final == UInt8(ascii: "M"), bytes.count < 6, !isLast { return nil }
    let text = String(decoding: bytes[2..<end], as: UTF8.self)
    return meaning(of: text, final: final, in: bytes, end: end)
  }

  private func meaning(
    of text: String, final: UInt8, in bytes: [UInt8], end: Int
  ) -> ParsedInput {
    let count = end + 1
    if text.isEmpty, final == UInt8(ascii: "M"), bytes.count >= 6 {
      let mouse = MouseReport.legacy(bytes[3], bytes[4], bytes[5])
      return ParsedInput(6, mouse.map { .event(.mouse($0)) } ?? .nothing)
    }
    if text.first == "<" {
      let mouse = MouseReport.extended(numbers(text.dropFirst()), isRelease: final == 0x6d)
      return ParsedInput(count, mouse.map { .event(.mouse($0)) } ?? .nothing)
    }
    guard text.utf8.allSatisfy({ (0x30..<0x3c).contains($0) }) else {
      return ParsedInput(count, .nothing)
    }
    let parameters = numbers(text[...])
    if final == UInt8(ascii: "~"), parameters.first == 200 {
      return ParsedInput(count, .pasteStart)
    }
    return ParsedInput(count, key: KeySequences.key(final: final, parameters: parameters))
  }

  private func numbers(_ text: Substring) -> [Int] {
    text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
  }

  /// `ESC [ [ A` to `E`: F1 to F5 of the Linux console.
  private func linuxFunctionKey(_ bytes: [UInt8], _ isLast: Bool) -> ParsedInput? {
    guard bytes.count > 3 else { return isLast ? ParsedInput(bytes.count, .nothing) : nil }
    let number = Int(bytes[3]) - 0x40
    return ParsedInput(4, key: (1...5).contains(number) ? .function(number) : nil)
  }

  /// A late answer to someone else's question: dropped up to its end.
  private func string(_ bytes: [UInt8], _ isLast: Bool) -> ParsedInput? {
    let mark = bytes.count > 2 ? bytes[2] : nil
    guard let mark else { return isLast ? prefixed(bytes, isLast) : nil }
    guard (0x30..<0x3a).contains(mark) || [0x21, 0x24, 0x2b, 0x3e].contains(mark) else {
      return prefixed(bytes, isLast)
    }
    for (index, byte) in bytes.enumerated().dropFirst(2) {
      if byte == 0x07 { return ParsedInput(index + 1, .nothing) }
      if byte == UInt8(ascii: "\\"), bytes[index - 1] == Self.esc {
        return ParsedInput(index + 1, .nothing)
      }
    }
    return isLast || bytes.count >= Self.stringLimit ? ParsedInput(bytes.count, .nothing) : nil
  }
}

import Neural

/// Walks over the cells of a `.csv` text.
struct CSVReader {
  let bytes: UnsafeBufferPointer<UInt8>
  let limit: MemoryLimit
  var separator = UInt8(ascii: ",")
  var position = 0
  var line = 1
  /// Where the current line begins.
  var lineStart = 0

  /// A cell: where its text begins, on the line that begins at `lineStart`, and its text
  /// without quotes.
  struct Cell {
    var start: Int
    var line: Int
    var lineStart: Int
    var text: Substring
    var isEmpty: Bool { text.isEmpty }
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>, limit: MemoryLimit) {
    self.bytes = bytes
    self.limit = limit
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    lineStart = position
  }

  /// Lines that begin with `#` before the first row, as `numpy.savetxt` writes a header.
  mutating func skipComments() {
    while position < bytes.count, bytes[position] == UInt8(ascii: "#") {
      while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
      takeLineEnd()
    }
  }

  /// What stands between the cells: the only one of comma, semicolon and tab that occurs.
  func foundSeparator() throws(ArrayFault) -> UInt8 {
    var (comma, semicolon, tab): (Int?, Int?, Int?)
    var isQuoted = false
    for index in position..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case _ where isQuoted: continue
      case UInt8(ascii: ","): comma = comma ?? index
      case UInt8(ascii: ";"): semicolon = semicolon ?? index
      case 0x09: tab = tab ?? index
      default: continue
      }
    }
    switch (comma, semicolon, tab) {
    case (_, nil, nil): return UInt8(ascii: ",")
    case (nil, _, nil): return UInt8(ascii: ";")
    case (nil, nil, _): return 0x09
    case (let comma?, let semicolon?, nil):
      throw ambiguous("commas and semicolons", at: max(comma, semicolon))
    case (let comma?, nil, let tab?): throw ambiguous("commas and tabs", at: max(comma, tab))
    default: throw ambiguous("semicolons and tabs", at: max(semicolon ?? 0, tab ?? 0))
    }
  }

  private func ambiguous(_ what: String, at place: Int) -> ArrayFault {
    var copy = self
    while copy.position < place {
      if isLineEnd(bytes[copy.position]) { copy.takeLineEnd() } else { copy.position += 1 }
    }
    return ArrayFault(
      "\(what) both occur: which of them separates numbers is not clear",
      remedy: "separate with commas, and write decimals with a point", line: copy.line,
      column: copy.column(of: place))
  }

  /// Whether there is another row; empty lines may stand at the end alone.
  mutating func startsRow(isFirst: Bool) throws(ArrayFault) -> Bool {
    let before = line
    while position < bytes.count, let end = blankLineEnd() {
      position = end
      takeLineEnd()
    }
    guard position < bytes.count else { return false }
    guard isFirst || line == before else {
      throw ArrayFault(
        "an empty line stands between rows", remedy: "remove it", line: before, column: 1)
    }
    return true
  }

  /// Where the current line ends, if nothing but spaces stands on it.
  private func blankLineEnd() -> Int? {
    var index = position
    while index < bytes.count, bytes[index] == 0x20 { index += 1 }
    return index == bytes.count || isLineEnd(bytes[index]) ? index : nil
  }

  /// The cells of a line.
  mutating func row(expecting columns: Int) throws(ArrayFault) -> [Cell] {
    var cells: [Cell] = []
    cells.reserveCapacity(columns)
    while true {
      cells.append(try cell())
      guard position < bytes.count, bytes[position] == separator else { break }
      position += 1
    }
    takeLineEnd()
    return cells
  }

  private mutating func cell() throws(ArrayFault) -> Cell {
    skipSpace()
    let start = (position, line, lineStart)
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      let text = try quoted()
      skipSpace()
      guard position == bytes.count || bytes[position] == separator || isLineEnd(bytes[position])
      else {
        throw ArrayFault(
          "text stands behind a closing quote", remedy: "write a quote inside quotes twice",
          line: line, column: column(of: position))
      }
      return Cell(start: start.0, line: start.1, lineStart: start.2, text: text)
    }
    while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) {
      position += 1
    }
    var end = position
    while end > start.0, isSpace(bytes[end - 1]) { end -= 1 }
    return Cell(
      start: start.0, line: start.1, lineStart: start.2,
      text: Substring(decoding: bytes[start.0..<end], as: UTF8.self))
  }

  private mutating func quoted() throws(ArrayFault) -> Substring {
    let opening = position
    let place = (line: line, column: column(of: opening))
    var text: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
          let string = String(decoding: text, as: UTF8.self)
          let isPadded = string.first == " " || string.last == " "
          return isPadded ? trimmed(string) : Substring(string)
        }
      }
      text.append(byte)
      if isLineEnd(byte) { takeLineEnd() } else { position += 1 }
    }
    throw ArrayFault(
      "a quote is never closed", remedy: "add the missing \"", line: place.line,
      column: place.column)
  }

  private func trimmed(_ text: String) -> Substring {
    var text = Substring(text)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }

  private mutating func skipSpace() {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 && separator != 0x09 }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Steps over LF, CRLF or CR.
  private mutating func takeLineEnd() {
    guard position < bytes.count else { return }
    if bytes[position] == 0x0D { position += 1 }
    if position < bytes.count, bytes[position] == 0x0A { position += 1 }
    line += 1
    lineStart = position
  }

  /// The column of a character on a line, the current one where no other is named, from 1.
  func column(of place: Int, from start: Int? = nil) -> Int {
    let start = start ?? lineStart
    guard place > start else { return 1 }
    return 1 + bytes[start..<place].count { $0 & 0xC0 != 0x80 }
  }
}

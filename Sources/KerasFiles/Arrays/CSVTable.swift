import Neural

/// A table of numbers from a `.csv` text: a row a line, columns apart by commas, semicolons or
/// tabs.
///
/// Cells may stand in double quotes; lines end in LF, CRLF or CR. A first line of names is left
/// out, and so are lines before it that begin with `#`.
struct CSVTable: Hashable, Sendable {
  /// The names of the columns; empty where the text has none.
  var names: [String]
  /// The numbers: (rows, columns).
  var numbers: Tensor

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - bytes: the text, in UTF-8.
  ///   - limit: how much memory text and numbers may take together.
  /// - Throws: `ArrayFault`, with line and column, where a row is longer or shorter than the
  ///   first, a cell is empty or no number, or commas and semicolons both separate.
  init(_ bytes: [UInt8], limit: MemoryLimit = .standard) throws(ArrayFault) {
    let result: Result<CSVTable, ArrayFault> = bytes.withUnsafeBufferPointer { buffer in
      do throws(ArrayFault) {
        var reader = CSVReader(buffer, limit: limit)
        return .success(try reader.table())
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  fileprivate init(names: [String], numbers: Tensor) {
    self.names = names
    self.numbers = numbers
  }
}

extension CSVReader {
  /// The whole text as a table.
  ///
  /// - Throws: `ArrayFault` where it is none.
  fileprivate mutating func table() throws(ArrayFault) -> CSVTable {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw ArrayFault("is UTF-16 text", remedy: "save it as UTF-8, comma-separated")
    }
    skipComments()
    separator = try foundSeparator()
    var names: [String] = []
    var values: [Float] = []
    var columns = 0
    var isFirst = true
    while try startsRow(isFirst: isFirst) {
      let begin = line
      let cells = try row(expecting: columns)
      if isFirst, isHeader(cells) {
        if cells.count > 1, cells[0].isEmpty { throw CSVReader.unnamedIndex }
        names = cells.map { String($0.text) }
        columns = cells.count
      } else {
        try append(cells, columns, to: &values, line: begin)
        columns = cells.count
      }
      isFirst = false
    }
    guard !values.isEmpty else {
      throw ArrayFault(
        names.isEmpty ? "is empty, expected rows of numbers" : "has a header, but no rows below it",
        remedy: "write a line for each timestep, features apart by commas")
    }
    return CSVTable(names: names, numbers: Tensor([values.count / columns, columns], values))
  }

  /// Names of columns: a line with text and no number.
  private func isHeader(_ cells: [Cell]) -> Bool {
    cells.contains { !$0.isEmpty } && !cells.contains { CSVReader.holdsNumbers($0.text) }
  }

  /// pandas writes the numbers of its rows as a first column without a name.
  private static let unnamedIndex = ArrayFault(
    "the first column has no name: is it the index that pandas writes?",
    remedy: "save without it: to_csv(path, index=False)", line: 1, column: 1)

  private func append(
    _ cells: [Cell], _ columns: Int, to values: inout [Float], line: Int
  ) throws(ArrayFault) {
    if columns == 0, cells.count > 1, cells[0].isEmpty { throw CSVReader.unnamedIndex }
    guard columns == 0 || cells.count == columns else {
      let noun = cells.count == 1 ? "value" : "values"
      throw ArrayFault(
        "this line has \(cells.count) \(noun), the lines before it \(columns)",
        remedy: "every line needs as many", line: line, column: 1)
    }
    for cell in cells {
      guard let number = CSVReader.number(cell.text) else { throw fault(of: cell) }
      values.append(number)
    }
    let needed = Count(bytes.count) + Count(values.count) * 4
    guard needed <= Count(limit.bytes) else {
      throw .tooMuchMemory(needed, allowed: limit)
    }
  }

  private func fault(of cell: Cell) -> ArrayFault {
    let (line, column) = (cell.line, column(of: cell.start, from: cell.lineStart))
    if cell.isEmpty {
      return ArrayFault(
        "a cell is empty", remedy: "write a number there, or nan where none is known",
        line: line, column: column)
    }
    let shown = "“\(cell.text.prefix(40))\(cell.text.count > 40 ? "…" : "")”"
    if cell.text.first?.isLetter == false, Float(cell.text)?.isInfinite == true {
      return ArrayFault(
        "\(shown) is beyond what a 32-bit float holds", remedy: "use less than 3.4e38", line: line,
        column: column)
    }
    let remedy =
      CSVReader.holdsNumbers(cell.text)
      ? "write commas between numbers: numpy.savetxt(path, x, delimiter=',')"
      : "only a first line of names may hold text"
    return ArrayFault(
      "\(shown) is no number", remedy: remedy, line: line, column: column)
  }

  /// Whether a text is a number, or several apart by spaces.
  private static func holdsNumbers(_ text: Substring) -> Bool {
    let parts = text.split { $0 == " " || $0 == "\t" }
    return !parts.isEmpty && parts.allSatisfy { number($0) != nil }
  }

  /// The number that a text is: digits with a point and an exponent, nan or inf.
  static func number(_ text: Substring) -> Float? {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return word(text)
      }
    }
    guard let number = Float(text), number.isFinite else { return nil }
    return number
  }

  private static func word(_ text: Substring) -> Float? {
    guard text.utf8.count <= 9 else { return nil }
    return switch text.lowercased() {
    case "nan", "+nan", "-nan": .nan
    case "inf", "+inf", "infinity", "+infinity": .infinity
    case "-inf", "-infinity": -.infinity
    default: nil
    }
  }
}

/// Lays out one cell of the table that Keras 3 prints: wrapped, cut, justified.
///
/// Words move to the next line whole; one that is longer than the column is cut. Which blanks
/// count where is that of the table library (rich) that Keras prints with.
struct TableCell {
  /// Where the text stands in its column.
  enum Justification {
    case left, right, center
  }

  private typealias Scalars = [Unicode.Scalar]

  /// The lines of a cell, each `width` columns wide.
  static func lines(_ text: String, width: Int, _ justification: Justification) -> [String] {
    guard width > 0 else { return [""] }
    let paragraphs = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    return paragraphs.flatMap { wrapped(Scalars($0), width: width) }.map { line in
      string(justified(line, width: width, justification))
    }
  }

  private static func wrapped(_ text: Scalars, width: Int) -> [Scalars] {
    var lines: [Scalars] = [[]]
    var offset = 0
    for word in words(text) {
      let length = CellWidth.of(withoutTrailingBlanks(word))
      let fits = length <= width - offset
      if fits {
        offset += CellWidth.of(word)
      } else {
        if length > width || offset > 0 {
          if lines != [[]] { lines.append([]) }
          offset = CellWidth.of(word)
        }
      }
      lines[lines.count - 1] += word
    }
    return lines.map { withoutExcessBlanks($0, width: width) }
  }

  /// Runs of characters with the blanks behind them, and before the first one.
  private static func words(_ text: Scalars) -> [Scalars] {
    var words: [Scalars] = []
    var word: Scalars = []
    var hasLetters = false
    var endsInBlank = false
    for scalar in text {
      let isBlank = scalar.properties.isWhitespace
      if !isBlank, endsInBlank, hasLetters {
        words.append(word)
        word = []
      }
      if !isBlank { hasLetters = true }
      endsInBlank = isBlank
      word.append(scalar)
    }
    if hasLetters { words.append(word) }
    return words
  }

  /// The library takes blanks off the end only as far as there are more characters, not columns,
  /// than fit.
  private static func withoutExcessBlanks(_ line: Scalars, width: Int) -> Scalars {
    guard line.count > width else { return line }
    let blanks = line.reversed().prefix { $0.properties.isWhitespace }.count
    return line.dropLast(min(blanks, line.count - width))
  }

  private static func withoutTrailingBlanks(_ line: Scalars) -> Scalars {
    Scalars(line.prefix(line.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? 0))
  }

  private static func justified(
    _ line: Scalars, width: Int, _ justification: Justification
  ) -> Scalars {
    let text = justification == .left ? line : withoutTrailingBlanks(line)
    let cut = truncated(text, width: width)
    let room = max(0, width - CellWidth.of(cut))
    let before =
      switch justification {
      case .left: 0
      case .right: room
      case .center: room / 2
      }
    return Scalars(repeating: " ", count: before) + cut
      + Scalars(repeating: " ", count: room - before)
  }

  private static func truncated(_ line: Scalars, width: Int) -> Scalars {
    guard CellWidth.of(line) > width else { return line }
    var kept: Scalars = []
    var used = 0
    for scalar in line {
      let next = used + CellWidth.of(scalar)
      if next > width - 1 { break }
      kept.append(scalar)
      used = next
    }
    kept += Scalars(repeating: " ", count: max(0, width - 1 - used))
    return kept + ["…"]
  }

  private static func string(_ scalars: Scalars) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}

/// A table with borders as Keras 3 prints it.
struct TextTable {
  /// Columns between two borders, one blank at each side included.
  let cellWidths: [Int]
  let justifications: [TableCell.Justification]
  private(set) var text = ""

  init(
    cellWidths: [Int], justifications: [TableCell.Justification], headers: [String]
  ) {
    self.cellWidths = cellWidths
    self.justifications = justifications
    rule("┏", "━", "┳", "┓")
    row(headers, border: "┃", standsAtBottom: true)
    rule("┡", "━", "╇", "┩")
  }

  /// Adds the rows and the last border.
  mutating func add(_ rows: [[String]]) {
    for (index, fields) in rows.enumerated() {
      if index > 0 { rule("├", "─", "┼", "┤") }
      row(fields, border: "│")
    }
    rule("└", "─", "┴", "┘")
  }

  private mutating func rule(_ left: String, _ line: String, _ cross: String, _ right: String) {
    let runs = cellWidths.map { String(repeating: line, count: $0) }
    text += left + runs.joined(separator: cross) + right + "\n"
  }

  private mutating func row(
    _ fields: [String], border: String, standsAtBottom: Bool = false
  ) {
    var cells = fields.indices.map { index in
      TableCell.lines(fields[index], width: cellWidths[index] - 2, justifications[index])
    }
    let height = cells.map(\.count).max() ?? 0
    if standsAtBottom {
      for index in cells.indices {
        let blank = String(repeating: " ", count: max(0, cellWidths[index] - 2))
        cells[index].insert(
          contentsOf: Array(repeating: blank, count: height - cells[index].count), at: 0)
      }
    }
    for line in 0..<height {
      let parts = cells.indices.map { index in
        let blank = String(repeating: " ", count: max(0, cellWidths[index] - 2))
        return " " + (line < cells[index].count ? cells[index][line] : blank) + " "
      }
      text += border + parts.joined(separator: border) + border + "\n"
    }
  }
}

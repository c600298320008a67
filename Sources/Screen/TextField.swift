/// A line of text being edited, with its cursor.
public struct TextField: Hashable, Sendable {
  /// More characters than a person types; a paste beyond is cut.
  public static let limit = 65_536

  private var characters: [Character]
  /// Characters before the cursor.
  public private(set) var cursor: Int

  /// Makes a field whose cursor stands at the end of `text`.
  public init(_ text: String = "") {
    characters = []
    cursor = 0
    insert(text)
  }

  /// The whole line; setting it moves the cursor to the end.
  public var text: String {
    get { String(characters) }
    set { self = TextField(newValue) }
  }

  /// Whether nothing is written.
  public var isEmpty: Bool { characters.isEmpty }

  /// The text before the cursor, as completion needs it.
  public var textBeforeCursor: String { String(characters[..<cursor]) }

  /// Inserts text at the cursor; line breaks and tabs become blanks, other controls are left out.
  public mutating func insert(_ text: String) {
    let room = TextField.limit - characters.count
    guard room > 0 else { return }
    let kept = String(text.lazy.compactMap(TextField.inLine).prefix(room))
    // A mark joins the letter before it: characters are counted in the joined text.
    let before = String(characters[..<cursor]) + kept
    characters = Array(before + String(characters[cursor...]))
    cursor = min(before.count, characters.count)
  }

  private static func inLine(_ character: Character) -> Character? {
    if character.isNewline || character == "\t" { return " " }
    let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    return isControl ? nil : character
  }

  /// Applies an editing key.
  ///
  /// - Parameter key: Characters insert; arrows, home, end, ctrl-a, ctrl-e, ctrl-b and ctrl-f move;
  ///   backspace, delete, ctrl-h, ctrl-d, ctrl-w, ctrl-u and ctrl-k delete.
  /// - Returns: Whether the key is one of the field's.
  @discardableResult
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .alt("b"): cursor = wordStart
    case .alt("f"): cursor = wordEnd
    case .backspace, .control("h"): delete(max(0, cursor - 1)..<cursor)
    case .delete, .control("d"): delete(cursor..<min(characters.count, cursor + 1))
    case .control("w"), .alt("\u{7f}"): delete(wordStart..<cursor)
    case .alt("d"): delete(cursor..<wordEnd)
    case .control("u"): delete(0..<cursor)
    case .control("k"): delete(cursor..<characters.count)
    default: return false
    }
    return true
  }

  private mutating func delete(_ range: Range<Int>) {
    characters.removeSubrange(range)
    if cursor >= range.upperBound { cursor -= range.count }
  }

  private var wordStart: Int {
    var start = cursor
    while start > 0, characters[start - 1].isWhitespace { start -= 1 }
    while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
    return start
  }

  private var wordEnd: Int {
    var end = cursor
    while end < characters.count, characters[end].isWhitespace { end += 1 }
    while end < characters.count, !characters[end].isWhitespace { end += 1 }
    return end
  }
}

extension TextField {
  /// Draws the line in the first row of `rect`, scrolled so that the cursor is in it.
  ///
  /// - Parameters:
  ///   - canvas: Drawn into; its cursor is set if focused.
  ///   - rect: The room; its first row is used.
  ///   - style: The text's look.
  ///   - placeholder: Shown muted while nothing is written.
  ///   - isFocused: Whether the cursor shows.
  public func render(
    into canvas: inout Canvas, in rect: Rect, style: Style = .plain, placeholder: String = "",
    isFocused: Bool = true
  ) {
    guard rect.width > 0, rect.height > 0 else { return }
    let row = rect.row(0)
    canvas.fill(row, style: style)
    let widths = characters.map { displayWidth(of: $0) }
    let cursorColumn = widths[..<cursor].reduce(0, +)
    let total = widths.reduce(0, +)
    // One column stays free for the cursor behind the last character.
    let skipped = max(0, min(cursorColumn - row.width / 2, total + 1 - row.width))
    canvas.clipped(to: row) { canvas in
      if isEmpty {
        canvas.write(
          placeholder, at: row.origin, style: style.merging(.muted), maxWidth: row.width)
      } else {
        canvas.write(text, at: Point(x: row.minX - skipped, y: row.minY), style: style)
      }
    }
    if isFocused {
      let place = Point(x: row.minX + cursorColumn - skipped, y: row.minY)
      canvas.cursor = canvas.bounds.contains(place) ? place : nil
    }
  }
}

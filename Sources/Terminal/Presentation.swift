@preconcurrency import CNcurses
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension TerminalSession {
  /// Shows a canvas: what differs from what is shown goes to the terminal.
  ///
  /// Nothing goes if nothing differs. A canvas of another size than the terminal is cut off or
  /// leaves the rest blank.
  public func present(_ canvas: Canvas) {
    let previous = shown
    guard canvas != previous else { return }
    if previous?.size != canvas.size {
      erase()
      clearok(stdscr, true)
    }
    for y in 0..<min(canvas.size.height, size.height) {
      if let previous, canvas.row(y, equals: previous) { continue }
      draw(row: y, of: canvas)
    }
    place(cursor: canvas.cursor)
    refresh()
    shown = canvas
  }

  /// Makes the next canvas be shown whole, over whatever else wrote to the terminal.
  public func redraw() { shown = nil }

  private func draw(row y: Int, of canvas: Canvas) {
    var style = Style.plain
    var look = colors.look(of: style)
    var characters: [wchar_t] = []
    for x in 0..<min(canvas.size.width, size.width) {
      guard let cell = canvas.cell(at: Point(x: x, y: y)), cell.width > 0 else { continue }
      if cell.style != style {
        style = cell.style
        look = colors.look(of: style)
      }
      for (index, glyph) in glyphs(of: cell).enumerated() {
        characters.removeAll(keepingCapacity: true)
        for scalar in glyph { characters.append(wchar_t(truncatingIfNeeded: scalar.value)) }
        characters.append(0)
        cn_put(Int32(y), Int32(x + index), characters, look.attributes, look.pair)
      }
    }
  }

  /// What to put in a cell and those it covers: the character, or ASCII for each column.
  private func glyphs(of cell: Cell) -> [[Unicode.Scalar]] {
    guard !cell.scalar.isASCII || !cell.marks.isEmpty else { return [[cell.scalar]] }
    // A library that does not know the character would move everything after it.
    guard isUnicode, Locale.columns(of: cell.scalar) == cell.width else {
      return Glyphs.ascii(cell.scalar, width: cell.width).unicodeScalars.map { [$0] }
    }
    return [[cell.scalar] + cell.marks.unicodeScalars]
  }

  private func place(cursor: Point?) {
    let cursor = cursor.flatMap { Rect(size: size).contains($0) ? $0 : nil }
    // A hidden cursor may stay wherever drawing ended.
    leaveok(stdscr, cursor == nil)
    if isCursorHidden != (cursor == nil) {
      isCursorHidden = cursor == nil
      curs_set(cursor == nil ? 0 : 1)
    }
    if let cursor { move(Int32(cursor.y), Int32(cursor.x)) }
  }

  /// The terminal's size as the system knows it, or as the terminal's description has it.
  func windowSize() -> Size {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard cn_window_size(STDOUT_FILENO, &columns, &rows) else {
      return Size(width: Int(COLS), height: Int(LINES))
    }
    return Size(width: Int(columns), height: Int(rows))
  }

  /// Makes ncurses' screen that large and forgets what it shows: terminals move text when resized.
  func adopt(_ size: Size) {
    self.size = size
    if is_term_resized(Int32(size.height), Int32(size.width)) {
      resize_term(Int32(size.height), Int32(size.width))
    }
    shown = nil
  }
}

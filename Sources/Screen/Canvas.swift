/// A screen as a value: a grid of cells that views write and a terminal shows.
///
/// Every text passes the ``Sanitizer``; writing outside the canvas or its ``clip`` is cut off, so
/// a view needs no arithmetic to be safe at any size, 0×0 included.
public struct Canvas: Sendable {
  /// Columns and rows.
  public let size: Size
  /// Where the terminal's cursor is shown; nil hides it.
  public var cursor: Point?
  /// The cells that may be written now; always within the canvas.
  public private(set) var clip: Rect

  var cells: [PackedCell]
  /// The texts of cells that hold more than one scalar.
  var marked: [TextMarks] = []

  /// A base character and the marks on it.
  struct TextMarks: Hashable {
    let base: Unicode.Scalar
    let marks: String
  }

  /// Makes an empty canvas.
  public init(size: Size) {
    self.size = size
    clip = Rect(size: size)
    cells = Array(repeating: .blank, count: size.width * size.height)
  }

  /// The whole canvas.
  public var bounds: Rect { Rect(size: size) }

  /// The cell at a point; nil outside.
  public func cell(at point: Point) -> Cell? {
    guard bounds.contains(point) else { return nil }
    let cell = cells[point.y * size.width + point.x]
    guard cell.width > 0 else { return Cell(scalar: " ", marks: "", width: 0, style: cell.style) }
    if cell.isMarked {
      let text = marked[Int(cell.symbol & ~PackedCell.markedFlag)]
      return Cell(
        scalar: text.base, marks: text.marks, width: Int(cell.width), style: cell.style)
    }
    let scalar = Unicode.Scalar(cell.symbol) ?? " "
    return Cell(scalar: scalar, marks: "", width: Int(cell.width), style: cell.style)
  }

  /// The style at a point; nil outside.
  public func style(at point: Point) -> Style? { cell(at: point)?.style }

  /// The characters of a row, without trailing blanks.
  public func text(row: Int) -> String {
    var line = ""
    for x in 0..<size.width {
      line += cell(at: Point(x: x, y: row))?.text ?? ""
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// The rows as text, without trailing blanks; what tests compare.
  public var text: String {
    (0..<size.height).map { text(row: $0) }.joined(separator: "\n")
  }

  /// Draws with writing confined to `rect`; nested clips only ever shrink.
  @discardableResult
  public mutating func clipped<Result>(
    to rect: Rect, _ draw: (inout Canvas) throws -> Result
  ) rethrows -> Result {
    let outer = clip
    clip = outer.intersection(rect)
    defer { clip = outer }
    return try draw(&self)
  }

  /// Whether a row looks the same on both canvases.
  public func row(_ row: Int, equals other: Canvas) -> Bool {
    guard size == other.size, row >= 0, row < size.height else { return false }
    let range = row * size.width..<(row + 1) * size.width
    if marked.isEmpty && other.marked.isEmpty { return cells[range] == other.cells[range] }
    return (0..<size.width).allSatisfy { x in
      cell(at: Point(x: x, y: row)) == other.cell(at: Point(x: x, y: row))
    }
  }
}

extension Canvas: Equatable {
  /// Whether both show the same, cursor included.
  public static func == (left: Canvas, right: Canvas) -> Bool {
    left.size == right.size && left.cursor == right.cursor
      && (0..<left.size.height).allSatisfy { left.row($0, equals: right) }
  }
}

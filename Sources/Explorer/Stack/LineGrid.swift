import Screen

/// Lines between calls on a grid of characters: each cell knows in which directions lines leave
/// it, and from that follows its character.
struct LineGrid {
  private let width: Int
  private let rows: Range<Int>
  private var cells: [UInt8]

  private static let up: UInt8 = 1
  private static let down: UInt8 = 2
  private static let left: UInt8 = 4
  private static let right: UInt8 = 8

  /// An empty grid of `width` columns for these rows.
  init(width: Int, rows: Range<Int>) {
    self.width = max(width, 0)
    self.rows = rows
    cells = Array(repeating: 0, count: self.width * rows.count)
  }

  /// Draws the line of an edge: sideways below its start, down its lane, sideways above its end.
  ///
  /// - Parameters:
  ///   - edge: the line.
  ///   - column: the column of a lane.
  mutating func draw(_ edge: StackLayout.Edge, column: (Int) -> Int) {
    let (start, end, run) = (column(edge.fromLane), column(edge.toLane), column(edge.lane))
    guard edge.toRow > edge.fromRow else { return }
    let turnOut = edge.lane == edge.fromLane ? edge.fromRow : edge.fromRow + 1
    let turnIn = edge.lane == edge.toLane ? edge.toRow : edge.toRow - 1
    vertical(start, edge.fromRow, turnOut)
    horizontal(turnOut, start, run)
    vertical(run, turnOut, turnIn)
    horizontal(turnIn, run, end)
    vertical(end, turnIn, edge.toRow)
  }

  private mutating func vertical(_ x: Int, _ from: Int, _ to: Int) {
    let (first, last) = (max(from, rows.lowerBound - 1), min(to, rows.upperBound))
    guard first < last else { return }
    for y in first..<last {
      mark(x, y, LineGrid.down)
      mark(x, y + 1, LineGrid.up)
    }
  }

  private mutating func horizontal(_ y: Int, _ from: Int, _ to: Int) {
    for x in min(from, to)..<max(from, to) {
      mark(x, y, LineGrid.right)
      mark(x + 1, y, LineGrid.left)
    }
  }

  private mutating func mark(_ x: Int, _ y: Int, _ direction: UInt8) {
    guard x >= 0, x < width, rows.contains(y) else { return }
    cells[(y - rows.lowerBound) * width + x] |= direction
  }

  /// Box drawing characters by the directions in which lines leave: up 1, down 2, left 4, right 8.
  private static let characters = Array(" │││─┘┐┤─└┌├─┴┬┼")

  /// Writes the lines, `origin` being the grid's first cell.
  func render(into canvas: inout Canvas, at origin: Point) {
    for y in 0..<rows.count {
      for x in 0..<width where cells[y * width + x] != 0 {
        let character = LineGrid.characters[Int(cells[y * width + x])]
        canvas.write(
          String(character), at: Point(x: origin.x + x, y: origin.y + y), style: .muted)
      }
    }
  }
}

import Neural
import Screen

/// Where the parts of the map stand.
struct HeatMapFrame {
  /// The line that says which weight it is.
  let title: Rect
  /// The line with the gates, and the one with the columns below it.
  let gates: Rect, ruler: Rect
  /// The cells, with the names of the rows at their left.
  let cells: Rect
  /// What the cursor is on.
  let cursor: Rect

  /// The parts of a body.
  init(_ body: Rect) {
    let (head, rest) = body.splitTop(3)
    (title, gates, ruler) = (head.row(0), head.row(1), head.row(2))
    let (foot, middle) = rest.splitBottom(1)
    (cursor, cells) = (foot.row(0), middle)
  }
}

/// Which numbers of a map stand in which cells of the screen.
///
/// A number takes a cell, or a block of numbers does. A weight of one axis is written line by line.
struct HeatGrid {
  let axes: WeightAxes
  /// Columns of the screen for the names of rows.
  let labelWidth: Int
  /// How close it is.
  let level: Level
  /// Cells from left to right and from top to bottom, all of them.
  let width: Int, height: Int
  /// The cells on the screen.
  private(set) var columns = 0..<0, lines = 0..<0
  /// The cell of the cursor.
  private(set) var cursor = (line: 0, column: 0)
  /// All levels, from the whole to the closest.
  let levels: [Level]
  private let rect: Rect
  private let cellsPerSegment: Int

  /// How many numbers stand in a cell, and how wide it is.
  struct Level: Hashable {
    var zoom: HeatZoom
    var cellWidth: Int
    var blockRows: Int
    var blockColumns: Int
  }

  /// Columns of a cell with its number.
  static let numberWidth = 10

  /// The cells of a map in the room for them.
  init(_ map: HeatMap, _ axes: WeightAxes, in rect: Rect) {
    self.axes = axes
    self.rect = rect
    labelWidth = HeatGrid.labelWidth(axes)
    let room = Size(width: max(rect.width - labelWidth - 2, 1), height: max(rect.height, 1))
    levels = HeatGrid.levels(axes, room)
    let level = levels.last { $0.zoom.rawValue <= map.zoom.rawValue } ?? levels[0]
    self.level = level
    cellsPerSegment = max(BlockMeans.parts(axes.segment, by: level.blockColumns), 1)
    let all = cellsPerSegment * axes.segments
    let across = HeatGrid.across(axes, room.width, level.cellWidth)
    width = max(axes.isVector ? min(HeatGrid.perLine(all, across), all) : all, 1)
    height =
      axes.isVector
      ? BlockMeans.parts(all, by: width) : BlockMeans.parts(axes.rows, by: level.blockRows)
    cursor = cell(row: map.row, column: map.column)
    let first = cell(row: map.firstRow, column: map.firstColumn)
    lines = ListCursor(selection: cursor.line, offset: first.line)
      .visible(count: height, height: room.height)
    columns = ListCursor(selection: cursor.column, offset: axes.isVector ? 0 : first.column)
      .visible(count: width, height: across)
  }

  // MARK: How close

  /// Whether each number has a cell of its own.
  var showsEachNumber: Bool { level.blockRows == 1 && level.blockColumns == 1 }

  private static func labelWidth(_ axes: WeightAxes) -> Int {
    let names = axes.rowNames + [axes.row + " ↓", axes.column + " →"]
    let digits = "\(max(axes.isVector ? axes.columns : axes.rows, 1) - 1)".count
    return max(names.map { displayWidth(of: $0) }.max() ?? 0, digits) + 2
  }

  /// Cells of a width that have room beside each other, with a line between gates.
  private static func across(_ axes: WeightAxes, _ width: Int, _ cellWidth: Int) -> Int {
    // Behind the last cell no gap is needed.
    let gap = cellWidth == numberWidth ? 1 : 0
    return max((width + gap - (axes.segments - 1)) / cellWidth, 1)
  }

  /// Cells in a line of a weight of one axis: a round number.
  private static func perLine(_ all: Int, _ across: Int) -> Int {
    all <= across || across < 10 ? max(min(all, across), 1) : across / 10 * 10
  }

  private static func levels(_ axes: WeightAxes, _ room: Size) -> [Level] {
    let whole = whole(axes, room)
    var levels = [whole]
    let block = BlockMeans.Builder.block(
      rows: axes.rows, columns: axes.columns, segment: axes.segment)
    func middle(_ size: Int, _ least: Int) -> Int {
      let root = Int(Double(size).squareRoot().rounded(.up))
      return max(BlockMeans.parts(root, by: least) * least, least)
    }
    let half = Level(
      zoom: .half, cellWidth: 1, blockRows: middle(whole.blockRows, block.rows),
      blockColumns: middle(whole.blockColumns, block.columns))
    if whole.blockRows * whole.blockColumns >= 9, half.blockRows * half.blockColumns > 1,
      (half.blockRows, half.blockColumns) != (whole.blockRows, whole.blockColumns)
    {
      levels.append(half)
    }
    let isEach = whole.blockRows * whole.blockColumns == 1
    for (zoom, width) in [(HeatZoom.cells, 1), (.wide, 2), (.numbers, numberWidth)]
    where width > whole.cellWidth || !isEach && width == whole.cellWidth {
      levels.append(Level(zoom: zoom, cellWidth: width, blockRows: 1, blockColumns: 1))
    }
    return levels
  }

  /// The largest cells with which all of it is on the screen.
  private static func whole(_ axes: WeightAxes, _ room: Size) -> Level {
    let least = BlockMeans.Builder.block(
      rows: axes.rows, columns: axes.columns, segment: axes.segment)
    func block(_ length: Int, _ cells: Int, _ least: Int) -> Int {
      let size = BlockMeans.parts(length, by: max(cells, 1))
      // Every number may stand by itself, however large the blocks are that were added up.
      return size <= 1 ? 1 : BlockMeans.parts(size, by: least) * least
    }
    var level = Level(zoom: .whole, cellWidth: 1, blockRows: 1, blockColumns: 1)
    for width in [numberWidth, 2, 1] {
      let across = across(axes, room.width, width)
      (level.cellWidth, level.blockRows, level.blockColumns) = (width, 1, 1)
      if axes.isVector {
        let lines = BlockMeans.parts(axes.columns, by: perLine(axes.columns, across))
        if lines <= room.height { return level }
        let cells = perLine(.max, across) * room.height
        level.blockColumns = block(axes.columns, cells, least.columns)
      } else {
        level.blockRows = block(axes.rows, room.height, least.rows)
        if axes.columns <= across { break }
        level.blockColumns = block(axes.segment, across / axes.segments, least.columns)
      }
    }
    // Blocks are of one size of those that were added up, or of one number.
    if level.blockRows * level.blockColumns > 1 {
      level.blockRows = max(level.blockRows, least.rows)
      level.blockColumns = max(level.blockColumns, least.columns)
    }
    return level
  }

  // MARK: Cells and numbers

  /// The cell of a number.
  func cell(row: Int, column: Int) -> (line: Int, column: Int) {
    let segment = max(axes.segment, 1)
    let cell = column / segment * cellsPerSegment + column % segment / level.blockColumns
    return axes.isVector ? (cell / width, cell % width) : (row / level.blockRows, cell)
  }

  /// The first number of a cell; the nearest there is.
  func number(line: Int, column: Int) -> (row: Int, column: Int) {
    let line = min(max(line, 0), max(height - 1, 0))
    var cell = min(max(column, 0), max(width - 1, 0))
    if axes.isVector { cell = min(line * width + cell, cellsPerSegment - 1) }
    let gate = cell / cellsPerSegment
    let inGate = cell % cellsPerSegment * level.blockColumns
    return (axes.isVector ? 0 : line * level.blockRows, gate * axes.segment + inGate)
  }

  /// The block of a cell among those of `BlockMeans`; `nil` behind the end of the last line.
  func block(line: Int, column: Int) -> (row: Int, column: Int)? {
    guard axes.isVector else { return (line, column) }
    let cell = line * width + column
    return cell < cellsPerSegment ? (0, cell) : nil
  }

  /// The first and the last number on the screen.
  var corners: [(row: Int, column: Int)] {
    guard let line = lines.last, let column = columns.last else { return [] }
    return [
      number(line: lines.lowerBound, column: columns.lowerBound),
      number(line: line, column: column),
    ]
  }

  // MARK: Places on the screen

  /// Where the cells of a column begin.
  func x(_ column: Int) -> Int {
    let gates = column / cellsPerSegment - columns.lowerBound / cellsPerSegment
    return rect.minX + labelWidth + (column - columns.lowerBound) * level.cellWidth
      + (axes.isVector ? 0 : gates)
  }

  /// Where a line stands.
  func y(_ line: Int) -> Int { rect.minY + line - lines.lowerBound }

  /// The columns of a cell that are drawn.
  var drawnWidth: Int { level.cellWidth == HeatGrid.numberWidth ? 9 : level.cellWidth }

  /// The cell under a point.
  func cell(at point: Point) -> (line: Int, column: Int)? {
    guard rect.contains(point), lines.contains(lines.lowerBound + point.y - rect.minY) else {
      return nil
    }
    let column = columns.first { (x($0)..<x($0) + level.cellWidth).contains(point.x) }
    return column.map { (lines.lowerBound + point.y - rect.minY, $0) }
  }

  /// The gates on the screen: which, and its cells there.
  var gatesOnScreen: [(gate: Int, columns: Range<Int>)] {
    guard !axes.isVector else { return [(0, columns)] }
    return (0..<axes.segments).compactMap { gate in
      let cells = (gate * cellsPerSegment..<(gate + 1) * cellsPerSegment).clamped(to: columns)
      return cells.isEmpty ? nil : (gate, cells)
    }
  }
}

/// A width and a height in columns and rows; never negative.
public struct Size: Hashable, Sendable {
  /// Columns, from 0 to ``limit``.
  public let width: Int
  /// Rows, from 0 to ``limit``.
  public let height: Int

  /// More columns or rows than a terminal can report (its window size holds 16-bit numbers).
  public static let limit = 65_535
  /// The size that holds nothing.
  public static let zero = Size(width: 0, height: 0)

  /// Makes a size; numbers outside 0…``limit`` are brought inside.
  public init(width: Int, height: Int) {
    self.width = min(max(width, 0), Size.limit)
    self.height = min(max(height, 0), Size.limit)
  }
}

/// A cell's place: `x` columns from the left and `y` rows from the top, both from 0.
public struct Point: Hashable, Sendable {
  /// Columns from the left edge; may lie outside the screen.
  public var x: Int
  /// Rows from the top edge; may lie outside the screen.
  public var y: Int

  /// Makes a point.
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}

/// A rectangle of cells.
///
/// Every operation gives a rectangle whose size is not negative.
public struct Rect: Hashable, Sendable {
  /// The top left cell.
  public let origin: Point
  /// Columns and rows.
  public let size: Size

  /// The rectangle that holds nothing.
  public static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

  /// Makes a rectangle; negative sizes become 0 and far origins are brought within a million cells.
  public init(x: Int, y: Int, width: Int, height: Int) {
    // Sums of an origin and a size must never overflow, whatever a view computed.
    let reach = 1_000_000
    origin = Point(x: min(max(x, -reach), reach), y: min(max(y, -reach), reach))
    size = Size(width: width, height: height)
  }

  /// Makes a rectangle of a size whose top left cell is `origin`.
  public init(origin: Point = Point(x: 0, y: 0), size: Size) {
    self.init(x: origin.x, y: origin.y, width: size.width, height: size.height)
  }

  /// The leftmost column.
  public var minX: Int { origin.x }
  /// The top row.
  public var minY: Int { origin.y }
  /// The column after the last.
  public var maxX: Int { origin.x + size.width }
  /// The row after the last.
  public var maxY: Int { origin.y + size.height }
  /// Columns.
  public var width: Int { size.width }
  /// Rows.
  public var height: Int { size.height }
  /// Whether it holds no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }

  /// Whether the cell at `point` lies inside.
  public func contains(_ point: Point) -> Bool {
    point.x >= minX && point.x < maxX && point.y >= minY && point.y < maxY
  }
}

extension Rect {
  /// The cells both rectangles hold.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(minX, other.minX)
    let top = max(minY, other.minY)
    return Rect(
      x: left, y: top,
      width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  /// The rectangle without `columns` at the left and right and `rows` at the top and bottom.
  public func inset(columns: Int = 1, rows: Int = 1) -> Rect {
    let columns = min(max(columns, 0), width)
    let rows = min(max(rows, 0), height)
    return Rect(
      x: minX + columns, y: minY + rows,
      width: width - 2 * columns, height: height - 2 * rows)
  }

  /// The upper `rows` rows, and the rest below them.
  public func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
    let rows = min(max(rows, 0), height)
    return (
      Rect(x: minX, y: minY, width: width, height: rows),
      Rect(x: minX, y: minY + rows, width: width, height: height - rows)
    )
  }

  /// The lower `rows` rows, and the rest above them.
  public func splitBottom(_ rows: Int) -> (bottom: Rect, rest: Rect) {
    let rows = min(max(rows, 0), height)
    let (rest, bottom) = splitTop(height - rows)
    return (bottom, rest)
  }

  /// The leftmost `columns` columns, and the rest to the right of them.
  public func splitLeft(_ columns: Int) -> (left: Rect, rest: Rect) {
    let columns = min(max(columns, 0), width)
    return (
      Rect(x: minX, y: minY, width: columns, height: height),
      Rect(x: minX + columns, y: minY, width: width - columns, height: height)
    )
  }

  /// The rightmost `columns` columns, and the rest to the left of them.
  public func splitRight(_ columns: Int) -> (right: Rect, rest: Rect) {
    let columns = min(max(columns, 0), width)
    let (rest, right) = splitLeft(width - columns)
    return (right, rest)
  }

  /// The row at `index` from the top; empty where there is none.
  public func row(_ index: Int) -> Rect {
    guard index >= 0, index < height else {
      return Rect(x: minX, y: minY, width: 0, height: 0)
    }
    return Rect(x: minX, y: minY + index, width: width, height: 1)
  }

  /// A rectangle of `size`, at most as large as this one, in its middle.
  public func centered(_ size: Size) -> Rect {
    let width = min(size.width, self.width)
    let height = min(size.height, self.height)
    return Rect(
      x: minX + (self.width - width) / 2, y: minY + (self.height - height) / 2,
      width: width, height: height)
  }
}

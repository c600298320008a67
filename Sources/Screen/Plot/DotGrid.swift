/// How a curve is drawn: told apart without colour.
public enum Stroke: Hashable, Sendable, CaseIterable {
  /// Every dot.
  case solid
  /// Four dots, two left out.
  case dashed
  /// One dot, two left out.
  case dotted

  /// Whether the dot at a place along the curve is drawn.
  func draws(_ place: Int) -> Bool {
    switch self {
    case .solid: true
    case .dashed: place % 6 < 4
    case .dotted: place % 3 == 0
    }
  }

  /// The stroke in a legend, three columns wide.
  public var sample: String {
    switch self {
    case .solid: "───"
    case .dashed: "╌╌╌"
    case .dotted: "···"
    }
  }
}

/// Dots in braille characters: two columns and four rows of them in each cell.
///
/// Dots of several curves may share a cell; the cell then has the look of the curve that was drawn
/// first.
public struct DotGrid: Sendable {
  /// Cells.
  public let size: Size
  private var dots: [UInt8]
  private var styles: [Style]

  /// A grid of cells without dots.
  public init(size: Size) {
    self.size = size
    dots = Array(repeating: 0, count: size.width * size.height)
    styles = Array(repeating: .plain, count: size.width * size.height)
  }

  /// Columns of dots.
  public var width: Int { size.width * 2 }
  /// Rows of dots.
  public var height: Int { size.height * 4 }

  /// The bits of a braille character, by row and column of its dots.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  /// Sets a dot; one outside is left out.
  ///
  /// - Parameters:
  ///   - x: columns of dots from the left.
  ///   - y: rows of dots from the top.
  ///   - style: the look of the cell, unless another curve is there already.
  public mutating func set(x: Int, y: Int, style: Style = .plain) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let cell = y / 4 * size.width + x / 2
    if dots[cell] == 0 { styles[cell] = style }
    dots[cell] |= DotGrid.bits[y % 4][x % 2]
  }

  /// Draws a line between two dots.
  ///
  /// - Parameters:
  ///   - start: where it starts, in dots.
  ///   - end: where it ends; drawn, too.
  ///   - stroke: which dots are left out.
  ///   - place: how far along its curve the line starts, for the stroke; moved on to its end.
  ///   - style: its look.
  public mutating func line(
    from start: Point, to end: Point, stroke: Stroke, place: inout Int, style: Style
  ) {
    let (columns, rows) = (end.x - start.x, end.y - start.y)
    // Lines are clipped by leaving dots out: ends that lie far outside would cost time.
    let reach = 100_000
    guard abs(columns) < reach, abs(rows) < reach else { return }
    let steps = max(abs(columns), abs(rows), 1)
    for step in 0...steps {
      let x = start.x + divided(columns * step, by: steps)
      let y = start.y + divided(rows * step, by: steps)
      if stroke.draws(place) { set(x: x, y: y, style: style) }
      if step < steps { place += 1 }
    }
  }

  /// The nearest whole number to a quotient.
  private func divided(_ number: Int, by divisor: Int) -> Int {
    number >= 0 ? (number + divisor / 2) / divisor : -((-number + divisor / 2) / divisor)
  }

  /// Draws the cells that hold dots; the others stay as they are.
  public func render(into canvas: inout Canvas, at origin: Point) {
    for row in 0..<size.height {
      for column in 0..<size.width {
        let cell = row * size.width + column
        guard dots[cell] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else {
          continue
        }
        canvas.write(
          String(Character(scalar)), at: Point(x: origin.x + column, y: origin.y + row),
          style: styles[cell])
      }
    }
  }
}

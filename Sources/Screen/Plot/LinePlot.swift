/// A point of a curve.
public struct PlotPoint: Hashable, Sendable {
  /// Where it stands on the axis to the right.
  public var x: Double
  /// How high it stands; what is no number breaks the curve.
  public var y: Double

  /// A point.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// Curves over a common axis, in braille dots, with the numbers of both axes.
///
/// ```
///  1.0 ┤⢣
///  0.5 ┤ ⠱⣀
///    0 ┤   ⠉⠒⠤⠤⠤
///      └─┬────┬──
///        0    5
/// ```
public struct LinePlot: Sendable {
  /// A curve.
  public struct Series: Sendable {
    /// Its points, from left to right.
    public var points: [PlotPoint]
    /// Which dots are left out.
    public var stroke: Stroke
    /// Its look.
    public var style: Style
    /// What stands at its end; `nil`: nothing.
    public var mark: Character?

    /// A curve through points.
    public init(
      _ points: [PlotPoint], stroke: Stroke = .solid, style: Style = .plain, mark: Character? = nil
    ) {
      self.points = points
      self.stroke = stroke
      self.style = style
      self.mark = mark
    }
  }

  /// The curves; where they meet the first is seen.
  public var series: [Series]
  /// The axis to the right.
  public var x: PlotScale
  /// The axis upwards.
  public var y: PlotScale

  /// A plot of curves.
  public init(_ series: [Series], x: PlotScale, y: PlotScale) {
    self.series = series
    self.x = x
    self.y = y
  }

  /// Draws the plot; where there is no room for the numbers, the curves alone.
  public func render(into canvas: inout Canvas, in rect: Rect, axisStyle: Style = .muted) {
    guard rect.width > 0, rect.height > 0 else { return }
    let upward = y.ticks(atMost: max((rect.height - 2) / 2 + 1, 2))
    let labels = upward.map { displayWidth(of: $0.label) }.max() ?? 0
    guard rect.width >= labels + 8, rect.height >= 4 else {
      viewCurves(into: &canvas, in: rect)
      return
    }
    let (below, above) = rect.splitBottom(2)
    let (left, room) = above.splitLeft(labels + 2)
    let axis = left.maxX - 1
    canvas.verticalLine(
      at: Point(x: axis, y: left.minY), length: left.height, style: axisStyle)
    for tick in upward {
      guard let place = y.position(of: tick.value) else { continue }
      let down = (1 - min(max(place, 0), 1)) * Double(room.height * 4 - 1)
      let row = room.minY + Int(down.rounded()) / 4
      canvas.write(
        pad(tick.label, to: labels, alignment: .right),
        at: Point(x: left.minX, y: row), style: axisStyle)
      canvas.write("┤", at: Point(x: axis, y: row), style: axisStyle)
    }
    viewHorizontalAxis(
      into: &canvas, in: Rect(x: axis, y: below.minY, width: room.width + 1, height: 2),
      style: axisStyle)
    viewCurves(into: &canvas, in: room)
  }

  private func viewHorizontalAxis(into canvas: inout Canvas, in rect: Rect, style: Style) {
    canvas.horizontalLine(at: rect.origin, length: rect.width, style: style)
    canvas.write("└", at: rect.origin, style: style)
    let widest = x.ticks(atMost: 2, isWhole: true).map { displayWidth(of: $0.label) }.max() ?? 1
    var free = rect.minX
    for tick in x.ticks(atMost: max((rect.width - 1) / (widest + 5) + 1, 2), isWhole: true) {
      guard let place = x.position(of: tick.value), place >= 0, place <= 1 else { continue }
      let column = rect.minX + 1 + Int(place * Double(max(rect.width - 2, 0)) + 0.5)
      let width = displayWidth(of: tick.label)
      let start = min(max(column - width / 2, rect.minX), rect.maxX - width)
      guard start >= free else { continue }
      canvas.write("┬", at: Point(x: column, y: rect.minY), style: style)
      canvas.write(tick.label, at: Point(x: start, y: rect.minY + 1), style: style)
      free = start + width + 1
    }
  }

  // MARK: Curves

  private func viewCurves(into canvas: inout Canvas, in rect: Rect) {
    var grid = DotGrid(size: rect.size)
    for series in series { draw(series, on: &grid) }
    grid.render(into: &canvas, at: rect.origin)
    for series in series {
      guard let mark = series.mark, let end = series.points.last(where: { $0.y.isFinite }),
        let dot = dot(end, on: grid)
      else { continue }
      // Beside the end of the curve, else on it.
      let column = min(dot.x / 2 + 1, rect.width - 1)
      canvas.write(
        String(mark), at: Point(x: rect.minX + column, y: rect.minY + dot.y / 4),
        style: series.style.merging(Style(bold: true)))
    }
  }

  private func draw(_ series: Series, on grid: inout DotGrid) {
    var (place, last) = (0, Point?.none)
    var column: Column?
    func flush(_ grid: inout DotGrid) {
      guard let column else { return }
      let first = Point(x: column.x, y: column.first)
      // Where many points share a column it shows from where to where they go.
      grid.line(
        from: last ?? first, to: first, stroke: series.stroke, place: &place, style: series.style)
      if column.least < column.most {
        var whole = 0
        grid.line(
          from: Point(x: column.x, y: column.least),
          to: Point(x: column.x, y: column.most), stroke: .solid, place: &whole,
          style: series.style)
      }
      last = Point(x: column.x, y: column.last)
    }
    for point in series.points {
      guard let dot = dot(point, on: grid) else {
        flush(&grid)
        (column, last) = (nil, nil)
        continue
      }
      if column?.x == dot.x {
        column?.take(dot.y)
      } else {
        flush(&grid)
        column = Column(dot)
      }
    }
    flush(&grid)
  }

  /// The points of a curve that share a column of dots.
  private struct Column {
    let x: Int
    let first: Int
    var last: Int
    var least: Int
    var most: Int

    init(_ dot: Point) {
      x = dot.x
      (first, last, least, most) = (dot.y, dot.y, dot.y, dot.y)
    }

    mutating func take(_ y: Int) {
      last = y
      least = min(least, y)
      most = max(most, y)
    }
  }

  /// The dot of a point, brought inside upwards and downwards; `nil` where it has none.
  private func dot(_ point: PlotPoint, on grid: DotGrid) -> Point? {
    guard grid.width > 0, grid.height > 0, let right = x.position(of: point.x),
      let up = y.position(of: point.y), right > -0.001, right < 1.001
    else { return nil }
    let column = Int((min(max(right, 0), 1) * Double(grid.width - 1)).rounded())
    let row = Int(((1 - min(max(up, 0), 1)) * Double(grid.height - 1)).rounded())
    return Point(x: column, y: row)
  }
}

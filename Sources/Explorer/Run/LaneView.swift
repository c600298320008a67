import Neural
import Screen

/// Draws the rows of a layer below a ruler of timesteps.
struct LaneView {
  let lanes: Lanes
  let rect: Rect
  /// Whether the playhead that the inspector follows goes backward.
  let cursorIsBackward: Bool
  /// Whether the numbers are those of an earlier model.
  let isOld: Bool

  /// Columns before the timesteps.
  static let left = 14
  /// Columns behind them.
  static let right = 15

  /// Columns for timesteps in a row of this width.
  static func room(in width: Int) -> Int { max(width - left - right, 1) }

  private var columns: TimeColumns { lanes.columns }

  /// Where a column begins.
  func x(_ column: Int) -> Int { rect.minX + LaneView.left + column * columns.pitch }

  /// The timestep under a point; `nil` beside the columns.
  func timestep(at point: Point) -> Int? {
    let offset = point.x - rect.minX - LaneView.left
    guard offset >= 0, offset < columns.width else { return nil }
    return columns.steps(offset / columns.pitch).lowerBound
  }

  func view(into canvas: inout Canvas) {
    viewRuler(into: &canvas)
    for (index, lane) in lanes.rows.enumerated() where index + 1 < rect.height {
      view(lane, into: &canvas, y: rect.minY + 1 + index)
    }
  }

  // MARK: The ruler

  private func viewRuler(into canvas: inout Canvas) {
    let y = rect.minY
    canvas.write("t", at: Point(x: rect.minX + 1, y: y), style: Style(.time, bold: true))
    var ranges: [Range<Int>] = []
    let heads = headTimesteps
    // The cursor's own timestep first: it stays where two are too close to each other.
    for t in heads {
      guard let column = columns.column(of: t) else { continue }
      var start = labelEnd(column) - "\(t)".count - 1
      let width = "\(t)".count + 2
      start = min(max(start, rect.minX + LaneView.left - 1), rect.maxX - width)
      if let taken = ranges.first, (start..<start + width).overlaps(taken) {
        start = t > heads[0] ? taken.upperBound : taken.lowerBound - width
      }
      let isCursor = t == heads[0]
      canvas.write(
        "[\(t)]", at: Point(x: start, y: y), style: Style(.time, bold: isCursor))
      ranges.append(start..<start + width)
    }
    let stride = labelStride
    for t in Swift.stride(
      from: (columns.first + stride - 1) / stride * stride, to: columns.visible.upperBound,
      by: stride)
    {
      guard let column = columns.column(of: t) else { continue }
      let start = labelEnd(column) - "\(t)".count
      let range = start..<start + "\(t)".count
      let isFree = ranges.allSatisfy {
        range.upperBound < $0.lowerBound || range.lowerBound > $0.upperBound
      }
      if isFree, start >= rect.minX + LaneView.left - 1 {
        canvas.write("\(t)", at: Point(x: start, y: y), style: .muted)
      }
    }
    var detail = StyledText("T ", Style(.time, bold: true))
    detail.append("\(columns.timesteps)", Style(.time))
    canvas.write(detail, at: Point(x: detailX, y: y), maxWidth: rect.maxX - detailX)
  }

  /// The timesteps that are read now, the cursor's first.
  private var headTimesteps: [Int] {
    let clock = lanes.clock
    let cursor = clock.timestep(isBackward: cursorIsBackward)
    guard lanes.subject.isBidirectional else { return [cursor] }
    let other = clock.timestep(isBackward: !cursorIsBackward)
    return other == cursor ? [cursor] : [cursor, other]
  }

  /// The column behind the label of a column.
  private func labelEnd(_ column: Int) -> Int {
    x(column) + (columns.pitch > 1 ? 2 : 1)
  }

  /// How many timesteps lie between two labels: 1, 2, 5, 10, 20, 50 and so on.
  private var labelStride: Int {
    let width = "\(columns.timesteps)".count + (columns.pitch > 2 ? 1 : 4)
    var stride = 1
    var factors = [2, 5, 10]
    var power = 1
    while stride * columns.pitch < width * columns.stepsPerColumn {
      stride = power * factors.removeFirst()
      if factors.isEmpty {
        factors = [2, 5, 10]
        power = stride
      }
    }
    return stride
  }

  /// Where the details stand: behind the columns, or at the right edge of a narrow screen.
  private var detailX: Int {
    min(x(columns.count) + (columns.pitch == 1 ? 2 : 1), rect.maxX - LaneView.right + 1)
  }

  // MARK: The rows

  private func view(_ lane: Lane, into canvas: inout Canvas, y: Int) {
    let isCursor = lane.role == .direction(isBackward: cursorIsBackward)
    canvas.write(
      lane.title, at: Point(x: rect.minX + 1, y: y),
      style: isOld ? .muted : Style(titleColor(lane), bold: isCursor), maxWidth: LaneView.left - 2)
    for (column, cell) in lane.cells.enumerated() {
      if case .pending = cell, !lane.words.isEmpty { continue }
      view(cell, of: lane, at: Point(x: x(column), y: y), into: &canvas)
    }
    if let head = lane.head, let column = columns.column(of: head) {
      viewHead(lane, at: Point(x: x(column), y: y), into: &canvas)
    }
    if !lane.words.isEmpty { viewWords(of: lane, into: &canvas, y: y) }
    canvas.write(
      isOld ? StyledText(lane.detail.text, .muted) : lane.detail, at: Point(x: detailX, y: y),
      maxWidth: rect.maxX - detailX)
  }

  private func titleColor(_ lane: Lane) -> Color? {
    switch lane.role {
    case .direction, .half: lane.color
    default: nil
    }
  }

  private func view(_ cell: Lane.Cell, of lane: Lane, at point: Point, into canvas: inout Canvas) {
    let width = columns.cellWidth
    func write(_ text: String, _ style: Style, offset: Int = 0) {
      canvas.write(
        text, at: Point(x: point.x + offset, y: point.y), style: isOld ? .muted : style)
    }
    // Marks of one column stand at the right, below the numbers of the ruler.
    let single = width > 1 ? 1 : 0
    switch cell {
    case .pending: write(String(Heat.pending), .muted, offset: single)
    case .unknown: write("?", .muted, offset: single)
    case .skipped:
      let isBackward = lane.role == .direction(isBackward: true)
      write(isBackward ? "«" : "»", .muted, offset: single)
    case .counts(let counts):
      let text = counts.map { $0 ? "1" : "0" } ?? "~"
      write(text, Style(counts == true ? .time : .warning), offset: single)
    case .character(let character):
      write(String(character), Style(lane.color, bold: true), offset: single)
    case .value(let value):
      let glyph = lane.heat.glyph(value)
      let style = lane.heat.style(value, Style(lane.color))
      let isBlock = Heat.positive.contains(glyph) || Heat.negative.contains(glyph)
      if width == 7 {
        write(String(glyph), style)
        write(pad(decimals(value, 2), to: 5, alignment: .right), style, offset: 2)
      } else if width == 2, isBlock {
        write(String([glyph, glyph]), style)
      } else {
        write(String(glyph), style, offset: single)
      }
    case .halves(let first, let second):
      write(
        String(lane.heat.glyph(first)), lane.heat.style(first, Style(lane.halves.0)),
        offset: width == 7 ? 1 : 0)
      write(
        String(lane.heat.glyph(second)), lane.heat.style(second, Style(lane.halves.1)),
        offset: width == 7 ? 2 : single)
    }
  }

  /// The playhead: `█▶` or `◀█`.
  private func viewHead(_ lane: Lane, at point: Point, into canvas: inout Canvas) {
    let isBackward = lane.role == .direction(isBackward: true)
    let isCursor = lane.role == .direction(isBackward: cursorIsBackward) || lane.role == .output
    let offset = columns.cellWidth == 1 ? 0 : isBackward ? (columns.cellWidth == 7 ? -1 : 0) : 1
    let color: Color = lane.role == .output ? .accent : lane.color
    canvas.write(
      isBackward ? "◀" : "▶", at: Point(x: point.x + offset, y: point.y),
      style: isOld ? .muted : Style(isCursor ? .accent : color, bold: true))
  }

  /// Words in the middle, a line from them to what stands at both ends.
  private func viewWords(of lane: Lane, into canvas: inout Canvas, y: Int) {
    let mark = columns.cellWidth > 1 ? 1 : 0
    let ends = lane.ends ? [0, columns.timesteps - 1].compactMap { columns.column(of: $0) } : []
    for column in ends where lane.cells[column] == .pending {
      canvas.write(
        String(Heat.pending), at: Point(x: x(column) + mark, y: y), style: .muted)
    }
    let start = x(0) + columns.cellWidth + 1
    let end = x(columns.count - 1) - 1
    guard let words = lane.words.first(where: { $0.width <= end - start }) else { return }
    let left = start + (end - start - words.width) / 2
    canvas.write(
      isOld ? StyledText(words.text, .muted) : words, at: Point(x: left, y: y),
      maxWidth: words.width)
    let right = left + words.width + 1
    for range in [start..<max(left - 1, start), right..<max(end, right)] {
      canvas.horizontalLine(
        at: Point(x: range.lowerBound, y: y), length: range.count, style: .muted)
    }
  }
}

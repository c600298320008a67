import Neural
import Screen

/// The units around the chosen one, a row each, over the same columns as the lanes above.
struct UnitGrid {
  let lanes: Lanes
  /// The inside of the border.
  let rect: Rect
  let isBackward: Bool
  let isOld: Bool

  private var direction: DirectionRecording? { lanes.subject.direction(isBackward) }
  private var count: Int { direction?.units ?? lanes.subject.outputs.first?.features ?? 0 }
  private var selected: Int { min(lanes.unit, max(count - 1, 0)) }

  /// The units on the screen: pages, so that most of it stands still.
  private var visible: Range<Int> {
    guard rect.height > 0 else { return 0..<0 }
    let first = min(selected / rect.height * rect.height, max(count - rect.height, 0))
    return first..<min(first + rect.height, count)
  }

  /// The unit in the row under a point.
  func unit(at point: Point) -> Int? {
    guard rect.contains(point) else { return nil }
    let unit = visible.lowerBound + point.y - rect.minY
    return visible.contains(unit) ? unit : nil
  }

  /// What the rows are, for the border.
  var title: StyledText {
    let noun = direction == nil ? "features" : "units"
    var title = StyledText(
      direction.map { ($0.isBackward ? "backward" : "forward") + " h" } ?? "output y",
      Style(color, bold: true))
    title.append(" · \(noun) \(visible.lowerBound)…\(max(visible.upperBound - 1, 0)) of \(count)")
    return title
  }

  private var color: Color {
    guard let direction else { return .features }
    return direction.isBackward ? .backward : .forward
  }

  func view(into canvas: inout Canvas, laneView: LaneView) {
    let scale = direction == nil ? lanes.subject.scale : lanes.subject.stateScale
    let heat = Heat(limit: scale)
    for unit in visible {
      let y = rect.minY + unit - visible.lowerBound
      let isSelected = unit == selected
      canvas.write(
        pad("\(isSelected ? "▸ " : "")\(unit)", to: LaneView.left - 4, alignment: .right),
        at: Point(x: rect.minX, y: y), style: isSelected ? Style(.accent, bold: true) : .muted)
      for (column, cell) in cells(unit).enumerated() {
        let point = Point(x: laneView.x(column) + (lanes.columns.pitch > 1 ? 1 : 0), y: y)
        switch cell {
        case .value(let value):
          let style = isOld ? .muted : heat.style(value, Style(color, bold: isSelected))
          canvas.write(String(heat.glyph(value)), at: point, style: style)
        case .skipped:
          canvas.write(color == .backward ? "«" : "»", at: point, style: .muted)
        case .unknown: canvas.write("?", at: point, style: .muted)
        default: canvas.write(String(Heat.pending), at: point, style: .muted)
        }
      }
    }
  }

  private func cells(_ unit: Int) -> [Lane.Cell] {
    if let direction { return lanes.states(of: direction, unit: unit) }
    guard let output = lanes.subject.outputs.first else { return [] }
    return (0..<lanes.columns.count).map {
      .value(lanes.peak(output, column: $0, feature: unit))
    }
  }
}

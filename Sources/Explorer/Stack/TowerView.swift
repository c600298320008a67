import Neural
import Screen

/// Draws a graph: towers side by side where they fit, else as a list with lines on its left.
struct TowerView {
  private let state: State
  private let layout: StackLayout

  init(_ state: State) {
    self.state = state
    layout = state.document.layout
  }

  /// The narrowest lane in which a name and a shape can be read.
  private static let narrowest = 26

  func view(into canvas: inout Canvas, in rect: Rect) {
    let lane = rect.width / max(layout.laneCount, 1)
    if lane >= TowerView.narrowest {
      viewSideBySide(into: &canvas, in: rect, laneWidth: min(lane, 48))
    } else {
      viewAsList(into: &canvas, in: rect)
    }
  }

  /// The rows of the grid that are on screen, with the selected one among them.
  private func visibleRows(_ count: Int, selected: Int, height: Int) -> Range<Int> {
    guard count > height else { return 0..<count }
    let first = min(max(selected - height / 2, 0), count - height)
    return first..<(first + height)
  }

  private var selectedRow: Int {
    let index = state.cursor.selection
    return layout.places.indices.contains(index) ? layout.places[index].row : layout.rowCount
  }

  private func viewSideBySide(into canvas: inout Canvas, in rect: Rect, laneWidth: Int) {
    let rows = visibleRows(layout.rowCount + 1, selected: selectedRow, height: rect.height)
    var lines = LineGrid(width: rect.width, rows: rows)
    for edge in layout.edges { lines.draw(edge) { 1 + $0 * laneWidth } }
    lines.render(into: &canvas, at: rect.origin)
    for (index, place) in layout.places.enumerated() where rows.contains(place.row) {
      let cell = Rect(
        x: rect.minX + place.lane * laneWidth, y: rect.minY + place.row - rows.lowerBound,
        width: min(laneWidth, rect.maxX - (rect.minX + place.lane * laneWidth)) - 1, height: 1)
      viewCell(place.node, isSelected: index == state.cursor.selection, into: &canvas, in: cell)
    }
    if rows.contains(layout.rowCount) {
      let y = rect.minY + layout.rowCount - rows.lowerBound
      viewAdd(into: &canvas, at: Point(x: rect.minX, y: y))
    }
  }

  /// One call in its lane: mark, name, and as much of shape and count as fits.
  private func viewCell(
    _ node: NodeID, isSelected: Bool, into canvas: inout Canvas, in cell: Rect, markAt: Point? = nil
  ) {
    guard let layer = state.model.layer(of: node),
      let report = state.document.analysis.reports[node]
    else { return }
    let mark = markAt ?? Point(x: cell.minX + 1, y: cell.minY)
    if isSelected {
      canvas.write("▸", at: Point(x: mark.x - 1, y: mark.y), style: Style(.accent, bold: true))
    }
    canvas.write(
      "●", at: mark,
      style: report.error == nil ? (isSelected ? Style(.accent) : .muted) : Style(.error))
    let room = cell.width - 3
    let shape =
      report.error.map { StyledText("✗ \($0.message)", Style(.error)) }
      ?? StackTable.shapes(report)
    let count = StackTable.count(state, node)
    var label = layer.label(in: state.model)
    if displayWidth(of: label) + 1 + shape.width > room { label = layer.name }
    let showsCount = count != "0" && count != "?"
    let countRoom = showsCount ? count.count + 1 : 0
    let withCount = displayWidth(of: label) + 1 + shape.width + countRoom <= room
    let shapeRoom = min(shape.width, max(room - (withCount ? countRoom : 0) - 9, 8))
    let nameRoom = max(room - shapeRoom - 1 - (withCount ? countRoom : 0), 6)
    let x = cell.minX + 3
    canvas.write(
      fit(label, to: min(nameRoom, room)), at: Point(x: x, y: cell.minY),
      style: Style(bold: isSelected))
    let nameColumn = max(min(nameRoom, 18), min(displayWidth(of: label), nameRoom))
    canvas.write(
      shape, at: Point(x: x + nameColumn + 1, y: cell.minY),
      maxWidth: max(cell.maxX - (x + nameColumn + 1) - (withCount ? countRoom : 0), 0))
    if withCount && showsCount {
      canvas.write(
        count, at: Point(x: cell.maxX - count.count, y: cell.minY),
        style: count == "shared" ? .muted : .plain)
    }
  }

  private func viewAdd(into canvas: inout Canvas, at point: Point) {
    let isSelected = state.selectedNode == nil
    canvas.write(isSelected ? "▸" : "", at: point, style: Style(.accent, bold: true))
    canvas.write(
      "+ add a layer", at: Point(x: point.x + 2, y: point.y),
      style: isSelected ? Style(.accent, bold: true) : .muted)
  }

  /// The row of each call where every call has a row of its own, and the row behind the last.
  ///
  /// Calls that share a row of the grid follow each other; an empty row stays where lines cross.
  private func listRows() -> (rows: [Int: Int], count: Int) {
    let order = layout.places.indices.sorted {
      let (a, b) = (layout.places[$0], layout.places[$1])
      return (a.row, a.lane) < (b.row, b.lane)
    }
    var rows: [Int: Int] = [:]
    var next = 0
    var gridRow = -1
    for index in order {
      let row = layout.places[index].row
      if row - gridRow > 1 { next += 1 }
      gridRow = row
      rows[index] = next
      next += 1
    }
    return (rows, next)
  }

  /// One call a row, its tower shown by lines on the left, two columns a lane.
  private func viewAsList(into canvas: inout Canvas, in rect: Rect) {
    let (line, count) = listRows()
    let gutter = min(2 * layout.laneCount + 1, max(rect.width - 40, 3))
    let rows = visibleRows(
      count + 1, selected: line[state.cursor.selection] ?? count, height: rect.height)
    var moved: [Int: Int] = [:]
    for (index, place) in layout.places.enumerated() {
      moved[place.row * layout.laneCount + place.lane] = line[index]
    }
    var lines = LineGrid(width: gutter, rows: rows)
    for edge in layout.edges {
      var shifted = edge
      shifted.fromRow = moved[edge.fromRow * layout.laneCount + edge.fromLane] ?? 0
      shifted.toRow = moved[edge.toRow * layout.laneCount + edge.toLane] ?? 0
      lines.draw(shifted) { 1 + 2 * $0 }
    }
    lines.render(into: &canvas, at: rect.origin)
    for (index, place) in layout.places.enumerated() {
      guard let row = line[index], rows.contains(row) else { continue }
      let y = rect.minY + row - rows.lowerBound
      let isSelected = index == state.cursor.selection
      viewCell(
        place.node, isSelected: isSelected, into: &canvas,
        in: Rect(x: rect.minX + gutter - 1, y: y, width: rect.width - gutter, height: 1),
        markAt: Point(x: rect.minX + min(1 + 2 * place.lane, gutter - 1), y: y))
    }
    if rows.contains(count) {
      viewAdd(into: &canvas, at: Point(x: rect.minX, y: rect.minY + count - rows.lowerBound))
    }
  }

  /// The call under the pointer; the row that adds a layer counts behind the last.
  func index(at point: Point, in rect: Rect) -> Int? {
    let lane = rect.width / max(layout.laneCount, 1)
    if lane >= TowerView.narrowest {
      let rows = visibleRows(layout.rowCount + 1, selected: selectedRow, height: rect.height)
      let row = point.y - rect.minY + rows.lowerBound
      if row == layout.rowCount { return layout.count }
      let column = (point.x - rect.minX) / min(lane, 48)
      return layout.places.firstIndex { $0.row == row && $0.lane == column }
    }
    let (line, count) = listRows()
    let rows = visibleRows(
      count + 1, selected: line[state.cursor.selection] ?? count, height: rect.height)
    let row = point.y - rect.minY + rows.lowerBound
    return row == count ? layout.count : line.first { $0.value == row }?.key
  }
}

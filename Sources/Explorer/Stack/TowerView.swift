import Neural
import Screen

/// Draws a graph: towers side by side where nothing is cut, else a table with lines on its left.
struct TowerView {
  private let state: State
  private let layout: StackLayout
  private let rect: Rect
  /// The columns of a tower; `nil` where the towers do not fit beside each other.
  private let laneWidth: Int?

  /// The view of a graph in `rect`.
  init(_ state: State, in rect: Rect) {
    self.state = state
    self.rect = rect
    layout = state.document.layout
    let needed = TowerView.neededWidth(state)
    let lane = rect.width / max(layout.laneCount, 1)
    laneWidth = lane >= needed ? min(lane, max(needed, 48)) : nil
  }

  /// The columns in which the widest call of a tower can be read: mark, name, shape, count.
  ///
  /// Large graphs stand as tables: looking for the widest call would cost more than it gives.
  private static func neededWidth(_ state: State) -> Int {
    guard state.document.layout.count <= 200 else { return .max }
    var (name, shape, count) = (8, 6, 1)
    for place in state.document.layout.places {
      guard let layer = state.model.layer(of: place.node),
        let report = state.document.analysis.reports[place.node]
      else { continue }
      name = max(name, min(displayWidth(of: layer.name), 16))
      shape = max(shape, StackTable.shapes(report).width)
      count = max(count, StackTable.count(state, place.node).count)
    }
    return 3 + name + 1 + shape + 1 + count + 1
  }

  func view(into canvas: inout Canvas) {
    if let laneWidth {
      viewSideBySide(into: &canvas, laneWidth: laneWidth)
    } else {
      viewAsTable(into: &canvas)
    }
  }

  /// The call under the pointer; the row that adds a layer counts behind the last.
  func index(at point: Point) -> Int? {
    if let laneWidth {
      let rows = visibleRows(layout.rowCount + 1, selected: selectedRow)
      let row = point.y - rect.minY + rows.lowerBound
      if row == layout.rowCount { return layout.count }
      let lane = (point.x - rect.minX) / laneWidth
      return layout.places.firstIndex { $0.row == row && $0.lane == lane }
    }
    let table = LaneTable(layout)
    let rows = visibleRows(
      table.count + 1, selected: table.rows[state.cursor.selection] ?? table.count)
    let row = point.y - rect.minY + rows.lowerBound
    return row == table.count ? layout.count : table.rows.first { $0.value == row }?.key
  }

  /// The rows that are on screen, with the selected one among them.
  private func visibleRows(_ count: Int, selected: Int) -> Range<Int> {
    guard count > rect.height else { return 0..<count }
    let first = min(max(selected - rect.height / 2, 0), count - rect.height)
    return first..<(first + rect.height)
  }

  private var selectedRow: Int {
    let index = state.cursor.selection
    return layout.places.indices.contains(index) ? layout.places[index].row : layout.rowCount
  }

  private func viewSideBySide(into canvas: inout Canvas, laneWidth: Int) {
    let rows = visibleRows(layout.rowCount + 1, selected: selectedRow)
    var lines = LineGrid(width: rect.width, rows: rows)
    for edge in layout.edges { lines.draw(edge) { 1 + $0 * laneWidth } }
    lines.render(into: &canvas, at: rect.origin)
    let shown = layout.places.indices.filter { rows.contains(layout.places[$0].row) }
    // One set of columns for all towers, so that they stand in line.
    let table = StackTable(state, width: laneWidth - 4, rows: shown, style: .tower)
    for index in shown {
      let left = rect.minX + layout.places[index].lane * laneWidth
      let y = rect.minY + layout.places[index].row - rows.lowerBound
      viewMark(index, into: &canvas, at: Point(x: left + 1, y: y))
      table.viewRow(
        index, into: &canvas, in: Rect(x: left + 3, y: y, width: laneWidth - 4, height: 1))
    }
    if rows.contains(layout.rowCount) {
      viewAdd(into: &canvas, row: layout.rowCount - rows.lowerBound)
    }
  }

  /// One call a row, its tower shown by lines on the left, two columns a lane.
  private func viewAsTable(into canvas: inout Canvas) {
    let lanes = LaneTable(layout)
    let gutter = min(2 * layout.laneCount + 2, max(rect.width - 34, 4))
    let selected = lanes.rows[state.cursor.selection] ?? lanes.count
    let rows = visibleRows(lanes.count + 1, selected: selected)
    var lines = LineGrid(width: gutter - 1, rows: rows)
    for edge in lanes.edges { lines.draw(edge) { 1 + 2 * $0 } }
    lines.render(into: &canvas, at: rect.origin)
    let shown = layout.places.indices.filter { rows.contains(lanes.rows[$0] ?? -1) }
    let table = StackTable(
      state, width: rect.width - gutter - 1, rows: shown, style: .lanes)
    for index in shown {
      guard let row = lanes.rows[index] else { continue }
      let y = rect.minY + row - rows.lowerBound
      let x = rect.minX + min(1 + 2 * layout.places[index].lane, gutter - 2)
      viewMark(index, into: &canvas, at: Point(x: x, y: y))
      table.viewRow(
        index, into: &canvas,
        in: Rect(x: rect.minX + gutter, y: y, width: rect.width - gutter - 1, height: 1))
    }
    if rows.contains(lanes.count) { viewAdd(into: &canvas, row: lanes.count - rows.lowerBound) }
    Scrollbar(count: lanes.count + 1, visible: rows).render(
      into: &canvas, in: Rect(x: rect.maxX, y: rect.minY, width: 1, height: rect.height))
  }

  private func viewMark(_ index: Int, into canvas: inout Canvas, at point: Point) {
    let isSelected = index == state.cursor.selection
    let hasError = state.document.analysis.reports[layout.places[index].node]?.error != nil
    if isSelected {
      canvas.write("▸", at: Point(x: point.x - 1, y: point.y), style: Style(.accent, bold: true))
    }
    canvas.write(
      "●", at: point, style: hasError ? Style(.error) : isSelected ? Style(.accent) : .muted)
  }

  private func viewAdd(into canvas: inout Canvas, row: Int) {
    let isSelected = state.selectedNode == nil
    let point = Point(x: rect.minX, y: rect.minY + row)
    canvas.write(isSelected ? "▸" : "", at: point, style: Style(.accent, bold: true))
    canvas.write(
      "+ add a layer", at: Point(x: point.x + 2, y: point.y),
      style: isSelected ? Style(.accent, bold: true) : .muted)
  }
}

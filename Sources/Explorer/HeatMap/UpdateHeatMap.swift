import Neural
import Screen

/// The keys of the map of a weight.
///
/// - Returns: `nil` where the key is not one of them.
func updateHeatMap(_ state: inout State, _ key: Key) -> [Effect]? {
  guard let grid = state.mapGrid else { return nil }
  let (line, column) = grid.cursor
  switch key {
  case .up, .character("k"): moveCursor(&state, line - 1, column)
  case .down, .character("j"): moveCursor(&state, line + 1, column)
  case .left, .character("h"): moveCursor(&state, line, column - 1)
  case .right, .character("l"): moveCursor(&state, line, column + 1)
  case .pageUp: moveCursor(&state, line - max(grid.lines.count - 1, 1), column)
  case .pageDown: moveCursor(&state, line + max(grid.lines.count - 1, 1), column)
  case .home: moveCursor(&state, line, 0)
  case .end: moveCursor(&state, line, grid.width - 1)
  case .character("g"): moveCursor(&state, 0, column)
  case .character("G"): moveCursor(&state, grid.height - 1, column)
  case .character("z"): zoom(&state, grid)
  case .character("+"), .character("="): zoom(&state, grid, by: 1)
  case .character("-"): zoom(&state, grid, by: -1)
  case .character(","): moveSlice(&state, by: -1)
  case .character("."): moveSlice(&state, by: 1)
  case .tab: moveWeight(&state, by: 1)
  case .backTab: moveWeight(&state, by: -1)
  case .escape: closeMap(&state)
  case .enter: state.note("tab shows the next weight, z is closer, esc goes back")
  default: return nil
  }
  return []
}

/// Opens the weight that is chosen in the inspector as a map.
func openMap(_ state: inout State) {
  guard let layer = state.selectedLayer else { return }
  guard !state.selectedWeights.isEmpty else {
    state.note("\(layer.layer.name) has no weights")
    return
  }
  if let fault = state.document.fault(of: layer.id) {
    state.fail(fault.description)
    return
  }
  guard state.weightKey(of: layer.id) != nil else {
    state.note("no numbers yet: space runs the model, then enter shows them")
    return
  }
  let place = WeightKey.Place(document: state.current, layer: layer.id)
  state.weights.map = HeatMap(place, index: state.chosenWeight)
  state.focus = .screen
}

/// Goes back to the inspector, to the weight that was shown last.
func closeMap(_ state: inout State) {
  if let index = state.weights.map?.index { state.weights.selection = index }
  state.weights.map = nil
  state.focus = .weights
  showChosenWeight(&state)
}

private func moveCursor(_ state: inout State, _ line: Int, _ column: Int) {
  guard let grid = state.mapGrid, var map = state.weights.map else { return }
  // What is at hand of a weight with an axis of 0 is nothing.
  guard grid.axes.count > 0 else { return }
  let place = grid.number(line: line, column: column)
  (map.row, map.column) = place
  keepOnScreen(&map, grid.axes, state)
  state.weights.map = map
}

/// Notes what is at the upper left, so that the map scrolls no more than it takes.
private func keepOnScreen(_ map: inout HeatMap, _ axes: WeightAxes, _ state: State) {
  let grid = HeatGrid(map, axes, in: HeatMapFrame(state.frame.body).cells)
  let first = grid.number(line: grid.lines.lowerBound, column: grid.columns.lowerBound)
  (map.firstRow, map.firstColumn) = first
}

/// A step closer or further; without one closer, and from the closest to the whole.
private func zoom(_ state: inout State, _ grid: HeatGrid, by offset: Int? = nil) {
  guard var map = state.weights.map, let here = grid.levels.firstIndex(of: grid.level) else {
    return
  }
  let count = grid.levels.count
  guard count > 1 else {
    state.note("all of it is on the screen, as large as it gets")
    return
  }
  let next = offset.map { min(max(here + $0, 0), count - 1) } ?? (here + 1) % count
  map.zoom = grid.levels[next].zoom
  // The cursor stays in the middle.
  let axes = grid.axes
  let closer = HeatGrid(map, axes, in: HeatMapFrame(state.frame.body).cells)
  let corner = closer.number(
    line: closer.cursor.line - closer.lines.count / 2,
    column: closer.cursor.column - closer.columns.count / 2)
  (map.firstRow, map.firstColumn) = corner
  keepOnScreen(&map, axes, state)
  state.weights.map = map
}

private func moveSlice(_ state: inout State, by offset: Int) {
  guard let map = state.weights.map, let axes = state.mapSubject?.axes else { return }
  guard axes.sliceCount > 1 else {
    state.note("one matrix only: it has no more axes")
    return
  }
  let slice = min(max(map.slice + offset, 0), axes.sliceCount - 1)
  if slice != map.slice { state.weights.map?.show(index: map.index, slice: slice) }
}

private func moveWeight(_ state: inout State, by offset: Int) {
  guard let map = state.weights.map else { return }
  let count = state.selectedWeights.count
  guard count > 1 else {
    state.note("the layer has one weight only")
    return
  }
  let index = (map.index + offset + count) % count
  state.weights.map?.show(index: index)
  state.weights.selection = index
}

/// Applies a click or the wheel to the map.
func updateHeatMap(_ state: inout State, _ mouse: Mouse) {
  guard let grid = state.mapGrid else { return }
  switch mouse.kind {
  case .wheelUp: moveCursor(&state, grid.cursor.line - 3, grid.cursor.column)
  case .wheelDown: moveCursor(&state, grid.cursor.line + 3, grid.cursor.column)
  case .press, .drag, .doubleClick:
    guard let cell = grid.cell(at: mouse.position) else { return }
    moveCursor(&state, cell.line, cell.column)
  case .release: break
  }
}

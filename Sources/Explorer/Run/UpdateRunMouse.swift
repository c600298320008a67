import Neural
import Screen

/// Applies a click, a drag or the wheel to the Run screen.
func updateRun(_ state: inout State, _ mouse: Mouse) {
  guard let screen = RunScreen(state, in: state.frame.body) else { return }
  switch mouse.kind {
  case .wheelUp, .wheelDown:
    turn(&state, screen, mouse.position, by: mouse.kind == .wheelUp ? -1 : 1)
  case .press, .drag, .doubleClick: point(&state, screen, mouse)
  case .release: break
  }
}

private func turn(_ state: inout State, _ screen: RunScreen, _ point: Point, by offset: Int) {
  if screen.frame.lanes.contains(point) || screen.frame.title.contains(point) {
    _ = updateRun(&state, offset < 0 ? .left : .right)
  } else if screen.frame.strips.contains(point) {
    _ = updateRun(&state, .character(offset < 0 ? "[" : "]"))
  } else {
    _ = updateRun(&state, offset < 0 ? .up : .down)
  }
}

private func point(_ state: inout State, _ screen: RunScreen, _ mouse: Mouse) {
  let point = mouse.position
  if screen.frame.lanes.contains(point) || screen.frame.grid.contains(point) {
    scrub(&state, screen, mouse)
  } else if mouse.kind != .drag, let node = screen.strips.node(at: point) {
    state.select(node)
    state.run.part = 0
  }
}

/// Moves the playhead to the column; a press on a lane of the other direction follows that one.
private func scrub(_ state: inout State, _ screen: RunScreen, _ mouse: Mouse) {
  let point = mouse.position
  if screen.subject.timesteps == nil {
    let grid = VectorGrid(
      screen.subject, unit: state.run.unit, sample: screen.sample, width: state.size.width)
    if let unit = grid.unit(at: point, in: screen.frame.grid.inset()) { state.run.unit = unit }
    return
  }
  if mouse.kind != .drag {
    let row = point.y - screen.frame.lanes.minY - 1
    let rows = screen.lanes.rows
    if screen.frame.lanes.contains(point), rows.indices.contains(row),
      case .direction(let isBackward) = rows[row].role
    {
      state.run.isBackward = isBackward
    }
    if let unit = screen.grid.unit(at: point), screen.frame.grid.contains(point) {
      state.run.unit = unit
    }
  }
  guard let t = screen.laneView.timestep(at: point) else { return }
  let isBackward = screen.subject.cursorIsBackward(state.run.isBackward)
  moveClock(&state, to: screen.clock.step(reading: t, isBackward: isBackward))
}

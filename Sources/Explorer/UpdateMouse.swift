import Neural
import Screen

/// Applies a click or the wheel.
func update(_ state: inout State, _ mouse: Mouse) -> [Effect] {
  if mouse.kind == .press, let screen = state.tab(at: mouse.position), state.hasNoPrompt {
    return show(screen, &state)
  }
  switch state.focus {
  case .picker(let picker): update(&state, picker: picker, mouse)
  case .help(let offset):
    switch mouse.kind {
    case .wheelUp: updateHelp(&state, offset: offset, key: .up)
    case .wheelDown: updateHelp(&state, offset: offset, key: .down)
    case .press: state.focus = .screen
    default: break
    }
  case .form(let form): update(&state, form: form, mouse)
  case .screen, .inspector, .weights:
    switch state.screen {
    case .stack where state.showsMap: updateHeatMap(&state, mouse)
    case .stack: updatePanes(&state, mouse)
    case .run: updateRun(&state, mouse)
    case .train: updateTrain(&state, mouse)
    }
  default: break
  }
  return []
}

private func updatePanes(_ state: inout State, _ mouse: Mouse) {
  let frame = state.stackFrame
  let step = mouse.kind == .wheelUp ? -1 : 1
  if frame.inspector.contains(mouse.position) {
    switch mouse.kind {
    case .wheelUp, .wheelDown:
      let rect = frame.inspector.inset()
      let lines = inspectorLines(state, width: rect.width - 2).count
      let last = max(lines - rect.height, 0)
      state.inspectorOffset = min(max(state.inspectorOffset + step, 0), last)
    case .press, .doubleClick:
      let rect = frame.inspector.inset()
      let line = mouse.position.y - rect.minY + state.inspectorOffset
      guard let weight = weight(onLine: line, state, width: rect.width - 2) else {
        state.focus = .inspector
        if mouse.kind == .doubleClick { updateStack(&state, .enter) }
        return
      }
      state.focus = .weights
      state.weights.selection = weight
      if mouse.kind == .doubleClick { openMap(&state) }
    default: break
    }
    return
  }
  guard frame.stack.contains(mouse.position) else { return }
  switch mouse.kind {
  case .wheelUp, .wheelDown:
    state.select(row: state.cursor.selection + step)
  case .press, .doubleClick:
    state.focus = .screen
    state.status = nil
    guard let row = rowUnder(mouse.position, state, frame) else { return }
    state.select(row: row)
    if mouse.kind == .doubleClick { updateStack(&state, .enter) }
  default: break
  }
}

/// The row of the list under the pointer.
private func rowUnder(_ point: Point, _ state: State, _ frame: StackFrame) -> Int? {
  let list = frame.list
  guard list.contains(point) else { return nil }
  if state.document.layout.isChain {
    let visible = state.cursor.visible(count: state.rowCount, height: list.height)
    let row = visible.lowerBound + point.y - list.minY
    return visible.contains(row) ? row : nil
  }
  return TowerView(state, in: list).index(at: point)
}

private func update(_ state: inout State, picker: LayerPicker, _ mouse: Mouse) {
  switch mouse.kind {
  case .wheelUp: update(&state, picker: picker, key: .up)
  case .wheelDown: update(&state, picker: picker, key: .down)
  case .press, .doubleClick:
    guard let row = picker.row(at: mouse.position, in: state.frame.body) else {
      return
    }
    var picker = picker
    let height = LayerPicker.listHeight(in: state.frame.body)
    picker.cursor.select(row, count: picker.matches.count, height: height)
    state.focus = .picker(picker)
    if mouse.kind == .doubleClick { update(&state, picker: picker, key: .enter) }
  default: break
  }
}

private func update(_ state: inout State, form: SettingsForm, _ mouse: Mouse) {
  switch mouse.kind {
  case .wheelUp: _ = update(&state, form: form, key: .up)
  case .wheelDown: _ = update(&state, form: form, key: .down)
  case .press:
    let list = state.stackFrame.inspectorOrBody.inset()
    let count = form.rows(in: state.model).count
    let visible = form.cursor.visible(count: count, height: SettingsForm.listHeight(in: list))
    let row = visible.lowerBound + mouse.position.y - list.minY
    guard list.contains(mouse.position), visible.contains(row) else { return }
    select(row: row, of: form, &state)
  default: break
  }
}

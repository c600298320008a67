import Neural
import Screen

/// Draws the Run screen: what is run, the lanes, the gates, the stack.
func viewRunScreen(_ state: State, into canvas: inout Canvas, frame: Frame) {
  guard let screen = RunScreen(state, in: frame.body) else {
    viewTitle(state, nil, into: &canvas, in: frame.body.row(0))
    viewNothing(state, into: &canvas, in: frame.body.splitTop(1).rest)
    return
  }
  viewTitle(state, screen, into: &canvas, in: screen.frame.title)
  if case .failed(let problem) = state.run.phase {
    viewProblem(problem, into: &canvas, in: frame.body.splitTop(1).rest)
    return
  }
  screen.laneView.view(into: &canvas)
  viewInspector(screen, into: &canvas, in: screen.frame.inspector)
  viewStrips(screen, into: &canvas, in: screen.frame.strips)
  viewGrid(screen, into: &canvas)
  viewScale(screen, into: &canvas, in: frame.summary)
}

// MARK: Panes

private func viewGrid(_ screen: RunScreen, into canvas: inout Canvas) {
  let rect = screen.frame.grid
  guard !rect.isEmpty else { return }
  let inside = box(rect, into: &canvas)
  if screen.subject.timesteps == nil {
    let grid = VectorGrid(
      screen.subject, unit: screen.state.run.unit, sample: screen.sample,
      width: screen.state.size.width)
    viewBoxTitle(StyledText("output y", Style(bold: true)), into: &canvas, in: rect)
    grid.view(into: &canvas, in: inside, isOld: screen.isOld)
  } else {
    viewBoxTitle(screen.grid.title, into: &canvas, in: rect)
    screen.grid.view(into: &canvas, laneView: screen.laneView)
  }
}

private func viewInspector(_ screen: RunScreen, into canvas: inout Canvas, in rect: Rect) {
  guard rect.height > 1 else { return }
  // Where a border would cost the arithmetic, a line with the title stands for it.
  let isTight = rect.height < screen.inspectorLines.count + 2
  var inside: Rect
  if isTight {
    canvas.horizontalLine(at: rect.origin, length: rect.width, style: .muted)
    inside = rect.splitTop(1).rest.inset(columns: 1, rows: 0)
  } else {
    inside = box(rect, into: &canvas).inset(columns: 1, rows: 0)
  }
  viewBoxTitle(screen.inspectorTitle, into: &canvas, in: rect)
  inside = inside.intersection(canvas.bounds)
  for (row, line) in screen.inspectorLines.prefix(inside.height).enumerated() {
    canvas.write(
      screen.isOld ? StyledText(line.text, .muted) : line,
      at: Point(x: inside.minX, y: inside.minY + row), maxWidth: inside.width)
  }
}

private func viewStrips(_ screen: RunScreen, into canvas: inout Canvas, in rect: Rect) {
  guard rect.height > 2 else { return }
  box(rect, into: &canvas)
  var title = StyledText("all layers", Style(bold: true))
  if screen.subject.timesteps != nil {
    title.append(" at t = \(screen.t)", Style(bold: true))
    // The lanes above fill with the clock; these rows show how the pass ends.
    title.append(" · once all timesteps are read", .muted)
  }
  viewBoxTitle(title, into: &canvas, in: rect)
  screen.strips.view(into: &canvas)
}

@discardableResult
private func box(_ rect: Rect, into canvas: inout Canvas) -> Rect {
  canvas.box(rect, style: .muted)
}

private func viewBoxTitle(_ title: StyledText, into canvas: inout Canvas, in rect: Rect) {
  guard rect.width > 6 else { return }
  let width = min(title.width, rect.width - 5)
  canvas.write(" ", at: Point(x: rect.minX + 1, y: rect.minY))
  canvas.write(title, at: Point(x: rect.minX + 2, y: rect.minY), maxWidth: width)
  canvas.write(" ", at: Point(x: rect.minX + 2 + width, y: rect.minY))
}

/// What the characters mean, and the numbers of the fullest ones.
private func viewScale(_ screen: RunScreen, into canvas: inout Canvas, in rect: Rect) {
  let scale = screen.subject.stateScale
  let limit = decimals(scale, scale < 0.1 && scale > 0 ? 4 : 2)
  var text = StyledText("−\(limit) ", .muted)
  text.append(String(Heat.negative.reversed()))
  text.append(" 0 ", .muted)
  text.append(String(Heat.positive))
  text.append(" \(limit)", .muted)
  var parts = [text]
  func add(_ glyph: String, _ meaning: String, _ style: Style = .plain) {
    var part = StyledText(glyph, style)
    part.append(" \(meaning)", .muted)
    parts.append(part)
  }
  if screen.subject.timesteps != nil { add("·", "not yet") }
  if screen.lanes.columns.stepsPerColumn > 1 {
    let shows = screen.lanes.columns.skips ? "one of them" : "the largest"
    parts.append(
      StyledText("a column is \(screen.lanes.columns.stepsPerColumn) steps, \(shows) shows", .muted)
    )
  }
  if screen.subject.mask != nil, screen.subject.recording != nil { add("»", "skipped") }
  if let recording = screen.subject.recording, recording.isReversed, recording.returnsSequences {
    parts.append(StyledText("⇄ the output stays in reading order", .muted))
  }
  if screen.subject.scale != scale, screen.subject.recording?.returnsSequences == true {
    parts.append(StyledText("output to ±\(decimals(screen.subject.scale, 2))", .muted))
  }
  parts.append(StyledText("input \(screen.state.run.input.title)", .muted))
  if let problem = screen.result.firstNaN {
    parts.insert(StyledText(problem, Style(.error, bold: true)), at: 0)
  }
  var line = parts[0]
  for part in parts.dropFirst() {
    let next = line + StyledText("   ") + part
    guard next.width <= rect.width - 2 else { break }
    line = next
  }
  canvas.write(line, at: Point(x: rect.minX + 1, y: rect.minY), maxWidth: rect.width - 2)
}

import Neural
import Screen

/// Draws what there is to say while nothing was computed.
func viewNothing(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  switch state.run.phase {
  case .failed(let problem): viewProblem(problem, into: &canvas, in: rect)
  case .running:
    viewLines([StyledText("computing every timestep …", .muted)], into: &canvas, in: rect)
  case .stopped:
    viewLines([StyledText("stopped; space runs it", .muted)], into: &canvas, in: rect)
  case .idle: viewLines(lengthLines(state, width: rect.width - 8), into: &canvas, in: rect)
  case .done:
    viewLines(
      [StyledText("this layer is not needed for the output: [ ] picks another", .muted)],
      into: &canvas, in: rect)
  }
}

/// Draws why the model cannot be run, and what to do.
func viewProblem(_ problem: PassError, into canvas: inout Canvas, in rect: Rect) {
  let width = max(rect.width - 8, 20)
  var lines = [
    StyledText("The model cannot be run on this", Style(.error, bold: true)), StyledText(),
  ]
  lines += wrapped(problem.message, width, .plain)
  if !problem.remedy.isEmpty {
    lines.append(StyledText())
    lines += wrapped(problem.remedy, width, .muted)
  }
  lines += [
    StyledText(), StyledText("i  other input   :input FILE.npy   1  back to the stack", .muted),
  ]
  viewLines(lines, into: &canvas, in: rect)
}

private func viewLines(_ lines: [StyledText], into canvas: inout Canvas, in rect: Rect) {
  let top = max((rect.height - lines.count) / 3, 0)
  for (row, line) in lines.enumerated() where top + row < rect.height {
    canvas.write(
      line, at: Point(x: rect.minX + 4, y: rect.minY + top + row), maxWidth: rect.width - 8)
  }
}

/// Why a length is asked for.
private func lengthLines(_ state: State, width: Int) -> [StyledText] {
  let shape = freeInput(state).map { "\($0)" } ?? "(None, None)"
  return [StyledText("How long is the input?", Style(bold: true)), StyledText()]
    + wrapped("The model takes \(shape): None fits any size.", width, .plain)
    + wrapped("A run needs one. No weight depends on it, so any will do.", width, .plain)
    + [StyledText(), StyledText("Later :timesteps N takes another.", .muted)]
}

/// The shape of the first input that leaves an axis free.
private func freeInput(_ state: State) -> Shape? {
  let shapes = state.model.inputDescriptions.compactMap(\.shape)
  return shapes.first { $0.axes.dropFirst().contains { $0.size == nil } }
}

/// The question for a length on the status line.
func viewLengthPrompt(
  _ state: State, _ field: TextField, into canvas: inout Canvas, in room: Rect
) {
  let isTime = state.model.freeAxes.allSatisfy { $0.role == .time }
  let question = isTime ? "how many timesteps? " : "how long is the free axis? "
  let used = canvas.write(
    question, at: room.origin, style: Style(.warning, bold: true), maxWidth: room.width - 8)
  field.render(into: &canvas, in: room.splitLeft(used).rest, isFocused: true)
}

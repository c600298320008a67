import Neural
import Screen

/// Draws the explorer; changes nothing but the canvas.
public func view(_ state: State, into canvas: inout Canvas) {
  guard Frame.fits(canvas.size) else {
    viewTooSmall(into: &canvas)
    return
  }
  let frame = state.frame(of: canvas.size)
  viewHeader(state, into: &canvas, in: frame.header)
  switch state.screen {
  case .stack: viewStackScreen(state, into: &canvas, frame: frame)
  case .run: viewRunScreen(state, into: &canvas, frame: frame)
  case .train: viewTrainScreen(state, into: &canvas, frame: frame)
  }
  viewStatus(state, into: &canvas, in: frame.status)
  Keymap.hints(for: state).render(into: &canvas, in: frame.hints.inset(columns: 1, rows: 0))
  switch state.focus {
  case .picker(let picker): picker.view(state, into: &canvas, in: frame.body)
  case .help(let offset): viewHelp(state, from: offset, into: &canvas, in: frame.body)
  case .command(let line): line.viewCompletions(into: &canvas, above: frame.status)
  default: break
  }
}

private func viewStackScreen(_ state: State, into canvas: inout Canvas, frame: Frame) {
  guard !state.showsMap else {
    viewHeatMap(state, into: &canvas, frame: frame)
    return
  }
  let parts = state.stackFrame(in: frame.body)
  viewStack(state, into: &canvas, in: parts.stack)
  viewInspectorPane(state, into: &canvas, frame: parts)
  viewTotals(state, into: &canvas, in: frame.summary)
}

private func viewTooSmall(into canvas: inout Canvas) {
  let lines = [
    "unroll needs \(Frame.minimum.width)×\(Frame.minimum.height)",
    "this is \(canvas.size.width)×\(canvas.size.height)", "make the window larger",
  ]
  let top = max((canvas.size.height - lines.count) / 2, 0)
  for (row, line) in lines.enumerated() {
    let left = max((canvas.size.width - displayWidth(of: line)) / 2, 0)
    canvas.write(
      line, at: Point(x: left, y: top + row), style: row == 0 ? Style(bold: true) : .muted)
  }
}

/// The title bar: the file, whether it has unsaved changes, the input's axes, the screen.
private func viewHeader(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  var title = StyledText(" unroll ", Style(.accent, bold: true))
  title.append(" ")
  title.append(state.document.title, Style(bold: true))
  if state.document.isModified { title.append(" ●", Style(.warning)) }
  if state.documents.count > 1 {
    title.append("  \(state.document.label.isEmpty ? state.model.name : state.document.label)")
    title.append(" (\(state.current + 1) of \(state.documents.count))", .muted)
  }
  let tabs = state.tabs
  let tabRect = tabRect(tabs, in: rect)
  var axes = StyledText()
  if let input = state.model.inputs.first, let shape = state.document.analysis.shape(of: input) {
    axes = shape.lettered()
    if state.model.inputs.count > 1 {
      axes.append("  +\(state.model.inputs.count - 1) input", .muted)
      if state.model.inputs.count > 2 { axes.append("s", .muted) }
    }
  }
  let axesLeft = tabRect.minX - 3 - axes.width
  let titleRoom = axesLeft > rect.minX + 24 ? axesLeft - 2 - rect.minX : tabRect.minX - 2
  canvas.write(title, at: rect.origin, maxWidth: titleRoom)
  if axesLeft > rect.minX + 24 {
    canvas.write(axes, at: Point(x: axesLeft, y: rect.minY), maxWidth: axes.width)
  }
  _ = tabs.render(into: &canvas, in: tabRect)
}

extension State {
  /// The tabs of the screens.
  var tabs: Tabs {
    Tabs(
      ScreenName.allCases.map { "\($0.rawValue) \($0.title)" },
      selected: ScreenName.allCases.firstIndex(of: screen) ?? 0)
  }

  /// The screen whose tab is at a point.
  func tab(at point: Point) -> ScreenName? {
    let header = frame.header
    var scratch = Canvas(size: Size(width: size.width, height: 1))
    let rects = tabs.render(into: &scratch, in: tabRect(tabs, in: header))
    return zip(ScreenName.allCases, rects).first { $1.contains(point) }?.0
  }
}

private func tabRect(_ tabs: Tabs, in header: Rect) -> Rect {
  Rect(x: header.maxX - tabs.width - 1, y: header.minY, width: tabs.width, height: 1)
}

/// The totals of the model in one line; what does not fit goes, what follows from the rest first.
private func viewTotals(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  let analysis = state.document.analysis
  let total = analysis.total
  var all = StyledText("Total ", .muted)
  all.append(total.total.grouped, Style(bold: true))
  all.append(" (\(readableBytes(total.bytes)))")
  var parts = [all]
  func add(_ label: String, _ number: String, _ unit: String = "") {
    var part = StyledText(label, .muted)
    part.append(number)
    part.append(unit, .muted)
    parts.append(part)
  }
  if total.nonTrainable > 0 { add("trainable ", total.trainable.grouped) }
  add("non-trainable ", total.nonTrainable.grouped)
  if analysis.multiplyAdds > 0 {
    add("", readableCount(analysis.multiplyAdds), " multiply-adds" + scale(state))
  }
  if !total.isBuilt {
    parts.insert(StyledText("not counting layers that do not fit", Style(.warning)), at: 1)
  }
  func line() -> StyledText {
    parts.dropFirst().reduce(parts[0]) { $0 + StyledText(" · ", .muted) + $1 }
  }
  while line().width > rect.width - 2, parts.count > 2 {
    parts.remove(at: total.isBuilt ? 1 : parts.count - 1)
  }
  canvas.write(line(), at: Point(x: rect.minX + 1, y: rect.minY), maxWidth: rect.width - 2)
}

/// What the multiply-adds are for where an axis of the input is free.
private func scale(_ state: State) -> String {
  guard let input = state.model.inputs.first, let shape = state.document.analysis.shape(of: input)
  else { return "" }
  let freeTime = shape.axes.contains { $0.role == .time && $0.size == nil }
  let freeBatch = shape.axes.first?.size == nil
  if freeTime { return freeBatch ? " a timestep" : " a timestep of the batch" }
  return freeBatch ? " a sample" : ""
}

private func viewStatus(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  let room = rect.inset(columns: 1, rows: 0)
  let asking = Style(.warning, bold: true)
  switch state.focus {
  case .command(let line):
    canvas.write(":", at: room.origin, style: Style(.accent, bold: true))
    line.field.render(into: &canvas, in: room.splitLeft(1).rest, isFocused: true)
  case .search(let field, _):
    canvas.write("/", at: room.origin, style: Style(.accent, bold: true))
    let found = field.isEmpty ? "" : searchFeedback(field.text, state)
    let (right, left) = room.splitLeft(1).rest.splitRight(displayWidth(of: found) + 1)
    field.render(into: &canvas, in: left, isFocused: true)
    canvas.write(found, at: right.origin, style: .muted)
  case .length(let field):
    viewLengthPrompt(state, field, into: &canvas, in: room)
  case .confirmQuit:
    let question = "unsaved changes: quit without saving?"
    canvas.write(question, at: room.origin, style: asking, maxWidth: room.width)
  case .confirmOverwrite(let path, let problem, _):
    let name = path.split(separator: "/").last ?? "the file"
    let question = "\(name) \(problem): replace it?"
    canvas.write(question, at: room.origin, style: asking, maxWidth: room.width)
  default:
    for (index, line) in state.statusText(width: room.width).enumerated() {
      canvas.write(line, at: Point(x: room.minX, y: room.minY + index), maxWidth: room.width)
    }
  }
}

extension State.Status.Kind {
  var style: Style {
    switch self {
    case .done: Style(.success)
    case .note: .plain
    case .error: Style(.error, bold: true)
    }
  }
}

/// Bytes as Keras writes them: base 1024, two decimals.
func readableBytes(_ bytes: Count) -> String {
  var value = Double(bytes.value)
  for unit in ["B", "KB", "MB", "GB", "TB"] {
    if value < 1024 { return "\(hundredths(value)) \(unit)" }
    value /= 1024
  }
  return "\(hundredths(value)) PB"
}

/// A count in three digits and a letter: `115 M`.
func readableCount(_ count: Count) -> String {
  if count < 100_000 { return count.grouped }
  var value = Double(count.value)
  for unit in ["", " k", " M", " G", " T", " P"] {
    if value < 999.5 {
      return (value < 10 ? tenths(value) : String(Int(value.rounded()))) + unit
    }
    value /= 1000
  }
  return "over 1,000 P"
}

private func hundredths(_ value: Double) -> String {
  guard let scaled = Int(exactly: (value * 100).rounded()) else { return "\(value)" }
  let fraction = scaled % 100
  return "\(scaled / 100)." + (fraction < 10 ? "0" : "") + "\(fraction)"
}

private func tenths(_ value: Double) -> String {
  let scaled = Int((value * 10).rounded())
  return "\(scaled / 10).\(scaled % 10)"
}

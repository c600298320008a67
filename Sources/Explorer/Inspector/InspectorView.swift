import Neural
import Screen

/// Draws what is known of the selected layer, or the form that changes it.
func viewInspectorPane(_ state: State, into canvas: inout Canvas, frame: StackFrame) {
  switch state.focus {
  case .form(let form):
    form.view(state, into: &canvas, in: frame.inspectorOrBody)
  case .inspector, .weights:
    viewInspector(state, isActive: true, into: &canvas, in: frame.inspectorOrBody)
  default:
    guard !frame.inspector.isEmpty else { return }
    viewInspector(state, isActive: false, into: &canvas, in: frame.inspector)
  }
}

private func viewInspector(
  _ state: State, isActive: Bool, into canvas: inout Canvas, in rect: Rect
) {
  canvas.fill(rect)
  let title = state.selectedLayer.map { inspectorTitle($0.layer) } ?? "new layer"
  let inside = canvas.box(
    rect, title: title, style: isActive ? Style(.accent) : .muted, titleStyle: Style(bold: true)
  ).splitLeft(1).rest
  let lines = inspectorLines(state, width: inside.width - 1)
  let first = min(state.inspectorOffset, max(lines.count - inside.height, 0))
  for (row, line) in lines.dropFirst(first).prefix(inside.height).enumerated() {
    canvas.write(
      line, at: Point(x: inside.minX, y: inside.minY + row), maxWidth: inside.width)
  }
  Scrollbar(count: lines.count, visible: first..<min(first + inside.height, lines.count)).render(
    into: &canvas, in: Rect(x: rect.maxX - 1, y: inside.minY, width: 1, height: inside.height))
}

/// `bidirectional · LSTM ×2`: the name, and what it is.
func inspectorTitle(_ layer: NamedLayer) -> String {
  if let bidirectional = layer.layer as? Bidirectional {
    if let backward = bidirectional.backward, backward.className != bidirectional.inner.className {
      return "\(layer.name) · \(bidirectional.inner.className) + \(backward.className)"
    }
    return "\(layer.name) · \(bidirectional.inner.className) ×2"
  }
  if let wrapper = layer.layer as? any WrapperLayer {
    return "\(layer.name) · \(wrapper.innermostClass)"
  }
  return "\(layer.name) · \(layer.className)"
}

/// Everything the inspector says of the selected layer, a line each.
func inspectorLines(_ state: State, width: Int) -> [StyledText] {
  guard let node = state.selectedNode, let layer = state.selectedLayer?.layer,
    let report = state.document.analysis.reports[node]
  else {
    return wrapped("press a to choose a layer to add at the end", width, .muted)
  }
  var lines: [StyledText] = []
  if let error = report.error {
    lines += wrapped("✗ \(error.message)", width, Style(.error, bold: true), hanging: 2)
    if !error.remedy.isEmpty { lines += wrapped("→ \(error.remedy)", width, .plain, hanging: 2) }
    lines.append(StyledText())
  } else if let cause = report.blockedBy.flatMap({ state.model.layer(of: $0) }) {
    lines += wrapped("? waits for \(cause.name), whose shape is not known", width, Style(.warning))
    lines.append(StyledText())
  }
  lines += shapeLines(report, width: width)
  for remark in state.document.remarks(on: node) {
    lines += wrapped("! \(remark)", width, Style(.warning), hanging: 2)
    lines.append(StyledText())
  }
  lines += settingLines(layer, width: width)
  if let inputs = report.inputs, let outputs = report.outputs {
    let called = state.model.nodes[node].map { layer.called(by: $0) } ?? layer
    for answer in called.layer.explanation(for: inputs, outputs: outputs).answers {
      lines.append(StyledText())
      lines += wrapped(answer.question, width, Style(bold: true))
      for line in answer.lines { lines += wrapped("  " + line, width, .plain, hanging: 2) }
    }
  }
  return lines + weightLines(state, width: width).lines
}

private func shapeLines(_ report: Analysis.Report, width: Int) -> [StyledText] {
  var lines: [StyledText] = []
  for shape in report.inputs ?? [] {
    lines.append(StyledText("in   ", .muted) + shape.lettered(width: width - 5))
  }
  for shape in report.outputs ?? [] {
    var line = StyledText("out  ", .muted) + shape.lettered(width: width - 5)
    if shape.axes.last?.parts.isEmpty == false {
      let parts = StyledText("= ", .muted) + shape.styledFeatures
      if line.width + 1 + parts.width <= width {
        line = line + StyledText(" ") + parts
      } else {
        lines.append(line)
        line = StyledText("     ") + parts
      }
    }
    lines.append(line)
  }
  if !lines.isEmpty { lines.append(StyledText()) }
  return lines
}

/// The settings that people look for first, and how many more there are.
private func settingLines(_ layer: NamedLayer, width: Int) -> [StyledText] {
  let fields = SettingsForm.fields(of: layer)
  let shown = fields.filter { field in
    SettingsForm.isProminent(field.info) || field.value != field.info.defaultValue
  }.prefix(8)
  let labelWidth = min(max(shown.map(\.label.count).max() ?? 0, 16), max(width - 7, 8))
  var lines = shown.map { field -> StyledText in
    let value = SettingText.text(of: field.value, kind: field.info.kind)
    let room = max(width - labelWidth - 1, 6)
    return StyledText(pad(field.label, to: labelWidth) + " ", .muted)
      + StyledText(fit(value, to: room))
  }
  let more = fields.count - shown.count
  if more > 0 { lines.append(StyledText("… \(more) more: e", .muted)) }
  return lines
}

/// A text in lines of at most `width` columns, broken at blanks.
///
/// - Parameters:
///   - text: the text.
///   - width: columns.
///   - style: its look.
///   - hanging: columns by which the second and following lines stand further right.
/// - Returns: the lines.
func wrapped(_ text: String, _ width: Int, _ style: Style, hanging: Int = 0) -> [StyledText] {
  var lines: [String] = []
  var line = ""
  let leading = text.prefix { $0 == " " }
  for word in text.split(separator: " ") {
    let candidate = line.isEmpty ? leading + word : "\(line) \(word)"
    if displayWidth(of: String(candidate)) <= width || line.isEmpty {
      line = String(candidate)
    } else {
      lines.append(line)
      line = String(repeating: " ", count: min(hanging, max(width - 8, 0))) + word
    }
  }
  lines.append(line)
  return lines.map { StyledText($0, style) }
}

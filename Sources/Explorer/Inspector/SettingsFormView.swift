import Neural
import Screen

extension SettingsForm {
  /// Draws the form: a row a setting, the edited one with its cursor and its problem below it.
  func view(_ state: State, into canvas: inout Canvas, in rect: Rect) {
    canvas.fill(rect)
    guard let layer = state.model.layers[layer] else { return }
    let inside = canvas.box(
      rect, title: "edit \(layer.name)", style: Style(.accent),
      titleStyle: Style(.accent, bold: true)
    ).inset(columns: 1, rows: 0)
    let (foot, list) = inside.splitBottom(min(3, inside.height / 3))
    let rows = rows(in: state.model)
    let longest = rows.map { displayWidth(of: $0.label) }.max() ?? 8
    let labelWidth = min(longest, max(inside.width * 2 / 3, 8))
    let visible = cursor.visible(count: rows.count, height: list.height)
    for (line, index) in visible.enumerated() {
      viewRow(
        rows[index], isSelected: index == cursor.selection, into: &canvas, in: list.row(line),
        labelWidth: labelWidth)
    }
    Scrollbar(count: rows.count, visible: visible).render(
      into: &canvas, in: Rect(x: rect.maxX - 1, y: list.minY, width: 1, height: list.height))
    viewFoot(rows, into: &canvas, in: foot)
  }

  private func viewRow(
    _ row: Row, isSelected: Bool, into canvas: inout Canvas, in rect: Rect, labelWidth: Int
  ) {
    let (label, value) = rect.splitLeft(labelWidth + 1)
    canvas.write(
      row.label, at: label.origin, style: isSelected ? Style(.accent, bold: true) : .muted,
      maxWidth: labelWidth)
    guard isSelected else {
      canvas.write(row.text, at: value.origin, maxWidth: value.width)
      return
    }
    let style =
      problem != nil
      ? Style(.error, bold: true)
      : isFresh ? Style(bold: true, reverse: true) : Style(bold: true, underline: true)
    guard isFresh else {
      field.render(into: &canvas, in: value, style: style)
      return
    }
    // The whole value is selected: the next character replaces it.
    let used = canvas.write(
      field.text.isEmpty ? " " : field.text, at: value.origin, style: style, maxWidth: value.width)
    canvas.cursor = Point(x: min(value.minX + used, value.maxX - 1), y: value.minY)
  }

  /// The problem of the edited value, or what the setting does.
  private func viewFoot(_ rows: [Row], into canvas: inout Canvas, in rect: Rect) {
    guard rows.indices.contains(cursor.selection) else { return }
    let row = rows[cursor.selection]
    var lines: [StyledText]
    if let problem {
      lines = wrapped("✗ \(problem)", rect.width, Style(.error, bold: true), hanging: 2)
    } else {
      lines = wrapped(row.help, rect.width, .muted)
      if row.choices.count > 1 { lines += wrapped("← → choose", rect.width, .muted) }
    }
    for (index, line) in lines.prefix(rect.height).enumerated() {
      canvas.write(line, at: Point(x: rect.minX, y: rect.minY + index), maxWidth: rect.width)
    }
  }
}

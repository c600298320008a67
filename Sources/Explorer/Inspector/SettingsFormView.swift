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
    let (foot, list) = inside.splitBottom(inside.height - SettingsForm.listHeight(in: inside))
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
    viewProblem(into: &canvas, in: list, row: cursor.selection - visible.lowerBound)
  }

  /// The rows for settings in the room of the form; the rest explains the edited one.
  static func listHeight(in rect: Rect) -> Int { rect.height - min(3, rect.height / 3) }

  /// Why the typed value is not accepted, right below it (above it on the last rows).
  private func viewProblem(into canvas: inout Canvas, in list: Rect, row: Int) {
    guard let problem else { return }
    let lines = wrapped("✗ \(problem)", list.width, Style(.error, bold: true), hanging: 2)
    let below = row + 1 + lines.count <= list.height
    let top = list.minY + (below ? row + 1 : row - lines.count)
    for (index, line) in lines.enumerated() where list.minY <= top + index {
      canvas.fill(Rect(x: list.minX, y: top + index, width: list.width, height: 1))
      canvas.write(line, at: Point(x: list.minX, y: top + index), maxWidth: list.width)
    }
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

  /// What the edited setting does.
  private func viewFoot(_ rows: [Row], into canvas: inout Canvas, in rect: Rect) {
    guard rows.indices.contains(cursor.selection) else { return }
    let row = rows[cursor.selection]
    var lines = wrapped(row.help, rect.width, .muted)
    if row.choices.count > 1 { lines += wrapped("← → choose", rect.width, .muted) }
    for (index, line) in lines.prefix(rect.height).enumerated() {
      canvas.write(line, at: Point(x: rect.minX, y: rect.minY + index), maxWidth: rect.width)
    }
  }
}

import Neural
import Screen

extension LayerPicker {
  /// The rows of candidates that fit in a screen's body.
  static func listHeight(in body: Rect) -> Int { max(content(in: body).height - 4, 1) }

  /// The room of the popup inside its border.
  private static func content(in body: Rect) -> Size {
    // A popup that almost fills a narrow screen fills it.
    let width = body.width < 96 ? body.width - 2 : 78
    return Size(width: width, height: min(body.height - 2, 24))
  }

  /// The row of the list under the pointer.
  func row(at point: Point, in body: Rect) -> Int? {
    let content = LayerPicker.content(in: body)
    let outer = body.centered(Size(width: content.width + 2, height: content.height + 2))
    let line = point.y - (outer.minY + 3)
    let visible = cursor.visible(count: matches.count, height: LayerPicker.listHeight(in: body))
    guard outer.inset().contains(point), line >= 0, line < visible.count else { return nil }
    return visible.lowerBound + line
  }

  /// Draws the picker over the screen.
  func view(_ state: State, into canvas: inout Canvas, in rect: Rect) {
    let title: String
    switch place {
    case .below(let node): title = "add below \(state.model.layer(of: node)?.name ?? "")"
    case .above(let node): title = "add above \(state.model.layer(of: node)?.name ?? "")"
    case .joining, .newTower: title = "add"
    }
    let inside = Popup(content: LayerPicker.content(in: rect), title: title)
      .render(into: &canvas, in: rect).inset(columns: 1, rows: 0)
    let (top, rest) = inside.splitTop(2)
    let (foot, list) = rest.splitBottom(2)
    viewCandidates(into: &canvas, in: list)
    if let selected {
      canvas.write(
        fit(selected.summary, to: foot.width), at: Point(x: foot.minX, y: foot.minY + 1),
        style: .muted)
    }
    canvas.write("layer: ", at: top.origin, style: Style(.accent, bold: true))
    filter.render(
      into: &canvas, in: top.row(0).splitLeft(7).rest, placeholder: "type a part of its name")
  }

  private func viewCandidates(into canvas: inout Canvas, in list: Rect) {
    guard !matches.isEmpty else {
      canvas.write(
        "no layer matches: backspace shows all", at: list.origin, style: Style(.warning),
        maxWidth: list.width)
      return
    }
    let visible = cursor.visible(count: matches.count, height: list.height)
    for (line, index) in visible.enumerated() {
      viewCandidate(
        candidates[matches[index]], isSelected: index == cursor.selection, into: &canvas,
        in: list.row(line))
    }
    Scrollbar(count: matches.count, visible: visible).render(
      into: &canvas, in: Rect(x: list.maxX + 1, y: list.minY, width: 1, height: list.height))
  }

  private func viewCandidate(
    _ candidate: Candidate, isSelected: Bool, into canvas: inout Canvas, in row: Rect
  ) {
    canvas.write(isSelected ? "▸" : "", at: row.origin, style: Style(.accent, bold: true))
    let name = candidate.layer.className
    let nameWidth = 24
    canvas.write(
      name, at: Point(x: row.minX + 2, y: row.minY), style: Style(bold: isSelected),
      maxWidth: nameWidth)
    viewMatch(name, into: &canvas, at: Point(x: row.minX + 2, y: row.minY))
    let x = row.minX + 2 + nameWidth + 1
    let room = row.maxX - x
    if let problem = candidate.problem {
      canvas.write(
        "✗ \(problem)", at: Point(x: x, y: row.minY), style: Style(.error, dim: true),
        maxWidth: room)
      return
    }
    guard let report = candidate.report else {
      canvas.write("? the input's shape is not known", at: Point(x: x, y: row.minY), style: .muted)
      return
    }
    let count = report.weights.reduce(Count(0)) { $0 + $1.count }
    let text = count > 0 ? count.grouped : ""
    canvas.write(
      StackTable.shapes(report), at: Point(x: x, y: row.minY), maxWidth: room - text.count - 1)
    canvas.write(text, at: Point(x: row.maxX - text.count, y: row.minY), style: .muted)
  }

  /// Underlines the letters that matched.
  private func viewMatch(_ name: String, into canvas: inout Canvas, at point: Point) {
    guard !filter.isEmpty, let match = FuzzyMatch(filter.text, in: name) else { return }
    for index in match.indices {
      canvas.restyle(
        Rect(x: point.x + index, y: point.y, width: 1, height: 1), with: Style(underline: true))
    }
  }
}

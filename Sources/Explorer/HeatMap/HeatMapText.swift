import Neural
import Screen

// What stands below the cells.
extension HeatMapView {
  /// `kernel[12, 57] = −0.0312 · unit 7 of gate f · feature 12`.
  func cursorText(width: Int) -> StyledText {
    let indices = axes.indices(slice: map.slice, row: map.row, column: map.column)
    var text = StyledText(indices.isEmpty ? name.name : "\(name.name)[\(indices)]")
    if !isOld, let value = plane?.value(map.row, map.column) {
      text.append(" = ", .muted)
      text.append(
        WeightText.exact(value), Style(heatColor(value), bold: true))
    }
    var parts = axes.meaning(slice: map.slice, row: map.row, column: map.column)
      .map { StyledText($0) }
    if !isOld, let means, let block = grid.block(line: grid.cursor.line, column: grid.cursor.column)
    {
      let mean = means[block.row, block.column]
      var part = StyledText("cell mean ", .muted)
      part.append(WeightText.number(Double(mean)), Style(heatColor(mean)))
      parts.append(part)
    }
    for part in parts {
      let next = text + StyledText(" · ", .muted) + part
      guard next.width <= width else { break }
      text = next
    }
    return text
  }

  private func heatColor(_ value: Float) -> Color {
    value.isFinite ? (value < 0 ? .negative : .positive) : .error
  }

  /// What the characters mean, and what is on the screen.
  func legend(width: Int) -> StyledText {
    guard plane != nil, axes.count > 0, map.problem == nil else { return StyledText() }
    var parts: [StyledText] = []
    if heat.limit > 0 {
      let limit = WeightText.number(Double(heat.limit))
      var scale = StyledText("−\(limit) ", .muted)
      scale.append(String(Heat.negative.reversed()), Style(.negative))
      scale.append(" 0 ", .muted)
      scale.append(String(Heat.positive), Style(.positive))
      scale.append(" \(limit)", .muted)
      parts.append(scale)
    } else {
      parts.append(StyledText("all numbers are 0", .muted))
    }
    if !grid.showsEachNumber {
      let (rows, columns) = (grid.level.blockRows, grid.level.blockColumns)
      let size = axes.isVector ? "\(columns)" : "\(rows) × \(columns)"
      parts.append(StyledText("a cell is the mean of \(size) numbers", .muted))
    }
    if let extent { parts.append(StyledText(extent, .muted)) }
    if summary?.notNumbers ?? 0 > 0 {
      parts.append(StyledText("N", Style(.error, bold: true)) + StyledText(" no number", .muted))
    }
    var line = parts[0]
    for part in parts.dropFirst() {
      let next = line + StyledText("   ") + part
      if next.width <= width { line = next }
    }
    return line
  }

  /// Which rows and columns are on the screen, where not all of them are.
  private var extent: String? {
    let corners = grid.corners
    guard corners.count == 2, grid.lines.count < grid.height || grid.columns.count < grid.width
    else { return nil }
    let last = (
      row: min(corners[1].row + grid.level.blockRows, max(axes.rows, 1)) - 1,
      column: min(corners[1].column + grid.level.blockColumns, axes.columns) - 1
    )
    func text(_ first: Int, _ last: Int, _ all: Int, _ noun: String) -> String {
      "\(noun)s \(first.grouped)–\(last.grouped) of \(all.grouped)"
    }
    if axes.isVector {
      return text(corners[0].column, last.column, axes.columns, axes.column)
    }
    var texts: [String] = []
    if grid.lines.count < grid.height {
      texts.append(text(corners[0].row, last.row, axes.rows, "row"))
    }
    if grid.columns.count < grid.width {
      texts.append(text(corners[0].column, last.column, axes.columns, "column"))
    }
    return texts.joined(separator: ", ")
  }
}

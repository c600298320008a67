import Neural
import Screen

/// The whole stack at one timestep: a row of heat for every layer, in the colours of its parts.
struct StripView {
  let state: State
  let result: RunResult
  /// The room inside the border.
  let rect: Rect
  /// The timestep.
  let t: Int
  let sample: Int
  let isOld: Bool

  private static let name = 22
  private static let detail = 14

  /// The calls that are shown, by their place in the list.
  private var visible: Range<Int> {
    let count = state.document.layout.count
    let selected = state.runNode.flatMap { state.document.layout.index(of: $0) } ?? 0
    return ListCursor(selection: selected, offset: max(selected - rect.height / 2, 0))
      .visible(count: count, height: rect.height)
  }

  /// The call in the row under a point.
  func node(at point: Point) -> NodeID? {
    guard rect.contains(point) else { return nil }
    let index = visible.lowerBound + point.y - rect.minY
    return visible.contains(index) ? state.document.layout.node(at: index) : nil
  }

  func view(into canvas: inout Canvas) {
    for (row, index) in visible.enumerated() {
      guard let node = state.document.layout.node(at: index),
        let layer = state.model.layer(of: node)
      else { continue }
      let line = rect.row(row)
      let isPicked = node == state.runNode
      canvas.write(isPicked ? "▸" : "", at: line.origin, style: Style(.accent, bold: true))
      let label = layer.label(in: state.model)
      canvas.write(
        displayWidth(of: label) <= nameWidth ? label : layer.name,
        at: Point(x: line.minX + 2, y: line.minY),
        style: isOld ? .muted : Style(bold: isPicked), maxWidth: nameWidth)
      viewStrip(of: node, into: &canvas, in: strip(in: line))
    }
    Scrollbar(count: state.document.layout.count, visible: visible).render(
      into: &canvas, in: Rect(x: rect.maxX, y: rect.minY, width: 1, height: rect.height))
  }

  private var nameWidth: Int { min(StripView.name, rect.width / 4) }

  private func strip(in line: Rect) -> Rect {
    line.splitLeft(nameWidth + 4).rest.splitRight(1).rest
  }

  private func viewStrip(of node: NodeID, into canvas: inout Canvas, in line: Rect) {
    let tensor = TensorRef(node)
    guard let numbers = result.pass[tensor] else {
      canvas.write(
        "not needed for the output", at: line.origin, style: .muted, maxWidth: line.width)
      return
    }
    let values = ActivationTensor(numbers, result.pass.analysis.shape(of: tensor) ?? numbers.shape)
    var detail = values.shape.styledFeatures
    if detail.width == 0 { detail = StyledText("\(values.features)", .muted) }
    let (right, rest) = line.splitRight(min(StripView.detail, line.width / 3))
    let strip = HeatStrip(
      values: values, sample: sample, t: t, heat: Heat(limit: result.scales[tensor] ?? 1))
    strip.view(into: &canvas, in: rest, isOld: isOld)
    canvas.write(
      isOld ? StyledText(detail.text, .muted) : detail, at: Point(x: right.minX + 1, y: line.minY),
      maxWidth: right.width - 1)
  }
}

/// The features of a layer at a timestep beside each other.
struct HeatStrip {
  let values: ActivationTensor
  let sample: Int
  let t: Int
  let heat: Heat
  /// A feature to point out.
  var marked: Int?

  /// Columns of each part, and the features that each column stands for.
  private func runs(width: Int) -> [(part: Part?, features: Range<Int>, columns: Int)] {
    let parts = values.parts.filter { $0.size ?? 0 > 0 }
    guard parts.count > 1, width > 2 * parts.count else {
      return [(parts.first, 0..<values.features, min(values.features, width))]
    }
    let room = width - (parts.count - 1)
    let perColumn = max((values.features + room - 1) / room, 1)
    var start = 0
    return parts.map { part in
      let size = part.size ?? 0
      defer { start += size }
      // A part of the width, at least a column, for a part of the features.
      let columns = perColumn == 1 ? size : max(size * room / values.features, 1)
      return (part, start..<start + size, columns)
    }
  }

  func view(into canvas: inout Canvas, in rect: Rect, isOld: Bool) {
    var x = rect.minX
    for (index, run) in runs(width: rect.width).enumerated() {
      if index > 0 {
        canvas.write("│", at: Point(x: x, y: rect.minY), style: .muted)
        x += 1
      }
      let color = run.part?.origin.color ?? values.shape.axes.last?.role.color ?? .features
      for column in 0..<run.columns where x < rect.maxX {
        let from = run.features.lowerBound + run.features.count * column / run.columns
        let to = run.features.lowerBound + run.features.count * (column + 1) / run.columns
        let value = values.peak(sample: sample, t: t, features: from..<max(to, from + 1))
        var style = isOld ? .muted : heat.style(value, Style(color))
        if let marked, (from..<max(to, from + 1)).contains(marked) { style.reverse = true }
        canvas.write(String(heat.glyph(value)), at: Point(x: x, y: rect.minY), style: style)
        x += 1
      }
    }
  }
}

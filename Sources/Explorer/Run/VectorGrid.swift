import Neural
import Screen

/// The output of a layer without timesteps: all its numbers as heat, line by line.
struct VectorGrid {
  private let values: ActivationTensor
  private let scale: Float
  private let unit: Int
  private let sample: Int
  /// Numbers in a row.
  private let columns: Int

  init(_ subject: RunSubject, unit: Int, sample: Int, width: Int) {
    values = subject.outputs.first ?? ActivationTensor(Tensor([1, 0]), Shape(sizes: [1, 0]))
    scale = subject.scale
    self.unit = min(unit, max(values.features - 1, 0))
    self.sample = sample
    let room = max(width - LaneView.left - 4, 1)
    let last = values.tensor.rank > 2 ? values.tensor.sizes.last ?? 1 : 10
    // Rows end where the last axis does, or at a round number.
    columns = last <= room ? max(last * max(room / max(last, 1), 1), 1) : room
  }

  /// How many rows there are.
  var rows: Int { (values.features + columns - 1) / columns }

  private func visible(height: Int) -> Range<Int> {
    let row = unit / columns
    return ListCursor(selection: row, offset: max(row - height / 2, 0))
      .visible(count: rows, height: height)
  }

  /// The number under a point.
  func unit(at point: Point, in rect: Rect) -> Int? {
    let (row, column) = (point.y - rect.minY, point.x - rect.minX - LaneView.left + 1)
    let visible = visible(height: rect.height)
    guard rect.contains(point), column >= 0, column < columns, row < visible.count else {
      return nil
    }
    let unit = (visible.lowerBound + row) * columns + column
    return unit < values.features ? unit : nil
  }

  func view(into canvas: inout Canvas, in rect: Rect, isOld: Bool) {
    let heat = Heat(limit: scale)
    let parts = values.parts
    for (line, row) in visible(height: rect.height).enumerated() {
      let y = rect.minY + line
      canvas.write(
        pad("\(row * columns)", to: LaneView.left - 4, alignment: .right),
        at: Point(x: rect.minX, y: y), style: .muted)
      for column in 0..<columns {
        let feature = row * columns + column
        guard feature < values.features else { break }
        let value = values.value(sample: sample, t: 0, feature: feature)
        var style = isOld ? .muted : heat.style(value, Style(color(of: feature, parts)))
        if feature == unit { style.reverse = true }
        canvas.write(
          String(heat.glyph(value)), at: Point(x: rect.minX + LaneView.left - 1 + column, y: y),
          style: style)
      }
    }
  }

  private func color(of feature: Int, _ parts: [Part]) -> Color {
    var end = 0
    for part in parts {
      end += part.size ?? 0
      if feature < end { return part.origin.color }
    }
    return values.shape.axes.last?.role.color ?? .features
  }
}

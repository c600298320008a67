import Neural
import Screen

/// Draws a weight as a map, over the whole Stack screen.
func viewHeatMap(_ state: State, into canvas: inout Canvas, frame: Frame) {
  guard let view = HeatMapView(state, in: frame.body) else { return }
  view.render(into: &canvas)
  canvas.write(
    view.legend(width: frame.summary.width - 2),
    at: Point(x: frame.summary.minX + 1, y: frame.summary.minY), maxWidth: frame.summary.width - 2)
}

/// A weight as a map: what is written where.
struct HeatMapView {
  let map: HeatMap
  let name: WeightName
  let axes: WeightAxes
  let grid: HeatGrid
  private let parts: HeatMapFrame
  /// The weight's place among those of the layer, and how many there are.
  private let count: Int
  private let layer: String
  private let sizes: [Int]
  let summary: Histogram?
  private let source: String
  /// The numbers, where they are of a matrix of this size.
  let plane: WeightPlane?
  /// The means of the blocks that stand in the cells.
  let means: BlockMeans?
  let heat: Heat
  /// Whether the numbers are those of before: the new ones are being read.
  let isOld: Bool

  /// The map that is open; `nil` where none is.
  init?(_ state: State, in body: Rect) {
    guard let map = state.weights.map, let (name, axes) = state.mapSubject,
      let spec = state.mapSpec, let named = state.model.layers[map.place.layer]
    else { return nil }
    (self.map, self.name, self.axes) = (map, name, axes)
    (layer, sizes) = (named.name, spec.shape)
    parts = HeatMapFrame(body)
    grid = HeatGrid(map, axes, in: parts.cells)
    count = state.document.analysis.weights[map.place.layer]?.count ?? 0
    let key = state.weightKey(of: map.place.layer)
    let known = key.flatMap { state.weights.known($0) }
    summary = known.flatMap { map.index < $0.summaries.count ? $0.summaries[map.index] : nil }
    source = state.sourceOfNumbers(map.place.layer)
    let plane = map.plane.flatMap {
      $0.means.rows == axes.rows && $0.means.columns == axes.columns ? $0 : nil
    }
    isOld =
      key.map { WeightPlane.Place(key: $0, index: map.index, slice: map.slice) } != plane?.place
    self.plane = plane
    let isEach = grid.showsEachNumber
    means =
      isEach
      ? nil
      : plane?.means.merged(
        blockRows: grid.level.blockRows, blockColumns: grid.level.blockColumns)
    heat = Heat(limit: isEach ? plane?.largest ?? 1 : means?.largest ?? 1)
  }

  func render(into canvas: inout Canvas) {
    viewTitle(into: &canvas)
    guard axes.count > 0, plane != nil, map.problem == nil else {
      viewNothing(into: &canvas)
      return
    }
    viewGates(into: &canvas)
    viewRuler(into: &canvas)
    for line in grid.lines { view(line, into: &canvas) }
    viewLinesBetweenGates(into: &canvas)
    Scrollbar(count: grid.height, visible: grid.lines).render(
      into: &canvas,
      in: Rect(
        x: parts.cells.maxX - 1, y: parts.cells.minY, width: 1, height: parts.cells.height))
    canvas.write(
      cursorText(width: parts.cursor.width - 2),
      at: Point(x: parts.cursor.minX + 1, y: parts.cursor.minY), maxWidth: parts.cursor.width - 2)
  }

  // MARK: Above the cells

  private func viewTitle(into canvas: inout Canvas) {
    let room = parts.title.inset(columns: 1, rows: 0)
    var title = StyledText("Weight  ", Style(.accent, bold: true))
    title.append(layer + " ")
    title = title + name.arrow
    title.append(name.text, Style(bold: true))
    title.append("  " + WeightText.sizes(sizes))
    if !axes.slices.isEmpty {
      let position = axes.position(ofSlice: map.slice).map(String.init).joined(separator: ", ")
      let sizes = axes.slices.map(String.init).joined(separator: " × ")
      title.append("  \(axes.slice) \(position)", Style(.accent, bold: true))
      title.append(" of \(sizes)", .muted)
    }
    title.append("  \(map.index + 1) of \(count)", .muted)
    var rights = [StyledText(source, .muted)]
    if map.pending != nil { rights = [StyledText("reading …", Style(.warning, bold: true))] }
    if let summary, map.pending == nil {
      rights.insert(WeightText.numbers(summary) + StyledText("   \(source)", .muted), at: 0)
      rights.append(StyledText())
    }
    let right = rights.first { title.width + 2 + $0.width <= room.width } ?? StyledText()
    canvas.write(title, at: room.origin, maxWidth: room.width)
    canvas.write(right, at: Point(x: room.maxX - right.width, y: room.minY), maxWidth: right.width)
  }

  private func viewNothing(into canvas: inout Canvas) {
    var lines: [StyledText] = []
    let width = max(parts.cells.width - 8, 20)
    if axes.count == 0 {
      lines = [StyledText("there is no number in it: one of its axes is 0", .muted)]
    } else if let problem = map.problem {
      lines = [StyledText("The weight cannot be read", Style(.error, bold: true)), StyledText()]
      lines += wrapped(problem.text, width, .plain)
      lines += [StyledText(), StyledText("esc  back to the stack", .muted)]
    } else {
      lines = [StyledText("reading the numbers …", .muted)]
    }
    let top = max((parts.cells.height - lines.count) / 3, 0)
    for (row, line) in lines.enumerated() where top + row < parts.cells.height {
      canvas.write(
        line, at: Point(x: parts.cells.minX + 4, y: parts.cells.minY + top + row), maxWidth: width)
    }
  }

  /// What is at the left of a line: right-aligned, a blank behind it.
  private func label(_ text: String, _ style: Style, y: Int, into canvas: inout Canvas) {
    canvas.write(
      pad(text, to: grid.labelWidth - 1, alignment: .right), at: Point(x: parts.cells.minX, y: y),
      style: style)
  }

  private func viewGates(into canvas: inout Canvas) {
    let y = parts.gates.minY
    label(axes.column + " →", .muted, y: y, into: &canvas)
    guard !axes.gates.isEmpty else { return }
    for (gate, columns) in grid.gatesOnScreen {
      let room = grid.x(columns.upperBound - 1) + grid.level.cellWidth - grid.x(columns.lowerBound)
      var text = StyledText(axes.gates[gate], Style(name.color, bold: true))
      let words = " " + WeightAxes.title(ofGate: axes.gates[gate])
      if text.width + displayWidth(of: words) <= room { text.append(words) }
      canvas.write(text, at: Point(x: grid.x(columns.lowerBound), y: y), maxWidth: room)
    }
  }

  private func viewRuler(into canvas: inout Canvas) {
    let y = parts.ruler.minY
    label(axes.isVector ? "" : axes.row + " ↓", .muted, y: y, into: &canvas)
    for (gate, columns) in grid.gatesOnScreen {
      viewNumbers(of: gate, columns, y: y, into: &canvas)
    }
  }

  /// The numbers of columns above a gate: the cursor's own, and round ones beside it.
  private func viewNumbers(
    of gate: Int, _ columns: Range<Int>, y: Int, into canvas: inout Canvas
  ) {
    let end = grid.x(columns.upperBound - 1) + grid.level.cellWidth
    let block = grid.level.blockColumns
    let first = axes.isVector ? 0 : gate * axes.segment
    func index(_ column: Int) -> Int {
      axes.isVector ? column * block : grid.number(line: 0, column: column).column - first
    }
    let digits = "\(index(columns.upperBound - 1))".count
    var taken: [Range<Int>] = []
    func write(_ column: Int, _ style: Style) {
      let text = "\(index(column))"
      let start = grid.x(column)
      let place = start..<start + text.count
      guard place.upperBound <= end || columns.count == 1 && text.count <= end - start,
        taken.allSatisfy({ place.upperBound < $0.lowerBound || place.lowerBound > $0.upperBound })
      else { return }
      canvas.write(text, at: Point(x: start, y: y), style: style)
      taken.append(place)
    }
    if columns.contains(grid.cursor.column) { write(grid.cursor.column, Style(bold: true)) }
    let cells = HeatMapView.stride((digits + 2 + grid.level.cellWidth - 1) / grid.level.cellWidth)
    for column in columns {
      let inGate = axes.isVector ? column : column - grid.cell(row: 0, column: first).column
      if inGate.isMultiple(of: cells) { write(column, .muted) }
    }
  }

  /// The round number (1, 2, 5, 10, 20 …) that is not below one.
  private static func stride(_ least: Int) -> Int {
    var power = 1
    while true {
      for factor in [1, 2, 5] where factor * power >= least { return factor * power }
      power *= 10
    }
  }

  // MARK: The cells

  private func view(_ line: Int, into canvas: inout Canvas) {
    let y = grid.y(line)
    let isCursor = line == grid.cursor.line
    let first = grid.number(line: line, column: 0)
    let name =
      line < axes.rowNames.count && grid.level.blockRows == 1
      ? axes.rowNames[line] : "\(axes.isVector ? first.column : first.row)"
    label(name, isCursor ? Style(bold: true) : .muted, y: y, into: &canvas)
    for column in grid.columns {
      guard grid.block(line: line, column: column) != nil else { break }
      var style: Style
      let text: String
      if let value = value(line, column) {
        style = isOld ? .muted : heat.style(value, Style(value < 0 ? .negative : .positive))
        text = cell(value)
      } else {
        (style, text) = (.muted, pad("?", to: grid.drawnWidth))
      }
      if isCursor, column == grid.cursor.column { style.reverse = true }
      canvas.write(text, at: Point(x: grid.x(column), y: y), style: style)
    }
  }

  /// The number of a cell, or the mean of its block; `nil` where it is not at hand.
  private func value(_ line: Int, _ column: Int) -> Float? {
    if let means {
      return grid.block(line: line, column: column).map { means[$0.row, $0.column] }
    }
    let (row, column) = grid.number(line: line, column: column)
    return plane?.value(row, column)
  }

  private func cell(_ value: Float) -> String {
    let glyph = heat.glyph(value)
    switch grid.level.cellWidth {
    case 1: return String(glyph)
    case 2:
      let isHeat = Heat.positive.contains(glyph) || Heat.negative.contains(glyph)
      return isHeat ? String([glyph, glyph]) : " \(glyph)"
    default:
      return "\(glyph) " + pad(WeightText.number(Double(value)), to: 7, alignment: .right)
    }
  }

  private func viewLinesBetweenGates(into canvas: inout Canvas) {
    for (_, columns) in grid.gatesOnScreen.dropFirst() {
      canvas.verticalLine(
        at: Point(x: grid.x(columns.lowerBound) - 1, y: parts.gates.minY),
        length: grid.lines.count + 2, style: .muted)
    }
  }
}

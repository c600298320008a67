import Neural
import Screen

/// Draws the list of layers: a chain as a table, a graph as towers.
func viewStack(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  let isActive = if case .screen = state.focus { true } else { false }
  let inside = canvas.box(
    rect, title: "Stack", style: isActive ? Style(.accent) : .muted,
    titleStyle: Style(isActive ? .accent : nil, bold: true)
  ).splitLeft(1).rest
  if state.document.layout.isChain {
    let rows = Array(state.cursor.visible(count: state.rowCount, height: state.listHeight))
    StackTable(state, width: inside.width - 1, rows: rows).view(into: &canvas, in: inside)
  } else {
    TowerView(state, in: inside).view(into: &canvas)
  }
}

/// The columns of the list: name, shape, features, parameters.
struct StackTable {
  private let state: State
  private let nameWidth: Int
  private let shapeWidth: Int
  private let featureWidth: Int
  private let countWidth: Int

  private let gap: Int
  private let style: RowStyle

  /// How a row begins, and which columns it has.
  enum RowStyle {
    /// A table of its own: a mark, and all columns.
    case table
    /// Behind the lines of a graph, which bring their own mark.
    case lanes
    /// A tower beside others: no column for features.
    case tower

    /// The columns of the mark.
    var mark: Int { self == .table ? 2 : 0 }
  }

  /// Columns that suit the calls at these indices.
  init(_ state: State, width: Int, rows: [Int], style: RowStyle = .table) {
    self.state = state
    self.style = style
    let analysis = state.document.analysis
    var hasParts = false
    var (name, shape, features, count) = (13, 6, style == .tower ? 0 : 8, style == .tower ? 1 : 6)
    for index in rows {
      guard let node = state.document.layout.node(at: index), let report = analysis.reports[node],
        let layer = state.model.layer(of: node)
      else { continue }
      name = max(name, displayWidth(of: layer.label(in: state.model)))
      if report.error == nil { shape = max(shape, StackTable.shapes(report).width) }
      if style != .tower {
        features = max(features, report.outputs?.first?.styledFeatures.width ?? 0)
        if report.outputs?.first?.axes.last?.parts.isEmpty == false { hasParts = true }
      }
      count = max(count, StackTable.count(state, node).count)
    }
    gap = width < 56 ? 1 : 2
    // What is too wide gives way in this order: the name, the shape, the parts. Counts stay.
    let gaps = style == .tower ? 2 : 3
    var excess = name + shape + features + count + style.mark + gaps * gap - width
    func give(_ column: inout Int, downTo least: Int) {
      let given = min(max(excess, 0), max(column - least, 0))
      column -= given
      excess -= given
    }
    give(&name, downTo: 13)
    // Without parts the column says again what the shape says.
    give(&features, downTo: hasParts ? 16 : 0)
    give(&shape, downTo: 15)
    give(&features, downTo: 8)
    give(&name, downTo: 6)
    give(&count, downTo: 12)
    give(&shape, downTo: 6)
    if excess < 0 { name = min(name - excess, max(name, style == .tower ? 20 : 30)) }
    (nameWidth, shapeWidth, featureWidth, countWidth) = (name, shape, features, count)
  }

  /// The shape of a call's output; of several the first, and how many more there are.
  static func shapes(_ report: Analysis.Report) -> StyledText {
    guard let outputs = report.outputs else { return StyledText("?", .muted) }
    var text = outputs.first?.styled ?? StyledText()
    if outputs.count > 1 { text.append(" +\(outputs.count - 1)", .muted) }
    return text
  }

  /// The parameters of the layer that a node calls; of later calls of a shared layer `shared`.
  static func count(_ state: State, _ node: NodeID) -> String {
    guard let layer = state.model.nodes[node]?.layer else { return "" }
    guard let report = state.document.analysis.reports[node], report.outputs != nil else {
      return "?"
    }
    let isLater = state.document.layout.isChain ? false : state.model.calls(of: layer).first != node
    if isLater { return "shared" }
    return state.document.analysis.parameters[layer]?.total.grouped ?? "0"
  }

  func view(into canvas: inout Canvas, in rect: Rect) {
    let (titles, list) = rect.splitTop(1)
    columns(
      into: &canvas, row: titles, mark: StyledText(""), name: StyledText("layer", .muted),
      shape: StyledText("output", .muted), features: StyledText("features", .muted),
      count: StyledText("params", .muted))
    let visible = state.cursor.visible(count: state.rowCount, height: list.height)
    for (line, index) in visible.enumerated() {
      viewRow(index, into: &canvas, in: list.row(line))
    }
    viewHint(into: &canvas, in: list, below: visible.count)
    Scrollbar(count: state.rowCount, visible: visible).render(
      into: &canvas, in: Rect(x: rect.maxX, y: list.minY, width: 1, height: list.height))
  }

  /// Draws the call at an index, or the row that adds a layer.
  func viewRow(_ index: Int, into canvas: inout Canvas, in row: Rect) {
    let isSelected = index == state.cursor.selection
    let mark = StyledText(
      isSelected && style == .table ? "▸" : "", Style(.accent, bold: true))
    guard let node = state.document.layout.node(at: index),
      let report = state.document.analysis.reports[node], let layer = state.model.layer(of: node)
    else {
      let add = StyledText("+ add a layer", isSelected ? Style(.accent, bold: true) : .muted)
      columns(into: &canvas, row: row, mark: mark, name: add)
      return
    }
    let label = layer.label(in: state.model)
    let fits = displayWidth(of: label) <= nameWidth
    var name = StyledText(fits ? label : layer.name, Style(bold: isSelected))
    if !state.document.remarks(on: node).isEmpty, name.width + 2 <= nameWidth {
      name.append(" !", Style(.warning, bold: true))
    }
    if let error = report.error {
      columns(into: &canvas, row: row, mark: mark, name: name)
      let left = row.minX + style.mark + nameWidth + gap
      canvas.write(
        "✗ \(error.message)", at: Point(x: left, y: row.minY), style: Style(.error),
        maxWidth: row.maxX - left)
      return
    }
    let full = StackTable.count(state, node)
    let count = style == .tower && full == "0" ? "" : full
    let isMuted = count == "0" || count == "shared" || count == "?"
    columns(
      into: &canvas, row: row, mark: mark, name: name, shape: StackTable.shapes(report),
      features: report.outputs?.first?.styledFeatures ?? StyledText(),
      count: StyledText(count, isMuted ? .muted : Style(bold: isSelected)))
  }

  private func columns(
    into canvas: inout Canvas, row: Rect, mark: StyledText, name: StyledText,
    shape: StyledText = StyledText(), features: StyledText = StyledText(),
    count: StyledText = StyledText()
  ) {
    var x = row.minX
    canvas.write(mark, at: Point(x: x, y: row.minY), maxWidth: 1)
    x += style.mark
    canvas.write(name, at: Point(x: x, y: row.minY), maxWidth: nameWidth)
    x += nameWidth + gap
    canvas.write(shape, at: Point(x: x, y: row.minY), maxWidth: shapeWidth)
    x += shapeWidth + gap
    if featureWidth > 0 {
      canvas.write(features, at: Point(x: x, y: row.minY), maxWidth: featureWidth)
      x += featureWidth + gap
    }
    let room = min(countWidth, max(row.maxX - x, 0))
    let used = min(count.width, room)
    canvas.write(count, at: Point(x: x + room - used, y: row.minY), maxWidth: room)
  }

  /// What to do first, while nothing stands on the input.
  private func viewHint(into canvas: inout Canvas, in list: Rect, below used: Int) {
    guard state.document.layout.count <= 1 else { return }
    let lines = [
      "First steps",
      "  :set timesteps 12   how long a sequence is",
      "  :set features 4     numbers at each timestep",
      "  :set batch 32       samples at a time",
      "  a                   add a layer: try LSTM",
      "  b                   make that layer bidirectional",
      "  :e FILE             open a .py or .json model",
    ]
    for (index, line) in lines.enumerated() where used + 1 + index < list.height {
      canvas.write(
        line, at: Point(x: list.minX + 2, y: list.minY + used + 1 + index),
        style: index == 0 ? Style(bold: true) : .muted, maxWidth: list.width - 2)
    }
  }
}

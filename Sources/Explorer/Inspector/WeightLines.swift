import Neural
import Screen

/// The lines of the inspector about weights, and which of them are about which weight.
struct WeightLines {
  /// The lines, a blank one first.
  var lines: [StyledText] = []
  /// The lines of each weight, the heading above it among them.
  var places: [Range<Int>] = []
}

/// What there is to say of the weights of the selected layer: shapes, numbers, and how these are
/// spread.
func weightLines(_ state: State, width: Int) -> WeightLines {
  let specs = state.selectedWeights
  guard let layer = state.selectedLayer, !specs.isEmpty else { return WeightLines() }
  var result = WeightLines()
  let key = state.weightKey(of: layer.id)
  let known = key.flatMap { state.weights.known($0) }
  result.lines = [StyledText()] + headingLines(state, layer.id, known, width: width)
  var isChoosing = false
  if case .weights = state.focus { isChoosing = true }
  var part: WeightName?
  for (index, spec) in specs.enumerated() {
    let start = result.lines.count
    let name = WeightPlace(spec, in: layer.layer).name
    if name.isBackward != part?.isBackward || name.owner != part?.owner ?? [] {
      if let heading = name.heading { result.lines.append(StyledText("  ") + heading) }
    }
    part = name
    let isChosen = isChoosing && index == state.chosenWeight
    result.lines.append(nameLine(spec, isChosen: isChosen, width: width))
    if key == nil {
      result.lines += wrapped(firstValues(spec), width - 4, .muted)
        .map { StyledText("    ") + $0 }
    } else if known?.problem == nil {
      let summary = known.flatMap { index < $0.summaries.count ? $0.summaries[index] : nil }
      result.lines += summaryLines(summary, width: width)
    }
    result.places.append(start..<result.lines.count)
  }
  return result
}

/// What the weights are, and where their numbers come from.
private func headingLines(
  _ state: State, _ layer: LayerID, _ known: WeightsState.Known?, width: Int
) -> [StyledText] {
  var heading = StyledText("Weights", Style(bold: true))
  let source = state.sourceOfNumbers(layer)
  if !source.isEmpty { heading.append(" \(source)", .muted) }
  var isChoosing = false
  if case .weights = state.focus { isChoosing = true }
  if !isChoosing, heading.width + 5 <= width {
    heading.append(String(repeating: " ", count: width - heading.width - 3))
    heading.append("tab", Style(.accent))
  }
  var lines = [heading]
  if let problem = known?.problem ?? state.document.fault(of: layer)?.description {
    lines += wrapped("✗ \(problem)", width, Style(.error, bold: true), hanging: 2)
  } else if source.isEmpty {
    lines += wrapped("no numbers yet: space runs the model", width, .muted)
  }
  return lines
}

/// `▸ kernel   (20, 200)`, and whether training leaves it as it is.
private func nameLine(_ spec: WeightSpec, isChosen: Bool, width: Int) -> StyledText {
  let shape = WeightText.sizes(spec.shape)
  let room = max(width - 3 - displayWidth(of: shape), 6)
  var line = StyledText(isChosen ? "▸ " : "  ", Style(.accent, bold: true))
  line.append(fit(spec.name, to: room), isChosen ? Style(.accent, bold: true) : .plain)
  let note = " fixed"
  if !spec.isTrainable, line.width + displayWidth(of: note) <= room + 2 {
    line.append(note, .muted)
  }
  line.append(String(repeating: " ", count: max(room + 3 - line.width, 1)))
  line.append(shape, spec.isTrainable ? .plain : .muted)
  return line
}

/// Minimum, maximum, mean and standard deviation, and how the numbers are spread: as many lines
/// before they are known as behind it, so that nothing moves.
private func summaryLines(_ summary: Histogram?, width: Int) -> [StyledText] {
  // Two names with their numbers take 24 columns.
  let indent = StyledText(width < 28 ? "  " : "    ")
  let room = max(width - indent.width, 8)
  let isWide = room >= 52
  guard let summary else {
    let lines = [indent + StyledText("reading …", .muted)]
    return lines + Array(repeating: StyledText(), count: isWide ? 1 : 2)
  }
  var lines: [StyledText] = []
  let pairs = WeightText.pairs(summary)
  if isWide {
    lines.append(indent + pairText(pairs, pad: 9))
  } else {
    // Minimum above maximum, mean above deviation.
    for row in 0..<2 where pairs.count == 4 {
      lines.append(indent + pairText([pairs[row], pairs[row + 2]], pad: 8))
    }
  }
  if !summary.counts.isEmpty {
    lines.append(
      indent + StyledText(HistogramText.text(summary, width: min(room, 64)), Style(.accent)))
  }
  if let problem = WeightText.problem(summary) {
    lines.append(indent + StyledText(problem, Style(.error, bold: true)))
  }
  if summary.count == 0, summary.notNumbers == 0 {
    lines.append(indent + StyledText("no number in it", .muted))
  }
  while lines.count < (isWide ? 2 : 3) { lines.append(StyledText()) }
  return lines
}

/// Names with their numbers beside each other; all numbers but the last take `width` columns.
private func pairText(_ pairs: [(name: String, value: Double)], pad width: Int) -> StyledText {
  var text = StyledText()
  for (index, pair) in pairs.enumerated() {
    let isLast = index == pairs.count - 1
    // Where lines stand below each other, mean and std are of one width.
    let name = pairs.count == 2 && isLast ? pad(pair.name, to: 4) : pair.name
    text.append(name + " ", .muted)
    let number = WeightText.number(pair.value)
    text.append(isLast ? number : pad(number, to: width))
  }
  return text
}

/// A histogram in a line of the inspector.
enum HistogramText {
  /// Blocks, the highest for the part of the range with most numbers.
  static func text(_ histogram: Histogram, width: Int) -> String {
    let counts = Bars.binned(histogram.counts.map(Double.init), to: width)
    let most = max(counts.max() ?? 1, 1)
    return counts.reduce(into: "") { $0.append(Bars.block($1 / most)) }
  }
}

/// What the first values of a weight are: `glorot_uniform`, `zeros, 1 for gate f`.
private func firstValues(_ spec: WeightSpec) -> String {
  let config = spec.initializer.configValue
  let text = SettingText.text(of: config, kind: .initializer)
  guard let ones = spec.ones, !ones.isEmpty else { return "first values: \(text)" }
  return "first values: \(text), 1 for gate f"
}

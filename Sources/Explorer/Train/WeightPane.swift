import Neural
import Screen

/// How the numbers of one weight are spread: before the training, and now.
struct WeightPane {
  private let weights: [WeightReport]
  private let index: Int

  init(_ state: State) {
    weights = state.train.shownRun?.weights ?? []
    index = min(state.train.weight, max(weights.count - 1, 0))
  }

  func view(into canvas: inout Canvas, in rect: Rect) {
    guard weights.indices.contains(index) else {
      let inside = trainBox(StyledText("weights", Style(bold: true)), into: &canvas, in: rect)
      let text = "how each weight is spread, before and now"
      for (row, line) in wrapped(text, max(inside.width, 8), .muted).prefix(inside.height)
        .enumerated()
      {
        canvas.write(
          line, at: Point(x: inside.minX, y: inside.minY + row), maxWidth: inside.width)
      }
      return
    }
    let weight = weights[index]
    let inside = trainBox(title(weight, width: rect.width - 5), into: &canvas, in: rect)
    guard inside.height > 0 else { return }
    let numbers = lines(weight, width: inside.width)
    let (below, bars) = inside.splitBottom(min(numbers.count + 1, max(inside.height - 2, 0)))
    let (before, now) = bars.splitTop(bars.height / 2)
    let most = Double(max((weight.first.counts + weight.now.counts).max() ?? 1, 1))
    view("before", weight.first, most, .muted, into: &canvas, in: before)
    view("now", weight.now, most, Style(.accent), into: &canvas, in: now)
    viewRange(weight, into: &canvas, in: below.row(0))
    for (row, line) in numbers.enumerated() where row + 1 < below.height {
      canvas.write(
        line, at: Point(x: below.minX, y: below.minY + row + 1), maxWidth: below.width)
    }
  }

  private static let label = 7

  private func view(
    _ name: String, _ histogram: Histogram, _ most: Double, _ style: Style,
    into canvas: inout Canvas, in rect: Rect
  ) {
    guard rect.height > 0 else { return }
    canvas.write(
      name, at: Point(x: rect.minX, y: rect.maxY - 1),
      style: name == "now" ? Style(bold: true) : .muted)
    let room = rect.splitLeft(WeightPane.label).rest
    let counts = Bars.binned(histogram.counts.map(Double.init), to: room.width)
    Bars(counts.map { $0 / most }).render(into: &canvas, in: room, style: style)
  }

  private func viewRange(_ weight: WeightReport, into canvas: inout Canvas, in rect: Rect) {
    let room = rect.splitLeft(WeightPane.label).rest
    let digits = max(weight.lower.magnitude, weight.upper.magnitude) < 0.095 ? 4 : 2
    let lower = NumberText.fixed(weight.lower, digits)
    let upper = NumberText.fixed(weight.upper, digits)
    let parts = min(Histogram.parts, room.width)
    let width = min(Bars.pitch(count: parts, width: room.width) * parts, room.width)
    canvas.write(lower, at: room.origin, style: .muted)
    let end = width - displayWidth(of: upper)
    guard end > displayWidth(of: lower) else { return }
    canvas.write(upper, at: Point(x: room.minX + end, y: room.minY), style: .muted)
  }

  private func title(_ weight: WeightReport, width: Int) -> StyledText {
    let known = WeightName(weight.name, owner: weight.owner)
    let name = known.arrow + StyledText(known.text, Style(bold: true))
    let count = StyledText(" \(index + 1) of \(weights.count)", .muted)
    let long = StyledText(weight.layer + " ") + name + count
    if long.width <= width { return long }
    return (name + count).width <= width ? name + count : name
  }

  private func lines(_ weight: WeightReport, width: Int) -> [StyledText] {
    func pair(_ name: String, _ before: Double, _ now: Double) -> StyledText {
      func text(_ digits: Int) -> StyledText {
        StyledText(pad(name, to: WeightPane.label), .muted)
          + StyledText("\(NumberText.fixed(before, digits)) → ", .muted)
          + StyledText(NumberText.fixed(now, digits))
      }
      if let both = [text(3), text(2)].first(where: { $0.width <= width }) { return both }
      return StyledText(pad(name, to: WeightPane.label), .muted)
        + StyledText(NumberText.fixed(now, 3))
    }
    if let problem = WeightText.problem(weight.now) {
      return [StyledText(problem, Style(.error, bold: true))]
    }
    return [
      pair("mean", weight.first.mean, weight.now.mean),
      pair("std", weight.first.deviation, weight.now.deviation),
    ]
  }
}

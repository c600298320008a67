import Neural
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much the loss changes with the hidden state at each timestep.
///
/// It answers whether the gradient comes back to the timestep that a direction read first.
struct GradientPane {
  private let layers: [LayerGradients]
  private let index: Int
  private let label: String
  private let isWaiting: Bool

  init(_ state: State) {
    layers = state.train.shownRun?.gradients ?? []
    index = min(state.train.layer, max(layers.count - 1, 0))
    let isComparison = (state.train.report?.runs.count ?? 0) > 1
    label = isComparison ? ["A", "B"][min(state.train.contender, 1)] : ""
    isWaiting = (state.train.report?.runs.first?.steps ?? 0) == 0
  }

  func view(into canvas: inout Canvas, in rect: Rect) {
    var title = StyledText("gradient at each timestep", Style(bold: true))
    guard layers.indices.contains(index) else {
      let inside = trainBox(title, into: &canvas, in: rect)
      let text =
        isWaiting
        ? "|∂loss/∂h(t)|: how much each timestep of a recurrent layer counts"
        : "no recurrent layer learns here"
      for (row, line) in wrapped(text, max(inside.width, 8), .muted).prefix(inside.height)
        .enumerated()
      {
        canvas.write(
          line, at: Point(x: inside.minX, y: inside.minY + row), maxWidth: inside.width)
      }
      return
    }
    let layer = layers[index]
    let scale = GradientScale(layer.directions.flatMap(\.norms))
    title = self.title(of: layer, scale, width: rect.width - 5)
    let inside = trainBox(title, into: &canvas, in: rect)
    guard inside.height > 0 else { return }
    let answers = layer.directions.map { answer($0, width: inside.width) }
    let (below, bars) = inside.splitBottom(min(answers.count + 1, max(inside.height - 1, 0)))
    var room = bars
    for (place, direction) in layer.directions.enumerated() {
      let height = room.height / (layer.directions.count - place)
      let split = room.splitTop(height)
      view(direction, scale, into: &canvas, in: split.top)
      room = split.rest
    }
    viewRuler(layer, into: &canvas, in: below.row(0))
    for (row, answer) in answers.enumerated() where row + 1 < below.height {
      canvas.write(
        answer, at: Point(x: below.minX, y: below.minY + row + 1), maxWidth: below.width)
    }
  }

  /// What the bars are, of which layer; what does not fit is left out.
  private func title(
    of layer: LayerGradients, _ scale: GradientScale, width: Int
  ) -> StyledText {
    func title(_ name: String) -> StyledText {
      var title = StyledText("|∂loss/∂h(t)|", Style(bold: true))
      if !label.isEmpty { title.append(" \(label)", Style(.accent, bold: true)) }
      if !name.isEmpty { title.append(" " + name) }
      if layers.count > 1 { title.append(" \(index + 1) of \(layers.count)", .muted) }
      if scale.isLogarithmic { title.append(" · log scale", .muted) }
      return title
    }
    let full = title(layer.title)
    return full.width <= width ? full : title("")
  }

  private func view(
    _ direction: LayerGradients.Direction, _ scale: GradientScale, into canvas: inout Canvas,
    in rect: Rect
  ) {
    guard rect.height > 0 else { return }
    let style = Style(direction.isBackward ? .backward : .forward)
    canvas.write(
      direction.isBackward ? "←" : "→", at: Point(x: rect.minX, y: rect.maxY - 1), style: style)
    let room = rect.splitLeft(2).rest
    let norms = Bars.binned(direction.norms.map(Double.init), to: room.width)
    Bars(norms.map { scale.height($0) }).render(into: &canvas, in: room, style: style)
  }

  private func viewRuler(_ layer: LayerGradients, into canvas: inout Canvas, in rect: Rect) {
    let timesteps = layer.directions.map(\.norms.count).max() ?? 0
    guard timesteps > 0 else { return }
    let room = rect.splitLeft(2).rest
    canvas.write("t", at: rect.origin, style: Style(.time, bold: true))
    let shown = min(timesteps, room.width)
    let width = min(Bars.pitch(count: shown, width: room.width) * shown, room.width)
    canvas.write("0", at: room.origin, style: Style(.time))
    let last = "\(timesteps - 1)"
    guard timesteps > 1, width > last.count + 2 else { return }
    let pitch = Bars.pitch(count: shown, width: room.width)
    // Under the last bar, at its start where bars are wide.
    let start = pitch > last.count ? width - pitch : width - last.count
    canvas.write(last, at: Point(x: room.minX + start, y: room.minY), style: Style(.time))
  }

  /// `→ reaches t = 0: 45 % of the largest`.
  private func answer(_ direction: LayerGradients.Direction, width: Int) -> StyledText {
    var text = StyledText(
      direction.isBackward ? "← " : "→ ", Style(direction.isBackward ? .backward : .forward))
    let norms = direction.norms
    guard let largest = norms.max(), !norms.contains(where: { !$0.isFinite }) else {
      text.append("the gradient is not a number", Style(.error, bold: true))
      return text
    }
    guard largest > 0 else {
      text.append("no gradient comes here", Style(.warning))
      return text
    }
    // The timestep that a direction reads first lies farthest back.
    let t = direction.isBackward ? norms.count - 1 : 0
    let share = Double(norms[t] / largest)
    let word = share >= 0.1 ? "reaches" : share >= 0.001 ? "weak at" : "fades by"
    text.append("\(word) t = \(t): ", share < 0.001 ? Style(.warning) : .plain)
    text.append(percent(share), Style(bold: true))
    let all = text + StyledText(" of the largest", .muted)
    return all.width <= width ? all : text
  }

  private func percent(_ share: Double) -> String {
    if share >= 0.0095 { return "\(Int((share * 100).rounded())) %" }
    if share >= 0.000_095 { return "\(NumberText.fixed(share * 100, share < 0.000_95 ? 3 : 2)) %" }
    return share == 0 ? "0 %" : "under 0.01 %"
  }
}

/// How high the bars of gradients are: of very different ones by their powers of ten.
struct GradientScale {
  let isLogarithmic: Bool
  private let largest: Double
  private let decades: Double

  init(_ norms: [Float]) {
    let positive = norms.lazy.filter { $0 > 0 && $0.isFinite }.map(Double.init)
    largest = positive.max() ?? 0
    let ratio = largest / max(positive.min() ?? 1, 1e-38)
    isLogarithmic = largest > 0 && ratio > 100
    // Farther down than float's precision nothing is learned.
    decades = min(log10(max(ratio, 10)).rounded(.up), 8)
  }

  /// 0…1; `nil` where there is no number.
  func height(_ norm: Double) -> Double? {
    guard norm.isFinite, largest > 0 else { return nil }
    guard isLogarithmic else { return norm / largest }
    guard norm > 0 else { return 0 }
    return max((log10(norm / largest) + decades) / decades, 0.001)
  }
}

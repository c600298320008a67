import Neural
import Screen

/// Draws the curves of what is measured, the loss first.
func viewCurves(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  let runs = state.train.report?.runs ?? []
  var names = runs.first?.names ?? []
  if names.isEmpty {
    // What will be measured: the axes are there before the first batch.
    let compilation = state.train.plan?.setups.first?.compilation
    names = ["loss"] + (compilation?.metrics.first ?? []).map(\.shortName)
  }
  // With several outputs their losses come after what else is measured.
  names =
    names.prefix(1) + names.dropFirst().filter { !$0.hasSuffix("loss") }
    + names.dropFirst().filter { $0.hasSuffix("loss") }
  for (name, room) in zip(names, TrainFrame.plots(in: rect, count: names.count)) {
    CurvePane(
      name: name, runs: runs, epochs: epochs(state),
      chance: state.train.shownPlan?.setups.first?.chance
    ).view(into: &canvas, in: room)
  }
}

private func epochs(_ state: State) -> Int {
  state.train.report?.runs.map(\.epochs).max() ?? state.train.plan?.setups.first?.settings.epochs
    ?? 1
}

/// The curves of one result: of training and validation, or of two models.
struct CurvePane {
  /// `loss`, `accuracy`.
  let name: String
  let runs: [TrainLog]
  /// How many epochs are to be made.
  let epochs: Int
  /// The accuracy of guessing, drawn as a line; `nil`: not known.
  let chance: Double?

  private static let colors: [Color] = [.accent, .time]

  func view(into canvas: inout Canvas, in rect: Rect) {
    var series = series
    let x = PlotScale(from: 0, to: reach)
    let points = series.flatMap(\.points)
    let y =
      isShare(points)
      ? PlotScale(from: 0, to: 1)
      : PlotScale(fitting: points.map(\.y), mayBeLogarithmic: name.hasSuffix("loss"))
    if let chance, name.hasSuffix("accuracy"), !runs.isEmpty {
      series.append(
        LinePlot.Series(
          [PlotPoint(x: 0, y: chance), PlotPoint(x: reach, y: chance)], stroke: .dotted,
          style: .muted))
    }
    var title = StyledText(name, Style(bold: true))
    if y.isLogarithmic { title.append(" · log scale", .muted) }
    let inside = trainBox(title, into: &canvas, in: rect)
    let (legend, plot) = inside.splitTop(inside.height >= 7 ? 1 : 0)
    viewLegend(into: &canvas, in: legend)
    LinePlot(series, x: x, y: y).render(into: &canvas, in: plot)
  }

  /// The epochs that the axis goes to: a round number that has room for what was made, so that
  /// the first batches are seen as well as the whole.
  private var reach: Double {
    let progress = runs.map(\.progress).max() ?? Double(epochs)
    var (limit, factors) = (1.0, [2, 2.5, 2])
    while limit < progress - 1e-9, limit < Double(epochs) {
      let factor = factors.removeFirst()
      limit *= factor
      factors.append(factor)
    }
    return min(max(limit, 1), Double(max(epochs, 1)))
  }

  /// Shares of all samples are seen against none and all.
  private func isShare(_ points: [PlotPoint]) -> Bool {
    ["accuracy", "acc", "precision", "recall", "auc"].contains { name.lowercased().contains($0) }
      && points.allSatisfy { !$0.y.isFinite || (0...1).contains($0.y) }
  }

  private var series: [LinePlot.Series] {
    guard runs.count > 1 else {
      guard let run = runs.first else { return [] }
      return [
        LinePlot.Series(run.points(of: name), style: Style(CurvePane.colors[0], bold: true)),
        LinePlot.Series(
          run.points(of: "val_" + name), stroke: .dashed, style: Style(CurvePane.colors[1])),
      ]
    }
    return runs.enumerated().map { index, run in
      LinePlot.Series(
        run.points(of: name), stroke: index == 0 ? .solid : .dashed,
        style: Style(CurvePane.colors[index % 2]), mark: index == 0 ? "A" : "B")
    }
  }

  /// `── 0.4231  ╌╌ val 0.6123`, or `A ── 0.26  B ╌╌ 1.00`.
  private func viewLegend(into canvas: inout Canvas, in rect: Rect) {
    let line = legend(isShort: false, isWide: rect.width >= 36)
    canvas.write(
      line.width <= rect.width ? line : legend(isShort: true, isWide: false), at: rect.origin,
      maxWidth: rect.width)
  }

  private func legend(isShort: Bool, isWide: Bool) -> StyledText {
    var line = StyledText()
    func add(_ label: String, _ stroke: Stroke, _ color: Color, _ word: String, _ value: Double?) {
      if !line.runs.isEmpty { line.append(isShort ? " " : "  ") }
      if !label.isEmpty { line.append(label + " ", Style(color, bold: true)) }
      line.append(String(stroke.sample.prefix(2)) + " ", Style(color))
      if !word.isEmpty { line.append(word + " ", .muted) }
      guard let value else {
        line.append("–", .muted)
        return
      }
      let isSmall = isShort && value.magnitude < 10 && value.magnitude >= 0.01
      line.append(
        isSmall ? NumberText.fixed(value, 3) : NumberText.short(value),
        value.isFinite ? Style(bold: true) : Style(.error, bold: true))
    }
    if runs.count > 1 {
      for (index, run) in runs.enumerated() {
        let color = CurvePane.colors[index % 2]
        let stroke = index == 0 ? Stroke.solid : .dashed
        add(index == 0 ? "A" : "B", stroke, color, isWide ? run.label : "", run.latest(name))
      }
    } else if let run = runs.first {
      add("", .solid, CurvePane.colors[0], isWide ? "train" : "", run.latest(name))
      if let value = run.latest("val_" + name) {
        add("", .dashed, CurvePane.colors[1], "val", value)
      }
    }
    return line
  }
}

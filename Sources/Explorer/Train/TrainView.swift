import Neural
import Screen

/// Draws the Train screen: what is trained on what, the curves, gradients and weights.
func viewTrainScreen(_ state: State, into canvas: inout Canvas, frame: Frame) {
  let parts = state.trainFrame(in: frame.body)
  viewTrainTitle(state, into: &canvas, in: parts.title.inset(columns: 1, rows: 0))
  viewTrainProgress(state, into: &canvas, in: parts.progress.inset(columns: 1, rows: 0))
  viewTrainInfo(state, into: &canvas, in: parts.info)
  viewTrainSummary(state, into: &canvas, in: frame.summary.inset(columns: 1, rows: 0))
  if let problem = state.train.shownProblem {
    let room = frame.body.splitTop(2).rest
    viewTrainProblem(
      problem, into: &canvas, in: room.splitLeft(parts.info.width).rest)
    return
  }
  guard state.train.report != nil || !parts.info.isEmpty else {
    // Where there is no room beside the curves, the data are shown until there are any.
    viewTrainInfo(state, into: &canvas, in: frame.body.splitTop(2).rest)
    return
  }
  viewCurves(state, into: &canvas, in: parts.curves)
  GradientPane(state).view(into: &canvas, in: parts.gradients)
  WeightPane(state).view(into: &canvas, in: parts.weights)
}

extension TrainState {
  /// Why there are no curves to show.
  var shownProblem: PassError? {
    if case .failed(let problem) = phase { return problem }
    return report == nil ? problem : nil
  }
}

private func viewTrainProblem(_ problem: PassError, into canvas: inout Canvas, in rect: Rect) {
  let width = max(rect.width - 6, 20)
  var lines = [StyledText("This cannot be trained", Style(.error, bold: true)), StyledText()]
  lines += wrapped(problem.message, width, .plain)
  if !problem.remedy.isEmpty {
    lines.append(StyledText())
    lines += wrapped(problem.remedy, width, .muted)
  }
  lines.append(StyledText())
  lines += wrapped("i  other data   :data x.npy -> y.npy   1  back to the stack", width, .muted)
  let top = max((rect.height - lines.count) / 3, 0)
  for (row, line) in lines.enumerated() where top + row < rect.height {
    canvas.write(
      line, at: Point(x: rect.minX + 3, y: rect.minY + top + row), maxWidth: width)
  }
}

/// A border with a styled title.
///
/// - Returns: the room inside, a column left free on both sides.
func trainBox(_ title: StyledText, into canvas: inout Canvas, in rect: Rect) -> Rect {
  guard rect.width > 4, rect.height > 2 else { return .zero }
  let inside = canvas.box(rect, style: .muted)
  let width = min(title.width, rect.width - 5)
  canvas.write(" ", at: Point(x: rect.minX + 1, y: rect.minY))
  canvas.write(title, at: Point(x: rect.minX + 2, y: rect.minY), maxWidth: width)
  canvas.write(" ", at: Point(x: rect.minX + 2 + width, y: rect.minY))
  return inside.inset(columns: 1, rows: 0)
}

// MARK: The lines above and below

private func viewTrainTitle(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  let right = phaseText(state)
  var title = StyledText("Train  ", Style(.accent, bold: true))
  let name = state.train.shownPlan?.setups.first?.title ?? state.trainSource?.title
  title.append(
    name ?? (state.trainHasNoData ? "no data" : "reading the script …"),
    Style(bold: true))
  if let runs = state.train.report?.runs, runs.count > 1 {
    title.append("  A \(runs[0].label) · B \(runs[1].label)")
  }
  let left = rect.maxX - right.width
  canvas.write(title, at: rect.origin, maxWidth: max(left - rect.minX - 2, 0))
  canvas.write(right, at: Point(x: left, y: rect.minY), maxWidth: right.width)
}

/// How it goes, in a word with a sign.
private func phaseText(_ state: State) -> StyledText {
  let waiting = Style(.warning, bold: true)
  switch state.train.phase {
  case .training: return StyledText("▶ training", Style(.success, bold: true))
  case .pausing: return StyledText("‖ pauses after this batch", waiting)
  case .paused: return StyledText("‖ paused", waiting)
  case .stopping: return StyledText("■ stops after this batch", waiting)
  case .stopped: return StyledText("■ stopped", Style(bold: true))
  case .failed: return StyledText("✗ not trained", Style(.error, bold: true))
  case .done:
    return state.train.notANumber == nil
      ? StyledText("✓ done", Style(.success, bold: true))
      : StyledText("✗ not a number", Style(.error, bold: true))
  case .ready:
    if state.train.starts != nil { return StyledText("starting …", waiting) }
    if state.train.problem != nil || state.trainHasNoData {
      return StyledText("cannot start", Style(.error, bold: true))
    }
    return state.train.plan == nil
      ? StyledText("preparing …", waiting) : StyledText("ready", Style(bold: true))
  }
}

private func viewTrainProgress(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  guard let report = state.train.report, let run = report.runs.min(by: { $0.share < $1.share })
  else {
    canvas.write(readyText(state), at: rect.origin, maxWidth: rect.width)
    return
  }
  let isBetween = run.batch == 0 && run.epoch > 0
  let epoch = isBetween ? run.epoch : min(run.epoch + 1, run.epochs)
  var left = StyledText("epoch ", .muted)
  left.append("\(epoch.grouped)/\(run.epochs.grouped)", Style(bold: true))
  left.append(" ")
  var texts: [String] = []
  let isOver = [.done, .stopped].contains(state.train.phase)
  if let validation = run.validation {
    texts.append("validating \(validation.batch)/\(validation.of)")
  } else if !isOver || !isBetween {
    texts.append("batch \(isBetween ? run.batches : run.batch)/\(run.batches)")
  }
  if isOver {
    texts.append("took \(duration(report.seconds))")
  } else if let seconds = report.secondsLeft {
    texts.append(seconds < 1 ? "under a second left" : "about \(duration(seconds)) left")
  }
  if let step = report.secondsPerStep, step > 0 {
    texts.append("\(stepTime(step)) a step")
    let rate = Double(report.samplesPerStep) / step
    if let rate = Int(exactly: rate.rounded()), rect.width >= 100 {
      texts.append("\(rate.grouped) samples/s")
    }
  }
  while texts.count > 1, left.width + 12 + texts.joined(separator: " · ").count > rect.width {
    texts.removeLast()
  }
  let right = StyledText(" " + texts.joined(separator: " · "))
  let room = min(max(rect.width - left.width - right.width, 0), 60)
  let done = Int((run.share * Double(room)).rounded())
  var bar = StyledText(String(repeating: "━", count: done), Style(.accent, bold: true))
  bar.append(String(repeating: "╌", count: room - done), .muted)
  canvas.write(left + bar + right, at: rect.origin, maxWidth: rect.width)
}

private func readyText(_ state: State) -> StyledText {
  guard let plan = state.train.plan, let setup = plan.setups.first else {
    return StyledText("")
  }
  let epochs = setup.settings.epochs
  let isTrained = !state.train.compares && state.document.isTrained
  return StyledText("space", Style(.accent, bold: true))
    + StyledText(" starts: \(epochs.grouped) \(epochs == 1 ? "epoch" : "epochs")")
    + StyledText(isTrained ? " more, from the trained weights" : "")
    + StyledText("   ")
    + StyledText(".", Style(.accent, bold: true)) + StyledText(" makes one batch")
}

/// A duration in words: `12 s`, `3 min`.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "long" }
  if seconds < 0.95 { return "\(NumberText.fixed(max(seconds, 0.01), seconds < 0.1 ? 2 : 1)) s" }
  if seconds < 100 { return "\(Int(seconds.rounded())) s" }
  if seconds < 100 * 60 { return "\(Int((seconds / 60).rounded())) min" }
  if seconds < 72 * 3600 { return "\(Int((seconds / 3600).rounded())) h" }
  return "\(Int((seconds / 86_400).rounded())) days"
}

private func stepTime(_ seconds: Double) -> String {
  if seconds >= 1 { return "\(NumberText.fixed(seconds, 1)) s" }
  let milliseconds = seconds * 1000
  if milliseconds < 0.95 { return "\(NumberText.fixed(milliseconds * 1000, 0)) µs" }
  return "\(NumberText.fixed(milliseconds, milliseconds < 10 ? 1 : 0)) ms"
}

/// What there is to know at the end: which model did better, which weights were kept.
private func viewTrainSummary(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  var parts: [StyledText] = []
  if let place = state.train.notANumber {
    parts.append(
      StyledText(
        "the loss is not a number at epoch \(place.epoch), batch \(place.batch): "
          + "the weights before it are kept; a smaller learning_rate helps",
        Style(.error, bold: true)))
  }
  if state.train.isUnderWay, state.trainIsOutdated {
    parts.append(
      StyledText("trains the model as it was; r, then space trains the new one", Style(.warning)))
  }
  if let sentence = comparison(state) { parts.append(sentence) }
  if let kept = state.train.kept, state.train.notANumber == nil {
    parts.append(StyledText("the model has \(kept)", Style(.success)))
  }
  if let remark = state.train.report?.runs.compactMap(\.remark).last {
    parts.append(StyledText(remark, .muted))
  }
  if let added = state.train.begun?.plan.setups.first?.added, !added.isEmpty,
    state.train.outcome != nil, !state.train.isUnderWay
  {
    parts.append(StyledText("a adds \(added.count == 1 ? "the head" : "what was added")", .muted))
  }
  var line = StyledText()
  for part in parts {
    let next = line.runs.isEmpty ? part : line + StyledText("   ") + part
    guard next.width <= rect.width || line.runs.isEmpty else { break }
    line = next
  }
  canvas.write(line, at: rect.origin, maxWidth: rect.width)
}

extension TrainState {
  /// Where the loss became no number.
  var notANumber: (epoch: Int, batch: Int)? {
    for run in report?.runs ?? [] {
      if case .notANumber(let epoch, let batch) = run.ending { return (epoch, batch) }
    }
    return nil
  }
}

/// `accuracy: LSTM 0.26 · Bidirectional 1.00 after 8 epochs`.
private func comparison(_ state: State) -> StyledText? {
  guard let runs = state.train.report?.runs, runs.count > 1 else { return nil }
  let results = runs.map { $0.epochResults.isEmpty ? $0.results : $0.epochResults }
  let names = runs[0].names
  guard let plain = names.first(where: { !$0.hasSuffix("loss") }) ?? names.first else { return nil }
  let name = results.allSatisfy({ $0["val_" + plain] != nil }) ? "val_" + plain : plain
  var text = StyledText("\(name): ", .muted)
  for (index, run) in runs.enumerated() {
    guard let value = results[index][name] else { return nil }
    if index > 0 { text.append(" · ", .muted) }
    text.append("\(run.label) ")
    text.append(NumberText.fixed(value, 2), Style(bold: true))
  }
  let epochs = runs.map(\.epoch).min() ?? 0
  text.append(
    epochs == 0 ? " so far" : " after \(epochs) \(epochs == 1 ? "epoch" : "epochs")", .muted)
  return text
}

import Neural
import Screen

/// Draws what is trained on what.
func viewTrainInfo(_ state: State, into canvas: inout Canvas, in rect: Rect) {
  guard !rect.isEmpty else { return }
  let inside = trainBox(
    StyledText("what is learned", Style(bold: true)), into: &canvas, in: rect)
  var lines = trainInfoLines(state, width: inside.width)
  if lines.count > inside.height {
    // Where room is short, lines that say something come before those that keep apart.
    lines.removeAll { $0.width == 0 }
  }
  for (row, line) in lines.prefix(inside.height).enumerated() {
    let isCut = row == inside.height - 1 && lines.count > inside.height
    canvas.write(
      isCut ? StyledText("…", .muted) : line, at: Point(x: inside.minX, y: inside.minY + row),
      maxWidth: inside.width)
  }
}

/// The data, how it is trained, and the model, a line each.
func trainInfoLines(_ state: State, width: Int) -> [StyledText] {
  guard width > 0 else { return [] }
  guard let plan = state.train.shownPlan, let setup = plan.setups.first else {
    return waitingLines(state, width: width)
  }
  var lines = wrapped(setup.title, width, Style(bold: true))
  let isOver = state.train.phase == .done && !setup.lesson.isEmpty
  let text = isOver ? setup.lesson : setup.question
  if !text.isEmpty { lines += wrapped(text, width, isOver ? Style(.success) : .plain) }
  lines.append(StyledText())
  lines += dataLines(setup, width: width)
  lines.append(StyledText())
  lines += settingLines(setup, width: width)
  lines.append(StyledText())
  return lines + modelLines(plan, width: width)
}

private func waitingLines(_ state: State, width: Int) -> [StyledText] {
  switch state.train.script {
  case .reading: return wrapped("reading what the script trains on …", width, .muted)
  case .none(let why):
    guard state.trainSource == nil else { break }
    return wrapped(why ?? "", width, .muted)
      + wrapped("No task fits this model.", width, .plain)
      + wrapped(":data x.npy -> y.npy trains it on your own arrays.", width, .muted)
  default: break
  }
  return wrapped(state.train.problem == nil ? "making the data …" : "", width, .muted)
}

private func dataLines(_ setup: TrainSetup, width: Int) -> [StyledText] {
  func lines(_ name: String, _ tensors: [Tensor], _ shapes: [Shape]) -> [StyledText] {
    tensors.enumerated().map { index, tensor in
      let shape = index < shapes.count ? shapes[index] : tensor.shape
      return StyledText(pad(tensors.count > 1 ? "\(name)\(index)" : name, to: 3), .muted)
        + shape.lettered(width: width - 3)
    }
  }
  let data = setup.data
  var lines =
    lines("x", data.inputs, setup.shapes.inputs) + lines("y", data.targets, setup.shapes.targets)
  if let validation = setup.settings.validationData {
    lines.append(
      StyledText("validation ", .muted) + StyledText(validation.count.grouped)
        + StyledText(" samples", .muted))
  } else if setup.settings.validationSplit > 0 {
    let held = NumberText.short(setup.settings.validationSplit * 100).trimmingZeros
    lines.append(
      StyledText("validation ", .muted) + StyledText("the last \(held) %"))
  }
  if let chance = setup.chance {
    lines.append(
      StyledText("guessing ", .muted)
        + StyledText("\(NumberText.fixed(chance * 100, 0)) % right"))
  }
  return lines
}

private func settingLines(_ setup: TrainSetup, width: Int) -> [StyledText] {
  let compilation = setup.compilation
  func line(_ name: String, _ value: String) -> [StyledText] {
    [StyledText(pad(name, to: 5), .muted) + StyledText(fit(value, to: max(width - 5, 4)))]
  }
  var optimizer = compilation.optimizer.shortName
  if let rate = compilation.optimizer.config["learning_rate"]?.doubleValue {
    optimizer += ", rate \(NumberText.short(rate).trimmingZeros)"
  }
  var lines = line("by", optimizer)
  var losses: [String] = []
  for loss in compilation.losses {
    let name = loss?.shortName ?? "–"
    if losses.last != name { losses.append(name) }
  }
  lines += line("loss", losses.joined(separator: ", "))
  let settings = setup.settings
  let epochs = "\(settings.epochs.grouped) \(settings.epochs == 1 ? "epoch" : "epochs")"
  var course = StyledText("\(epochs) · batch \(settings.batchSize.grouped)")
  if !settings.shuffles { course.append(" · not shuffled", .muted) }
  lines.append(course)
  return lines
}

private func modelLines(_ plan: TrainPlan, width: Int) -> [StyledText] {
  guard let setup = plan.setups.first else { return [] }
  var lines: [StyledText] = []
  for (index, contender) in plan.request.contenders.enumerated() where !contender.label.isEmpty {
    var line = StyledText(index == 0 ? "A " : "B ", Style(index == 0 ? .accent : .time, bold: true))
    line.append(contender.label)
    lines.append(line)
  }
  if !setup.added.isEmpty {
    for line in setup.added {
      lines += wrapped("+ \(line)", width, Style(.warning), hanging: 2)
    }
    lines += wrapped("for this task alone; a adds it to the model", width, .muted)
  }
  let layers = setup.model.nodes.values.compactMap { node -> StyledText? in
    guard let layer = setup.model.layers[node.layer], !node.inputs.isEmpty else { return nil }
    return StyledText("  " + layer.label(in: setup.model), .muted)
  }
  return lines + layers
}

extension String {
  /// A number without zeros at the end of its fraction: `0.001` for `0.0010`.
  var trimmingZeros: String {
    guard contains("."), !contains("e") else { return self }
    var text = self
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }
}

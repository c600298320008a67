import Neural
import Screen

/// Draws what is run and where the clock stands.
func viewTitle(
  _ state: State, _ screen: RunScreen?, into canvas: inout Canvas, in rect: Rect
) {
  let room = rect.inset(columns: 1, rows: 0)
  let right = clockText(state, screen, isShort: rect.width < 76)
  let left = room.maxX - right.width
  let texts = titles(state, screen).map { StyledText("Run  ", Style(.accent, bold: true)) + $0 }
  let width = max(left - room.minX - 2, 0)
  let title = texts.first { $0.width <= width } ?? texts[texts.count - 1]
  canvas.write(title, at: room.origin, maxWidth: width)
  canvas.write(right, at: Point(x: left, y: room.minY), maxWidth: right.width)
}

/// What is run, from everything that is worth saying to the name alone.
private func titles(_ state: State, _ screen: RunScreen?) -> [StyledText] {
  let input = StyledText("on \(state.run.input.title)", .muted)
  guard let screen else { return [input] }
  let layer = screen.subject.layer
  var name = StyledText(layer.label(in: state.model), Style(bold: true))
  var short = StyledText(layer.name, Style(bold: true))
  for part in screen.subject.recording?.names(inside: layer.name) ?? [] {
    name.append(" / \(part)")
    short.append(" / \(part)")
  }
  var parts = StyledText()
  for direction in screen.subject.recording?.directions ?? [] {
    parts.append(
      " \(direction.units)" + (direction.isBackward ? "←" : "→"),
      Style(direction.isBackward ? .backward : .forward))
  }
  var mode = StyledText()
  if screen.subject.isBidirectional, let bidirectional = layer.layer as? Bidirectional {
    mode.append(", \(bidirectional.mergeMode.rawValue)")
  }
  var samples = StyledText()
  if screen.subject.samples > 1 {
    samples.append(" · sample \(screen.sample + 1) of \(screen.subject.samples)", .muted)
  }
  let all = screen.result.available.map { StyledText(" (of \($0))", .muted) } ?? StyledText()
  let gap = StyledText("  ")
  return [
    name + parts + mode + gap + input + samples + all, name + parts + mode + gap + input + samples,
    name + parts + mode + samples, short + parts + mode + samples, short + parts + samples, short,
  ]
}

/// `▶ 4 steps/s    s = 7 of 0…11`, or that a run is under way.
private func clockText(_ state: State, _ screen: RunScreen?, isShort: Bool) -> StyledText {
  switch state.run.phase {
  case .running: return StyledText("running …", Style(.warning, bold: true))
  case .stopped: return StyledText("stopped: space runs it", Style(.warning, bold: true))
  case .failed: return StyledText("not run", Style(.error, bold: true))
  case .idle, .done: break
  }
  guard let screen, screen.subject.timesteps != nil else { return StyledText() }
  var text = StyledText()
  let speed = "\(state.run.speed) \(state.run.speed == 1 ? "step" : "steps")/s"
  if state.run.isPlaying {
    text.append("▶ \(speed)", Style(.success, bold: true))
  } else if isShort {
    text.append(screen.clock.isOver ? "■" : "‖", .muted)
  } else {
    text.append(screen.clock.isOver ? "■ end" : "‖ \(speed)", .muted)
  }
  text.append(isShort ? "  s = " : "    s = ", .muted)
  text.append("\(screen.clock.s)", Style(.time, bold: true))
  text.append(" of 0…\(screen.clock.timesteps - 1)", .muted)
  return text
}

extension LayerRecording {
  /// The names of the layers between a layer of the model and this one, itself the last where it
  /// has one name alone; none for the layer itself.
  fileprivate func names(inside layer: String) -> [String] {
    guard !path.isEmpty else { return [] }
    let around = path.first == layer ? Array(path.dropFirst()) : path
    return directions.count == 1 ? around + directions.map(\.name) : around
  }
}

import Neural
import Screen

/// The rows of what a recurrent layer gives: its output fills where every direction has been.
extension Lanes {
  /// One row, or two where the directions stay apart or a column has no room for both.
  func outputRows(_ recording: LayerRecording) -> [Lane] {
    guard recording.returnsSequences else { return [lastStates(recording)] }
    let directions = recording.directions
    let isConcat = recording.mergeMode == .concat
    if directions.count > 1, isApart(recording) || (isConcat && columns.pitch == 1) {
      return directions.indices.map { half($0, recording) }
    }
    // A layer that goes backward by itself leaves its output in the order in which it read.
    var lane = Lane(
      role: .output, title: recording.isReversed ? "output y ⇄" : "output  y", cells: [])
    lane.heat = Heat(limit: subject.scale)
    lane.halves = colors(recording)
    lane.cells = cells(complete(recording)) { steps in
      guard isConcat, directions.count > 1 else {
        return .value(peak(recording, output: 0, steps, index: unit))
      }
      let first = min(unit, directions[0].units - 1)
      let second = directions[0].units + min(unit, directions[1].units - 1)
      return .halves(
        peak(recording, output: 0, steps, index: first),
        peak(recording, output: 0, steps, index: second))
    }
    lane.detail = parts
    return [lane]
  }

  private func isApart(_ recording: LayerRecording) -> Bool {
    recording.directions.count > 1 && recording.mergeMode ?? .none == Bidirectional.MergeMode.none
  }

  private func colors(_ recording: LayerRecording) -> (Color, Color) {
    recording.directions.first?.isBackward == true
      ? (.backward, .forward) : (.forward, .backward)
  }

  private func cells(_ filled: Range<Int>, _ cell: (Range<Int>) -> Lane.Cell) -> [Lane.Cell] {
    (0..<columns.count).map { column in
      let steps = columns.steps(column).clamped(to: filled)
      return steps.isEmpty ? .pending : cell(steps)
    }
  }

  /// The places of the output that every direction has filled: from the middle outwards.
  private func complete(_ recording: LayerRecording) -> Range<Int> {
    guard recording.directions.count > 1 else { return 0..<clock.s + 1 }
    return clock.read(isBackward: false).clamped(to: clock.read(isBackward: true))
  }

  /// The half of a direction in a row of its own.
  private func half(_ index: Int, _ recording: LayerRecording) -> Lane {
    let direction = recording.directions[index]
    let isBackward = direction.isBackward
    let arrow = isBackward ? "←" : "→"
    var lane = Lane(role: .half(isBackward: isBackward), title: "output y \(arrow)", cells: [])
    lane.heat = Heat(limit: subject.scale)
    let isApart = isApart(recording)
    let offset = isApart ? 0 : recording.directions[..<index].reduce(0) { $0 + $1.units }
    // What stays apart does not wait for the other direction.
    let filled = isApart ? clock.read(isBackward: isBackward) : complete(recording)
    lane.cells = cells(filled) { steps in
      .value(
        peak(
          recording, output: isApart ? index : 0, steps,
          index: offset + min(unit, direction.units - 1)))
    }
    lane.detail = StyledText("\(direction.units)\(arrow)", Style(lane.color))
    if !isApart, index > 0 { lane.detail.append(" = \(features)", .muted) }
    return lane
  }

  /// The last states alone: forward's of t = T − 1 and backward's of t = 0, at the end of the walk.
  private func lastStates(_ recording: LayerRecording) -> Lane {
    var lane = Lane(role: .output, title: "output  y", cells: [])
    lane.heat = Heat(limit: subject.stateScale)
    lane.halves = colors(recording)
    lane.cells = Array(repeating: .pending, count: columns.count)
    for direction in recording.directions {
      guard clock.isOver, let column = columns.column(of: last(direction)),
        case .value(let state) = lastState(direction)
      else { continue }
      if case .value(let other) = lane.cells[column] {
        lane.cells[column] = .halves(other, state)
      } else {
        lane.cells[column] = .value(state)
      }
    }
    lane.ends = recording.directions.count > 1
    lane.detail = parts
    lane.words = words(recording)
    return lane
  }

  /// The timestep that a direction reads last.
  private func last(_ direction: DirectionRecording) -> Int {
    direction.isBackward ? 0 : clock.timesteps - 1
  }

  private func lastState(_ direction: DirectionRecording) -> Lane.Cell {
    let unit = min(unit, direction.units - 1)
    let value = direction.value(.hiddenState, t: last(direction), unit: unit, sample: sample)
    if let value { return .value(value) }
    // Where the end of a long run is not at hand, the layer's output still holds it.
    guard let output = subject.outputs.first, let recording = subject.recording else {
      return .unknown
    }
    let index = recording.directions.firstIndex { $0.isBackward == direction.isBackward } ?? 0
    guard recording.mergeMode == .concat || recording.directions.count == 1 else { return .unknown }
    let offset = recording.directions[..<index].reduce(0) { $0 + $1.units }
    return .value(output.value(sample: sample, t: 0, feature: offset + unit))
  }

  private func words(_ recording: LayerRecording) -> [StyledText] {
    let last = clock.timesteps - 1
    guard recording.directions.count > 1 else {
      let t = recording.directions.first?.isBackward == true ? 0 : last
      return [
        clock.isOver
          ? "the last state is the output: h of t = \(t)"
          : "the last state only, at the end: h of t = \(t)",
        "h of t = \(t)\(clock.isOver ? "" : ", at the end")",
      ].map { StyledText($0, .muted) }
    }
    return [("h← of t = 0", "h→ of t = \(last)"), ("h← of 0", "h→ of \(last)"), ("h←", "h→")].map {
      backward, forward in
      var text = StyledText(backward, Style(.backward))
      text.append(clock.isOver ? " and " : " will meet ", .muted)
      text.append(forward, Style(.forward))
      text.append(clock.isOver ? ": \(joining(recording))" : " at the end", .muted)
      return text
    }
  }

  private func joining(_ recording: LayerRecording) -> String {
    switch recording.mergeMode {
    case .concat: "side by side"
    case .sum: "added"
    case .mul: "multiplied"
    case .ave: "averaged"
    default: "two outputs"
    }
  }

  private var features: Int { subject.outputs.first?.features ?? 0 }

  /// `50→ 50← = 100`, or the features alone where the parts became one.
  private var parts: StyledText {
    guard let output = subject.outputs.first else { return StyledText() }
    var text = output.shape.styledFeatures
    if output.shape.axes.last?.parts.count ?? 0 > 1 { text.append(" = \(output.features)", .muted) }
    return text
  }

  private func peak(
    _ recording: LayerRecording, output: Int, _ steps: Range<Int>, index: Int
  ) -> Float {
    guard output < recording.outputs.count else { return .nan }
    let tensor = recording.outputs[output]
    guard tensor.rank == 3, tensor.count > 0 else { return .nan }
    let index = min(index, tensor.sizes[2] - 1)
    let start = min(sample, tensor.sizes[0] - 1) * tensor.sizes[1]
    return columns.looked(at: steps).lazy
      .map { tensor.values[(start + min($0, tensor.sizes[1] - 1)) * tensor.sizes[2] + index] }.peak
  }
}

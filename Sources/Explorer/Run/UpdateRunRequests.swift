import Neural
import Screen

/// Takes a result, and says what is to know of its input.
func take(_ result: RunResult, _ state: inout State) {
  guard let subject = state.run.requested, state.run.take(result) else { return }
  // Numbers that were trained or drawn anew meanwhile are the newer ones.
  if state.documents.indices.contains(subject.document),
    state.documents[subject.document].version == subject.version
  {
    state.documents[subject.document].weights = result.weights
  }
  if let problem = result.firstNaN { state.fail(problem) }
}

/// Asks for a run where what is shown is not what is set any more, and for timesteps that a long
/// run did not keep.
func keepRunUpToDate(_ state: inout State) -> [Effect] {
  guard state.screen == .run else { return [] }
  let subject = state.run.subject(document: state.current, state.document)
  guard subject != state.run.requested else { return coverEffects(&state) }
  if state.model.hasFreeAxes, !state.run.input.hasLength, state.run.length == nil {
    if case .screen = state.focus { state.focus = .length(TextField("12")) }
    return []
  }
  let number = state.run.begin(subject)
  return [
    .run(
      RunRequest(
        number: number, model: state.model, input: state.run.input, length: subject.length,
        seed: state.document.seed, weights: state.document.weights,
        stored: state.document.stored))
  ]
}

/// Timesteps around the playhead that are not at hand.
private func coverEffects(_ state: inout State) -> [Effect] {
  guard state.run.isCurrent, let subject = state.runSubject, let recording = subject.recording,
    let number = state.run.result?.request.number
  else { return [] }
  let wanted = timestepsOnScreen(state, subject)
  let isThere = recording.directions.allSatisfy {
    $0.covers(wanted.lowerBound) && $0.covers(wanted.upperBound - 1)
  }
  // Where memory is too short for them, asking again would not help.
  let wasAsked =
    state.run.covering.map { $0.source == subject.source && $0.range.overlaps(wanted) } ?? false
  guard !isThere, !wasAsked else { return [] }
  let reach = 500
  let range =
    max(wanted.lowerBound - reach, 0)..<min(wanted.upperBound + reach, recording.timesteps)
  state.run.covering = (subject.source, range)
  return [
    .cover(RunCover(number: number, source: subject.source, range: range, recording: recording))
  ]
}

/// The timesteps whose numbers are on the screen one by one.
private func timestepsOnScreen(_ state: State, _ subject: RunSubject) -> Range<Int> {
  let t = subject.clock(state.run.s)
    .timestep(isBackward: subject.cursorIsBackward(state.run.isBackward))
  let columns = TimeColumns(
    timesteps: subject.timesteps ?? 1, width: LaneView.room(in: state.size.width),
    zoom: state.run.zoom, around: t)
  return columns.stepsPerColumn > 1 ? t..<t + 1 : columns.visible
}

/// Applies a key to the question for a length.
func update(_ state: inout State, length field: TextField, key: Key) {
  var field = field
  switch key {
  case .escape:
    state.focus = .screen
    state.screen = .stack
    state.run.isPlaying = false
    state.note("not run: 2 asks again, :set timesteps 12 fixes a length")
  case .enter:
    guard let length = Int(field.text.trimmingBlanks), (1...1 << 40).contains(length) else {
      state.focus = .length(TextField(""))
      return
    }
    state.run.length = length
    state.focus = .screen
  default:
    _ = field.handle(key)
    state.focus = .length(field)
  }
}

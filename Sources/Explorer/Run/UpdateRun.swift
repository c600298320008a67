import Neural
import Screen

/// Prepares the Run screen for what is selected on the Stack.
func openRun(_ state: inout State) {
  let isInput = state.selectedLayer?.layer.layer is InputLayer
  if state.selectedNode == nil || isInput { state.selectWhatMatters() }
  if state.run.startsPlaying {
    state.run.startsPlaying = false
    state.run.s = 0
    state.run.isPlaying = true
  }
}

/// The keys of the Run screen.
///
/// - Returns: `nil` where the key is not one of them.
func updateRun(_ state: inout State, _ key: Key) -> [Effect]? {
  switch key {
  case .character(" "): playOrPause(&state)
  case .right, .character("l"): step(&state, by: 1)
  case .left, .character("h"): step(&state, by: -1)
  case .home, .character("g"): moveClock(&state, to: 0)
  case .end, .character("G"): moveClock(&state, to: .max)
  case .character("+"), .character("="): changeSpeed(&state, by: 1)
  case .character("-"): changeSpeed(&state, by: -1)
  case .tab, .backTab: changeDirection(&state)
  case .up, .character("k"): moveUnit(&state, by: -1)
  case .down, .character("j"): moveUnit(&state, by: 1)
  case .pageUp: moveUnit(&state, by: -10)
  case .pageDown: moveUnit(&state, by: 10)
  case .character("f"): moveFeature(&state, by: 1)
  case .character("F"): moveFeature(&state, by: -1)
  case .character("["): moveLayer(&state, by: -1)
  case .character("]"): moveLayer(&state, by: 1)
  case .character(","): moveSample(&state, by: -1)
  case .character("."): moveSample(&state, by: 1)
  case .character("z"): changeZoom(&state)
  case .character("i"): nextInput(&state)
  case .character("m"): nextMergeMode(&state)
  case .character("r"): toggleReturnSequences(&state)
  case .escape: return back(&state)
  default: return nil
  }
  return []
}

// MARK: The clock

/// The clock of the layer that is shown; `nil` where there is none.
private func clock(_ state: State) -> RunClock? {
  guard let subject = state.runSubject, subject.timesteps != nil else { return nil }
  return subject.clock(state.run.s)
}

private func playOrPause(_ state: inout State) {
  switch state.run.phase {
  case .failed, .stopped:
    state.run.tryAgain()
    return
  case .idle, .running, .done: break
  }
  guard let clock = clock(state) else {
    if state.run.isCurrent { state.note("no timesteps here: [ and ] pick another layer") }
    return
  }
  state.run.isPlaying.toggle()
  if state.run.isPlaying, clock.isOver { state.run.s = 0 }
}

/// Plays some timesteps, and stops at the end.
func play(_ state: inout State, steps: Int) {
  guard state.run.isPlaying, let clock = clock(state) else { return }
  let (next, overflow) = clock.s.addingReportingOverflow(max(steps, 0))
  state.run.s = min(overflow ? .max : next, clock.timesteps - 1)
  if state.run.s == clock.timesteps - 1 { state.run.isPlaying = false }
}

private func step(_ state: inout State, by offset: Int) {
  guard let clock = clock(state) else { return }
  state.run.isPlaying = false
  state.run.s = RunClock(timesteps: clock.timesteps, s: clock.s + offset).s
}

func moveClock(_ state: inout State, to s: Int) {
  guard let clock = clock(state) else { return }
  state.run.isPlaying = false
  state.run.s = RunClock(timesteps: clock.timesteps, s: s).s
}

private func changeSpeed(_ state: inout State, by offset: Int) {
  let speeds = RunState.speeds
  let here = speeds.firstIndex(of: state.run.speed) ?? 2
  state.run.speed = speeds[min(max(here + offset, 0), speeds.count - 1)]
  state.note("\(state.run.speed) \(state.run.speed == 1 ? "step" : "steps") a second")
}

extension State {
  /// How many timesteps a second are to be played; `nil` where nothing moves.
  public var stepsPerSecond: Int? {
    guard screen == .run, run.isPlaying, run.isCurrent, runSubject?.timesteps != nil else {
      return nil
    }
    return run.speed
  }
}

// MARK: What is looked at

private func changeDirection(_ state: inout State) {
  guard let subject = state.runSubject else { return }
  guard subject.isBidirectional else {
    state.note("one direction only; b on the Stack wraps a layer in Bidirectional")
    return
  }
  state.run.isBackward.toggle()
}

private func moveUnit(_ state: inout State, by offset: Int) {
  guard let count = state.runSubject?.units, count > 0 else { return }
  state.run.unit = min(max(min(state.run.unit, count - 1) + offset, 0), count - 1)
}

private func moveFeature(_ state: inout State, by offset: Int) {
  guard let count = state.runSubject?.input?.features, count > 0 else { return }
  state.run.feature = min(max(min(state.run.feature, count - 1) + offset, 0), count - 1)
}

private func moveSample(_ state: inout State, by offset: Int) {
  guard let count = state.runSubject?.samples else { return }
  guard count > 1 else {
    state.note("one sample was run; :input FILE.npy runs all of a file")
    return
  }
  state.run.sample = min(max(min(state.run.sample, count - 1) + offset, 0), count - 1)
}

/// The next layer, or the next recurrent one inside a layer that holds several.
private func moveLayer(_ state: inout State, by offset: Int) {
  let layout = state.document.layout
  guard let node = state.runNode, let row = layout.index(of: node) else { return }
  func parts(_ row: Int) -> Int {
    layout.node(at: row).flatMap { state.run.result?.pass.passes[$0]?.recordings.count } ?? 1
  }
  let part = min(state.run.part, max(parts(row) - 1, 0)) + offset
  if part >= 0, part < parts(row) {
    state.run.part = part
    return
  }
  guard layout.node(at: row + offset) != nil else {
    state.note(offset < 0 ? "this is the first layer" : "this is the last layer")
    return
  }
  state.select(row: row + offset)
  state.run.part = offset < 0 ? max(parts(row + offset) - 1, 0) : 0
}

private func changeZoom(_ state: inout State) {
  guard let clock = clock(state) else { return }
  let width = LaneView.room(in: state.size.width)
  let whole = TimeColumns(timesteps: clock.timesteps, width: width, zoom: .whole, around: 0)
  let closer = Zoom.allCases.filter {
    $0.rawValue > state.run.zoom.rawValue && $0.pitch ?? 0 > whole.pitch
      || $0.rawValue > state.run.zoom.rawValue && whole.stepsPerColumn > 1
  }
  if closer.isEmpty, state.run.zoom == .whole {
    state.note("the whole sequence is on the screen, as large as it gets")
  }
  state.run.zoom = closer.first ?? .whole
}

// MARK: What is run

/// The next of the inputs that need no file, then the one that was given.
private func nextInput(_ state: inout State) {
  let middle = (clock(state)?.timesteps ?? 0) / 2
  var choices: [RunInput] = [
    .sample(.sine), .sample(.ramp), .sample(.impulse(at: middle)), .sample(.random(seed: 0)),
  ]
  if let own = state.run.ownInput { choices.append(own) }
  func kind(_ input: RunInput) -> Int {
    switch input {
    case .sample(.sine): 0
    case .sample(.ramp): 1
    case .sample(.impulse): 2
    case .sample(.random): 3
    default: 4
    }
  }
  let next = choices[(kind(state.run.input) + 1) % choices.count]
  state.run.input = next
  state.done("runs on \(next.title)")
}

/// Stops what is under way, else goes back to the Stack.
private func back(_ state: inout State) -> [Effect] {
  if case .running = state.run.phase {
    state.run.phase = .stopped
    state.run.isPlaying = false
    state.note("stopped; space runs it")
    return [.cancelRun]
  }
  return show(.stack, &state)
}

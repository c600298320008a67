import Neural
import Screen

/// Everything the Run screen shows at a time of the clock, and where: for the view and the mouse.
struct RunScreen {
  let state: State
  let result: RunResult
  let subject: RunSubject
  let clock: RunClock
  let frame: RunFrame
  let lanes: Lanes
  let inspectorLines: [StyledText]
  /// Whether the numbers are those of an earlier model or input.
  let isOld: Bool

  /// The screen in a body; `nil` where there is nothing computed to show.
  init?(_ state: State, in body: Rect) {
    guard let result = state.run.result, let subject = state.runSubject else { return nil }
    self.state = state
    self.result = result
    self.subject = subject
    isOld = !state.run.isCurrent
    clock = subject.clock(state.run.s)
    let cursorIsBackward = subject.cursorIsBackward(state.run.isBackward)
    let columns = TimeColumns(
      timesteps: clock.timesteps, width: LaneView.room(in: body.width), zoom: state.run.zoom,
      around: clock.timestep(isBackward: cursorIsBackward))
    lanes = Lanes(
      subject: subject, clock: clock, columns: columns, unit: state.run.unit,
      feature: state.run.feature, sample: min(state.run.sample, subject.samples - 1),
      characters: result.inputTimesteps == clock.timesteps ? result.request.input.characters : nil)
    inspectorLines = RunScreen.lines(
      subject, lanes, clock, isBackward: state.run.isBackward, isTall: body.height >= 36,
      width: RunFrame.inspectorWidth(body.width) - 4)
    let vectorRows =
      subject.timesteps == nil
      ? VectorGrid(subject, unit: state.run.unit, sample: 0, width: body.width).rows : 0
    frame = RunFrame(
      body: body, laneRows: subject.timesteps == nil ? 0 : lanes.rows.count + 1,
      units: subject.timesteps == nil ? vectorRows : subject.units,
      inspectorLines: inspectorLines.count, layers: state.document.layout.count)
  }

  /// Whether the cursor's own timestep goes backward.
  var cursorIsBackward: Bool { subject.cursorIsBackward(state.run.isBackward) }

  /// The timestep that inspector and strips show.
  var t: Int { clock.timestep(isBackward: cursorIsBackward) }

  /// The sample that is shown.
  var sample: Int { lanes.sample }

  var laneView: LaneView {
    LaneView(lanes: lanes, rect: frame.lanes, cursorIsBackward: cursorIsBackward, isOld: isOld)
  }

  var strips: StripView {
    StripView(
      state: state, result: result, rect: frame.strips.inset(columns: 2, rows: 1), t: t,
      sample: state.run.sample, isOld: isOld)
  }

  var grid: UnitGrid {
    UnitGrid(
      lanes: lanes, rect: frame.grid.inset(), isBackward: state.run.isBackward, isOld: isOld)
  }

  private static func lines(
    _ subject: RunSubject, _ lanes: Lanes, _ clock: RunClock, isBackward: Bool, isTall: Bool,
    width: Int
  ) -> [StyledText] {
    guard let inspector = inspector(subject, lanes, clock, isBackward: isBackward, isTall: isTall)
    else {
      return ActivationInspector(
        subject: subject, t: clock.s, unit: lanes.unit, sample: lanes.sample
      ).lines
    }
    return inspector.lines(width: width)
  }

  private static func inspector(
    _ subject: RunSubject, _ lanes: Lanes, _ clock: RunClock, isBackward: Bool, isTall: Bool
  ) -> GateInspector? {
    guard let direction = subject.direction(isBackward), let recording = subject.recording else {
      return nil
    }
    let t = clock.timestep(isBackward: direction.isBackward)
    return GateInspector(
      direction: direction, t: t, unit: min(lanes.unit, max(direction.units - 1, 0)),
      sample: lanes.sample, counts: recording.counts(t, sample: lanes.sample),
      showsSums: isTall)
  }

  /// What the inspector is about.
  var inspectorTitle: StyledText {
    RunScreen.inspector(
      subject, lanes, clock, isBackward: state.run.isBackward, isTall: false)?
      .title(isBidirectional: subject.isBidirectional)
      ?? ActivationInspector(subject: subject, t: clock.s, unit: lanes.unit, sample: sample).title
  }
}

/// What is known of one number of a layer without recurrence.
struct ActivationInspector {
  let subject: RunSubject
  let t: Int
  let unit: Int
  let sample: Int

  private var output: ActivationTensor? { subject.outputs.first }

  var title: StyledText {
    var title = StyledText(subject.layer.className, Style(.accent, bold: true))
    let feature = min(unit, max((output?.features ?? 1) - 1, 0))
    title.append(
      output?.timesteps == nil ? " · feature \(feature)" : " · t = \(t) · feature \(feature)",
      Style(bold: true))
    return title
  }

  var lines: [StyledText] {
    guard let output else { return [] }
    let y = output.value(sample: sample, t: t, feature: unit)
    var line = StyledText("y = ", Style(bold: true))
    line.append(decimals(y), y.isFinite ? Style(bold: true) : Style(.error, bold: true))
    if let input = subject.input, input.features == output.features,
      input.timesteps == output.timesteps
    {
      let x = input.value(sample: sample, t: t, feature: unit)
      line.append("   from x = \(decimals(x))", .muted)
    }
    var about = StyledText(type(of: subject.layer.layer).summary, .muted)
    if output.timesteps != nil, subject.recording == nil {
      let isAttention = subject.layer.layer is any CalledLayer
      about.append(
        isAttention ? "; no state" : "; no state: each timestep by itself, or all at once", .muted)
    }
    return [line, about]
  }
}

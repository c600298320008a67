import Neural
import Screen

/// Applies what happened to the state.
///
/// - Returns: what is to be done outside, in order.
public func update(_ state: inout State, _ message: Message) -> [Effect] {
  let effects = apply(message, to: &state)
  return effects + keepRunUpToDate(&state) + keepTrainUpToDate(&state)
    + keepWeightsUpToDate(&state)
}

private func apply(_ message: Message, to state: inout State) -> [Effect] {
  switch message {
  case .input(let event):
    return update(&state, event)
  case .opened(let models, let current, let remarks):
    let before = state
    state = State(documents: models, current: current, size: before.size)
    state.history = before.history
    state.run = before.run.forAnotherModel
    state.train = before.train.forAnotherModel
    state.weights = before.weights.forAnotherModel
    for index in state.documents.indices {
      state.documents[index].seed = before.document.seed
    }
    state.selectWhatMatters()
    state.note(remarks.first ?? "opened \(state.document.title)")
    if before.train.begun != nil { return [.steerTraining(.drop)] }
  case .openFailed(let problem), .saveFailed(let problem):
    state.fail(problem)
  case .saved(let model, let path, let note, let thenQuit):
    state.document.markSaved(model, at: path)
    let said = "saved \(path)" + (note.map { "; \($0)" } ?? "")
    if let (node, error) = state.document.analysis.firstError {
      let name = state.model.layer(of: node)?.name ?? "a layer"
      state.fail("\(said); \(name) does not fit yet, so Keras refuses it: \(error.message)")
    } else {
      state.done(said)
    }
    if thenQuit { return [.quit] }
  case .conflict(let path, let problem, let thenQuit):
    state.focus = .confirmOverwrite(path: path, problem: problem, thenQuit: thenQuit)
  case .ran(let result): take(result, &state)
  case .runFailed(let number, let problem): state.run.fail(problem, number: number)
  case .covered(let number, let source, let recording):
    state.run.take(recording, of: source, number: number)
  case .weightSummarized(let number, let index, let summary):
    state.weights.take(summary, index, number: number)
  case .weightsSummarized(let number): state.weights.finish(number: number, nil)
  case .weightsNotRead(let number, let fault): takeWeightFault(fault, number: number, &state)
  case .weightRead(let number, let plane): take(plane, number: number, &state)
  case .tick(let steps): play(&state, steps: steps)
  case .trainingRead(let path, let setup, let why):
    takeTraining(of: path, setup.map { .ready($0) } ?? .none(why), &state)
  case .trainingPrepared(let plan): return take(plan, &state)
  case .trainingNotPrepared(let number, let problem):
    takeTrainProblem(problem, number: number, &state)
  case .training(let report): take(report, &state)
  case .trained(let outcome): take(outcome, &state)
  case .completions(let prefix, let paths):
    if case .command(var line) = state.focus {
      line.complete(prefix, with: paths)
      state.focus = .command(line)
    }
  }
  return []
}

private func update(_ state: inout State, _ event: InputEvent) -> [Effect] {
  switch event {
  case .key(let key):
    return update(&state, key)
  case .mouse(let mouse):
    return update(&state, mouse)
  case .paste(let text):
    return paste(text, &state)
  case .resize(let size):
    state.size = size
    state.settle()
  case .wake:
    break
  case .hangup, .terminate:
    return [.quit]
  }
  return []
}

private func update(_ state: inout State, _ key: Key) -> [Effect] {
  // Suspending works wherever the keys go.
  if key == .control("z") { return [.suspend] }
  switch state.focus {
  case .form(let form):
    return update(&state, form: form, key: key)
  case .picker(let picker):
    update(&state, picker: picker, key: key)
  case .command(let line):
    return update(&state, command: line, key: key)
  case .search(let field, let origin):
    update(&state, search: field, from: origin, key: key)
  case .length(let field):
    update(&state, length: field, key: key)
  case .help(let offset):
    updateHelp(&state, offset: offset, key: key)
  case .confirmQuit:
    return updateConfirmQuit(&state, key)
  case .confirmOverwrite(let path, _, let thenQuit):
    return updateConfirmOverwrite(&state, key, path: path, thenQuit: thenQuit)
  case .screen, .inspector, .weights:
    state.status = nil
    if state.showsMap, let effects = updateHeatMap(&state, key) { return effects }
    if state.screen == .run, let effects = updateRun(&state, key) { return effects }
    if state.screen == .train, let effects = updateTrain(&state, key) { return effects }
    return updateEverywhere(&state, key) ?? updatePane(&state, key)
  }
  return []
}

/// The keys of every screen.
///
/// - Returns: `nil` where the key is not one of them.
private func updateEverywhere(_ state: inout State, _ key: Key) -> [Effect]? {
  switch key {
  case .character("q"): return quit(&state)
  case .character("?"): state.focus = .help(0)
  case .character(":"): state.focus = .command(CommandPrompt())
  case .character("/"): state.focus = .search(TextField(), from: state.cursor.selection)
  case .character("n"): searchAgain(&state, by: 1)
  case .character("N"): searchAgain(&state, by: -1)
  case .character("u"): undo(&state)
  case .control("r"): redo(&state)
  case .control("s"): return save(&state)
  case .control("l"): break
  case .character("1"): return show(.stack, &state)
  case .character("2"): return show(.run, &state)
  case .character("3"): return show(.train, &state)
  case .tab: switchPane(&state, by: 1)
  case .backTab: switchPane(&state, by: -1)
  case .escape: state.focus = .screen
  case .control("c"): state.note("q quits; your work stays until you do")
  default: return nil
  }
  return []
}

/// Goes from the list to the weights in the inspector, to the inspector, and back.
private func switchPane(_ state: inout State, by offset: Int) {
  let panes: [State.Focus] =
    state.selectedWeights.isEmpty ? [.screen, .inspector] : [.screen, .weights, .inspector]
  let here =
    switch state.focus {
    case .weights: 1
    case .inspector: panes.count - 1
    default: 0
    }
  state.focus = panes[(here + offset + panes.count) % panes.count]
  if case .weights = state.focus { showWeights(&state) }
}

/// Shows a screen.
func show(_ screen: ScreenName, _ state: inout State) -> [Effect] {
  state.focus = .screen
  if screen == .run, state.screen != .run { openRun(&state) }
  if screen != .run { state.run.isPlaying = false }
  state.weights.map = nil
  state.screen = screen
  return []
}

private func updatePane(_ state: inout State, _ key: Key) -> [Effect] {
  guard state.screen == .stack, !state.showsMap else {
    noKey(&state, key)
    return []
  }
  if case .weights = state.focus, updateWeights(&state, key) { return [] }
  if case .inspector = state.focus, scrollInspector(&state, key) { return [] }
  if key == .character(" ") {
    state.run.startsPlaying = true
    return show(.run, &state)
  }
  updateStack(&state, key)
  return []
}

private func scrollInspector(_ state: inout State, _ key: Key) -> Bool {
  let rect = state.stackFrame.inspectorOrBody.inset()
  let lines = inspectorLines(state, width: rect.width - 2).count
  let last = max(lines - rect.height, 0)
  var target: Int
  switch key {
  case .up, .character("k"): target = state.inspectorOffset - 1
  case .down, .character("j"): target = state.inspectorOffset + 1
  case .pageUp: target = state.inspectorOffset - rect.height
  case .pageDown: target = state.inspectorOffset + rect.height
  case .home, .character("g"): target = 0
  case .end, .character("G"): target = last
  default: return false
  }
  target = min(max(target, 0), last)
  state.inspectorOffset = target
  return true
}

/// Says that a key does nothing on this screen.
func noKey(_ state: inout State, _ key: Key) {
  guard case .character(let character) = key else { return }
  state.note("no key \(character == " " ? "space" : String(character)) here: ? shows all keys")
}

func undo(_ state: inout State) {
  guard let step = state.document.undo(selection: state.selectedNode) else {
    state.note("nothing to undo")
    return
  }
  state.select(step.selection)
  state.done("undid \(step.what)")
}

func redo(_ state: inout State) {
  guard let step = state.document.redo(selection: state.selectedNode) else {
    state.note("nothing to redo")
    return
  }
  state.select(step.selection)
  state.done("did again: \(step.what)")
}

/// Ends the program, or asks first where work would be lost.
func quit(_ state: inout State) -> [Effect] {
  guard state.documents.contains(where: \.isModified) else { return [.quit] }
  state.focus = .confirmQuit
  return []
}

/// Saves to the file the model came from, or asks for a name.
func save(_ state: inout State, thenQuit: Bool = false) -> [Effect] {
  guard let path = state.document.path else {
    state.focus = .command(CommandPrompt("w "))
    state.note("name the file: :w model.json or :w model.py")
    return []
  }
  return [.save(state.model, path: path, overwrite: false, thenQuit: thenQuit)]
}

private func updateConfirmQuit(_ state: inout State, _ key: Key) -> [Effect] {
  switch key {
  case .character("y"), .character("Y"): return [.quit]
  case .character("s"), .control("s"):
    state.focus = .screen
    return save(&state, thenQuit: true)
  case .escape, .character("n"), .character("N"), .character("q"):
    state.focus = .screen
    state.note("still here; ctrl-s saves")
  default: break
  }
  return []
}

private func updateConfirmOverwrite(
  _ state: inout State, _ key: Key, path: String, thenQuit: Bool
) -> [Effect] {
  switch key {
  case .character("y"), .character("Y"):
    state.focus = .screen
    return [.save(state.model, path: path, overwrite: true, thenQuit: thenQuit)]
  default:
    // Only a plain yes replaces a file: anything else that is typed means something else.
    state.focus = .screen
    state.note("not saved; :w NAME saves under another name")
  }
  return []
}

extension State {
  /// Whether nothing waits for an answer.
  var hasNoPrompt: Bool {
    switch focus {
    case .screen, .inspector, .weights, .help: true
    default: false
    }
  }
}

private func paste(_ text: String, _ state: inout State) -> [Effect] {
  switch state.focus {
  case .form(let form): Explorer.paste(text, into: form, &state)
  case .command(var line):
    line.insert(text)
    state.focus = .command(line)
  case .search(var field, let origin):
    field.insert(text)
    state.focus = .search(field, from: origin)
  case .length(var field):
    field.insert(text)
    state.focus = .length(field)
  case .picker(var picker):
    picker.filter.insert(text)
    picker.refilter()
    state.focus = .picker(picker)
  default:
    state.note("pasted text goes into a field: press : / or e first")
  }
  return []
}

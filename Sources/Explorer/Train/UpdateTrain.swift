import Neural
import Screen

/// The keys of the Train screen.
///
/// - Returns: `nil` where the key is not one of them.
func updateTrain(_ state: inout State, _ key: Key) -> [Effect]? {
  switch key {
  case .character(" "): return startOrPause(&state)
  case .character("."): return oneBatch(&state)
  case .character("x"): return stop(&state)
  case .character("r"): return startAnew(&state)
  case .character("i"): nextSource(&state)
  case .character("c"): toggleComparison(&state)
  case .character("a"): adopt(&state)
  case .character("["): moveLayer(&state, by: -1)
  case .character("]"): moveLayer(&state, by: 1)
  case .up, .character("k"): moveWeight(&state, by: -1)
  case .down, .character("j"): moveWeight(&state, by: 1)
  case .tab, .backTab: moveContender(&state)
  case .escape: return back(&state)
  default: return nil
  }
  return []
}

// MARK: The course of a training

private func startOrPause(_ state: inout State) -> [Effect] {
  switch state.train.phase {
  case .training:
    state.train.phase = .pausing
    return [.steerTraining(.pause)]
  case .pausing, .paused, .stopped: return resume(&state, .running)
  case .stopping: return []
  case .ready, .done, .failed: return begin(&state, .running)
  }
}

private func oneBatch(_ state: inout State) -> [Effect] {
  switch state.train.phase {
  case .training:
    state.train.phase = .pausing
    state.note("paused: . makes one batch at a time")
    return [.steerTraining(.pause)]
  case .pausing, .stopping: return []
  case .paused, .stopped: return resume(&state, .oneBatch)
  case .ready, .done, .failed: return begin(&state, .oneBatch)
  }
}

/// Goes on where a training was paused or stopped, unless the model is another one by now.
private func resume(_ state: inout State, _ start: TrainState.Start) -> [Effect] {
  if state.train.phase == .stopped, let subject = state.trainSubject,
    subject != state.train.begun?.subject
  {
    return begin(&state, start)
  }
  state.train.phase = .training
  state.train.kept = nil
  return [.steerTraining(start == .running ? .run : .oneBatch)]
}

private func stop(_ state: inout State) -> [Effect] {
  guard state.train.isUnderWay else {
    state.note("nothing is being trained: space starts")
    return []
  }
  state.train.phase = .stopping
  return [.steerTraining(.stop)]
}

/// Forgets what was trained and begins again from the weights of before.
private func startAnew(_ state: inout State) -> [Effect] {
  guard state.train.report != nil || state.train.isUnderWay else {
    state.note("nothing was trained yet: space starts")
    return []
  }
  forgetTraining(&state)
  state.done("begins anew, from the weights of before: space starts")
  return [.steerTraining(.drop)]
}

/// Puts the weights of before back and shows an empty screen.
func forgetTraining(_ state: inout State) {
  if let begun = state.train.begun, let weights = state.train.firstWeights,
    state.documents.indices.contains(begun.subject.document)
  {
    state.documents[begun.subject.document].forgetTraining(weights)
    state.run.tryAgain()
  }
  state.train.begun = nil
  state.train.firstWeights = nil
  state.train.report = nil
  state.train.outcome = nil
  state.train.kept = nil
  state.train.starts = nil
  state.train.phase = .ready
  state.train.trainingNumber = 0
}

/// Begins a training, once its plan is there.
private func begin(_ state: inout State, _ start: TrainState.Start) -> [Effect] {
  if let problem = state.train.problem {
    state.fail(problem.description)
    return []
  }
  guard !state.trainHasNoData else {
    state.fail("nothing to train on: :data x.npy -> y.npy reads your own")
    return []
  }
  state.train.starts = start
  return beginIfPrepared(&state)
}

/// Begins a training that waits for its plan.
func beginIfPrepared(_ state: inout State) -> [Effect] {
  guard let start = state.train.starts, let plan = state.train.plan,
    let subject = state.trainSubject, subject == state.train.requested
  else { return [] }
  state.train.starts = nil
  let number = state.train.nextNumber()
  state.train.trainingNumber = number
  let goesOn = state.train.canGoOn(as: subject)
  if !goesOn {
    state.train.report = nil
    state.train.firstWeights = state.document.weights
    (state.train.weight, state.train.layer) = (0, 0)
  }
  (state.train.outcome, state.train.kept) = (nil, nil)
  state.train.begun = (plan, subject)
  state.train.phase = .training
  var weights = plan.setups.first?.weights ?? ModelWeights()
  weights.layers.merge(state.document.weights.layers) { $1 }
  return [
    .train(
      TrainStart(
        number: number, plan: plan, weights: weights, stored: state.document.stored,
        goesOn: goesOn, isOneBatch: start == .oneBatch))
  ]
}

// MARK: What is trained

private func nextSource(_ state: inout State) {
  guard !saysItIsBusy(&state) else { return }
  let sources = state.trainSources
  guard let first = sources.first else {
    state.note("no other data: :data x.npy -> y.npy reads your own")
    return
  }
  guard sources != state.trainSource.map({ [$0] }) else {
    state.note("no other data: :data x.npy -> y.npy reads your own")
    return
  }
  let here = state.trainSource.flatMap { sources.firstIndex(of: $0) }
  let next = here.map { sources[($0 + 1) % sources.count] } ?? first
  state.train.source = next
  state.done("learns: \(next.title)")
}

/// Says that a training has to end first.
///
/// - Returns: whether one is under way.
func saysItIsBusy(_ state: inout State) -> Bool {
  guard state.train.isUnderWay else { return false }
  state.note("a training is under way: x stops it first")
  return true
}

private func toggleComparison(_ state: inout State) {
  guard !saysItIsBusy(&state) else { return }
  state.train.compares.toggle()
  state.train.contender = 0
  guard state.train.compares else {
    state.done("trains one model")
    return
  }
  do throws(EditError) {
    let labels = try state.trainContenders().map(\.label)
    state.done("trains A \(labels[0]) beside B \(labels[1]), both from first weights")
  } catch {
    state.train.compares = false
    state.fail(error.message)
  }
}

/// Puts what was added for the data into the model that is edited.
private func adopt(_ state: inout State) {
  guard let added = state.train.shownPlan?.setups.first?.added, !added.isEmpty else {
    state.note("nothing was added to the model")
    return
  }
  guard let outcome = state.train.outcome, !state.train.isUnderWay else {
    state.note("once it is trained, a puts what was added into the model, too")
    return
  }
  guard !state.trainIsOutdated else {
    state.note("the model was edited since: r, then space trains it as it is now")
    return
  }
  state.document.apply(
    outcome.model, "adding what was trained", selection: state.selectedNode)
  state.document.takeTrained(outcome.weights)
  let revision = state.document.revision
  state.train.begun?.subject.revision = revision
  state.done("added to the model: \(added.joined(separator: ", ")); u takes it out")
}

// MARK: What is looked at

private func moveLayer(_ state: inout State, by offset: Int) {
  guard let count = state.train.shownRun?.gradients.count, count > 0 else {
    state.note("no recurrent layer was trained yet")
    return
  }
  guard count > 1 else {
    state.note("one recurrent layer only")
    return
  }
  state.train.layer = (min(state.train.layer, count - 1) + offset + count) % count
}

private func moveWeight(_ state: inout State, by offset: Int) {
  guard let count = state.train.shownRun?.weights.count, count > 0 else {
    state.note("no weights were trained yet: space starts")
    return
  }
  state.train.weight = min(max(min(state.train.weight, count - 1) + offset, 0), count - 1)
}

private func moveContender(_ state: inout State) {
  guard let count = state.train.report?.runs.count, count > 1 else {
    state.note("one model only: c trains another beside it")
    return
  }
  state.train.contender = (state.train.contender + 1) % count
}

/// Stops waiting for a plan, else goes back to the Stack; a training goes on meanwhile.
private func back(_ state: inout State) -> [Effect] {
  guard state.train.starts == nil else {
    state.train.starts = nil
    state.note("not started")
    return []
  }
  return show(.stack, &state)
}

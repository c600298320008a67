import Neural
import Screen

/// A training that is to be begun, or to go on.
public struct TrainStart: Sendable {
  /// Counts requests; a report on another than the newest is not looked at.
  public let number: Int
  /// What is trained on what.
  public let plan: TrainPlan
  /// The weights that the model has in memory.
  public let weights: ModelWeights
  /// Those of its file, for layers that have none in memory.
  public var stored: (any WeightSource)?
  /// Whether it goes on where the last training ended.
  public let goesOn: Bool
  /// Whether it pauses after one batch.
  public let isOneBatch: Bool
}

extension TrainStart: Hashable {
  /// Whether both start the same; plan and weights follow from earlier requests.
  public static func == (lhs: TrainStart, rhs: TrainStart) -> Bool {
    lhs.number == rhs.number && lhs.plan.request == rhs.plan.request && lhs.goesOn == rhs.goesOn
      && lhs.isOneBatch == rhs.isOneBatch
  }

  /// Feeds the number.
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

/// What a training that is under way is to do.
public enum TrainSteer: Hashable, Sendable {
  /// Go on.
  case run
  /// Pause after the batch.
  case pause
  /// Make one batch and pause.
  case oneBatch
  /// Stop after the batch and hand the weights over.
  case stop
  /// End: nobody waits for it any more.
  case drop
}

/// Asks for what the Train screen needs: what a script trains on, and the data.
func keepTrainUpToDate(_ state: inout State) -> [Effect] {
  guard state.screen == .train, !state.train.isMoving else { return [] }
  var effects: [Effect] = []
  if state.train.scriptDocument != state.current, !state.train.isUnderWay {
    // Another model of the file: the script trains it on other data, if at all.
    state.train.script = .unknown
    if state.train.source == .script { state.train.source = nil }
  }
  if case .unknown = state.train.script {
    state.train.scriptDocument = state.current
    if let path = state.document.path, path.hasSuffix(".py") {
      (state.train.script, state.train.scriptPath) = (.reading, path)
      let label = state.document.label
      effects = [.readTraining(path: path, model: label.isEmpty ? nil : label)]
    } else {
      state.train.script = .none(nil)
    }
  }
  if case .none = state.train.script, state.train.source == nil {
    let known = state.train.fallback
    if known?.document != state.current || known?.revision != state.document.revision {
      let task = TrainTasks.best(for: state.model)
      state.train.fallback = (state.current, state.document.revision, task)
    }
  }
  return effects + prepareEffects(&state)
}

/// Asks for the data of a training that is not the one at hand.
private func prepareEffects(_ state: inout State) -> [Effect] {
  guard let subject = state.trainSubject, subject != state.train.requested else { return [] }
  state.train.requested = subject
  (state.train.plan, state.train.problem) = (nil, nil)
  // Numbers that fit another plan are of the past, once nothing goes on any more.
  if !state.train.isUnderWay, state.train.report != nil, !state.train.canGoOn(as: subject) {
    state.train.report = nil
    state.train.phase = .ready
    (state.train.begun, state.train.firstWeights) = (nil, nil)
    (state.train.outcome, state.train.kept) = (nil, nil)
  }
  let number = state.train.nextNumber()
  state.train.preparing = number
  do throws(EditError) {
    var script: TrainSetup?
    if case .ready(let setup) = state.train.script { script = setup }
    return [
      .prepareTraining(
        TrainRequest(
          number: number, source: subject.source, contenders: try state.trainContenders(),
          settings: subject.settings, seed: subject.seed, script: script))
    ]
  } catch {
    state.train.problem = PassError(error.message, remedy: "c trains one model")
    return []
  }
}

/// Takes in what a script trains on.
func takeTraining(of path: String, _ script: TrainState.Script, _ state: inout State) {
  guard path == state.train.scriptPath, case .reading = state.train.script else { return }
  state.train.script = script
  if case .none(let why?) = script { state.note("not the script's own data: \(why)") }
}

/// Takes in what is to be trained.
func take(_ plan: TrainPlan, _ state: inout State) -> [Effect] {
  guard plan.request.number == state.train.preparing else { return [] }
  state.train.plan = plan
  return beginIfPrepared(&state)
}

/// Takes in why something cannot be trained.
func takeTrainProblem(_ problem: PassError, number: Int, _ state: inout State) {
  guard number == state.train.preparing else { return }
  state.train.problem = problem
  if state.train.starts != nil { state.train.starts = nil }
}

/// Takes in how a training stands.
func take(_ report: TrainReport, _ state: inout State) {
  guard report.number == state.train.trainingNumber else { return }
  state.train.report = report
  switch report.activity {
  case .training:
    // A pause that was told of was over already.
    if state.train.phase == .paused { state.train.phase = .training }
  case .paused:
    // A key may have asked for more meanwhile.
    if state.train.phase != .stopping { state.train.phase = .paused }
  case .stopped: state.train.phase = .stopped
  case .done: state.train.phase = .done
  case .failed(let problem): state.train.phase = .failed(problem)
  }
}

/// Gives the model the weights that a training left.
func take(_ outcome: TrainOutcome, _ state: inout State) {
  guard outcome.number == state.train.trainingNumber, let begun = state.train.begun else { return }
  state.train.outcome = outcome
  state.train.kept = outcome.says
  guard state.documents.indices.contains(begun.subject.document) else { return }
  state.documents[begun.subject.document].takeTrained(outcome.weights)
  // The Run screen shows what the model does by now.
  state.run.tryAgain()
}

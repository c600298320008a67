import Neural
import Screen

/// What the Train screen knows: what is to be trained on what, how it goes, what is looked at.
public struct TrainState: Sendable {
  /// Where the samples come from; `nil`: the script's own data, else the task that fits best.
  var source: TrainSource?
  /// Files that were given: `i` comes back to them.
  var ownFiles: TrainSource?
  /// What a person said of the training.
  var settings = TrainSettings()
  /// Whether a second model is trained beside: with one direction more or less.
  var compares = false
  /// What the script of the model trains on.
  var script = Script.unknown
  /// The script that was asked, and for which of its models.
  var scriptPath: String?, scriptDocument = 0
  /// The task that suits the model as it was at a revision; `nil`: none does.
  var fallback: (document: Int, revision: Int, task: String?)?
  /// What is to be trained next, once it is prepared.
  var plan: TrainPlan?
  /// What the newest plan was asked for.
  var requested: Subject?
  /// Why it cannot be trained.
  var problem: PassError?
  /// What to do once the plan is there.
  var starts: Start?
  /// How the training that was begun goes.
  var phase = Phase.ready
  /// What was begun.
  var begun: (plan: TrainPlan, subject: Subject)?
  /// How it stands.
  var report: TrainReport?
  /// The weights that the model had before.
  var firstWeights: ModelWeights?
  /// What became of the weights, in words.
  var kept: String?
  /// What is left to be put into the model: layers that the data needed.
  var outcome: TrainOutcome?
  /// The number of the newest plan that was asked for, and of the training that was begun.
  var preparing = 0, trainingNumber = 0
  /// Which weight is shown, which recurrent layer, and of which model.
  var weight = 0, layer = 0, contender = 0
  private(set) var lastNumber = 0

  /// What a script trains on.
  enum Script: Sendable {
    /// Nobody asked yet.
    case unknown
    /// It is being read.
    case reading
    /// It trains on nothing, or there is none; `String`: why, where that is worth saying.
    case none(String?)
    /// It trains on this.
    case ready(TrainSetup)
  }

  /// How a training is begun.
  enum Start: Hashable, Sendable {
    /// It runs until it ends.
    case running
    /// It makes one batch.
    case oneBatch
  }

  /// How a training goes, with what was asked of it.
  enum Phase: Hashable, Sendable {
    /// None was begun.
    case ready
    /// Batch follows batch.
    case training
    /// It pauses after the batch.
    case pausing
    /// It stands still.
    case paused
    /// It stops after the batch.
    case stopping
    /// It was stopped.
    case stopped
    /// It has come to its end.
    case done
    /// It could not go on.
    case failed(PassError)
  }

  /// What decides what is trained: equal subjects need no second plan.
  struct Subject: Hashable, Sendable {
    var document: Int
    var revision: Int
    var seed: UInt64
    var source: TrainSource
    var compares: Bool
    var settings: TrainSettings
    var attempt: Int
  }

  /// Counts up where files are to be read anew.
  var attempt = 0

  /// Nothing was trained.
  public init() {}

  /// Whether batches follow each other now, or will until the one under way is done.
  var isMoving: Bool {
    switch phase {
    case .training, .pausing, .stopping: true
    default: false
    }
  }

  /// Whether a training is under way, paused or not.
  var isUnderWay: Bool { isMoving || phase == .paused }

  /// What the left pane is about: what is trained, else what would be.
  var shownPlan: TrainPlan? { isUnderWay ? begun?.plan : plan ?? begun?.plan }

  /// The model that gradients and weights are shown of.
  var shownRun: TrainLog? {
    guard let runs = report?.runs, !runs.isEmpty else { return nil }
    return runs[min(contender, runs.count - 1)]
  }

  /// The number of a new request.
  mutating func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// The same wishes for another file, and nothing of what was trained.
  var forAnotherModel: TrainState {
    var next = TrainState()
    next.lastNumber = lastNumber + 1
    if case .task = source { next.source = source }
    return next
  }

  /// Whether the training that was begun can go on with what is asked for now: another number of
  /// epochs or another optimizer does not matter.
  func canGoOn(as subject: Subject) -> Bool {
    guard var before = begun?.subject, report != nil else { return false }
    before.settings = subject.settings
    before.attempt = subject.attempt
    return before == subject
  }
}

extension State {
  /// Where samples come from now; `nil` while the script is being read.
  var trainSource: TrainSource? {
    if let source = train.source { return source }
    switch train.script {
    case .unknown, .reading: return nil
    case .ready: return .script
    case .none: return train.fallback?.task.map { .task($0) }
    }
  }

  /// Whether it is known that there is nothing to train on.
  var trainHasNoData: Bool {
    guard case .none = train.script else { return false }
    return train.fallback != nil && trainSource == nil
  }

  /// What decides what is trained; `nil` while that is not known.
  var trainSubject: TrainState.Subject? {
    trainSource.map {
      TrainState.Subject(
        document: current, revision: document.revision, seed: document.seed, source: $0,
        compares: train.compares, settings: train.settings, attempt: train.attempt)
    }
  }

  /// Whether the model was edited since the training began, or another one is shown.
  var trainIsOutdated: Bool {
    guard let begun = train.begun?.subject else { return false }
    return begun.document != current || begun.revision != document.revision
  }

  /// The data that `i` goes through.
  var trainSources: [TrainSource] {
    var sources: [TrainSource] = []
    if case .ready = train.script { sources.append(.script) }
    sources += TrainTasks.names.map { .task($0) }
    if let files = train.ownFiles { sources.append(files) }
    return sources
  }

  /// The models that are trained: the one that is shown, and beside it the same with its first
  /// recurrent layer wrapped in Bidirectional, or unwrapped.
  ///
  /// - Throws: `EditError` where there is no such layer.
  func trainContenders() throws(EditError) -> [TrainContender] {
    guard train.compares else { return [TrainContender(label: "", model: model)] }
    let candidates = document.layout.places.lazy.compactMap { place in
      model.nodes[place.node].flatMap { node in model.layers[node.layer].map { (node.layer, $0) } }
    }
    guard let (id, layer) = candidates.first(where: { $0.1.recurrent != nil }) else {
      throw EditError("no recurrent layer here to read both ways")
    }
    let other = try model.togglingBidirectional(id)
    func label(_ layer: NamedLayer?) -> String {
      guard let layer else { return "?" }
      return layer.layer is Bidirectional ? "Bidirectional" : layer.className
    }
    return [
      TrainContender(label: label(layer), model: model),
      TrainContender(label: label(other.layers[id]), model: other),
    ]
  }
}

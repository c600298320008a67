import Neural

/// Everything a training starts from: the model, the data, and how it goes over them.
public struct TrainSetup: Sendable {
  /// What the data are, in a few words: `tag by the next element`.
  public var title: String
  /// What the model is asked, in a sentence; empty where nobody says.
  public var question: String
  /// What there is to see, once it was trained; empty where nobody says.
  public var lesson: String
  /// The model, with what the data needs added to it.
  public var model: Model
  /// What was added to the model, a line each.
  public var added: [String]
  /// The weights that it starts from, where the data brings them along.
  public var weights: ModelWeights
  /// How it is trained.
  public var compilation: Compilation
  /// What it learns from.
  public var data: TrainingData
  /// How it goes over the data.
  public var settings: FitSettings
  /// The accuracy of guessing the most frequent answer; `nil` where nobody says.
  public var chance: Double?
  /// The shapes of inputs and targets, axes named as the model names them; empty before a plan.
  var shapes: (inputs: [Shape], targets: [Shape]) = ([], [])

  /// A training of a model on data.
  ///
  /// - Parameters:
  ///   - title: what the data are.
  ///   - question: what the model is asked.
  ///   - lesson: what there is to see in the end.
  ///   - model: the model, with what the data needs.
  ///   - added: what was added to it.
  ///   - weights: those it starts from; first values are made of what is missing.
  ///   - compilation: how it is trained.
  ///   - data: what it learns from.
  ///   - settings: how it goes over the data.
  ///   - chance: the accuracy of guessing.
  public init(
    title: String, question: String = "", lesson: String = "", model: Model, added: [String] = [],
    weights: ModelWeights = ModelWeights(),
    compilation: Compilation, data: TrainingData, settings: FitSettings,
    chance: Double? = nil
  ) {
    self.title = title
    self.question = question
    self.lesson = lesson
    self.model = model
    self.added = added
    self.weights = weights
    self.compilation = compilation
    self.data = data
    self.settings = settings
    self.chance = chance
  }
}

/// A model among those that are trained on the same data.
public struct TrainContender: Hashable, Sendable {
  /// What tells it from the others: `LSTM`, `Bidirectional`.
  public var label: String
  /// The model, as it is edited.
  public var model: Model
}

/// A training that is to be prepared: everything that decides what is trained on what.
public struct TrainRequest: Sendable {
  /// Counts requests; an answer to another than the newest is not looked at.
  public let number: Int
  /// Where the samples come from.
  public let source: TrainSource
  /// The models: one, or two that are compared.
  public let contenders: [TrainContender]
  /// What a person said of the training.
  public let settings: TrainSettings
  /// What data and first weights are drawn from.
  public let seed: UInt64
  /// What the script says, where it is the source.
  public let script: TrainSetup?
}

extension TrainRequest: Hashable {
  /// Whether both ask for the same; what a script says follows from its file.
  public static func == (lhs: TrainRequest, rhs: TrainRequest) -> Bool {
    lhs.number == rhs.number && lhs.source == rhs.source && lhs.contenders == rhs.contenders
      && lhs.settings == rhs.settings && lhs.seed == rhs.seed
  }

  /// Feeds what tells most requests apart.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(number)
    hasher.combine(source)
  }
}

/// What a training of one model, or of two that are compared, starts from.
public struct TrainPlan: Sendable {
  /// What was asked for.
  public let request: TrainRequest
  /// A setup for each contender: of the same data.
  public let setups: [TrainSetup]
}

extension TrainRequest {
  /// Prepares the training: takes as long as making the data takes.
  ///
  /// - Parameter files: what was read where the data are in files.
  /// - Returns: what is trained on what.
  /// - Throws: `PassError` where the data do not fit a model.
  public func carryOut(on files: TrainingData? = nil) throws(PassError) -> TrainPlan {
    var setups: [TrainSetup] = []
    for contender in contenders {
      do throws(PassError) {
        var setup = try setup(contender.model, files)
        // What two models are compared on is the same.
        if let first = setups.first { setup.data = first.data }
        try setup.apply(settings)
        setup.nameAxes()
        setups.append(setup)
      } catch {
        throw contenders.count > 1
          ? PassError("\(contender.label): \(error.message)", remedy: error.remedy) : error
      }
    }
    return TrainPlan(request: self, setups: setups)
  }

  private func setup(_ model: Model, _ files: TrainingData?) throws(PassError) -> TrainSetup {
    switch source {
    case .task(let name):
      return try TrainTasks.setUp(name, for: model, seed: seed)
    case .script:
      guard var setup = script else { throw PassError("the script trains on nothing") }
      setup.model = model
      return setup
    case .files:
      guard let files else { throw PassError("the files were not read") }
      var settings = FitSettings()
      settings.epochs = 10
      settings.seed = seed
      var compilation = Compilation(suggestedFor: model, targets: files.targets)
      if let config = model.compileConfig {
        compilation = try Compilation(config: config, for: model)
      }
      return TrainSetup(
        title: source.title, model: model, compilation: compilation, data: files,
        settings: settings)
    }
  }
}

extension TrainSetup {
  /// Names the axes of the data as the model does.
  fileprivate mutating func nameAxes() {
    let analysis = Analysis(of: model)
    func named(_ tensors: [Tensor], _ places: [TensorRef]) -> [Shape] {
      tensors.enumerated().map { index, tensor in
        guard index < places.count, let known = analysis.shape(of: places[index]) else {
          return tensor.shape
        }
        var shape = tensor.shape
        // Answers that are numbers of classes lack the last axis, or have one of them there.
        for axis in shape.axes.indices where axis < known.rank {
          shape.axes[axis].role = known.axes[axis].role
        }
        return shape
      }
    }
    shapes = (named(data.inputs, model.inputs), named(data.targets, model.outputs))
  }
}

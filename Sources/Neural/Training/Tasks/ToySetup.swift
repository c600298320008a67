/// A toy task made ready for a model: everything that a fit needs.
public struct ToySetup: Sendable {
  /// The task.
  public let task: ToyTask
  /// The model that is trained: the given one, or that with a head.
  public let model: Model
  /// What was changed so that the model's output fits the task, in words; `nil`: nothing.
  public let addedHead: String?
  /// Optimizer, loss and metric.
  public let compilation: Compilation
  /// Sequences to learn from.
  public let data: TrainingData
  /// Other sequences to measure with.
  public let validation: TrainingData
  /// Samples of a training step: 32, or what the model's batch axis says.
  public let batchSize: Int
  /// How many different answers there are.
  public let classes: Int
  /// The accuracy of guessing the most frequent answer, over the validation data.
  public let chance: Double
}

extension ToyTask {
  /// Makes the task ready for a model.
  ///
  /// The model's own sizes are respected where it has fixed ones. Where its output does not fit the
  /// answers, a `Dense` layer is put behind it. Where a single answer is wanted of a recurrent layer
  /// that gives all timesteps, it is made to give its final state alone, in both directions: the
  /// last timestep of a bidirectional output would leave the backward direction with one symbol.
  ///
  /// - Parameters:
  ///   - model: the model, with one input and one output.
  ///   - samples: how many sequences; `nil`: `samples` of the task.
  ///   - timesteps: symbols of a sequence where the model leaves it open; `nil`: those of the task.
  ///   - seed: what sequences are drawn from.
  /// - Returns: what a fit needs.
  /// - Throws: `PassError` where the model cannot take sequences, or cannot answer as often as the
  ///   task asks; it says what to do.
  public func setUp(
    for model: Model, samples: Int? = nil, timesteps: Int? = nil, seed: UInt64
  ) throws(PassError) -> ToySetup {
    let input = try ToyInput(of: model, self, timesteps: timesteps)
    let head = try ToyHead(model, self, input)
    let wanted = samples ?? self.samples
    guard wanted >= 1 else { throw PassError("\(wanted) samples are none to learn from") }
    // A model with a fixed batch axis takes whole batches alone.
    let batchSize = input.batch ?? 32
    let batches = (wanted - 1) / batchSize + 1
    guard let rounded = input.batch == nil ? wanted : multiplied(batches, batchSize) else {
      throw PassError("\(wanted) samples in batches of \(batchSize) are too many")
    }
    let held =
      input.batch == nil ? max(wanted / 4, min(wanted, 32)) : max(batches / 4, 1) * batchSize
    let data = try data(input, head, samples: rounded, seed: seed)
    let validation = try self.data(
      input, head, samples: held, seed: RandomNumbers.seed(seed, "validation"))
    return ToySetup(
      task: self, model: head.model, addedHead: head.words, compilation: try head.compilation(),
      data: data.data, validation: validation.data, batchSize: batchSize, classes: head.classes,
      chance: validation.chance)
  }

  private func data(
    _ input: ToyInput, _ head: ToyHead, samples: Int, seed: UInt64
  ) throws(PassError) -> (data: TrainingData, chance: Double) {
    try ToySequences.check(
      self, samples: samples, timesteps: input.timesteps, width: input.features ?? 1)
    let sequences = try ToySequences(
      self, samples: samples, timesteps: input.timesteps, symbols: head.symbols, seed: seed)
    let inputs =
      input.features.map { sequences.inputs(features: $0) }
      ?? sequences.indices(from: input.firstIndex)
    var targets = sequences.targets
    if head.isBinary { targets = targets.reshaped(targets.sizes + [1]) }
    var counts: [Int: Int] = [:]
    for answer in sequences.answers { counts[answer, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    return (
      TrainingData(inputs: [inputs], targets: [targets]),
      Double(most) / Double(max(sequences.answers.count, 1))
    )
  }

  /// The two models to compare: one reads forward, the other in both directions.
  ///
  /// - Parameters:
  ///   - units: of the LSTM, in each direction.
  ///   - features: numbers of a timestep.
  ///   - timesteps: symbols of a sequence; `nil`: those of the task.
  /// - Returns: an LSTM and a bidirectional one, each with a head that answers the task.
  public func pair(
    units: Int, features: Int = 4, timesteps: Int? = nil
  ) -> (forward: Model, bidirectional: Model) {
    let steps = timesteps ?? self.timesteps
    let lstm = NamedLayer("lstm", LSTM(units: units, returnSequences: kind == .eachTimestep))
    var dense = Dense()
    dense.units = classes(symbols: symbols(atMost: features), timesteps: steps)
    dense.activation = Activation.softmax
    let head = NamedLayer("dense", dense)
    let input = InputLayer(batchShape: [nil, steps, features])
    return (
      Model(name: "forward", input: input, layers: [lstm, head]),
      Model(
        name: "bidirectional", input: input,
        layers: [NamedLayer("bidirectional", Bidirectional(lstm)), head])
    )
  }

  /// The same two models for one of the tasks.
  public static func pair(
    for task: ToyTask, units: Int, features: Int = 4, timesteps: Int? = nil
  ) -> (forward: Model, bidirectional: Model) {
    task.pair(units: units, features: features, timesteps: timesteps)
  }
}

extension Activation {
  /// Keras' `softmax`.
  static let softmax = named("softmax")

  /// One of Keras' activations; linear where there is none of that name.
  static func named(_ name: String) -> Activation {
    do throws(SettingError) {
      return try Activation(configValue: .string(name), kind: .activation)
    } catch {
      return .linear
    }
  }
}

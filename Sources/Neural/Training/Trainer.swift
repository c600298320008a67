import OrderedCollections

/// A model with its weights and optimizer, ready to be trained batch by batch.
///
/// A value: a copy of it is a checkpoint.
public struct Trainer: Sendable {
  /// The model.
  public let model: Model
  /// How it is trained.
  public let compilation: Compilation
  /// The weights now.
  public private(set) var weights: ModelWeights
  /// The optimizer now.
  public private(set) var optimizer: OptimizerState
  /// Whether the gradients of hidden states are told, timestep by timestep.
  public var tellsTimestepGradients = false
  /// What Dropout draws from.
  public let seed: UInt64
  private let memoryLimit: MemoryLimit
  private var plans: [Int: PassPlan] = [:]
  private var step = 0

  /// What one batch gave.
  public struct BatchResult: Sendable {
    /// The loss of the batch, penalties included.
    public var loss: Double
    /// How many samples it had.
    public var samples: Int
    /// How the loss changes with the hidden states of recurrent layers, where that was asked for.
    public var timesteps: [NodeID: [TimestepGradients]] = [:]
  }

  /// A trainer.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - compilation: how it is trained.
  ///   - weights: where it starts from; first values are made of what is missing.
  ///   - data: samples such as it will see: their sizes say which plan and metrics are needed.
  ///   - seed: what first weights and Dropout are drawn from.
  ///   - memoryLimit: how many bytes a training step may take.
  /// - Throws: `PassError` where inputs or targets do not fit the model or its losses.
  public init(
    _ model: Model, _ compilation: Compilation, weights: ModelWeights = ModelWeights(),
    data: TrainingData, seed: UInt64 = 0, memoryLimit: MemoryLimit = .standard
  ) throws(PassError) {
    let plan = try PassPlan(model, inputSizes: data.inputs.map(\.sizes))
    self.model = model
    self.compilation = compilation
    self.seed = seed
    self.memoryLimit = memoryLimit
    self.weights = try ModelWeights(
      initializing: model, plan.analysis, seed: seed, keeping: weights, memoryLimit: memoryLimit)
    var trained: [(id: WeightID, spec: WeightSpec)] = []
    for (id, layer) in model.layers where layer.trainable {
      for (index, spec) in (plan.analysis.weights[id] ?? []).enumerated() where spec.isTrainable {
        trained.append((WeightID(id, index), spec))
      }
    }
    optimizer = try OptimizerState(compilation.optimizer, weights: trained)
  }

  /// Makes one training step.
  ///
  /// - Returns: the loss before the step.
  /// - Throws: `PassError` where the batch does not fit or a layer cannot be trained.
  public mutating func train(on batch: TrainingData) throws(PassError) -> BatchResult {
    let plan = try plan(for: batch)
    var options = PassOptions()
    options.isTraining = true
    options.isDifferentiated = true
    options.tellsTimestepGradients = tellsTimestepGradients
    options.keepsEverything = false
    options.seed = seed
    options.step = step
    options.memoryLimit = memoryLimit
    let pass = try plan.run(on: batch.inputs, weights: weights, options: options)
    var loss = pass.penalty
    var gradients: [Tensor?] = []
    for (index, output) in pass.outputs.enumerated() {
      guard let function = compilation.losses[index] else {
        gradients.append(nil)
        continue
      }
      let value = try function.value(of: output, targets: batch.targets[index])
      loss += value.value
      gradients.append(value.gradient)
    }
    let result = try pass.gradients(for: gradients)
    optimizer.step(result, &weights)
    step += 1
    return BatchResult(loss: loss, samples: batch.count, timesteps: result.timesteps)
  }

  private mutating func plan(for batch: TrainingData) throws(PassError) -> PassPlan {
    if let plan = plans[batch.count] { return plan }
    let plan = try PassPlan(model, inputSizes: batch.inputs.map(\.sizes))
    plans[batch.count] = plan
    return plan
  }
}

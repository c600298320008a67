import VectorKernels

/// A model with its weights and optimizer, ready to be trained batch by batch.
///
/// A value: a copy of it is a checkpoint. Source: `keras/src/trainers/trainer.py`,
/// `keras/src/backend/jax/trainer.py`.
public struct Trainer: Sendable {
  /// The model.
  public let model: Model
  /// How it is trained, words such as `crossentropy` replaced by what they mean for the data.
  public let compilation: Compilation
  /// The weights now; can be replaced by others of the same sizes.
  public var weights: ModelWeights
  /// The optimizer now.
  public internal(set) var optimizer: OptimizerState
  /// Whether the gradients of hidden states are told, timestep by timestep.
  public var tellsTimestepGradients = false
  /// What Dropout draws from.
  public let seed: UInt64
  let memoryLimit: MemoryLimit
  /// Penalties on weights that are trained.
  let penalties: [(id: WeightID, regularizer: Regularizer)]
  /// For each output the place of its targets; `nil` where it needs none.
  let targetPlaces: [Int?]
  /// Losses and metrics that have seen nothing.
  public let measurements: Measurements
  var plans: [[[Int]]: PassPlan] = [:]
  var step = 0
  /// What one step frees stays for the next one.
  private static let keepsMemory: Void = memory_keep(256 << 20)
  /// What stateful layers hand to their next pass; from batch to batch, and to those that measure,
  /// as in Keras.
  var states: [LayerID: [Tensor]] = [:]

  /// What one batch gave.
  public struct BatchResult: Sendable {
    /// The loss of the batch, penalties included.
    public var loss: Double
    /// The loss of each output, before `lossWeights`; `nil` where it has none.
    public var outputLosses: [Double?] = []
    /// How many samples it had.
    public var samples: Int
    /// Whether loss or gradients are not numbers, or too large: no weight was moved then.
    public var isNotANumber = false
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
    _ = Self.keepsMemory
    try data.check()
    let first = data.samples(0..<1)
    let plan = try PassPlan(model, inputSizes: first.inputs.map(\.sizes))
    targetPlaces = try compilation.targetPlaces(for: model, targets: data.targets.count)
    let outputSizes = plan.analysis.outputShapes.map { $0.sizes.map { $0 ?? 1 } }
    var compilation = compilation
    for (index, place) in targetPlaces.enumerated() where index < compilation.losses.count {
      guard let place, index < outputSizes.count else { continue }
      compilation.losses[index] = compilation.losses[index]?.resolved(
        outputSizes: outputSizes[index], targetSizes: first.targets[place].sizes)
    }
    self.model = model
    self.compilation = compilation
    self.seed = seed
    self.memoryLimit = memoryLimit
    self.weights = try ModelWeights(
      initializing: model, plan.analysis, seed: seed, keeping: weights, memoryLimit: memoryLimit)
    let trained = model.trainedWeights(plan.analysis)
    penalties = trained.compactMap { weight in
      weight.spec.regularizer.map { (weight.id, $0) }
    }
    let count = trained.reduce(Count(0)) { $0 + $1.spec.count }
    try memoryLimit.check(
      count * 20, what: "the weights with what the optimizer keeps for them",
      remedy: "use fewer units or features")
    optimizer = try OptimizerState(
      compilation.optimizer, weights: trained,
      layerNames: trained.map { model.layers[$0.id.layer]?.name ?? "layer" })
    measurements = try Measurements(
      compilation, model, outputSizes: outputSizes,
      targetSizes: targetPlaces.map { $0.map { first.targets[$0].sizes } })
    try checkTargets(data, outputSizes)
  }

  /// Goes on from what an optimizer of the same kind has kept for the same weights.
  ///
  /// - Parameter variables: what it kept, in the order of Keras' `optimizer.variables`.
  /// - Throws: `PassError` where they are not those of such an optimizer; nothing changes then.
  public mutating func restoreOptimizer(_ variables: [OptimizerSlot]) throws(PassError) {
    try optimizer.restore(variables)
  }

  /// Checks that data fit the model and its losses.
  ///
  /// - Throws: `PassError` where there are no samples, inputs and targets have not equally many, or
  ///   something does not fit.
  public func check(_ data: TrainingData) throws(PassError) {
    try data.check()
    let plan = try PassPlan(model, inputSizes: data.inputs.map { [1] + $0.sizes.dropFirst() })
    _ = try compilation.targetPlaces(for: model, targets: data.targets.count)
    try checkTargets(data, plan.analysis.outputShapes.map { $0.sizes.map { $0 ?? 1 } })
  }
}

extension Trainer {
  /// Checks targets against outputs, and as many labels as that is quick for.
  private func checkTargets(
    _ data: TrainingData, _ outputSizes: [[Int]]
  ) throws(PassError) {
    for (index, sizes) in outputSizes.enumerated() {
      guard let loss = compilation.losses[index], let place = targetPlaces[index] else { continue }
      let each = max(sizes.dropFirst().reduce(1) { multiplied($0, $1) ?? .max }, 1)
      let count = min(data.count, max(Self.checkedNumbers / each, 1))
      for start in stride(from: 0, to: count, by: Self.checkedSamples) {
        let range = start..<min(start + Self.checkedSamples, count)
        let predictions = Tensor([range.count] + sizes.dropFirst(), repeating: 0.5)
        do throws(PassError) {
          _ = try loss.value(of: predictions, targets: data.targets[place].samples(range))
        } catch {
          throw outputSizes.count > 1 ? error.at(outputName(index)) : error
        }
      }
    }
  }

  private static var checkedNumbers: Int { 1 << 20 }
  private static var checkedSamples: Int { 256 }
}

extension Compilation {
  /// For each output the place of its targets: those of outputs without a loss may be left out.
  fileprivate func targetPlaces(
    for model: Model, targets: Int
  ) throws(PassError) -> [Int?] {
    let count = model.outputs.count
    guard losses.count == count, lossWeights.map({ $0.count == count }) ?? true,
      metrics.isEmpty || metrics.count == count,
      weightedMetrics.isEmpty || weightedMetrics.count == count
    else {
      throw PassError(
        "the compilation is for \(losses.count) outputs, the model has \(count)",
        remedy: "compile it again")
    }
    if targets == count { return Array(0..<count) }
    guard targets == losses.count(where: { $0 != nil }) else {
      throw PassError(
        "the model has \(count) output\(count == 1 ? "" : "s"), found \(targets) "
          + "target\(targets == 1 ? "" : "s")",
        remedy: count > 1
          ? "give one for each of "
            + model.outputs.map { model.layer(of: $0.node)?.name ?? "?" }.joined(separator: ", ")
          : "")
    }
    var place = -1
    return losses.map { loss in
      guard loss != nil else { return nil }
      place += 1
      return place
    }
  }
}

extension Model {
  /// The weights that training changes, in Keras' order.
  func trainedWeights(_ analysis: Analysis) -> [(id: WeightID, spec: WeightSpec)] {
    guard trainable else { return [] }
    var trained: [(id: WeightID, spec: WeightSpec)] = []
    let whole = kind == .functional ? withMaskOperations() : self
    for id in KerasOrder(whole).layers {
      guard let layer = layers[id] else { continue }
      // A wrapper's own flag does not reach the layer inside, whose flag is in the specs.
      guard layer.trainable || layer.layer is any WrapperLayer else { continue }
      let specs = analysis.weights[id] ?? []
      for index in layer.weightOrder(specs) where specs[index].isTrainable {
        trained.append((WeightID(id, index), specs[index]))
      }
    }
    return trained
  }
}

extension NamedLayer {
  /// The places of the weights in Keras' order: those of a model inside stand as its layers do in
  /// the file, Keras has them as they follow each other.
  fileprivate func weightOrder(_ specs: [WeightSpec]) -> [Int] {
    if let wrapper = layer as? TimeDistributed {
      return wrapper.inner.weightOrder(specs.map { $0.without(owner: wrapper.inner.name) })
    }
    guard let model = (layer as? Submodel)?.model else { return Array(specs.indices) }
    var places: [LayerID: [Int]] = [:]
    var rest = specs.indices[...]
    for (id, layer) in model.layers {
      let own = rest.prefix { specs[$0].owner.first == layer.name }
      places[id] = layer.weightOrder(own.map { specs[$0].without(owner: layer.name) })
        .map { own.startIndex + $0 }
      rest = rest.dropFirst(own.count)
    }
    let whole = model.kind == .functional ? model.withMaskOperations() : model
    return KerasOrder(whole).layers.flatMap { places[$0] ?? [] }
  }
}

extension WeightSpec {
  /// The weight as one of the part `name` itself.
  fileprivate func without(owner name: String) -> WeightSpec {
    var spec = self
    if spec.owner.first == name { spec.owner.removeFirst() }
    return spec
  }
}

import OrderedCollections

/// What `model.compile` says: how a model is trained.
public struct Compilation: Hashable, Sendable {
  /// How weights follow their gradients.
  public var optimizer: Optimizer
  /// The loss of each output; `nil` where an output has none.
  public var losses: [Loss?]
  /// What each output's loss is multiplied by; `nil`: 1.
  public var lossWeights: [Double]?
  /// What is measured of each output.
  ///
  /// A metric's `name` in its parameters is its name among the results, as it was spelled: `acc`.
  public var metrics: [[Metric]]
  /// The same, with sample weights.
  public var weightedMetrics: [[Metric]]

  /// A training with this optimizer, these losses and metrics.
  public init(
    optimizer: Optimizer, losses: [Loss?], lossWeights: [Double]? = nil,
    metrics: [[Metric]] = [], weightedMetrics: [[Metric]] = []
  ) {
    self.optimizer = optimizer
    self.losses = losses
    self.lossWeights = lossWeights
    self.metrics = metrics
    self.weightedMetrics = weightedMetrics
  }
}

extension Compilation {
  /// What a file or script says, as `Model.extra["compile_config"]` keeps it: the arguments of
  /// `compile`, with single names, lists, or dictionaries by output name.
  ///
  /// Source: `keras/src/trainers/compile_utils.py`. Weights and metrics in a dictionary go by the
  /// names of outputs; Keras takes those of a list of losses in the order of the alphabet.
  ///
  /// - Throws: `PassError` where something is not known (did you mean), or does not fit the outputs.
  public init(config: ConfigValue, for model: Model) throws(PassError) {
    let outputs = CompiledOutputs(model)
    let config = config.withoutWrappers
    self.init(
      optimizer: try Optimizer(
        configValue: config["optimizer"] ?? config["optimizer_config"] ?? .null),
      losses: try outputs.losses(config["loss"] ?? .null))
    lossWeights = try outputs.lossWeights(config["loss_weights"] ?? .null)
    metrics = try outputs.metrics(config["metrics"] ?? .null, argument: "metrics")
    weightedMetrics = try outputs.metrics(
      config["weighted_metrics"] ?? .null, argument: "weighted_metrics")
  }

  /// What suits a model that says nothing: from the activation of each output.
  ///
  /// sigmoid: binary cross-entropy and accuracy; softmax: categorical or sparse categorical
  /// cross-entropy, as the targets are, and accuracy; else mean squared error. With Adam.
  public init(suggestedFor model: Model, targets: [Tensor]) {
    self.init(optimizer: Optimizer(known: "Adam"), losses: [])
    let analysis = Analysis(of: model)
    for (index, output) in model.outputs.enumerated() {
      let target = index < targets.count ? targets[index] : nil
      let sizes = analysis.shape(of: output)?.sizes.map { $0 ?? 0 } ?? []
      let isShare = target?.values.allSatisfy { $0 >= 0 && $0 <= 1 } ?? true
      let kind = AnswerKind(outputSizes: sizes, targetSizes: target?.sizes ?? sizes)
      let accuracy = (try? outputsMetric("accuracy")).map { [$0] } ?? []
      switch model.layer(of: output.node)?.outputActivation {
      case "sigmoid" where isShare:
        losses.append(Loss(known: "BinaryCrossentropy"))
        metrics.append(accuracy)
      case "softmax":
        let isSparse: Bool
        if case .sparse = kind { isSparse = true } else { isSparse = false }
        losses.append(
          Loss(known: isSparse ? "SparseCategoricalCrossentropy" : "CategoricalCrossentropy"))
        metrics.append(accuracy)
      default:
        losses.append(Loss(known: "MeanSquaredError"))
        metrics.append([])
      }
    }
  }

  private func outputsMetric(_ word: String) throws(PassError) -> Metric {
    try Metric(compiled: .string(word))
  }
}

extension NamedLayer {
  /// The function that makes the layer's outputs, where it has one.
  fileprivate var outputActivation: String? {
    if let submodel = layer as? Submodel, let output = submodel.model.outputs.first {
      return submodel.model.layer(of: output.node)?.outputActivation
    }
    // Only what is applied last counts: a recurrent layer's own is inside its gates.
    if layer is any SequenceLayer || layer is any CellLayer { return nil }
    if let wrapper = layer as? any WrapperLayer { return wrapper.inner.outputActivation }
    if className == "Softmax" { return "softmax" }
    return layer.value(of: "activation")?.stringValue
  }
}

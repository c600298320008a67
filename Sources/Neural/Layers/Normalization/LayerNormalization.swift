/// Brings the features of each sample and timestep to mean 0 and variance 1, then scales and
/// shifts them.
///
/// Input and output: any shape. Source: `keras/src/layers/normalization/layer_normalization.py`.
package struct LayerNormalization: ShapeKeepingLayer {
  package static let className = "LayerNormalization"
  package static let summary = "brings the features of each timestep to mean 0 and variance 1"

  /// The axes that are normalised together.
  package var axis = AxisList(-1)
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
  /// Penalty on beta.
  package var betaRegularizer: Regularizer?
  /// Penalty on gamma.
  package var gammaRegularizer: Regularizer?
  /// Constraint on beta.
  package var betaConstraint: WeightConstraint?
  /// Constraint on gamma.
  package var gammaConstraint: WeightConstraint?
  /// Whether the mean is left alone; then gamma is always there and beta never.
  package var rmsScaling = false

  package init() {}

  package static let settings: [Setting<LayerNormalization>] = [
    Setting("axis", \.axis, .axes, help: "normalised together: the feature axis, -1"),
    Setting(
      "epsilon", \.epsilon, .number(-Double.infinity...Double.infinity),
      help: "added to the variance"),
    Setting("center", \.center, .boolean, help: "adds a trained number, beta"),
    Setting("scale", \.scale, .boolean, help: "multiplies with a trained number, gamma"),
    Setting("beta_initializer", \.betaInitializer, .initializer, help: "first values of beta"),
    Setting("gamma_initializer", \.gammaInitializer, .initializer, help: "first values of gamma"),
    Setting("beta_regularizer", \.betaRegularizer, .regularizer, help: "penalty on beta"),
    Setting("gamma_regularizer", \.gammaRegularizer, .regularizer, help: "penalty on gamma"),
    Setting("beta_constraint", \.betaConstraint, .constraint, help: "limits beta"),
    Setting("gamma_constraint", \.gammaConstraint, .constraint, help: "limits gamma"),
    Setting(
      "rms_scaling", \.rmsScaling, .boolean, isPositional: false,
      help: "divides by the variance only; no beta"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    _ = try normalizedSizes(of: input)
    return [input]
  }

  /// The sizes of the normalised axes, sorted as Keras sorts them: negative indices first.
  private func normalizedSizes(of input: Shape) throws(ShapeError) -> [Int] {
    var sizes: [Int] = []
    for given in axis.indices.sorted() {
      let index = try input.requireAxis(given, for: className)
      sizes.append(try input.requireSize(index, input[index].noun, for: className))
    }
    return sizes
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let shape = try normalizedSizes(of: single(inputs))
    var weights: [WeightSpec] = []
    if scale || rmsScaling {
      weights.append(
        WeightSpec(
          "gamma", shape, initializer: gammaInitializer,
          regularizer: gammaRegularizer, constraint: gammaConstraint))
    }
    if center && !rmsScaling {
      weights.append(
        WeightSpec(
          "beta", shape, initializer: betaInitializer,
          regularizer: betaRegularizer, constraint: betaConstraint))
    }
    return weights
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let sizes = try? normalizedSizes(of: input),
      let weights = try? weights(for: inputs)
    else { return Explanation([]) }
    let names = weights.map(\.name).joined(separator: " and ")
    return Explanation([
      .init(
        "Why \(parameterCount(for: inputs).grouped) parameters?",
        weights.isEmpty
          ? ["neither center nor scale"]
          : ["\(names) for each of " + sizes.map(String.init).joined(separator: " × ")]),
      .init("Why no averages?", ["each timestep is measured by itself, in training and later"]),
    ])
  }
}

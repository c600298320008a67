/// Brings groups of channels of each sample to mean 0 and variance 1, then scales and shifts each
/// channel.
///
/// A group is measured over its channels and all positions. Input and output: (batch, …,
/// channels), or with another axis of channels.
/// Source: `keras/src/layers/normalization/group_normalization.py`.
package struct GroupNormalization: ShapeKeepingLayer {
  package static let className = "GroupNormalization"
  package static let summary = "brings groups of channels of a sample to mean 0 and variance 1"

  /// How many groups there are; −1: one for each channel.
  package var groups = 32
  /// The axis of the channels.
  package var axis = SingleAxis(-1)
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

  package init() {}

  package static let settings: [Setting<GroupNormalization>] = [
    Setting("groups", \.groups, .integer(-1...largestSize), help: "-1: one for each channel"),
    Setting("axis", \.axis, .axes, help: "the channels: the last axis, -1"),
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
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    _ = try grouped(input)
    return [input]
  }

  /// How many channels there are, in how many groups.
  private func grouped(_ input: Shape) throws(ShapeError) -> (channels: Int, groups: Int) {
    let index = try input.requireAxis(axis.index, for: className)
    guard index > 0 else {
      throw ShapeError(
        "\(className) takes the channels of each sample apart, found axis \(axis.index) of \(input)",
        remedy: "use an axis behind the batch axis: -1")
    }
    let channels = try input.requireSize(index, input[index].noun, for: className)
    let groups = groups == -1 ? channels : groups
    guard groups > 0, channels >= groups, channels % groups == 0 else {
      throw ShapeError(
        "\(className) cannot divide \(channels) \(input[index].noun) into \(groups) groups",
        remedy: "choose groups so that each has as many, or -1")
    }
    return (channels, groups)
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let shape = [try grouped(single(inputs)).channels]
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
    return weights
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let (channels, groups) = try? grouped(input),
      let weights = try? weights(for: inputs)
    else { return Explanation([]) }
    let names = weights.map(\.name).joined(separator: " and ")
    return Explanation([
      .init(
        "Why \(groups.grouped) group\(groups == 1 ? "" : "s")?",
        [
          self.groups == -1 ? "groups is -1: one for each channel" : "groups is \(groups)",
          "\(channels) ÷ \(groups) = \(channels / groups) channels are measured together",
        ]),
      .init(
        "Why \(parameterCount(for: inputs).grouped) parameters?",
        weights.isEmpty ? ["neither center nor scale"] : ["\(names) for each of \(channels)"]),
      .init("Why no averages?", ["each sample is measured by itself, in training and later"]),
    ])
  }
}

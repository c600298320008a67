/// Adds random numbers of a normal distribution in training.
///
/// Input and output: any shape. Source: `keras/src/layers/regularization/gaussian_noise.py`.
package struct GaussianNoise: ShapeKeepingLayer {
  package static let className = "GaussianNoise"
  package static let summary = "in training, adds random noise to every number"

  /// Standard deviation of the noise.
  package var stddev = 0.1
  /// Seed of the noise.
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<GaussianNoise>] = [
    Setting(
      "stddev", \.stddev, .number(0...1), isRequired: true, help: "how strong the noise is, 0 to 1"),
    RegularizationSettings.seed(\.seed),
  ]

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    RegularizationSettings.explanation("adds noise of ±\(stddev.pythonDescription)")
  }
}

/// Multiplies with random numbers around 1 in training.
///
/// Input and output: any shape. Source: `keras/src/layers/regularization/gaussian_dropout.py`.
package struct GaussianDropout: ShapeKeepingLayer {
  package static let className = "GaussianDropout"
  package static let summary = "in training, multiplies every number with noise around 1"

  /// Strength, as the rate of the dropout it stands for.
  package var rate = 0.5
  /// Seed of the noise.
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<GaussianDropout>] = [
    RegularizationSettings.rate(\.rate), RegularizationSettings.seed(\.seed),
  ]

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    RegularizationSettings.explanation("multiplies with noise around 1")
  }
}

/// Dropout that keeps mean and variance, for layers with selu.
///
/// Input and output: any shape. Source: `keras/src/layers/regularization/alpha_dropout.py`.
package struct AlphaDropout: ShapeKeepingLayer {
  package static let className = "AlphaDropout"
  package static let summary = "dropout that keeps mean and variance, for selu"

  /// Share of the numbers that is dropped.
  package var rate = 0.5
  /// Shape of the random choice.
  package var noiseShape: [Int?]?
  /// Seed of the random choice.
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<AlphaDropout>] = [
    RegularizationSettings.rate(\.rate),
    RegularizationSettings.noiseShape(\.noiseShape),
    RegularizationSettings.seed(\.seed),
  ]

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    RegularizationSettings.explanation("drops \(percent(rate)) of the numbers")
  }
}

/// Adds a penalty on its input to the loss, and gives the input unchanged.
///
/// Source: `keras/src/layers/regularization/activity_regularization.py`.
package struct ActivityRegularization: ShapeKeepingLayer {
  package static let className = "ActivityRegularization"
  package static let summary = "adds a penalty on large numbers to the loss"

  /// Weight of the sum of absolute values.
  package var l1 = 0.0
  /// Weight of the sum of squares.
  package var l2 = 0.0

  package init() {}

  package static let settings: [Setting<ActivityRegularization>] = [
    Setting("l1", \.l1, .number(0...Double.infinity), help: "weight of the absolute values"),
    Setting("l2", \.l2, .number(0...Double.infinity), help: "weight of the squares"),
  ]
}

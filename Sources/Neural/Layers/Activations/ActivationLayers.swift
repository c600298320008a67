/// max(0, x), with an optional slope below and limit above.
///
/// Input and output: any shape. Source: `keras/src/layers/activations/relu.py`.
package struct ReLU: ShapeKeepingLayer {
  package static let className = "ReLU"
  package static let summary = "keeps what is positive, makes the rest 0"

  /// The largest output; `nil`: no limit.
  package var maxValue: Double?
  /// Slope below the threshold.
  package var negativeSlope = 0.0
  /// Inputs below it are not kept.
  package var threshold = 0.0

  package init() {}

  package static let settings: [Setting<ReLU>] = [
    Setting("max_value", \.maxValue, .number(0...Double.infinity), help: "largest output, or None"),
    Setting(
      "negative_slope", \.negativeSlope, .number(0...Double.infinity),
      help: "slope below the threshold"),
    Setting(
      "threshold", \.threshold, .number(0...Double.infinity), help: "what is below is not kept"),
  ]
}

/// x above 0, `negativeSlope` · x below.
///
/// Input and output: any shape. Source: `keras/src/layers/activations/leaky_relu.py`.
package struct LeakyReLU: ShapeKeepingLayer {
  package static let className = "LeakyReLU"
  package static let summary = "keeps what is positive, flattens the rest"

  /// Slope below 0.
  package var negativeSlope = 0.3

  package init() {}

  package static let settings: [Setting<LeakyReLU>] = [
    Setting(
      "negative_slope", \.negativeSlope, .number(0...Double.infinity), help: "slope below 0")
  ]
}

/// x above 0, `alpha` · (eˣ − 1) below.
///
/// Input and output: any shape. Source: `keras/src/layers/activations/elu.py`.
package struct ELU: ShapeKeepingLayer {
  package static let className = "ELU"
  package static let summary = "keeps what is positive, bends the rest towards -alpha"

  /// What large negative inputs tend to, times −1.
  package var alpha = 1.0

  package init() {}

  package static let settings: [Setting<ELU>] = [
    Setting(
      "alpha", \.alpha, .number(-Double.infinity...Double.infinity), help: "limit below, times -1")
  ]
}

/// Shares that add up to 1 along an axis.
///
/// Input and output: any shape. Source: `keras/src/layers/activations/softmax.py`.
package struct Softmax: ShapeKeepingLayer {
  package static let className = "Softmax"
  package static let summary = "turns numbers into shares that add up to 1"

  /// The axis, or axes, along which they add up to 1.
  package var axis = AxisList(-1)

  package init() {}

  package static let settings: [Setting<Softmax>] = [
    Setting("axis", \.axis, .axes, help: "along which they add up to 1")
  ]

  package var masking: Masking { .uses(handsOn: true) }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    for index in axis.indices { _ = try input.requireAxis(index, for: className) }
    return [input]
  }
}

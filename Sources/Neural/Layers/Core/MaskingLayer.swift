/// Marks timesteps as padding where all their features equal `maskValue`.
///
/// Input and output: (batch, timesteps, …). Source: `keras/src/layers/core/masking.py`.
package struct MaskingLayer: ShapeKeepingLayer {
  package static let className = "Masking"
  package static let summary = "marks padded timesteps, for layers behind it to skip"

  /// The number that stands for padding.
  package var maskValue = 0.0

  package init() {}

  package static let settings: [Setting<MaskingLayer>] = [
    Setting(
      "mask_value", \.maskValue, .number(-Double.infinity...Double.infinity),
      help: "a timestep is skipped where all its features are this")
  ]

  package var masking: Masking { .makes(equal: .features(maskValue)) }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    rank == 3 ? [.batch, .time, .features] : nil
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    try input.requireRank(atLeast: 1, for: className)
    return [input]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([
      .init(
        "Which timesteps are skipped?",
        ["those whose features all are \(maskValue.pythonDescription)", "the shape stays the same"])
    ])
  }
}

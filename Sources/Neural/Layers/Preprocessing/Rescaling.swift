/// Multiplies every number and adds another: x · scale + offset.
///
/// Input and output: any shape. Source: `keras/src/layers/preprocessing/rescaling.py`.
package struct Rescaling: ShapeKeepingLayer, ShortSettings {
  package static let className = "Rescaling"
  package static let summary = "multiplies every number and adds another: bytes to 0…1"

  /// What every number is multiplied with; an array is repeated along the first axes.
  package var scale = NumberArray(1.0 / 255)
  /// What is added then.
  package var offset = NumberArray(0.0)

  package init() {}

  package static let settings: [Setting<Rescaling>] = [
    Setting(
      "scale", \.scale, .value, isRequired: true, help: "what every number is multiplied with"),
    Setting("offset", \.offset, .value, help: "what is added then"),
  ]

  package func shortValue(of key: String) -> ConfigValue? {
    key == "scale" ? scale.plain : key == "offset" ? offset.plain : nil
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    try input.requireFit(scale.tensor, called: "a scale", for: Self.className)
    try input.requireFit(offset.tensor, called: "an offset", for: Self.className)
    return [input]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (scale, offset) = (scale.tensor, offset.tensor)
    let scaled = try inputs[0].combined(with: scale, for: Self.className, *)
    let output = try scaled.combined(with: offset, for: Self.className, +)
    return Pass(output, in: context) { gradient throws(PassError) in
      guard context.needsInputGradients else { return Gradients(nil) }
      return Gradients(try gradient.combined(with: scale, for: Self.className, *))
    }
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    var lines = ["x · scale + offset, for every number"]
    if scale.tensor.rank == 0, offset.tensor.rank == 0, let factor = scale.tensor.values.first,
      let added = offset.tensor.values.first
    {
      for x in [0, 255] as [Float] {
        lines.append("\(Int(x)) becomes \(Self.text(x * factor + added))")
      }
    }
    return Explanation([
      .init("What does it do?", lines),
      .init("Why no parameters?", ["scale and offset are settings, not trained"]),
    ])
  }

  /// A number to four decimals.
  private static func text(_ number: Float) -> String {
    ((Double(number) * 10_000).rounded() / 10_000).pythonDescription
  }
}

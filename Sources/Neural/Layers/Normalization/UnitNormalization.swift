/// Brings vectors to length 1.
///
/// y = x ÷ √Σx², along one axis or several; a vector of zeros stays one. Input and output: any
/// shape. Source: `keras/src/layers/normalization/unit_normalization.py`.
package struct UnitNormalization: ShapeKeepingLayer {
  package static let className = "UnitNormalization"
  package static let summary = "brings the features of each timestep to length 1"

  /// The axes that a vector lies along.
  package var axis = AxisList(-1)

  package init() {}

  package static let settings: [Setting<UnitNormalization>] = [
    Setting("axis", \.axis, .axes, help: "what a vector lies along: the feature axis, -1")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    _ = try input.requireAxes(axis.indices, for: className)
    return [input]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try inputs[0].axes(axis.indices, for: className)
    var operation = PlainOperation(NormalizeOperation.normalize)
    operation.values["axis"] = axis.configValue
    operation.values["epsilon"] = 1e-12
    return try operation.forward(inputs, weights: weights, in: context)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first,
      let axes = try? input.requireAxes(axis.indices, for: className)
    else { return Explanation([]) }
    let sizes = axes.map { "\(input[$0].sizeText) \(input[$0].noun)" }
    return Explanation([
      .init(
        "What does it do?",
        [
          "divides each vector by its length,", "√Σx² over \(sizes.joined(separator: " × "))",
        ]),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }
}

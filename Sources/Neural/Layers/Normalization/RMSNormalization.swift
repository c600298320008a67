/// Brings the features of each sample and timestep to a mean square of 1, then scales them.
///
/// y = x ÷ √(mean(x²) + epsilon) · scale: as `LayerNormalization`, without taking the mean away.
/// Input and output: any shape. Source: `keras/src/layers/normalization/rms_normalization.py`.
package struct RMSNormalization: ShapeKeepingLayer {
  package static let className = "RMSNormalization"
  package static let summary = "brings the features of each timestep to a mean square of 1"

  /// The axes that are normalised together.
  package var axis = AxisList(-1)
  /// Added to the mean square, against division by 0.
  package var epsilon = 1e-6

  package init() {}

  package static let settings: [Setting<RMSNormalization>] = [
    Setting("axis", \.axis, .axes, help: "normalised together: the feature axis, -1"),
    Setting(
      "epsilon", \.epsilon, .number(-Double.infinity...Double.infinity),
      help: "added to the mean square"),
  ]

  package var masking: Masking { .ends }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    let sizes = try scaleSizes(for: input)
    for (size, axis) in zip(sizes.reversed(), input.axes.reversed())
    where size != 1 && axis.size != nil && size != axis.size {
      throw ShapeError(
        "\(className) with axis \(self.axis.configValue) has a scale of \(Shape(sizes: sizes)), which does "
          + "not fit \(input)", remedy: "Keras lays it along the last axes: normalise those")
    }
    return [input]
  }

  /// The sizes of the scale: of the normalised axes in ascending order, negative indices first.
  private func scaleSizes(for input: Shape) throws(ShapeError) -> [Int] {
    _ = try input.requireAxes(axis.indices, for: className)
    var sizes: [Int] = []
    for given in axis.indices.sorted() {
      sizes.append(try input.requireSize(given, input[given].noun, for: className))
    }
    return sizes
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    [WeightSpec("scale", try scaleSizes(for: single(inputs)), initializer: .ones)]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (input, scale, epsilon) = (inputs[0], weights[0], Float(epsilon))
    let axes = try input.axes(axis.indices, for: className)
    let normalized = input.changingRows(along: axes) { row in
      let inverse = inverseLength(UnsafeBufferPointer(row), epsilon)
      for index in row.indices { row[index] *= inverse }
    }
    // Keras multiplies from the last axis on, whatever axes the scale was made for.
    guard let factors = scale.broadcast(to: input.sizes) else {
      throw PassError("\(className) has a scale of \(scale.shape), the input is \(input.shape)")
    }
    return Pass(normalized.zipped(with: factors, *), in: context) { gradient in
      let scales = gradient.zipped(with: normalized, *).summed(to: scale.sizes)
      guard context.needsInputGradients else { return Gradients(nil, weights: [scales]) }
      let slopes = gradient.zipped(with: factors, *).changingRows(along: axes, beside: input) {
        $0.throughMeanSquare(of: $1, epsilon)
      }
      return Gradients(slopes, weights: [scales])
    }
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let sizes = try? scaleSizes(for: input) else {
      return Explanation([])
    }
    return Explanation([
      .init(
        "Why \(parameterCount(for: inputs).grouped) parameters?",
        ["a scale for each of " + sizes.map(String.init).joined(separator: " × ")]),
      .init(
        "What does it do?",
        ["divides by √mean(x²), the mean stays", "each timestep is measured by itself"]),
    ])
  }
}

/// 1 ÷ √(mean(x²) + epsilon).
private func inverseLength(_ row: UnsafeBufferPointer<Float>, _ epsilon: Float) -> Float {
  let square = laneSum(row.count) { row[$0] * row[$0] } / Float(row.count)
  return 1 / (square + epsilon).squareRoot()
}

extension UnsafeMutableBufferPointer<Float> {
  /// The gradient of a row of numbers, this being that of the row divided by its root mean square.
  fileprivate func throughMeanSquare(of numbers: UnsafeBufferPointer<Float>, _ epsilon: Float) {
    let inverse = inverseLength(numbers, epsilon)
    let along = laneSum(count) { self[$0] * numbers[$0] } / Float(count) * inverse * inverse
    for index in indices { self[index] = inverse * (self[index] - along * numbers[index]) }
  }
}

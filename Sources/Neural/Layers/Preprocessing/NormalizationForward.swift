extension Normalization {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    let kept: [(axis: Int, size: Int)]
    do throws(ShapeError) {
      _ = try outputShapes(for: [input.shape])
      kept = try keptSizes(of: input.shape)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
    let (mean, spread) = try prepared(weights, kept, rank: input.rank)
    let name = Self.className
    let output =
      invert
      ? try input.combined(with: spread, for: name, *).combined(with: mean, for: name, +)
      : try input.combined(with: mean, for: name, -).combined(with: spread, for: name, /)
    let (invert, count) = (invert, weights.count)
    return Pass(output, in: context) { gradient throws(PassError) in
      let fixed = [Tensor?](repeating: nil, count: count)
      guard context.needsInputGradients else { return Gradients(nil, weights: fixed) }
      let back =
        invert
        ? try gradient.combined(with: spread, for: name, *)
        : try gradient.combined(with: spread, for: name, /)
      return Gradients(back, weights: fixed)
    }
  }

  /// The mean and the deviation with as many axes as the input, of size 1 but for those kept.
  private func prepared(
    _ weights: LayerWeights, _ kept: [(axis: Int, size: Int)], rank: Int
  ) throws(PassError) -> (mean: Tensor, spread: Tensor) {
    var found: [Tensor] = []
    if let mean, let variance {
      found = [mean.tensor, variance.tensor]
    } else if weights.count >= 2 {
      found = [weights[0], weights[1]]
    }
    guard found.count == 2 else { throw PassError("Normalization has no mean and variance") }
    let placed = found.map { array in
      var sizes = Array(repeating: 1, count: rank)
      for ((axis, _), size) in zip(kept.suffix(array.rank), array.sizes) { sizes[axis] = size }
      return array.reshaped(sizes)
    }
    // A variance that is no number makes results that are none, as in Keras.
    let spread = placed[1].map { variance in
      let deviation = variance.squareRoot()
      return deviation < Self.epsilon ? Self.epsilon : deviation
    }
    return (placed[0], spread)
  }
}

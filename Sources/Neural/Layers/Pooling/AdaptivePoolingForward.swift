extension AdaptivePoolingLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    var result = inputs[0]
    var steps: [DividedAxis] = []
    // One axis after the other, as in Keras: where several numbers are equally large, that says
    // which of them the gradient goes to. What grows comes last: nothing in between is larger than
    // both the input and the output.
    let axes = zip(spatialAxes, options.outputSize).filter { inputs[0].sizes[$0] != $1 }
    let (shrinking, growing) = (
      axes.filter { inputs[0].sizes[$0] > $1 }, axes.filter { inputs[0].sizes[$0] < $1 }
    )
    for (axis, places) in shrinking + growing {
      let step = DividedAxis(result, axis: axis, into: places, Self.pooling)
      result = step.pooled
      steps.append(step)
    }
    return Pass(result, in: context) { [steps] gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      return Gradients(steps.reversed().reduce(gradient) { $1.gradient($0) })
    }
  }
}

/// The pooling of one axis into a number of places, each with an equal share of its positions.
///
/// Place i takes the positions from ⌊i · count ÷ places⌋ to before ⌈(i + 1) · count ÷ places⌉.
/// Keras with JAX multiplies by 1 ∕ places, in 32 bits, and so misses a bound by one for some numbers
/// of places: 14 positions in 7 end in a NaN there. Here they are what all backends mean.
/// Source: `compute_adaptive_pooling_window_sizes` in `keras/src/backend/common/backend_utils.py`.
private struct DividedAxis: Sendable {
  let input: Tensor
  let pooled: Tensor
  private let geometry: WindowGeometry
  private let reduction: PoolingReduction

  init(_ input: Tensor, axis: Int, into places: Int, _ reduction: PoolingReduction) {
    // What stands before the axis is like samples, and what stands behind it like channels.
    let (outer, count, inner) = input.split(at: axis)
    geometry = WindowGeometry(
      batch: outer, channels: inner,
      line: .init(count: count, places: places, size: count, dilation: 1, motion: .dividing))
    var sizes = input.sizes
    sizes[axis] = places
    pooled = geometry.pooled(input, reduction, into: sizes)
    self.input = input
    self.reduction = reduction
  }

  /// The gradient of the input, from that of what was pooled.
  func gradient(_ gradient: Tensor) -> Tensor {
    geometry.pooledBack(gradient, from: pooled, of: input, reduction)
  }
}

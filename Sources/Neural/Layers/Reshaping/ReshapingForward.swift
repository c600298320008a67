extension Flatten {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = inputs[0].sizes
    let swaps = dataFormat == .channelsFirst && sizes.count > 1
    // Channels come last in the row.
    let order = swaps ? [0] + Array(2..<sizes.count) + [1] : Array(sizes.indices)
    let input = swaps ? inputs[0].transposed(order) : inputs[0]
    let output = input.reshaped([sizes[0], sizes.dropFirst().reduce(1, *)])
    return Pass(output, in: context) { gradient in
      let result = gradient.reshaped(order.map { sizes[$0] })
      return Gradients(swaps ? result.transposed(order.inversePermutation) : result)
    }
  }
}

extension Reshape {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try outputSizes(for: inputs)[0]
    guard sizes.reduce(1, *) == inputs[0].count else {
      throw PassError(
        "Reshape cannot cut \(inputs[0].shape) into \(Shape(sizes: [nil] + targetShape))")
    }
    let before = inputs[0].sizes
    return Pass(inputs[0].reshaped(sizes), in: context) { Gradients($0.reshaped(before)) }
  }
}

extension Permute {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let order = [0] + dims
    return Pass(inputs[0].transposed(order), in: context) { gradient in
      Gradients(gradient.transposed(order.inversePermutation))
    }
  }
}

extension RepeatVector {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (batch, features) = (inputs[0].sizes[0], inputs[0].sizes[1])
    let row = inputs[0].reshaped([batch, 1, features])
    let output = row.broadcast(to: [batch, n, features]) ?? row
    return Pass(output, in: context) { gradient in
      Gradients(gradient.summed(to: [batch, 1, features]).reshaped([batch, features]))
    }
  }
}

extension BorderLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let axes = Array(format.spatialAxes(rank: Self.spatialRank))
    let (adds, borders) = (Self.adds, borders)
    return Pass(inputs[0].bordered(borders, at: axes, adding: adds), in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      return Gradients(gradient.bordered(borders, at: axes, adding: !adds))
    }
  }
}

extension Tensor {
  /// The tensor with zeros added at the ends of axes, or positions cut off there.
  fileprivate func bordered(_ borders: [Border], at axes: [Int], adding: Bool) -> Tensor {
    var result = self
    for (border, axis) in zip(borders, axes) where border.total > 0 {
      if adding {
        var (before, after) = (result.sizes, result.sizes)
        (before[axis], after[axis]) = (border.before, border.after)
        result = Tensor.concatenated([Tensor(before), result, Tensor(after)], axis: axis)
      } else {
        result = result.slice(axis: axis, border.before..<(result.sizes[axis] - border.after))
      }
    }
    return result
  }
}

extension Flatten {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    var input = inputs[0]
    if dataFormat == .channelsFirst, input.rank > 1 {
      input = input.transposed([0] + Array(2..<input.rank) + [1])
    }
    return Pass(input.reshaped([input.sizes[0], input.sizes.dropFirst().reduce(1, *)]))
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
    return Pass(inputs[0].reshaped(sizes))
  }
}

extension Permute {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    return Pass(inputs[0].transposed([0] + dims))
  }
}

extension RepeatVector {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (batch, features) = (inputs[0].sizes[0], inputs[0].sizes[1])
    let row = inputs[0].reshaped([batch, 1, features])
    guard let result = row.broadcast(to: [batch, n, features]) else { return Pass(row) }
    return Pass(result)
  }
}

extension BorderLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    var result = inputs[0]
    _ = try outputSizes(for: inputs)
    for (border, axis) in zip(borders, format.spatialAxes(rank: Self.spatialRank))
    where border.total > 0 {
      if Self.adds {
        var (before, after) = (result.sizes, result.sizes)
        (before[axis], after[axis]) = (border.before, border.after)
        result = Tensor.concatenated([Tensor(before), result, Tensor(after)], axis: axis)
      } else {
        result = result.slice(axis: axis, border.before..<(result.sizes[axis] - border.after))
      }
    }
    return Pass(result)
  }
}

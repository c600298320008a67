extension ElementwiseMerge {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard let first = inputs.first else { throw PassError("\(className) has no inputs") }
    let rank = inputs.map(\.rank).max() ?? 0
    // Axes that are missing stand behind the batch.
    let full = inputs.map { input in
      input.rank == rank || input.rank == 0
        ? input
        : input.reshaped(
          [input.sizes[0]] + Array(repeating: 1, count: rank - input.rank)
            + input.sizes.dropFirst())
    }
    // Keras loses the mask of an input that gets axes.
    let masks = inputs.indices.map { index -> Tensor? in
      guard index < context.masks.count, inputs[index].rank == rank else { return nil }
      return context.masks[index]
    }
    if self is Multiply, masks.contains(where: { $0 != nil }) {
      return try MaskedProduct(of: full, masks, for: className, in: context).pass(
        for: inputs, in: context)
    }
    if self is any MaskedMerge, masks.contains(where: { $0 != nil }) {
      var merge = MaskedMergeSteps(className: className, join: join)
      for (input, mask) in zip(full, masks) { try merge.add(input, mask: mask) }
      let sizes = inputs.map(\.sizes)
      return Pass(merge.result ?? first, in: context) { [merge] gradient in
        Gradients(inputs: zip(merge.gradients(gradient), sizes).map { $0.reshaped($1) })
      }
    }
    var steps = MergeSteps(full.first ?? first, join, in: context)
    for input in full.dropFirst() {
      guard steps.add(input) else {
        throw PassError("\(className) cannot join \(steps.result.shape) and \(input.shape)")
      }
    }
    let share: Float? = self is Average ? 1 / Float(full.count) : nil
    let output = self is Average ? steps.result.map { $0 / Float(full.count) } : steps.result
    let sizes = inputs.map(\.sizes)
    return Pass(output, in: context) { [steps] gradient in
      let gradient = share.map { share in gradient.map { $0 * share } } ?? gradient
      return Gradients(inputs: zip(steps.gradients(gradient), sizes).map { $0.reshaped($1) })
    }
  }
}

extension Concatenate {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let output = Tensor.concatenated(inputs, axis: axis)
    let (place, sizes) = (output.axis(axis), inputs.map { $0.sizes[output.axis(axis)] })
    return Pass(output, in: context) { gradient in
      var (start, parts) = (0, [Tensor]())
      for size in sizes {
        parts.append(gradient.slice(axis: place, start..<(start + size)))
        start += size
      }
      return Gradients(inputs: parts)
    }
  }
}

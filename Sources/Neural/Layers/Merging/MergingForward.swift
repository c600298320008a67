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
      return Pass(try maskedProduct(of: full, masks))
    }
    var result = full.first ?? first
    if let skipping = self as? any MaskedMerge {
      var merge = MaskedMergeRun(className: className, join: skipping.joins)
      for (index, input) in full.enumerated() {
        try merge.add(input, mask: masks[index])
      }
      return Pass(merge.result ?? result)
    }
    for input in full.dropFirst() {
      guard let joined = result.broadcast(with: input, joins) else {
        throw PassError("\(className) cannot join \(result.shape) and \(input.shape)")
      }
      result = joined
    }
    if self is Average {
      let count = Float(full.count)
      result = result.map { $0 / count }
    }
    return Pass(result)
  }
}

/// A merging layer that looks at the masks of its inputs: where only one input counts, its
/// number is taken.
///
/// Source: `_apply_merge_op_and_or_mask` in `keras/src/layers/merging/base_merge.py`.
protocol MaskedMerge: ElementwiseMerge {}

extension Maximum: MaskedMerge {}
extension Minimum: MaskedMerge {}

/// Inputs joined one after another, each with its mask.
private struct MaskedMergeRun {
  let className: String
  let join: (Float, Float) -> Float
  var result: Tensor?
  /// Which numbers of the result count, of the result's sizes; `nil`: not known.
  var counts: Tensor?

  mutating func add(_ input: Tensor, mask: Tensor?) throws(PassError) {
    var counting: Tensor?
    if let mask {
      counting = mask.reshaped(mask.sizes + [1]).broadcast(to: input.sizes)
      if counting == nil {
        throw PassError(
          "\(className) has an input of \(input.shape) with a mask of \(mask.shape)",
          remedy: "a mask has one axis less than its input")
      }
    }
    guard let before = result else {
      (result, counts) = (input, counting)
      return
    }
    var (one, other) = (before, input)
    if let counting { other = try chosen(where: counting, input, else: before) }
    if let counts { one = try chosen(where: counts, before, else: other) }
    guard let joined = one.broadcast(with: other, join) else { throw misfit(one, other) }
    result = joined
    guard let known = counts, let counting else {
      counts = nil
      return
    }
    counts = known.broadcast(with: counting) { $0 != 0 || $1 != 0 ? 1 : 0 }
  }

  private func chosen(
    where condition: Tensor, _ one: Tensor, else other: Tensor
  ) throws(PassError) -> Tensor {
    guard let sizes = Tensor.commonSizes(one.sizes, other.sizes),
      let full = Tensor.commonSizes(sizes, condition.sizes),
      let condition = condition.broadcast(to: full), let one = one.broadcast(to: full),
      let other = other.broadcast(to: full)
    else { throw misfit(one, other) }
    return Tensor(full) { out in
      for index in out.indices {
        out[index] = condition.values[index] != 0 ? one.values[index] : other.values[index]
      }
    }
  }

  private func misfit(_ one: Tensor, _ other: Tensor) -> PassError {
    PassError("\(className) cannot join \(one.shape) and \(other.shape)")
  }
}

extension Concatenate {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    return Pass(Tensor.concatenated(inputs, axis: axis))
  }
}

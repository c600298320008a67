/// The product of inputs with masks: what a mask leaves out counts as 1, and gives 0 where no
/// input counts, which is known only where all of them have masks.
///
/// Source: `_merge_function` in `keras/src/layers/merging/multiply.py`.
struct MaskedProduct: Sendable {
  private let output: Tensor
  private let steps: MergeSteps
  /// Which numbers of each input count; `nil`: all.
  private var countings: [Tensor?] = []
  /// Where any input counts, of the output's sizes; `nil`: everywhere.
  private let counts: Tensor?

  /// The product of inputs of equal rank.
  ///
  /// - Throws: `PassError` where an input, or its mask, does not fit.
  init(
    of inputs: [Tensor], _ masks: [Tensor?], for className: String, in context: PassContext
  ) throws(PassError) {
    var steps = MergeSteps(Tensor([], repeating: 1), .product, in: context)
    var counts = Tensor([])
    for (input, mask) in zip(inputs, masks) {
      var factor = input
      var counting: Tensor?
      if let mask {
        counting = mask.reshaped(mask.sizes + [1]).broadcast(to: input.sizes)
        guard let counting,
          let joined = counts.broadcast(with: counting, { $0 != 0 || $1 != 0 ? 1 : 0 })
        else {
          throw PassError(
            "\(className) has an input of \(input.shape) with a mask of \(mask.shape)",
            remedy: "a mask has one axis less than its input")
        }
        factor = counting.zipped(with: input) { $0 != 0 ? $1 : 1 }
        counts = joined
      }
      countings.append(counting)
      guard steps.add(factor) else {
        throw PassError("\(className) cannot join \(steps.result.shape) and \(input.shape)")
      }
    }
    let haveMasks = countings.allSatisfy { $0 != nil }
    self.counts = haveMasks ? counts.broadcast(to: steps.result.sizes) : nil
    output = self.counts?.zipped(with: steps.result) { $0 != 0 ? $1 : 0 } ?? steps.result
    self.steps = steps
  }

  /// The product as a pass with its way back to inputs of other ranks.
  func pass(for inputs: [Tensor], in context: PassContext) -> Pass {
    let sizes = inputs.map(\.sizes)
    return Pass(output, in: context) { gradient in
      let counted = counts?.zipped(with: gradient) { $0 != 0 ? $1 : 0 } ?? gradient
      // The first step is the number 1.
      let factors = steps.gradients(counted).dropFirst()
      var result: [Tensor] = []
      for (index, factor) in factors.enumerated() {
        let part = countings[index]?.zipped(with: factor) { $0 != 0 ? $1 : 0 } ?? factor
        result.append(part.reshaped(sizes[index]))
      }
      return Gradients(inputs: result)
    }
  }
}

extension ElementwiseMerge {
  /// The product of inputs with masks: what a mask leaves out counts as 1, and gives 0 where no
  /// input counts, which is known only where all of them have masks.
  ///
  /// Source: `_merge_function` in `keras/src/layers/merging/multiply.py`.
  func maskedProduct(of inputs: [Tensor], _ masks: [Tensor?]) throws(PassError) -> Tensor {
    var product = Tensor([], repeating: 1)
    var counts = Tensor([])
    var allHaveMasks = true
    for (input, mask) in zip(inputs, masks) {
      var factor = input
      if let mask {
        guard let counting = mask.reshaped(mask.sizes + [1]).broadcast(to: input.sizes),
          let joined = counts.broadcast(with: counting, { $0 != 0 || $1 != 0 ? 1 : 0 })
        else {
          throw PassError(
            "\(className) has an input of \(input.shape) with a mask of \(mask.shape)",
            remedy: "a mask has one axis less than its input")
        }
        factor = counting.zipped(with: input) { $0 != 0 ? $1 : 1 }
        counts = joined
      } else {
        allHaveMasks = false
      }
      guard let next = product.broadcast(with: factor, *) else {
        throw PassError("\(className) cannot join \(product.shape) and \(input.shape)")
      }
      product = next
    }
    guard allHaveMasks, let counts = counts.broadcast(to: product.sizes) else { return product }
    return counts.zipped(with: product) { $0 != 0 ? $1 : 0 }
  }
}

/// The sums of a layer with its activation applied, and what the way back needs of them.
struct ActivatedSums: Sendable {
  /// What the activation gave.
  let output: Tensor
  private let activation: Activation
  /// What it was applied to; the output where its values tell all.
  private let arguments: Tensor

  /// Applies an activation, in place where nobody else holds the sums.
  ///
  /// - Throws: `PassError` where the function is not one of Keras', or changes the shape.
  init(
    _ sums: consuming Tensor, _ activation: Activation, in context: PassContext
  ) throws(PassError) {
    self.activation = activation
    guard activation.name != "linear" else {
      (output, arguments) = (sums, sums)
      return
    }
    let function = try activation.function()
    let keepsArguments = context.isDifferentiated && !function.followsFromValues
    let kept = keepsArguments ? sums : nil
    let width = sums.sizes.last ?? 1
    sums.values.withUnsafeMutableBufferPointer { function.apply(to: $0, width: width) }
    output = sums
    arguments = kept ?? output
  }

  /// The gradient of the sums, from that of the output.
  func gradient(_ gradient: Tensor) throws(PassError) -> Tensor {
    try activation.gradient(gradient, arguments: arguments, values: output)
  }
}

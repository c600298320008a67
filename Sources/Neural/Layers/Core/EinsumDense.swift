/// A dense layer over axes of choice: activation(einsum(equation, x, kernel) + bias).
///
/// `abc,cd->abd` is `Dense` on sequences. Input and output: as the equation says. Masks end here.
/// Source: `keras/src/layers/core/einsum_dense.py`.
package struct EinsumDense: Layer {
  package static let className = "EinsumDense"
  package static let summary = "a dense layer over the axes that an equation names"

  /// The axes of the input, the kernel and the output.
  package var equation = "abc,cd->abd"
  /// The sizes behind the batch axis, or of what the equation names behind `...`; `nil`: open.
  package var outputShape: [Int?] = [nil, 32]
  /// Applied to each output.
  package var activation = Activation.linear
  /// The axes of the output that the bias has; `nil`: no bias.
  package var biasAxes: String?
  /// First values of the kernel.
  package var kernelInitializer = Initializer.glorotUniform
  /// First values of the bias.
  package var biasInitializer = Initializer.zeros
  /// Penalty on the kernel.
  package var kernelRegularizer: Regularizer?
  /// Penalty on the bias.
  package var biasRegularizer: Regularizer?
  /// Constraint on the kernel.
  package var kernelConstraint: WeightConstraint?
  /// Constraint on the bias.
  package var biasConstraint: WeightConstraint?
  /// Penalty on the output.
  package var activityRegularizer: Regularizer?

  package init() {}

  package static let settings: [Setting<EinsumDense>] = [
    Setting(
      "equation", \.equation, .value, isRequired: true,
      help: "a letter for each axis of input, kernel and output: abc,cd->abd"),
    Setting(
      "output_shape", \.outputShape, .sizes, isRequired: true,
      help: "sizes of the output behind the batch; None: as the input's"),
    Setting("activation", \.activation, .activation, help: "applied to each output"),
    Setting("bias_axes", \.biasAxes, .value, help: "axes of the output that have a bias: d"),
    Setting("kernel_initializer", \.kernelInitializer, .initializer, help: "first values"),
    Setting("bias_initializer", \.biasInitializer, .initializer, help: "first values of the bias"),
    Setting("kernel_regularizer", \.kernelRegularizer, .regularizer, help: "penalty on the kernel"),
    Setting("bias_regularizer", \.biasRegularizer, .regularizer, help: "penalty on the bias"),
    Setting("kernel_constraint", \.kernelConstraint, .constraint, help: "limits the kernel"),
    Setting("bias_constraint", \.biasConstraint, .constraint, help: "limits the bias"),
    Setting(
      "activity_regularizer", \.activityRegularizer, .regularizer, isPositional: false,
      help: "penalty on the output"),
  ]

  package var keepsAxes: Bool {
    guard let terms = try? EinsumDenseTerms(equation) else { return false }
    return terms.input.count == terms.output.count
      && terms.input.dropLast() == terms.output.dropLast()
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    [try axes(on: single(inputs)).output]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let axes = try axes(on: single(inputs))
    let kernel = WeightSpec(
      "kernel", axes.kernel, initializer: kernelInitializer.scaled(by: axes),
      regularizer: kernelRegularizer, constraint: kernelConstraint)
    guard let sizes = axes.bias else { return [kernel] }
    let bias = WeightSpec(
      "bias", sizes, initializer: biasInitializer, regularizer: biasRegularizer,
      constraint: biasConstraint)
    return [kernel, bias]
  }
}

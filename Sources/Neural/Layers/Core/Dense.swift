/// A fully connected layer: activation(x · kernel + bias) over the last axis.
///
/// Input: (batch, …, features). Output: (batch, …, units); every other axis stays.
/// Source: `keras/src/layers/core/dense.py`.
package struct Dense: Layer {
  package static let className = "Dense"
  package static let summary = "every output feature is a weighted sum of all input features"

  /// Output features.
  package var units = 32
  /// Applied to each output.
  package var activation = Activation.linear
  /// Whether a bias is added.
  package var useBias = true
  /// First values of the kernel.
  package var kernelInitializer = Initializer.glorotUniform
  /// First values of the bias.
  package var biasInitializer = Initializer.zeros
  /// Penalty on the kernel.
  package var kernelRegularizer: Regularizer?
  /// Penalty on the bias.
  package var biasRegularizer: Regularizer?
  /// Penalty on the output.
  package var activityRegularizer: Regularizer?
  /// Constraint on the kernel.
  package var kernelConstraint: WeightConstraint?
  /// Constraint on the bias.
  package var biasConstraint: WeightConstraint?

  package init() {}

  package static let settings: [Setting<Dense>] = [
    Setting("units", \.units, .integer(1...largestSize), isRequired: true, help: "output features"),
    Setting("activation", \.activation, .activation, help: "applied to each output"),
    Setting("use_bias", \.useBias, .boolean, help: "adds one trained number to each output"),
    Setting("kernel_initializer", \.kernelInitializer, .initializer, help: "first values"),
    Setting("bias_initializer", \.biasInitializer, .initializer, help: "first values of the bias"),
    Setting("kernel_regularizer", \.kernelRegularizer, .regularizer, help: "penalty on the kernel"),
    Setting("bias_regularizer", \.biasRegularizer, .regularizer, help: "penalty on the bias"),
    Setting(
      "activity_regularizer", \.activityRegularizer, .regularizer, help: "penalty on the output"),
    Setting("kernel_constraint", \.kernelConstraint, .constraint, help: "limits the kernel"),
    Setting("bias_constraint", \.biasConstraint, .constraint, help: "limits the bias"),
  ]

  package var keepsAxes: Bool { true }
  package var masking: Masking { .passes }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    try input.requireRank(atLeast: 2, for: Self.className)
    _ = try input.requireSize(-1, "features", for: Self.className)
    return [input.withFeatures(units)]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let features = try single(inputs).requireSize(-1, "features", for: Self.className)
    let kernel = WeightSpec(
      "kernel", [features, units], initializer: kernelInitializer,
      regularizer: kernelRegularizer, constraint: kernelConstraint)
    guard useBias else { return [kernel] }
    let bias = WeightSpec(
      "bias", [units], initializer: biasInitializer,
      regularizer: biasRegularizer, constraint: biasConstraint)
    return [kernel, bias]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    var sums = inputs[0].times(weights[0])
    if useBias { sums.add(toLastAxis: weights[1]) }
    let (input, activated) = (inputs[0], try ActivatedSums(sums, activation, in: context))
    return Pass(activated.output, in: context) { gradient throws(PassError) in
      let gradient = try activated.gradient(gradient)
      return Gradients(
        context.needsInputGradients ? gradient.times(transposed: weights[0]) : nil,
        weights: [input.transposedTimes(gradient)] + (useBias ? [gradient.sumOfRows()] : []))
    }
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let input = inputs.first, let features = input.axes.last?.size else { return 0 }
    return input.positions(dropLast: 1) * Count(features) * Count(units)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let features = input.axes.last?.size else {
      return Explanation([])
    }
    let count = Count(features) * Count(units) + (useBias ? Count(units) : 0)
    var answers = [Explanation.Answer("Why \(units.grouped) features?", ["units is \(units)"])]
    if input.rank > 2 {
      answers.append(
        .init(
          "Why is every other axis the same?",
          ["Dense sees the last axis only:", "the same kernel at every position"]))
    }
    answers.append(
      .init(
        "Why \(count.grouped) parameters?",
        [
          "\(features) × \(units)" + (useBias ? " + \(units) biases" : " (no bias)"),
          "the \(features) features in, not the number of samples or timesteps",
        ]))
    return Explanation(answers)
  }
}

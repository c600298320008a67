/// What convolutions have in common: a kernel that slides over the spatial axes.
///
/// Input: (batch, spatial…, channels), or (batch, channels, spatial…) with `channels_first`.
package protocol ConvolutionLayer: Layer {
  /// 1 for sequences, 2 for images, 3 for volumes.
  static var spatialRank: Int { get }
  /// What every convolution can be told.
  var options: ConvolutionOptions { get set }
  /// Whether the output has a place at every input position (divided by the stride).
  var isPadded: Bool { get }
  /// Channels of the output, for an input of `channels` channels.
  func outputChannels(_ channels: Int) throws(ShapeError) -> Int
  /// The kernels, without the bias.
  func kernels(_ channels: Int) throws(ShapeError) -> [WeightSpec]
  /// Checks settings against each other and against the input's channels.
  func check(_ channels: Int) throws(ShapeError)
  /// The formula of the parameters with numbers, without biases.
  func kernelFormula(_ channels: Int) -> [String]
  /// Why there are as many output channels.
  func channelFormula(_ channels: Int) -> [String]
  /// The convolution without bias and activation, channels last whatever the data format.
  func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Convolved
}

/// A convolution without bias and activation, channels last, with its way back.
package struct Convolved: Sendable {
  /// What came out.
  let output: Tensor
  /// The gradients of the kernels, and of the input where it is asked for, from that of the output.
  let pullback:
    @Sendable (_ gradient: Tensor, _ needsInput: Bool) -> (input: Tensor?, kernels: [Tensor])
}

/// What every convolution can be told.
package struct ConvolutionOptions: Hashable, Sendable {
  /// Positions that the kernel covers on each axis.
  package var kernelSize: [Int]
  /// How far it moves at a time.
  package var strides: [Int]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast
  /// Distance between the positions that the kernel covers.
  package var dilationRate: [Int]
  /// Applied to the output.
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

  /// Keras' defaults, with a kernel of 3 on each axis.
  package init(rank: Int) {
    kernelSize = Array(repeating: 3, count: rank)
    strides = Array(repeating: 1, count: rank)
    dilationRate = strides
  }
}

extension ConvolutionLayer {
  package func check(_ channels: Int) throws(ShapeError) {}

  /// (batch, time, features), or for images and volumes (batch, …, height, width, channels);
  /// channels first if so set.
  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank == Self.spatialRank + 2 else { return nil }
    return options.dataFormat.spatialRoles(rank: rank)
      ?? (options.dataFormat == .channelsLast
        ? [.batch, .time, .features] : [.batch, .features, .time])
  }

  var window: Window {
    Window(
      size: options.kernelSize, strides: options.strides, dilation: options.dilationRate,
      isPadded: isPadded)
  }

  var spatialAxes: Range<Int> { options.dataFormat.spatialAxes(rank: Self.spatialRank) }
  var channelAxis: Int { options.dataFormat.channelAxis(rank: Self.spatialRank) }

  /// The input with this layer's roles, and its number of channels.
  func checkedInput(_ inputs: [Shape]) throws(ShapeError) -> (Shape, channels: Int) {
    let input = try single(inputs)
    let roles = inputRoles(rank: Self.spatialRank + 2) ?? []
    try input.requireRank(Self.spatialRank + 2, axisNames(roles), for: className)
    let named = input.withRoles(roles)
    let channels = try named.requireSize(channelAxis, named[channelAxis].noun, for: className)
    try check(channels)
    return (named, channels)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let (input, channels) = try checkedInput(inputs)
    var output = try window.slid(
      over: input, at: spatialAxes, layer: className, key: "kernel_size")
    output.axes[channelAxis] = Axis(input[channelAxis].role, try outputChannels(channels))
    return [output]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let (_, channels) = try checkedInput(inputs)
    let kernels = try kernels(channels)
    guard options.useBias else { return kernels }
    let bias = [try outputChannels(channels)]
    return kernels + [
      WeightSpec(
        "bias", bias, initializer: options.biasInitializer,
        regularizer: options.biasRegularizer, constraint: options.biasConstraint)
    ]
  }

  /// Kernel numbers for each place of the output.
  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let output = outputs.first, let (_, channels) = try? checkedInput(inputs),
      let kernels = try? kernels(channels)
    else { return 0 }
    return places(of: output) * kernels.reduce(0) { $0 + $1.count }
  }

  /// Samples × places, free axes counted as 1.
  func places(of shape: Shape) -> Count {
    var result = Count(shape[0].size ?? 1)
    for axis in spatialAxes { result = result * Count(shape[axis].size ?? 1) }
    return result
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first, let (input, channels) = try? checkedInput(inputs) else {
      return Explanation([])
    }
    var answers: [Explanation.Answer] = []
    for (index, axis) in spatialAxes.enumerated() {
      let size = output[axis].size.map { $0.grouped } ?? "None"
      answers.append(
        .init("Why \(size) \(input[axis].noun)?", window.placesFormula(input[axis], index: index)))
    }
    let made = output[channelAxis]
    answers.append(.init("Why \(made.sizeText) \(made.noun)?", channelFormula(channels)))
    var formula = kernelFormula(channels)
    if options.useBias, let last = formula.popLast() {
      formula.append("\(last) + \(made.sizeText) biases")
    }
    answers.append(
      .init(
        "Why \(parameterCount(for: inputs).grouped) parameters?",
        formula + [Self.anySizeFits]))
    return Explanation(answers)
  }

  private static var anySizeFits: String {
    switch spatialRank {
    case 1: "no T in it: any length fits"
    case 2: "any image size fits"
    default: "any size of the volume fits"
    }
  }

  /// The kernel's size for a formula: `3`, `3 × 3`, `3 × 3 × 3`.
  var kernelText: String { options.kernelSize.map(String.init).joined(separator: " × ") }

  /// Strides and dilation exclude each other.
  func checkStridesAgainstDilation() throws(ShapeError) {
    if options.strides.contains(where: { $0 > 1 }), options.dilationRate.contains(where: { $0 > 1 })
    {
      throw ShapeError(
        "\(className) has strides \(options.strides) and dilation_rate \(options.dilationRate)",
        remedy: "set one of them to 1")
    }
  }

  /// `a × b`, for sizes of weights.
  func product(_ a: Int, _ b: Int) throws(ShapeError) -> Int {
    guard let result = multiplied(a, b) else {
      throw ShapeError("\(className): \(a) × \(b) channels are too many", remedy: "use fewer")
    }
    return result
  }
}

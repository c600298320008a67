/// A convolution run the other way: every input position spreads over several outputs.
protocol TransposedConvolution: ConvolutionLayer {
  /// Output channels.
  var filters: Int { get set }
  /// What happens at the borders.
  var padding: Padding { get set }
  /// Positions added at the end of each axis; `nil`: as many as Keras finds right.
  var outputPadding: [Int]? { get set }
}

extension TransposedConvolution {
  package var isPadded: Bool { padding == .same }

  package func outputChannels(_ channels: Int) throws(ShapeError) -> Int { filters }

  package func check(_ channels: Int) throws(ShapeError) {
    try checkStridesAgainstDilation()
    guard let outputPadding else { return }
    for (padding, stride) in zip(outputPadding, options.strides)
    where padding >= stride || padding < 0 {
      throw ShapeError(
        "\(className) has output_padding \(padding) with strides \(stride)",
        remedy: "use an output_padding from 0 to below the strides")
    }
  }

  package func kernels(_ channels: Int) throws(ShapeError) -> [WeightSpec] {
    [
      WeightSpec(
        "kernel", options.kernelSize + [filters, channels], initializer: options.kernelInitializer,
        regularizer: options.kernelRegularizer, constraint: options.kernelConstraint)
    ]
  }

  package func kernelFormula(_ channels: Int) -> [String] {
    ["\(kernelText) × \(filters) × \(channels)"]
  }

  package func channelFormula(_ channels: Int) -> [String] { ["filters is \(filters)"] }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let (input, _) = try checkedInput(inputs)
    var output = input
    for (index, axis) in spatialAxes.enumerated() {
      guard let count = input[axis].size else { continue }
      guard let size = spread(count, axis: index), size >= 0 else {
        throw ShapeError("\(className) cannot spread \(count) \(input[axis].noun): \(input)")
      }
      output.axes[axis] = Axis(input[axis].role, size)
    }
    output.axes[channelAxis] = Axis(input[channelAxis].role, filters)
    return [output]
  }

  /// How many positions `count` positions spread over.
  ///
  /// Source: `_get_output_shape_given_tf_padding` in `keras/src/backend/common/backend_utils.py`.
  private func spread(_ count: Int, axis: Int) -> Int? {
    let stride = options.strides[axis]
    guard let reach = multiplied(options.dilationRate[axis], options.kernelSize[axis] - 1),
      let extent = added(reach, 1), let apart = multiplied(count - 1, stride)
    else { return nil }
    if padding == .valid {
      let extra = outputPadding?[axis] ?? (max(extent, stride) - extent)
      return added(apart, extent).flatMap { added($0, extra) }
    }
    guard let extra = outputPadding?[axis] else { return multiplied(count, stride) }
    return added(apart, extent % 2 + extra)
  }

  /// Kernel numbers for each place of the input.
  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let (input, channels) = try? checkedInput(inputs), let kernels = try? kernels(channels)
    else { return 0 }
    return places(of: input) * kernels.reduce(0) { $0 + $1.count }
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first, let (input, channels) = try? checkedInput(inputs) else {
      return Explanation([])
    }
    var answers: [Explanation.Answer] = []
    for (index, axis) in spatialAxes.enumerated() {
      let size = output[axis].size.map { $0.grouped } ?? "None"
      let line =
        input[axis].size.map { "\($0) positions, \(options.strides[index]) apart, spread out" }
        ?? "None stays None: any size fits"
      answers.append(.init("Why \(size) \(input[axis].noun)?", [line]))
    }
    let biases = options.useBias ? " + \(filters) biases" : ""
    answers.append(
      .init(
        "Why \(parameterCount(for: inputs).grouped) parameters?",
        kernelFormula(channels).map { $0 + biases }))
    return Explanation(answers)
  }

  /// The settings in the order of Keras' constructors, which differs with the number of axes.
  fileprivate static func settings(dataFormatFirst: Bool = false) -> [Setting<Self>] {
    let dataFormat = ConvolutionSettings.dataFormat(of: Self.self)
    var settings = ConvolutionSettings.filters(\Self.filters)
    settings += ConvolutionSettings.kernel(of: Self.self)
    settings += ConvolutionSettings.padding(\.padding)
    settings += dataFormatFirst ? dataFormat + [outputPadding] : [outputPadding] + dataFormat
    settings += ConvolutionSettings.dilation(of: Self.self)
    settings += ConvolutionSettings.activation(of: Self.self)
    settings += ConvolutionSettings.weights("kernel", of: Self.self)
    return settings
  }

  /// One number stands for all axes, as everywhere in Keras.
  private static var outputPadding: Setting<Self> {
    Setting(
      "output_padding", \.outputPadding, .sizes, parts: .integer(0...largestSize),
      rank: spatialRank, help: "positions added at the end")
  }
}

/// A convolution over time run the other way: the sequence grows by its strides.
///
/// Input: (batch, timesteps, features). Output: (batch, timesteps × strides, filters).
/// Source: `keras/src/layers/convolutional/conv1d_transpose.py`.
package struct Conv1DTranspose: TransposedConvolution {
  package static let className = "Conv1DTranspose"
  package static let aliases = ["Convolution1DTranspose"]
  package static let summary = "makes a sequence longer: a convolution run the other way"
  package static let spatialRank = 1

  package var filters = 32
  package var padding = Padding.valid
  package var outputPadding: [Int]?
  package var options = ConvolutionOptions(rank: 1)

  package init() {}

  package static let settings: [Setting<Conv1DTranspose>] = settings()
}

/// A convolution over images run the other way: the image grows by its strides.
///
/// Input: (batch, height, width, channels). Output: (batch, height × strides, width × strides,
/// filters). Source: `keras/src/layers/convolutional/conv2d_transpose.py`.
package struct Conv2DTranspose: TransposedConvolution {
  package static let className = "Conv2DTranspose"
  package static let aliases = ["Convolution2DTranspose"]
  package static let summary = "makes an image larger: a convolution run the other way"
  package static let spatialRank = 2

  package var filters = 32
  package var padding = Padding.valid
  package var outputPadding: [Int]?
  package var options = ConvolutionOptions(rank: 2)

  package init() {}

  package static let settings: [Setting<Conv2DTranspose>] = settings()
}

/// A convolution over volumes run the other way: the volume grows by its strides.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, depth × strides,
/// height × strides, width × strides, filters).
/// Source: `keras/src/layers/convolutional/conv3d_transpose.py`.
package struct Conv3DTranspose: TransposedConvolution {
  package static let className = "Conv3DTranspose"
  package static let aliases = ["Convolution3DTranspose"]
  package static let summary = "makes a volume larger: a convolution run the other way"
  package static let spatialRank = 3

  package var filters = 32
  package var padding = Padding.valid
  package var outputPadding: [Int]?
  package var options = ConvolutionOptions(rank: 3)

  package init() {}

  package static let settings: [Setting<Conv3DTranspose>] = settings(dataFormatFirst: true)
}

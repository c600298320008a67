/// A convolution whose kernel sees all channels of a group at each position.
protocol FullConvolution: ConvolutionLayer {
  /// Output channels.
  var filters: Int { get set }
  /// Groups of channels that are convolved apart from each other.
  var groups: Int { get set }
}

extension FullConvolution {
  package func outputChannels(_ channels: Int) throws(ShapeError) -> Int { filters }

  package func check(_ channels: Int) throws(ShapeError) {
    try checkStridesAgainstDilation()
    for (count, noun) in [(filters, "filters"), (channels, "input channels")]
    where count % groups != 0 {
      throw ShapeError(
        "\(className) has \(count) \(noun), which \(groups) groups do not divide",
        remedy: "use a number of groups that divides filters and input channels")
    }
  }

  package func kernels(_ channels: Int) throws(ShapeError) -> [WeightSpec] {
    [
      WeightSpec(
        "kernel", options.kernelSize + [channels / groups, filters],
        initializer: options.kernelInitializer,
        regularizer: options.kernelRegularizer, constraint: options.kernelConstraint)
    ]
  }

  package func kernelFormula(_ channels: Int) -> [String] {
    groups == 1
      ? ["\(kernelText) × \(channels) × \(filters)"]
      : ["\(kernelText) × (\(channels) ÷ \(groups)) × \(filters)"]
  }

  package func channelFormula(_ channels: Int) -> [String] {
    ["filters is \(filters)", "each sees all \(channels / groups) input channels"]
  }

  /// The settings in the order of Keras' constructors; sequences can be padded in one more way.
  fileprivate static func settings(padding: [Setting<Self>]) -> [Setting<Self>] {
    var settings = ConvolutionSettings.filters(\Self.filters)
    settings += ConvolutionSettings.kernel(of: Self.self)
    settings += padding
    settings += ConvolutionSettings.dataFormat(of: Self.self)
    settings += ConvolutionSettings.dilation(of: Self.self)
    settings.append(
      Setting("groups", \.groups, .integer(1...largestSize), help: "groups of channels"))
    settings += ConvolutionSettings.activation(of: Self.self)
    settings += ConvolutionSettings.weights("kernel", of: Self.self)
    return settings
  }
}

/// A convolution over time: the same small kernel at every timestep.
///
/// Input: (batch, timesteps, features). Output: (batch, places, filters).
/// Source: `keras/src/layers/convolutional/conv1d.py`.
package struct Conv1D: FullConvolution {
  package static let className = "Conv1D"
  package static let aliases = ["Convolution1D"]
  package static let summary = "looks at a few neighbouring timesteps at a time, everywhere alike"
  package static let spatialRank = 1

  /// Output features.
  package var filters = 32
  /// What happens at the ends of the sequence.
  package var padding = CausalPadding.valid
  /// Groups of features that are convolved apart from each other.
  package var groups = 1
  package var options = ConvolutionOptions(rank: 1)

  package init() {}

  package static let settings: [Setting<Conv1D>] = settings(padding: [
    Setting(
      "padding", \.padding, .choice(CausalPadding.choices),
      help: "valid: shrinks; same: zeros at both ends; causal: zeros before")
  ])

  package var isPadded: Bool { padding != .valid }
}

/// A convolution over images: the same small kernel at every place.
///
/// Input: (batch, height, width, channels). Output: (batch, rows, columns, filters).
/// Source: `keras/src/layers/convolutional/conv2d.py`.
package struct Conv2D: FullConvolution {
  package static let className = "Conv2D"
  package static let aliases = ["Convolution2D"]
  package static let summary = "looks at a small patch of an image at a time, everywhere alike"
  package static let spatialRank = 2

  /// Output channels.
  package var filters = 32
  /// What happens at the borders.
  package var padding = Padding.valid
  /// Groups of channels that are convolved apart from each other.
  package var groups = 1
  package var options = ConvolutionOptions(rank: 2)

  package init() {}

  package static let settings: [Setting<Conv2D>] = settings(
    padding: ConvolutionSettings.padding(\.padding))

  package var isPadded: Bool { padding == .same }
}

/// A convolution over volumes, or over images and time: the same small kernel at every place.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, places…, filters).
/// Source: `keras/src/layers/convolutional/conv3d.py`.
package struct Conv3D: FullConvolution {
  package static let className = "Conv3D"
  package static let aliases = ["Convolution3D"]
  package static let summary = "looks at a small block of a volume at a time, everywhere alike"
  package static let spatialRank = 3

  /// Output channels.
  package var filters = 32
  /// What happens at the borders.
  package var padding = Padding.valid
  /// Groups of channels that are convolved apart from each other.
  package var groups = 1
  package var options = ConvolutionOptions(rank: 3)

  package init() {}

  package static let settings: [Setting<Conv3D>] = settings(
    padding: ConvolutionSettings.padding(\.padding))

  package var isPadded: Bool { padding == .same }
}

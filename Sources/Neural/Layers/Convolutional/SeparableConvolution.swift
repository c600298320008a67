/// A convolution in two steps: each channel by itself, then all channels at each position.
protocol SeparableConvolution: ConvolutionLayer {
  /// Output channels.
  var filters: Int { get set }
  /// Outputs of each input channel after the first step.
  var depthMultiplier: Int { get set }
  /// What happens at the borders.
  var padding: Padding { get set }
  /// What the second step can be told.
  var pointwise: PointwiseOptions { get set }
}

/// What the second step of a separable convolution can be told.
package struct PointwiseOptions: Hashable, Sendable {
  /// First values of its kernel.
  package var initializer = Initializer.glorotUniform
  /// Penalty on its kernel.
  package var regularizer: Regularizer?
  /// Constraint on its kernel.
  package var constraint: WeightConstraint?
}

extension SeparableConvolution {
  package var isPadded: Bool { padding == .same }

  package func outputChannels(_ channels: Int) throws(ShapeError) -> Int { filters }

  package func kernels(_ channels: Int) throws(ShapeError) -> [WeightSpec] {
    let ones = Array(repeating: 1, count: Self.spatialRank)
    return [
      WeightSpec(
        "depthwise_kernel", options.kernelSize + [channels, depthMultiplier],
        initializer: options.kernelInitializer,
        regularizer: options.kernelRegularizer, constraint: options.kernelConstraint),
      WeightSpec(
        "pointwise_kernel", ones + [try product(depthMultiplier, channels), filters],
        initializer: pointwise.initializer, regularizer: pointwise.regularizer,
        constraint: pointwise.constraint),
    ]
  }

  package func kernelFormula(_ channels: Int) -> [String] {
    [
      "\(kernelText) × \(channels) × \(depthMultiplier)",
      "+ \(channels) × \(depthMultiplier) × \(filters)",
    ]
  }

  package func channelFormula(_ channels: Int) -> [String] { ["filters is \(filters)"] }

  static var separableSettings: [Setting<Self>] {
    var settings = ConvolutionSettings.filters(\Self.filters)
    settings += ConvolutionSettings.kernel(of: Self.self)
    settings += ConvolutionSettings.padding(\.padding)
    settings += ConvolutionSettings.dataFormat(of: Self.self)
    settings += ConvolutionSettings.dilation(of: Self.self)
    settings += ConvolutionSettings.depthMultiplier(\.depthMultiplier)
    settings += ConvolutionSettings.activation(of: Self.self)
    settings += ConvolutionSettings.initializer("depthwise", of: Self.self)
    settings.append(
      Setting(
        "pointwise_initializer", \.pointwise.initializer, .initializer,
        help: "first values of the second kernel"))
    settings += ConvolutionSettings.biasInitializer(of: Self.self)
    settings += ConvolutionSettings.regularizer("depthwise", of: Self.self)
    settings.append(
      Setting(
        "pointwise_regularizer", \.pointwise.regularizer, .regularizer,
        help: "penalty on the second kernel"))
    settings += ConvolutionSettings.outputRegularizers(of: Self.self)
    settings += ConvolutionSettings.constraint("depthwise", of: Self.self)
    settings.append(
      Setting(
        "pointwise_constraint", \.pointwise.constraint, .constraint,
        help: "limits the second kernel"))
    settings += ConvolutionSettings.biasConstraint(of: Self.self)
    return settings
  }
}

/// A convolution over time in two steps: each feature over time, then all features together.
///
/// Input: (batch, timesteps, features). Output: (batch, places, filters).
/// Source: `keras/src/layers/convolutional/separable_conv1d.py`.
package struct SeparableConv1D: SeparableConvolution {
  package static let className = "SeparableConv1D"
  package static let aliases = ["SeparableConvolution1D"]
  package static let summary = "a cheaper convolution over time, in two steps"
  package static let spatialRank = 1

  package var filters = 32
  package var depthMultiplier = 1
  package var padding = Padding.valid
  package var pointwise = PointwiseOptions()
  package var options = ConvolutionOptions(rank: 1)

  package init() {}

  package static let settings: [Setting<SeparableConv1D>] = separableSettings
}

/// A convolution over images in two steps: each channel by itself, then all channels together.
///
/// Input: (batch, height, width, channels). Output: (batch, rows, columns, filters).
/// Source: `keras/src/layers/convolutional/separable_conv2d.py`.
package struct SeparableConv2D: SeparableConvolution {
  package static let className = "SeparableConv2D"
  package static let aliases = ["SeparableConvolution2D"]
  package static let summary = "a cheaper convolution over images, in two steps"
  package static let spatialRank = 2

  package var filters = 32
  package var depthMultiplier = 1
  package var padding = Padding.valid
  package var pointwise = PointwiseOptions()
  package var options = ConvolutionOptions(rank: 2)

  package init() {}

  package static let settings: [Setting<SeparableConv2D>] = separableSettings
}

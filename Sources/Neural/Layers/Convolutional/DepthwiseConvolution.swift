/// A convolution that keeps the channels apart: each has its own kernels.
protocol DepthwiseConvolution: ConvolutionLayer {
  /// Outputs of each input channel.
  var depthMultiplier: Int { get set }
  /// What happens at the borders.
  var padding: Padding { get set }
}

extension DepthwiseConvolution {
  package var isPadded: Bool { padding == .same }

  package func outputChannels(_ channels: Int) throws(ShapeError) -> Int {
    try product(channels, depthMultiplier)
  }

  package func kernels(_ channels: Int) throws(ShapeError) -> [WeightSpec] {
    [
      WeightSpec(
        "kernel", options.kernelSize + [channels, depthMultiplier],
        initializer: options.kernelInitializer,
        regularizer: options.kernelRegularizer, constraint: options.kernelConstraint)
    ]
  }

  package func kernelFormula(_ channels: Int) -> [String] {
    ["\(kernelText) × \(channels) × \(depthMultiplier)"]
  }

  package func channelFormula(_ channels: Int) -> [String] {
    ["\(channels) × depth_multiplier \(depthMultiplier)", "each sees one input channel only"]
  }

  static var depthwiseSettings: [Setting<Self>] {
    ConvolutionSettings.kernel(of: Self.self) + ConvolutionSettings.padding(\.padding)
      + ConvolutionSettings.depthMultiplier(\.depthMultiplier)
      + ConvolutionSettings.dataFormat(of: Self.self)
      + ConvolutionSettings.dilation(of: Self.self)
      + ConvolutionSettings.activation(of: Self.self)
      + ConvolutionSettings.weights("depthwise", of: Self.self)
  }
}

/// A convolution over time, each feature by itself.
///
/// Input: (batch, timesteps, features). Output: (batch, places, features × `depthMultiplier`).
/// Source: `keras/src/layers/convolutional/depthwise_conv1d.py`.
package struct DepthwiseConv1D: DepthwiseConvolution {
  package static let className = "DepthwiseConv1D"
  package static let summary = "a convolution over time, each feature by itself"
  package static let spatialRank = 1

  package var depthMultiplier = 1
  package var padding = Padding.valid
  package var options = ConvolutionOptions(rank: 1)

  package init() {}

  package static let settings: [Setting<DepthwiseConv1D>] = depthwiseSettings
}

/// A convolution over images, each channel by itself.
///
/// Input: (batch, height, width, channels). Output: (batch, rows, columns, channels ×
/// `depthMultiplier`). Source: `keras/src/layers/convolutional/depthwise_conv2d.py`.
package struct DepthwiseConv2D: DepthwiseConvolution {
  package static let className = "DepthwiseConv2D"
  package static let summary = "a convolution over images, each channel by itself"
  package static let spatialRank = 2

  package var depthMultiplier = 1
  package var padding = Padding.valid
  package var options = ConvolutionOptions(rank: 2)

  package init() {}

  package static let settings: [Setting<DepthwiseConv2D>] = depthwiseSettings
}

/// Runs of settings that convolutions share, in the order of Keras' constructors.
enum ConvolutionSettings {
  static func filters<L: ConvolutionLayer>(
    _ path: WritableKeyPath<L, Int> & Sendable
  ) -> [Setting<L>] {
    [
      Setting(
        "filters", path, .integer(1...largestSize), isRequired: true, help: "output channels")
    ]
  }

  static func kernel<L: ConvolutionLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "kernel_size", \.options.kernelSize, .window(rank: L.spatialRank), isRequired: true,
        help: "positions that the kernel covers"),
      Setting(
        "strides", \.options.strides, .window(rank: L.spatialRank),
        help: "how far the kernel moves at a time"),
    ]
  }

  static func padding<L: ConvolutionLayer>(
    _ path: WritableKeyPath<L, Padding> & Sendable
  ) -> [Setting<L>] {
    [
      Setting(
        "padding", path, .choice(Padding.choices),
        help: "valid: stays inside, shrinks; same: zeros at the borders")
    ]
  }

  static func depthMultiplier<L: ConvolutionLayer>(
    _ path: WritableKeyPath<L, Int> & Sendable
  ) -> [Setting<L>] {
    [
      Setting(
        "depth_multiplier", path, .integer(1...largestSize), help: "outputs of each input channel")
    ]
  }

  static func dataFormat<L: ConvolutionLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "data_format", \.options.dataFormat, .choice(DataFormat.choices),
        help: "where the channels stand")
    ]
  }

  static func dilation<L: ConvolutionLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "dilation_rate", \.options.dilationRate, .window(rank: L.spatialRank),
        help: "distance between the covered positions")
    ]
  }

  static func activation<L: ConvolutionLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting("activation", \.options.activation, .activation, help: "applied to each output"),
      Setting("use_bias", \.options.useBias, .boolean, help: "adds a trained number per channel"),
    ]
  }

  /// The kernel's initializer; `prefix` is `kernel` or `depthwise`.
  static func initializer<L: ConvolutionLayer>(_ prefix: String, of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "\(prefix)_initializer", \.options.kernelInitializer, .initializer, help: "first values")
    ]
  }

  static func biasInitializer<L: ConvolutionLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "bias_initializer", \.options.biasInitializer, .initializer,
        help: "first values of the bias")
    ]
  }

  static func regularizer<L: ConvolutionLayer>(_ prefix: String, of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "\(prefix)_regularizer", \.options.kernelRegularizer, .regularizer,
        help: "penalty on the kernel")
    ]
  }

  static func outputRegularizers<L: ConvolutionLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "bias_regularizer", \.options.biasRegularizer, .regularizer, help: "penalty on the bias"),
      Setting(
        "activity_regularizer", \.options.activityRegularizer, .regularizer,
        help: "penalty on the output"),
    ]
  }

  static func constraint<L: ConvolutionLayer>(_ prefix: String, of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "\(prefix)_constraint", \.options.kernelConstraint, .constraint, help: "limits the kernel")
    ]
  }

  static func biasConstraint<L: ConvolutionLayer>(of layer: L.Type) -> [Setting<L>] {
    [Setting("bias_constraint", \.options.biasConstraint, .constraint, help: "limits the bias")]
  }

  /// From `kernel_initializer` to `bias_constraint`, for layers with one kernel.
  static func weights<L: ConvolutionLayer>(_ prefix: String, of layer: L.Type) -> [Setting<L>] {
    initializer(prefix, of: layer) + biasInitializer(of: layer) + regularizer(prefix, of: layer)
      + outputRegularizers(of: layer) + constraint(prefix, of: layer) + biasConstraint(of: layer)
  }
}

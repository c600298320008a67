/// What every convolutional LSTM can be told.
package struct ConvLSTMOptions: Hashable, Sendable {
  /// Channels of the state and of the output.
  package var filters = 32
  /// The convolution of the input, with the activation of the candidate.
  package var convolution: ConvolutionOptions
  /// What the convolution of the input does at the borders.
  package var padding = Padding.valid
  /// Applied to the gates.
  package var recurrentActivation = Activation.sigmoid
  /// First values of the recurrent kernel.
  package var recurrentInitializer = Initializer.orthogonal
  /// Whether the forget gate's bias starts at 1.
  package var unitForgetBias = true
  /// Penalty on the recurrent kernel.
  package var recurrentRegularizer: Regularizer?
  /// Constraint on the recurrent kernel.
  package var recurrentConstraint: WeightConstraint?
  /// Share of the inputs dropped in training.
  package var dropout = 0.0
  /// Share of the hidden state dropped in training.
  package var recurrentDropout = 0.0
  /// Seed of the dropout.
  package var seed: Int?
  /// How the timesteps are walked.
  package var sequence = SequenceOptions()

  /// Keras' defaults, with a kernel of 3 on each axis.
  package init(rank: Int) {
    convolution = ConvolutionOptions(rank: rank)
    convolution.activation = .tanh
  }
}

/// The settings of convolutional LSTMs, in the order of Keras' constructors.
enum ConvLSTMSettings {
  static func all<L: ConvLSTMLayer>(of layer: L.Type) -> [Setting<L>] {
    window(of: layer) + functions(of: layer) + penalties(of: layer) + dropout(of: layer)
      + SequenceSettings.walk(of: layer)
      + SequenceSettings.unroll(of: layer, isPositional: false)
      + SequenceSettings.maskOutput(of: layer)
  }

  private static func window<L: ConvLSTMLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "filters", \.options.filters, .integer(1...largestSize), isRequired: true,
        help: "channels of the state h: output channels"),
      Setting(
        "kernel_size", \.options.convolution.kernelSize, .window(rank: L.spatialRank),
        isRequired: true, help: "positions that the kernels cover"),
      Setting(
        "strides", \.options.convolution.strides, .window(rank: L.spatialRank),
        help: "how far the kernel moves over the input at a time"),
      Setting(
        "padding", \.options.padding, .choice(Padding.choices),
        help: "valid: stays inside, shrinks; same: zeros at the borders"),
      Setting(
        "data_format", \.options.convolution.dataFormat, .choice(DataFormat.choices),
        help: "where the channels stand"),
      Setting(
        "dilation_rate", \.options.convolution.dilationRate, .window(rank: L.spatialRank),
        help: "distance between the covered positions of the input"),
    ]
  }

  private static func functions<L: ConvLSTMLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "activation", \.options.convolution.activation, .activation,
        help: "applied to the candidate"),
      Setting(
        "recurrent_activation", \.options.recurrentActivation, .activation,
        help: "applied to the gates"),
      Setting(
        "use_bias", \.options.convolution.useBias, .boolean,
        help: "adds a trained number to each gate of each filter"),
      Setting(
        "kernel_initializer", \.options.convolution.kernelInitializer, .initializer,
        help: "first values of the weights on the input"),
      Setting(
        "recurrent_initializer", \.options.recurrentInitializer, .initializer,
        help: "first values of the weights on the state"),
      Setting(
        "bias_initializer", \.options.convolution.biasInitializer, .initializer,
        help: "first values of the bias"),
      Setting(
        "unit_forget_bias", \.options.unitForgetBias, .boolean,
        help: "the forget gate's bias starts at 1"),
    ]
  }

  private static func penalties<L: ConvLSTMLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "kernel_regularizer", \.options.convolution.kernelRegularizer, .regularizer,
        help: "penalty on the weights on the input"),
      Setting(
        "recurrent_regularizer", \.options.recurrentRegularizer, .regularizer,
        help: "penalty on the weights on the state"),
      Setting(
        "bias_regularizer", \.options.convolution.biasRegularizer, .regularizer,
        help: "penalty on the bias"),
      Setting(
        "activity_regularizer", \.options.convolution.activityRegularizer, .regularizer,
        help: "penalty on the output"),
      Setting(
        "kernel_constraint", \.options.convolution.kernelConstraint, .constraint,
        help: "limits the weights on the input"),
      Setting(
        "recurrent_constraint", \.options.recurrentConstraint, .constraint,
        help: "limits the weights on the state"),
      Setting(
        "bias_constraint", \.options.convolution.biasConstraint, .constraint,
        help: "limits the bias"),
    ]
  }

  private static func dropout<L: ConvLSTMLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "dropout", \.options.dropout, .number(0...1), help: "share of inputs dropped in training"),
      Setting(
        "recurrent_dropout", \.options.recurrentDropout, .number(0...1),
        help: "share of the state dropped in training"),
      Setting(
        "seed", \.options.seed, .optionalInteger(0...Int(Int32.max)), help: "seed of the dropout"),
    ]
  }
}

/// Runs of settings that recurrent layers share, in the order of Keras' constructors.
enum RecurrentSettings {
  static func units<L: RecurrentLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "units", \.units, .integer(1...largestSize), isRequired: true,
        help: "size of the state h: output features of one direction")
    ]
  }

  static func activation<L: RecurrentLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting("activation", \.options.activation, .activation, help: "applied to the candidate")
    ]
  }

  static func initializers<L: RecurrentLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting("use_bias", \.options.useBias, .boolean, help: "adds a trained number to each gate"),
      Setting(
        "kernel_initializer", \.options.kernelInitializer, .initializer,
        help: "first values of the weights on the input"),
      Setting(
        "recurrent_initializer", \.options.recurrentInitializer, .initializer,
        help: "first values of the weights on the state"),
      Setting(
        "bias_initializer", \.options.biasInitializer, .initializer,
        help: "first values of the bias"),
    ]
  }

  static func penalties<L: RecurrentLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "kernel_regularizer", \.options.kernelRegularizer, .regularizer,
        help: "penalty on the weights on the input"),
      Setting(
        "recurrent_regularizer", \.options.recurrentRegularizer, .regularizer,
        help: "penalty on the weights on the state"),
      Setting(
        "bias_regularizer", \.options.biasRegularizer, .regularizer, help: "penalty on the bias"),
      Setting(
        "activity_regularizer", \.options.activityRegularizer, .regularizer,
        help: "penalty on the output"),
      Setting(
        "kernel_constraint", \.options.kernelConstraint, .constraint,
        help: "limits the weights on the input"),
      Setting(
        "recurrent_constraint", \.options.recurrentConstraint, .constraint,
        help: "limits the weights on the state"),
      Setting("bias_constraint", \.options.biasConstraint, .constraint, help: "limits the bias"),
      Setting(
        "dropout", \.options.dropout, .number(0...1), help: "share of inputs dropped in training"),
      Setting(
        "recurrent_dropout", \.options.recurrentDropout, .number(0...1),
        help: "share of the state dropped in training"),
    ]
  }

  static func seed<L: RecurrentLayer>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "seed", \.options.seed, .optionalInteger(0...Int(Int32.max)), help: "seed of the dropout")
    ]
  }
}

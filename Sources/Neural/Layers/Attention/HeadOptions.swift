/// What all attention of several heads can be told.
package struct HeadOptions: Hashable, Sendable {
  /// Share of the scores that training drops.
  package var dropout = 0.0
  /// Whether the dense layers inside have a bias.
  package var useBias = true
  /// How far a query looks: keys less than this many places away; `nil`: all of them.
  package var slidingWindow: Int?
  /// Whether a fused kernel is asked for, which gives the same numbers.
  package var flashAttention: Bool?
  /// First values of all kernels.
  package var kernelInitializer = Initializer.glorotUniform
  /// First values of all biases.
  package var biasInitializer = Initializer.zeros
  /// Penalty on all kernels.
  package var kernelRegularizer: Regularizer?
  /// Penalty on all biases.
  package var biasRegularizer: Regularizer?
  /// Penalty on what the dense layers inside give.
  package var activityRegularizer: Regularizer?
  /// Constraint on all kernels.
  package var kernelConstraint: WeightConstraint?
  /// Constraint on all biases.
  package var biasConstraint: WeightConstraint?
  /// Whether a gate, made of the query, scales what the heads give.
  package var useGate = false
  /// Seed of the dropout.
  package var seed: Int?
}

/// Runs of settings that attention of several heads has, in the order of Keras' constructors.
enum HeadSettings {
  static func first<L: HeadedAttention>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "dropout", \.options.dropout, .number(0...1), help: "share of scores dropped in training"),
      Setting(
        "use_bias", \.options.useBias, .boolean, help: "adds trained numbers to each projection"),
    ]
  }

  static func last<L: HeadedAttention>(of layer: L.Type) -> [Setting<L>] {
    [
      Setting(
        "sliding_window", \.options.slidingWindow, .optionalInteger(1...largestSize),
        help: "looks only at keys less than this far away; None: at all"),
      Setting(
        "flash_attention", \.options.flashAttention, .boolean,
        help: "asks for a faster kernel; the numbers stay"),
      Setting(
        "kernel_initializer", \.options.kernelInitializer, .initializer, help: "first values"),
      Setting(
        "bias_initializer", \.options.biasInitializer, .initializer,
        help: "first values of the biases"),
      Setting(
        "kernel_regularizer", \.options.kernelRegularizer, .regularizer,
        help: "penalty on the kernels"),
      Setting(
        "bias_regularizer", \.options.biasRegularizer, .regularizer, help: "penalty on the biases"),
      Setting(
        "activity_regularizer", \.options.activityRegularizer, .regularizer,
        help: "penalty on what each projection gives"),
      Setting(
        "kernel_constraint", \.options.kernelConstraint, .constraint, help: "limits the kernels"),
      Setting("bias_constraint", \.options.biasConstraint, .constraint, help: "limits the biases"),
      Setting(
        "use_gate", \.options.useGate, .boolean,
        help: "scales what the heads give by a gate made of the query"),
      RegularizationSettings.seed(\.options.seed),
    ]
  }
}

/// A forward pass of one layer, kept as a value: its outputs and what happened on the way.
public struct Pass: Sendable {
  /// The outputs, in the layer's order.
  public var outputs: [Tensor]
  /// The masks of the outputs where the layer makes them itself; `nil`: as for its class.
  public var masks: [Tensor?]?
  /// The timesteps of the recurrent layers inside: one, or more in a model that stands as a layer.
  public var recordings: [LayerRecording] = []
  /// The states that a stateful layer hands to its next pass, in the order of
  /// `PassContext.states`.
  public var states: [Tensor] = []
  /// Weights that the pass itself moves, by their index: averages of `BatchNormalization` in
  /// training.
  public var weightUpdates: [Int: Tensor] = [:]
  /// The way back; `nil` where `PassContext.isDifferentiated` did not ask for it, or the layer has
  /// none.
  public var pullback: Pullback?
  /// Whether nothing in the outputs changes where the inputs change a little: a comparison, a mask.
  ///
  /// No gradient goes on from there.
  public var isConstant = false
  /// What the outputs add to the loss: activity regularizers, of layers inside too.
  public var penalty: Double = 0
  /// Whether the layer adds to the loss by itself: its way back is gone even where its outputs do
  /// not matter.
  public var hasPenalty = false

  /// A pass that gave these outputs.
  public init(_ outputs: [Tensor]) {
    self.outputs = outputs
  }

  /// A pass that gave one output.
  public init(_ output: Tensor) {
    outputs = [output]
  }
}

/// What a layer needs to know of the pass that it is part of.
public struct PassContext: Sendable {
  /// Whether this is training: Dropout drops, BatchNormalization uses the batch's statistics.
  public var isTraining = false
  /// Whether nobody said so: the calls inside a model that stands as a layer may each say it.
  package var leavesTrainingToCalls = false
  /// Whether the layer's own weights are trained; a frozen BatchNormalization uses its averages.
  public var isTrainable = true
  /// The mask of each input, 1 where a timestep counts; `nil` where it has none.
  public var masks: [Tensor?] = []
  /// The states from the pass before, for stateful layers; empty: zeros.
  public var states: [Tensor] = []
  /// What randomness is drawn from: equal seeds give equal numbers.
  public var seed: UInt64 = 0
  /// Which training step this is, from 0: a layer with a seed of its own draws other numbers in
  /// each.
  public var step = 0
  /// Which call of the layer in this pass this is, from 0: each draws other numbers.
  public var call = 0
  /// Whether the way back is kept.
  public var isDifferentiated = false
  /// Whether anybody needs the gradients of the inputs.
  ///
  /// `false` where nothing in front of the layer learns; it may give `nil` for them then.
  public var needsInputGradients = true
  /// Whether the way back tells of the gradients of hidden states, timestep by timestep.
  public var tellsTimestepGradients = false
  /// How many bytes of timesteps each recurrent layer may keep; `nil`: none are recorded.
  public var recordingBytes: Int?
  /// The name of the layer.
  public var name = ""
  /// The plans of models inside; `nil` where nothing is kept between passes.
  var innerPlans: InnerPlans?

  /// Inference, without masks.
  public init() {}

  /// The mask of the first input.
  public var mask: Tensor? { masks.first ?? nil }

  /// What a layer draws from in this call of this step.
  ///
  /// - Parameter own: the layer's own seed, which stands instead of the pass'.
  /// - Returns: the random numbers, others for each call and step.
  public func randomNumbers(_ own: Int? = nil) -> RandomNumbers {
    let seed = own.map { UInt64(bitPattern: Int64($0)) } ?? seed
    guard step != 0 || call != 0 else { return RandomNumbers(seed: seed) }
    return RandomNumbers(seed: RandomNumbers.seed(seed, "step \(step), call \(call)"))
  }

  /// The context of a layer inside this one: with the part's name and a seed of its own.
  public func part(_ name: String, isTrainable: Bool = true) -> PassContext {
    var context = self
    context.name = name
    context.isTrainable = isTrainable
    context.seed = RandomNumbers.seed(seed, name)
    context.states = []
    return context
  }
}

/// Why a pass or a training step cannot be made.
public struct PassError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found and what was expected, in one line without a full stop.
  public var message: String
  /// What to do about it, in one line; empty where the message says it.
  public var remedy: String

  /// An error that says what is wrong and what to do about it.
  public init(_ message: String, remedy: String = "") {
    self.message = message
    self.remedy = remedy
  }

  /// The message, with the remedy behind it.
  public var description: String { remedy.isEmpty ? message : "\(message); \(remedy)" }

  /// The same error, with the layer's name before it.
  func at(_ name: String) -> PassError { PassError("\(name): \(message)", remedy: remedy) }
}

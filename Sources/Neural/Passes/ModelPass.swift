/// A forward pass of a model, kept as a value.
public struct ModelPass: Sendable {
  /// The model.
  public let model: Model
  /// What came in.
  public let inputs: [Tensor]
  /// What the model gives.
  public let outputs: [Tensor]
  /// The pass of every call; of those that the outputs need alone where nothing else was kept.
  public let passes: [NodeID: Pass]
  /// The masks that tensors have, 1 where a timestep counts.
  public let masks: [TensorRef: Tensor]
  /// What follows from the model for these inputs: the shape of every tensor.
  public let analysis: Analysis
  /// The states that stateful layers hand to the next pass.
  public let states: [LayerID: [Tensor]]

  /// What the layers' activity regularizers add to the loss.
  public var penalty: Double {
    // In the order of the calls: the sum is the same each time.
    model.nodes.keys.reduce(0) { $0 + (passes[$1]?.penalty ?? 0) }
  }

  /// The numbers of a tensor, where they were kept.
  public subscript(tensor: TensorRef) -> Tensor? {
    guard let outputs = passes[tensor.node]?.outputs, tensor.output < outputs.count else {
      return nil
    }
    return outputs[tensor.output]
  }
}

/// How a pass is run.
public struct PassOptions: Sendable {
  /// Whether this is training; `nil`: as each call says, not where it says nothing.
  ///
  /// `false` is Keras' `predict`, which passes over a call's own `training=True`; `nil` is a plain
  /// `model(x)`.
  public var isTraining: Bool? = false
  /// What Dropout and noise draw from.
  public var seed: UInt64 = 0
  /// Whether the outputs of all layers are kept, not the model's alone.
  public var keepsEverything = true
  /// How many bytes of timesteps each recurrent layer may keep; `nil`: none are recorded.
  public var recordingBytes: Int?
  /// The states that stateful layers start from; zeros where there are none.
  public var states: [LayerID: [Tensor]] = [:]
  /// Which training step this is, from 0; see `PassContext.step`.
  public var step = 0
  /// Which call of this model in a step this is, where it stands as a layer of another.
  var call = 0
  /// Whether the way back is kept: `ModelPass.gradients(for:)` needs it.
  public var isDifferentiated = false
  /// Whether the gradients of the inputs are wanted, not of the weights alone.
  public var needsInputGradients = false
  /// Whether the way back tells of the gradients of hidden states, timestep by timestep.
  public var tellsTimestepGradients = false
  /// How many bytes the pass may take; refused above.
  public var memoryLimit = MemoryLimit.standard

  /// Inference that keeps every layer's output, without timesteps.
  public init() {}
}

extension Model {
  /// Runs the model forward.
  ///
  /// - Parameters:
  ///   - inputs: a tensor for each input, the batch axis first.
  ///   - weights: the weights of every layer, as the analysis says them.
  ///   - options: how it is run.
  /// - Returns: what the model gives, and what is kept of the way there.
  /// - Throws: `PassError` where an input does not fit, a layer cannot be run, or it would take
  ///   more memory than allowed.
  public func pass(
    on inputs: [Tensor], weights: ModelWeights, options: PassOptions = PassOptions()
  ) throws(PassError) -> ModelPass {
    try PassPlan(self, inputSizes: inputs.map(\.sizes))
      .run(on: inputs, weights: weights, options: options)
  }
}

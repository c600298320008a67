/// A forward pass of a model, kept as a value.
public struct ModelPass: Sendable {
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
  /// Whether this is training.
  public var isTraining = false
  /// What Dropout and noise draw from.
  public var seed: UInt64 = 0
  /// Whether the outputs of all layers are kept, not the model's alone.
  public var keepsEverything = true
  /// How many bytes of timesteps each recurrent layer may keep; `nil`: none are recorded.
  public var recordingBytes: Int?
  /// The states that stateful layers start from; zeros where there are none.
  public var states: [LayerID: [Tensor]] = [:]
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
  /// - Throws: `PassError` where an input does not fit, a layer cannot be run, or it would take
  ///   more memory than allowed.
  public func pass(
    on inputs: [Tensor], weights: ModelWeights, options: PassOptions = PassOptions()
  ) throws(PassError) -> ModelPass {
    try PassPlan(self, inputSizes: inputs.map(\.sizes))
      .run(on: inputs, weights: weights, options: options)
  }
}

/// What a model needs to know before it runs on inputs of given sizes; good for any number of
/// passes.
public struct PassPlan: Sendable {
  /// The model.
  public let model: Model
  /// The shape of every tensor.
  public let analysis: Analysis
  /// The sizes of the inputs once they are adjusted to what the model expects.
  public let inputSizes: [[Int]]
  private let lastUses: [NodeID: [NodeID]]

  /// Checks that inputs of these sizes fit the model.
  ///
  /// - Throws: `PassError` where they do not, or a layer cannot stand on what comes out above it.
  public init(_ model: Model, inputSizes: [[Int]]) throws(PassError) {
    self.model = model
    self.inputSizes = try model.adjusted(inputSizes)
    analysis = Analysis(
      of: model, inputShapes: try model.inputShapes(ofSizes: self.inputSizes))
    if let (node, error) = analysis.firstError {
      throw PassError(
        "\(model.layer(of: node)?.name ?? "?"): \(error.message)", remedy: error.remedy)
    }
    var last: [NodeID: NodeID] = [:]
    for node in model.nodes.values {
      for input in node.kerasInputs { last[input.node] = node.id }
    }
    for output in model.outputs { last[output.node] = nil }
    lastUses = Dictionary(grouping: last.keys) { last[$0] ?? $0 }
  }

  /// Runs the model forward.
  ///
  /// - Throws: `PassError` where a layer cannot be run, or it would take more memory than allowed.
  public func run(
    on inputs: [Tensor], weights: ModelWeights, options: PassOptions = PassOptions()
  ) throws(PassError) -> ModelPass {
    try options.memoryLimit.check(self, options)
    let inputs = zip(inputs, inputSizes).map { $0.sizes == $1 ? $0 : $0.reshaped($1) }
    var run = Run(plan: self, weights: weights, options: options)
    for (tensor, input) in zip(model.inputs, inputs) {
      run.passes[tensor.node] = Pass(input)
    }
    for node in model.nodes.values {
      if run.passes[node.id] == nil { try run.call(node) }
      if !options.keepsEverything {
        for done in lastUses[node.id] ?? [] { run.passes[done] = nil }
      }
    }
    let outputs = model.outputs.compactMap { run.tensor($0) }
    return ModelPass(
      inputs: inputs, outputs: outputs, passes: run.passes, masks: run.masks,
      analysis: analysis, states: run.states)
  }

  /// A pass under way.
  private struct Run {
    let plan: PassPlan
    let weights: ModelWeights
    let options: PassOptions
    var passes: [NodeID: Pass] = [:]
    var masks: [TensorRef: Tensor] = [:]
    var states: [LayerID: [Tensor]]

    init(plan: PassPlan, weights: ModelWeights, options: PassOptions) {
      self.plan = plan
      self.weights = weights
      self.options = options
      states = options.states
    }

    func tensor(_ tensor: TensorRef) -> Tensor? {
      guard let outputs = passes[tensor.node]?.outputs, tensor.output < outputs.count else {
        return nil
      }
      return outputs[tensor.output]
    }

    mutating func call(_ node: Node) throws(PassError) {
      guard let layer = plan.model.layers[node.layer] else { return }
      let inputs = node.inputs.compactMap { tensor($0) }
      guard inputs.count == node.inputs.count else {
        throw PassError("\(layer.name): an input of it was not computed")
      }
      var context = PassContext()
      context.name = layer.name
      context.isTraining = node.keywords["training"]?.boolValue ?? options.isTraining
      context.isTrainable = layer.trainable && plan.model.trainable
      context.seed = RandomNumbers.seed(options.seed, layer.name)
      context.recordingBytes = options.recordingBytes
      context.states = states[node.layer] ?? []
      context.masks = masks(for: node)
      let pass: Pass
      do throws(PassError) {
        pass = try layer.layer.forward(inputs, weights: weights[node.layer], in: context)
      } catch {
        throw error.at(layer.name)
      }
      if layer.layer.isStateful { states[node.layer] = pass.states }
      passes[node.id] = pass
      follow(node, layer.layer, inputs: inputs, masks: context.masks, pass)
    }

    /// The mask of each input: the one that the call names, or the one that flows by itself.
    private func masks(for node: Node) -> [Tensor?] {
      if let given = node.mask {
        return [tensor(given)] + node.inputs.dropFirst().map { _ in nil }
      }
      if let mask = node.keywords["mask"], mask.isNull { return node.inputs.map { _ in nil } }
      return node.inputs.map { masks[$0] }
    }

    /// Follows the masks through a call.
    private mutating func follow(
      _ node: Node, _ layer: any Layer, inputs: [Tensor], masks: [Tensor?], _ pass: Pass
    ) {
      let made = pass.masks ?? layer.outputMasks(inputs: inputs, masks: masks)
      for (index, mask) in made.enumerated() {
        if let mask { self.masks[TensorRef(node.id, index)] = mask }
      }
    }
  }
}

extension Layer {
  /// The masks of the outputs, as `MaskRecipe` says them.
  func outputMasks(inputs: [Tensor], masks: [Tensor?]) -> [Tensor?] {
    // Of a layer's several arguments only the first one's mask counts.
    var masks = masks
    if self is any RecurrentLayer || self is any WrapperLayer { masks = Array(masks.prefix(1)) }
    let recipe = MaskRecipe(
      of: self, masks: masks.map { $0?.rank }, ranks: { inputs.map(\.rank) })
    var steps: [Tensor] = []
    func tensor(_ operand: MaskRecipe.Operand) -> Tensor? {
      switch operand {
      case .input(let index): index < inputs.count ? inputs[index] : nil
      case .mask(let index): index < masks.count ? masks[index] : nil
      case .step(let index): index < steps.count ? steps[index] : nil
      }
    }
    for step in recipe.steps {
      let operands = step.operands.compactMap { tensor($0) }
      guard operands.count == step.operands.count,
        let pass = try? MaskOperation(step.kind).forward(
          operands, weights: LayerWeights(), in: PassContext())
      else { return [] }
      steps += pass.outputs
    }
    return recipe.outputs.map { $0.flatMap { tensor($0) } }
  }
}

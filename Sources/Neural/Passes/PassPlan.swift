/// What a model needs to know before it runs on inputs of given sizes; good for any number of
/// passes.
public struct PassPlan: Sendable {
  /// The model.
  public let model: Model
  /// The shape of every tensor.
  public let analysis: Analysis
  /// The sizes of the inputs once they are adjusted to what the model expects.
  public let inputSizes: [[Int]]
  /// The plans of models that stand as layers of this one.
  let innerPlans = InnerPlans()
  /// The nodes whose outputs nobody needs once a node has run.
  let lastUses: [NodeID: [NodeID]]
  /// For each node the tensors whose masks are gone when it is called.
  private let lostMasks: [NodeID: Set<TensorRef>]
  /// The nodes that have weights to learn, or stand behind such nodes.
  private let learning: Set<NodeID>

  /// Checks that inputs of these sizes fit the model.
  ///
  /// - Throws: `PassError` where they do not, or a layer cannot stand on what comes out above it.
  public init(_ model: Model, inputSizes: [[Int]]) throws(PassError) {
    self.model = model
    self.inputSizes = try model.adjusted(inputSizes)
    analysis = Analysis(
      of: model, inputShapes: model.inputShapes(ofSizes: self.inputSizes))
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
    var learning: Set<NodeID> = []
    for node in model.nodes.values {
      let learns = analysis.reports[node.id]?.weights.contains(where: \.isTrainable) ?? false
      if learns || node.inputs.contains(where: { learning.contains($0.node) }) {
        learning.insert(node.id)
      }
    }
    self.learning = learning
    lostMasks = model.lostMasks()
  }

  /// Whether weights stand in front of a node: gradients have to go on through its inputs.
  fileprivate func isReachedByWeights(_ node: Node) -> Bool {
    node.inputs.contains { learning.contains($0.node) }
  }

  /// Runs the model forward.
  ///
  /// - Throws: `PassError` where a layer cannot be run, or it would take more memory than allowed.
  public func run(
    on inputs: [Tensor], weights: ModelWeights, options: PassOptions = PassOptions()
  ) throws(PassError) -> ModelPass {
    try run(on: inputs, masks: [], weights: weights, options: options)
  }

  /// Runs the model forward on inputs some of which have masks.
  func run(
    on inputs: [Tensor], masks: [Tensor?], weights: ModelWeights, options: PassOptions
  ) throws(PassError) -> ModelPass {
    try options.memoryLimit.check(self, options)
    let inputs = try fitted(inputs)
    var run = Run(plan: self, weights: weights, options: options)
    for (index, (tensor, input)) in zip(model.inputs, inputs).enumerated() {
      run.passes[tensor.node] = Pass(input)
      if index < masks.count, let mask = masks[index] { run.masks[tensor] = mask }
    }
    for node in model.nodes.values {
      // A pass that nobody waits for any more ends here.
      guard !Task.isCancelled else { throw PassError("the pass was stopped") }
      if run.passes[node.id] == nil { try run.call(node) }
      guard !options.keepsEverything else { continue }
      // Recordings and moved averages stay.
      for done in lastUses[node.id] ?? [] { run.passes[done]?.outputs = [] }
    }
    let outputs = model.outputs.compactMap { run.tensor($0) }
    return ModelPass(
      model: model, inputs: inputs, outputs: outputs, passes: run.passes, masks: run.masks,
      analysis: analysis, states: run.states)
  }

  /// The inputs in the sizes that the model takes.
  private func fitted(_ inputs: [Tensor]) throws(PassError) -> [Tensor] {
    var fitted: [Tensor] = []
    for (input, sizes) in zip(inputs, inputSizes) {
      guard Count(input.count) == Count.product(sizes) else {
        throw PassError(
          "the pass was planned for an input of \(Shape(sizes: sizes)), found \(input.shape)")
      }
      fitted.append(input.sizes == sizes ? input : input.reshaped(sizes))
    }
    guard inputs.count == inputSizes.count else {
      throw PassError("the pass was planned for \(inputSizes.count) inputs, found \(inputs.count)")
    }
    return fitted
  }

  /// A pass under way.
  private struct Run {
    let plan: PassPlan
    var weights: ModelWeights
    let options: PassOptions
    var passes: [NodeID: Pass] = [:]
    var masks: [TensorRef: Tensor] = [:]
    /// The masks that tensors had when the model was built, before any layer took them off; empty
    /// where none does.
    var builtMasks: [TensorRef: Tensor] = [:]
    var states: [LayerID: [Tensor]]
    /// How often each layer was called.
    var calls: [LayerID: Int] = [:]

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
      guard let layer = plan.model.layers[node.layer]?.called(by: node) else { return }
      let inputs = node.inputs.compactMap { tensor($0) }
      guard inputs.count == node.inputs.count else {
        throw PassError("\(layer.name): an input of it was not computed")
      }
      try check(weights[node.layer], of: layer, plan.analysis.reports[node.id]?.weights ?? [])
      if let empty = inputs.first(where: { $0.values.isEmpty }) {
        throw PassError("\(layer.name): there is nothing in its input \(empty.shape)")
      }
      var context = PassContext()
      context.name = layer.name
      context.innerPlans = plan.innerPlans
      let isTraining = options.isTraining ?? node.keywords["training"]?.boolValue
      context.isTraining = isTraining ?? false
      context.leavesTrainingToCalls = isTraining == nil
      // Keras asks the layer alone: setting a model's flag sets those of its layers.
      context.isTrainable = layer.trainable
      context.seed = RandomNumbers.seed(options.seed, layer.name)
      context.step = options.step
      context.call = options.call &* 0x10001 &+ calls[node.layer, default: 0]
      calls[node.layer, default: 0] += 1
      context.needsInputGradients =
        options.needsInputGradients || plan.isReachedByWeights(node)
      // Where nothing is learned, in the layer or in front of it, the way back ends.
      let hasWeights = plan.analysis.reports[node.id]?.weights.isEmpty == false
      let isWay = context.needsInputGradients || hasWeights
      context.isDifferentiated = options.isDifferentiated && isWay
      context.tellsTimestepGradients = options.tellsTimestepGradients
      context.recordingBytes = options.recordingBytes
      context.states = states[node.layer] ?? []
      let flowing = try masks(for: node, layer, inputs)
      context.masks = seen(flowing, by: layer.layer, in: node)
      var pass: Pass
      do throws(PassError) {
        pass = try layer.layer.forward(
          inputs, weights: weights[node.layer], penalizedBy: layer.activityRegularizer(),
          in: context)
      } catch {
        throw error.at(layer.name)
      }
      if options.isDifferentiated, !isWay {
        pass.pullback = { _ in Gradients(inputs: node.inputs.map { _ in nil }) }
      }
      if layer.layer.isStateful { states[node.layer] = pass.states }
      passes[node.id] = pass
      if !pass.weightUpdates.isEmpty {
        // Another call of the same layer goes on from the moved averages.
        weights.layers[node.layer] = weights[node.layer].replacing(pass.weightUpdates)
      }
      follow(node, layer.layer, inputs: inputs, masks: flowing, pass)
    }

    /// Checks that the weights are those that the layer needs.
    private func check(
      _ weights: LayerWeights, of layer: NamedLayer, _ specs: [WeightSpec]
    ) throws(PassError) {
      guard weights.count == specs.count else {
        throw PassError(
          "\(layer.name): it needs \(specs.count) weights, found \(weights.count)",
          remedy: "make first values, or open weights that were saved from this model")
      }
      for (tensor, spec) in zip(weights.tensors, specs) where tensor.sizes != spec.shape {
        throw PassError(
          "\(layer.name): \(spec.name) should be \(spec.shapeText), found \(tensor.shape)",
          remedy: "make first values, or open weights that were saved from this model")
      }
    }

    /// The mask of each input: the one that the call names, or the one that flows by itself.
    ///
    /// `mask=None` is no different from no mask named, in Keras as here.
    private func masks(
      for node: Node, _ layer: NamedLayer, _ inputs: [Tensor]
    ) throws(PassError) -> [Tensor?] {
      let lost = plan.lostMasks[node.id] ?? []
      // What Keras gave a layer by itself stands in the model, whatever happens to the tensor.
      let isRecorded = plan.model.takesMaskByItself(node)
      var result = node.inputs.map { tensor in
        (isRecorded ? builtMasks[tensor] : nil) ?? (lost.contains(tensor) ? nil : masks[tensor])
      }
      guard let given = node.mask, !result.isEmpty else { return result }
      result = result.map { _ in nil }
      result[0] = tensor(given)
      if let mask = result[0], !inputs[0].sizes.starts(with: mask.sizes) {
        throw PassError(
          "\(layer.name): its mask has the shape \(mask.shape), its input \(inputs[0].shape)",
          remedy: "a mask says of each sample and timestep whether it counts")
      }
      return result
    }

    /// The masks that a layer gets to see of those that flow to it.
    private func seen(_ flowing: [Tensor?], by layer: any Layer, in node: Node) -> [Tensor?] {
      // Keras hands a mask to a layer by itself only where the sequence is all it is given;
      // behind the layer the mask flows on all the same.
      if node.mask == nil, node.inputs.count > 1, layer.readsOneSequence {
        return node.inputs.map { _ in nil }
      }
      guard layer is any SequenceLayer || layer is Bidirectional else { return flowing }
      // A mask finer than timesteps leaves one out where nothing of it counts.
      return flowing.map { mask in
        var mask = mask
        while let finer = mask, finer.rank > 2 {
          mask = try? MaskOperation(.any).forward(
            [finer], weights: LayerWeights(), in: PassContext()
          ).outputs[0]
        }
        return mask
      }
    }

    /// Follows the masks through a call.
    private mutating func follow(
      _ node: Node, _ layer: any Layer, inputs: [Tensor], masks: [Tensor?], _ pass: Pass
    ) {
      let made = pass.masks ?? layer.outputMasks(inputs: inputs, masks: masks)
      for (index, mask) in made.enumerated() {
        if let mask { self.masks[TensorRef(node.id, index)] = mask }
      }
      guard !plan.lostMasks.isEmpty else { return }
      let before = node.mask == nil ? node.inputs.map { builtMasks[$0] } : masks
      let built = pass.masks ?? layer.outputMasks(inputs: inputs, masks: before)
      for (index, mask) in built.enumerated() {
        if let mask { builtMasks[TensorRef(node.id, index)] = mask }
      }
    }
  }
}

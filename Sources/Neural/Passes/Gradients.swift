/// What comes back through a layer: how the loss changes with its inputs and its weights.
public struct Gradients: Sendable {
  /// For each input, of its sizes; `nil` where none flows: indices, or nobody asked for it.
  public var inputs: [Tensor?]
  /// For each weight, in the order of `Layer.weights(for:)`; `nil` where the layer does not learn
  /// it by gradients.
  public var weights: [Tensor?]
  /// How the loss changes with the hidden states of recurrent layers inside, where that was asked
  /// for: in the order of `Pass.recordings`.
  public var timesteps: [TimestepGradients] = []

  /// Gradients of some inputs and weights.
  public init(inputs: [Tensor?], weights: [Tensor?] = []) {
    self.inputs = inputs
    self.weights = weights
  }

  /// Gradients of one input and some weights.
  public init(_ input: Tensor?, weights: [Tensor?] = []) {
    inputs = [input]
    self.weights = weights
  }
}

/// The way back through a layer: from gradients of its outputs, `nil` where an output does not
/// matter to the loss, to those of its inputs and weights.
///
/// Called with at least one gradient, once or never.
public typealias Pullback = @Sendable ([Tensor?]) throws(PassError) -> Gradients

/// How much the loss changes with the hidden states of a recurrent layer, timestep by timestep.
public struct TimestepGradients: Hashable, Sendable {
  /// The layer's name behind the names of the models that it stands in.
  public var path: [String]
  /// One for each direction: its name, and for each timestep t = 0, 1, … the mean over the samples
  /// of |∂loss/∂h(t)| (Euclidean norm over the units, of the whole gradient: by way of the output
  /// at t and of every later step).
  public var directions: [Direction]

  /// The gradients of one direction.
  public struct Direction: Hashable, Sendable {
    /// The direction's name: `forward_lstm`.
    public var name: String
    /// For each timestep in the order of the input, whatever the direction reads first.
    public var norms: [Float]

    /// The gradients of one direction.
    public init(name: String, norms: [Float]) {
      self.name = name
      self.norms = norms
    }
  }

  /// The gradients of a layer's directions.
  public init(path: [String], directions: [Direction]) {
    self.path = path
    self.directions = directions
  }
}

extension Pass {
  /// A pass with one output and its way back, which is kept where the context asks for it.
  public init(
    _ output: Tensor, in context: PassContext,
    pullback: @escaping @Sendable (Tensor) throws(PassError) -> Gradients
  ) {
    self.init(output)
    guard context.isDifferentiated else { return }
    self.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      guard let gradient = gradients.first ?? nil else { return Gradients(inputs: []) }
      return try pullback(gradient)
    }
  }
}

/// What comes back through a model.
public struct ModelGradients: Sendable {
  /// For each weight of each layer; the sum over the calls of a shared layer.
  public var weights: [LayerID: [Tensor?]] = [:]
  /// For each input; `nil` where none was asked for or none flows.
  public var inputs: [Tensor?] = []
  /// Of the recurrent layers, by their calls, where that was asked for.
  public var timesteps: [NodeID: [TimestepGradients]] = [:]
}

extension ModelPass {
  /// Goes back through the model.
  ///
  /// - Parameter outputs: how the loss changes with each output; `nil` where it does not.
  /// - Returns: how it changes with the weights and the inputs.
  /// - Throws: `PassError` where a layer cannot be differentiated, or the pass was run without
  ///   `PassOptions.isDifferentiated`.
  public func gradients(for outputs: [Tensor?]) throws(PassError) -> ModelGradients {
    var arriving: [TensorRef: Tensor] = [:]
    for (tensor, gradient) in zip(model.outputs, outputs) {
      guard let gradient else { continue }
      arriving.add(gradient, to: tensor)
    }
    var result = ModelGradients()
    for node in model.nodes.values.reversed() {
      guard let pass = passes[node.id], let layer = model.layers[node.layer] else { continue }
      if node.inputs.isEmpty { continue }
      // Outputs that nobody needs any more may be gone.
      let count = analysis.reports[node.id]?.outputs?.count ?? pass.outputs.count
      let arrived = (0..<count).map { arriving.removeValue(forKey: TensorRef(node.id, $0)) }
      guard pass.hasPenalty || arrived.contains(where: { $0 != nil }) else { continue }
      guard let pullback = pass.pullback else {
        if pass.isConstant { continue }
        throw PassError(
          "\(layer.name): \(layer.className) cannot be trained through here",
          remedy: "it can be run, and its shapes are known")
      }
      let gradients: Gradients
      do throws(PassError) {
        gradients = try pullback(arrived)
      } catch {
        throw error.at(layer.name)
      }
      for (tensor, gradient) in zip(node.inputs, gradients.inputs) {
        if let gradient { arriving.add(gradient, to: tensor) }
      }
      if !gradients.weights.isEmpty { result.add(gradients.weights, to: node.layer) }
      if !gradients.timesteps.isEmpty { result.timesteps[node.id] = gradients.timesteps }
    }
    result.inputs = model.inputs.map { arriving[$0] }
    return result
  }
}

extension ModelGradients {
  fileprivate mutating func add(_ gradients: [Tensor?], to layer: LayerID) {
    guard var known = weights.removeValue(forKey: layer) else {
      weights[layer] = gradients
      return
    }
    known.add(gradients)
    weights[layer] = known
  }
}

extension [TensorRef: Tensor] {
  /// Adds to the gradient of a tensor that several calls take.
  fileprivate mutating func add(_ gradient: Tensor, to tensor: TensorRef) {
    guard var known = removeValue(forKey: tensor) else {
      self[tensor] = gradient
      return
    }
    known.add(gradient)
    self[tensor] = known
  }
}

extension [Tensor?] {
  /// Adds gradients of the same weights, of another call; `nil` adds nothing.
  mutating func add(_ others: [Tensor?]) {
    for (index, other) in others.enumerated() {
      guard index < count else { return append(contentsOf: others[index...]) }
      guard let other else { continue }
      guard self[index] != nil else {
        self[index] = other
        continue
      }
      self[index]?.add(other)
    }
  }
}

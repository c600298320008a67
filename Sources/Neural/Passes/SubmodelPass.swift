extension Submodel {
  package var isStateful: Bool { model.layers.values.contains { $0.layer.isStateful } }
  package var stateCount: Int {
    statefulLayers.reduce(0) { $0 + (model.layers[$1]?.layer.stateCount ?? 0) }
  }

  /// The layers that keep states, in the order in which their states are kept.
  private var statefulLayers: [LayerID] {
    model.layers.keys.filter { model.layers[$0]?.layer.isStateful == true }
  }

  /// Runs the model inside; masks go in and come out.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let plan = try (context.innerPlans ?? InnerPlans())
      .plan(for: model, inputSizes: inputs.map(\.sizes))
    let places = places(plan.analysis)
    guard places.values.allSatisfy({ $0.upperBound <= weights.count }) else {
      throw PassError("the model needs other weights than there are: \(weights.count)")
    }
    var innerWeights = ModelWeights()
    for (id, range) in places { innerWeights.layers[id] = weights.part(range) }
    var options = PassOptions()
    options.isTraining = context.leavesTrainingToCalls ? nil : context.isTraining
    options.seed = context.seed
    options.keepsEverything = false
    options.recordingBytes = context.recordingBytes
    options.step = context.step
    options.call = context.call
    options.isDifferentiated = context.isDifferentiated
    options.needsInputGradients = context.needsInputGradients
    options.tellsTimestepGradients = context.tellsTimestepGradients
    options.states = states(context.states)
    // What the pass takes was counted with the model around this one.
    options.memoryLimit = MemoryLimit(bytes: .max)
    let result = try plan.run(
      on: inputs, masks: context.masks, weights: innerWeights, options: options)
    var pass = Pass(result.outputs)
    pass.masks = model.outputs.map { result.masks[$0] }
    pass.states = statefulLayers.flatMap { result.states[$0] ?? [] }
    for (id, node) in model.nodes {
      guard let inside = result.passes[id] else { continue }
      for var recording in inside.recordings {
        recording.path.insert(context.name, at: 0)
        pass.recordings.append(recording)
      }
      guard let start = places[node.layer]?.lowerBound else { continue }
      for (index, update) in inside.weightUpdates { pass.weightUpdates[start + index] = update }
    }
    pass.penalty = result.penalty
    pass.hasPenalty = result.passes.values.contains(where: \.hasPenalty)
    guard context.isDifferentiated else { return pass }
    let (name, count) = (context.name, weights.count)
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      try result.gradients(for: gradients).ofLayer(named: name, model, places, count: count)
    }
    return pass
  }

  /// Where the weights of each layer stand among those of the whole.
  private func places(_ analysis: Analysis) -> [LayerID: Range<Int>] {
    var places: [LayerID: Range<Int>] = [:]
    var start = 0
    for id in model.layers.keys {
      guard let count = analysis.weights[id]?.count else { continue }
      places[id] = start..<(start + count)
      start += count
    }
    return places
  }

  /// The states of each layer, where there are any yet.
  private func states(_ all: [Tensor]) -> [LayerID: [Tensor]] {
    guard all.count == stateCount else { return [:] }
    var result: [LayerID: [Tensor]] = [:]
    var rest = all[...]
    for id in statefulLayers {
      let count = model.layers[id]?.layer.stateCount ?? 0
      result[id] = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return result
  }
}

extension ModelGradients {
  /// The gradients of a model as those of one layer.
  ///
  /// - Parameters:
  ///   - name: the layer's name.
  ///   - model: the model that it stands for.
  ///   - places: where the weights of each layer inside stand among all of them.
  ///   - count: how many weights there are.
  /// - Returns: the same gradients, of inputs, weights and timesteps.
  fileprivate func ofLayer(
    named name: String, _ model: Model, _ places: [LayerID: Range<Int>], count: Int
  ) -> Gradients {
    var all: [Tensor?] = Array(repeating: nil, count: count)
    for (layer, gradients) in weights {
      guard let place = places[layer] else { continue }
      for (index, gradient) in zip(place, gradients) { all[index] = gradient }
    }
    var result = Gradients(inputs: inputs, weights: all)
    for node in model.nodes.keys {
      for var inside in timesteps[node] ?? [] {
        inside.path.insert(name, at: 0)
        result.timesteps.append(inside)
      }
    }
    return result
  }
}

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
    let plan = try plan(for: inputs, weights)
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
    return pass
  }

  /// What is needed to run on inputs of these sizes; made once and kept with the weights.
  private func plan(
    for inputs: [Tensor], _ weights: LayerWeights
  ) throws(PassError) -> PassPlan {
    let key = PlanKey(model: model, inputSizes: inputs.map(\.sizes))
    let plan = weights.prepared(as: key) { () -> Result<PassPlan, PassError> in
      do throws(PassError) {
        return .success(try PassPlan(key.model, inputSizes: key.inputSizes))
      } catch {
        return .failure(error)
      }
    }
    return try plan.get()
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

/// A model on inputs of given sizes.
private struct PlanKey: Hashable, Sendable {
  let model: Model
  let inputSizes: [[Int]]

  /// Hashes the sizes: models are seldom different where they are equal, and long to hash.
  func hash(into hasher: inout Hasher) { hasher.combine(inputSizes) }
}

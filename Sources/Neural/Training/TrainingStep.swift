import VectorKernels

extension Trainer {
  /// Makes one training step.
  ///
  /// - Parameter batch: samples with targets.
  /// - Returns: the loss before the step.
  /// - Throws: `PassError` where the batch does not fit or a layer cannot be trained.
  @discardableResult
  public mutating func train(on batch: TrainingData) throws(PassError) -> BatchResult {
    var nothing: Measurements?
    return try train(on: batch, &nothing)
  }

  /// Makes one training step, and measures the batch in the same pass.
  ///
  /// - Parameters:
  ///   - batch: samples with targets.
  ///   - measurements: what is measured, so far; takes in the batch.
  /// - Returns: the loss before the step.
  /// - Throws: `PassError` where the batch does not fit or a layer cannot be trained.
  @discardableResult
  public mutating func train(
    on batch: TrainingData, measuring measurements: inout Measurements
  ) throws(PassError) -> BatchResult {
    var kept: Measurements? = measurements
    let result = try train(on: batch, &kept)
    if let kept { measurements = kept }
    return result
  }

  private mutating func train(
    on batch: TrainingData, _ measurements: inout Measurements?
  ) throws(PassError) -> BatchResult {
    // Averages of gradients that are gone would never get to zero, and cost time on the way.
    let flushedBefore = denormals_flush(true)
    defer { _ = denormals_flush(flushedBefore) }
    guard compilation.losses.contains(where: { $0 != nil }) || !penalties.isEmpty else {
      throw PassError("there is no loss to make small", remedy: "say which: compile(loss='mse')")
    }
    var options = options
    options.isTraining = true
    options.isDifferentiated = true
    options.tellsTimestepGradients = tellsTimestepGradients
    var back = try goThere(batch, options, measuring: &measurements, isTraining: true)
    var result = back.result
    let largest = back.gradients.weights.values.joined().reduce(Float(0)) {
      let magnitude = $1?.largestMagnitude ?? 0
      return $0.isNaN || magnitude < $0 ? $0 : magnitude
    }
    step += 1
    guard result.loss.isFinite, optimizer.staysFinite(largest) else {
      result.isNotANumber = true
      return result
    }
    states = back.states
    result.timesteps = back.gradients.timesteps
    let gradients = back.gradients
    back.gradients = ModelGradients()
    take(back.updates)
    optimizer.step(gradients, &weights)
    return result
  }

  /// Measures a batch, without training.
  ///
  /// - Parameters:
  ///   - batch: samples with targets.
  ///   - measurements: what is measured, so far; takes in the batch.
  /// - Returns: the loss.
  /// - Throws: `PassError` where the batch does not fit.
  @discardableResult
  public mutating func test(
    on batch: TrainingData, measuring measurements: inout Measurements
  ) throws(PassError) -> BatchResult {
    var kept: Measurements? = measurements
    let back = try goThere(batch, options, measuring: &kept, isTraining: false)
    if let kept { measurements = kept }
    states = back.states
    return back.result
  }

  /// What the model makes of one batch of inputs.
  ///
  /// - Throws: `PassError` where they do not fit.
  public mutating func predict(_ inputs: [Tensor]) throws(PassError) -> [Tensor] {
    let pass = try plan(for: inputs).run(on: inputs, weights: weights, options: options)
    states = pass.states
    return pass.outputs
  }

  /// Sets the learning rate.
  ///
  /// - Throws: `PassError` where a schedule sets it, or it is no number from 0.
  public mutating func setLearningRate(_ rate: Double) throws(PassError) {
    try optimizer.setLearningRate(rate)
  }

  /// Ends a training: weights become their averages where the optimizer keeps some (`use_ema`).
  public mutating func finish() { optimizer.finish(&weights) }

  /// Forgets what stateful layers would hand to their next pass: `model.reset_states()`.
  public mutating func resetStates() { states = [:] }

  /// The names of losses and metrics, in the order of the list that Keras' `evaluate` returns.
  public var resultNames: [String] { measurements.names }
}

extension Trainer {
  /// How every pass is run.
  private var options: PassOptions {
    var options = PassOptions()
    options.keepsEverything = false
    options.seed = seed
    options.step = step
    options.states = states
    options.memoryLimit = memoryLimit
    return options
  }

  /// What a pass there, and back, leaves behind.
  private struct ThereAndBack {
    var result: BatchResult
    var gradients = ModelGradients()
    /// Averages that the pass moves, in the order of the calls.
    var updates: [(layer: LayerID, weights: [Int: Tensor])] = []
    var states: [LayerID: [Tensor]]
  }

  /// A pass, its losses, and the way back.
  ///
  /// Nothing of the pass outlives the call, so that weights can then be moved in place.
  private mutating func goThere(
    _ batch: TrainingData, _ options: PassOptions, measuring measurements: inout Measurements?,
    isTraining: Bool
  ) throws(PassError) -> ThereAndBack {
    let pass = try plan(for: batch.inputs).run(on: batch.inputs, weights: weights, options: options)
    var result = BatchResult(loss: 0, samples: batch.count)
    var gradients: [Tensor?] = []
    for (index, output) in pass.outputs.enumerated() {
      let loss = index < compilation.losses.count ? compilation.losses[index] : nil
      guard let loss, let targets = targets(of: batch, output: index) else {
        gradients.append(nil)
        result.outputLosses.append(nil)
        continue
      }
      var value: LossValue
      do throws(PassError) {
        value = try loss.value(
          of: output, targets: targets, weights: sampleWeights(of: batch, output: index),
          mask: pass.masks[model.outputs[index]])
      } catch {
        throw pass.outputs.count > 1 ? error.at(outputName(index)) : error
      }
      result.outputLosses.append(value.value)
      if let weight = compilation.lossWeights?[index], weight != 1 {
        result.loss += value.value * weight
        let factor = Float(weight)
        value.gradient.changeEach { $0 * factor }
      } else {
        result.loss += value.value
      }
      gradients.append(value.gradient)
    }
    for (id, regularizer) in penalties {
      result.loss += try regularizer.value(of: weights[id.layer][id.index])
    }
    result.loss += pass.penalty
    if measurements != nil {
      try measurements?.update(
        result, pass.outputs, targets: pass.outputs.indices.map { targets(of: batch, output: $0) },
        weights: pass.outputs.indices.map { sampleWeights(of: batch, output: $0) },
        // On the way back through JAX outputs lose their masks before Keras measures them.
        masks: isTraining ? [] : model.outputs.map { pass.masks[$0] })
    }
    var back = ThereAndBack(result: result, states: pass.states)
    guard isTraining, result.loss.isFinite else { return back }
    back.gradients = try pass.gradients(for: gradients)
    for (id, regularizer) in penalties {
      back.gradients.add(try regularizer.gradient(of: weights[id.layer][id.index]), to: id)
    }
    for node in model.nodes.values {
      guard let updates = pass.passes[node.id]?.weightUpdates, !updates.isEmpty else { continue }
      back.updates.append((node.layer, updates))
    }
    return back
  }

  /// Takes over averages that a pass moved.
  private mutating func take(_ updates: [(layer: LayerID, weights: [Int: Tensor])]) {
    for update in updates {
      weights.update(update.layer) { tensors in
        for (index, tensor) in update.weights where tensors.indices.contains(index) {
          tensors[index] = tensor
        }
      }
    }
  }

  private func targets(of batch: TrainingData, output: Int) -> Tensor? {
    guard let place = targetPlaces[output], place < batch.targets.count else { return nil }
    return batch.targets[place]
  }

  private func sampleWeights(of batch: TrainingData, output: Int) -> Tensor? {
    guard let place = targetPlaces[output], let first = batch.sampleWeights.first else {
      return nil
    }
    if batch.sampleWeights.count == 1 { return first }
    return place < batch.sampleWeights.count ? batch.sampleWeights[place] : nil
  }

  func outputName(_ index: Int) -> String {
    model.layer(of: model.outputs[index].node)?.name ?? "output \(index + 1)"
  }

  /// The plan for inputs of these sizes; made once.
  private mutating func plan(for inputs: [Tensor]) throws(PassError) -> PassPlan {
    let sizes = inputs.map(\.sizes)
    if let plan = plans[sizes] { return plan }
    let plan = try PassPlan(model, inputSizes: sizes)
    // Batches of ever new lengths must not fill the memory with plans.
    if plans.count >= 64 { plans = [:] }
    plans[sizes] = plan
    return plan
  }
}

extension ModelGradients {
  /// Adds to the gradient of one weight.
  fileprivate mutating func add(_ gradient: Tensor, to id: WeightID) {
    var known = weights.removeValue(forKey: id.layer) ?? []
    while known.count <= id.index { known.append(nil) }
    if known[id.index] != nil {
      known[id.index]?.add(gradient)
    } else {
      known[id.index] = gradient
    }
    weights[id.layer] = known
  }
}

extension TimeDistributed {
  package var stateCount: Int { inner.layer.stateCount }

  /// Runs the inner layer on every timestep, with the same weights.
  ///
  /// Keras calls it for one timestep after the other; here that is one call for all of them
  /// wherever the numbers are the same. Source: `keras/src/layers/rnn/time_distributed.py`.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    guard input.rank >= 3, input.sizes[1] > 0 else {
      throw PassError(
        "TimeDistributed takes an input of at least 3 axes (batch, timesteps, …) and a timestep, "
          + "found \(input.shape)")
    }
    let mask = try innerMask(context.mask, input)
    var inside = context.part(inner.name, isTrainable: inner.trainable)
    inside.states = context.states
    if inner.layer.treatsSamplesApart(inside, rank: input.rank - 1, hasMask: mask != nil) {
      return try atOnce(input, mask, weights, inside, context)
    }
    return try oneByOne(input, mask, weights, inside, context)
  }

  /// The mask that the inner layer sees, with the timesteps still in it: (batch, timesteps, …).
  private func innerMask(_ mask: Tensor?, _ input: Tensor) throws(PassError) -> Tensor? {
    guard let mask, case .uses = inner.layer.masking else { return nil }
    guard mask.rank >= 2, mask.sizes[..<2] == input.sizes[..<2] else {
      throw PassError(
        "TimeDistributed has a mask of shape \(mask.shape) for an input of \(input.shape)",
        remedy: "a mask has a number for each sample and timestep")
    }
    let isRecurrent = inner.layer is any SequenceLayer || inner.layer is Bidirectional
    if isRecurrent, mask.sizes != Array(input.sizes.prefix(3)) {
      throw PassError(
        "\(inner.className) inside walks over axis 2 of \(input.shape), which its mask of shape "
          + "\(mask.shape) does not have",
        remedy: "take Masking or mask_zero away")
    }
    return mask
  }

  /// All timesteps as samples of their own.
  private func atOnce(
    _ input: Tensor, _ mask: Tensor?, _ weights: LayerWeights, _ inside: PassContext,
    _ context: PassContext
  ) throws(PassError) -> Pass {
    let (batch, timesteps) = (input.sizes[0], input.sizes[1])
    var inside = inside
    inside.masks = [mask.map { $0.joiningTimesteps() }]
    var pass = try run(input.joiningTimesteps(), weights, inside, context)
    pass.outputs = pass.outputs.map {
      $0.reshaped([batch, timesteps] + $0.sizes.dropFirst())
    }
    guard let pullback = pass.pullback else { return pass }
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      var result = try pullback(gradients.map { $0?.joiningTimesteps() })
      result.inputs = result.inputs.map {
        $0?.reshaped([batch, timesteps] + input.sizes.dropFirst(2))
      }
      return result
    }
    return pass
  }

  /// One timestep after the other: states and moved averages go on to the next one.
  private func oneByOne(
    _ input: Tensor, _ mask: Tensor?, _ weights: LayerWeights, _ inside: PassContext,
    _ context: PassContext
  ) throws(PassError) -> Pass {
    var weights = weights
    var result = Pass([])
    var outputs: [Tensor] = []
    var steps: [Step] = []
    var inside = inside
    let timesteps = input.sizes[1]
    for t in 0..<timesteps {
      inside.masks = [mask?.timestep(t)]
      // Each timestep is a call of its own.
      inside.call = context.call &* timesteps &+ t
      let pass = try run(input.timestep(t), weights, inside, context)
      guard let output = pass.outputs.first else { continue }
      outputs.append(output.reshaped([output.sizes[0], 1] + output.sizes.dropFirst()))
      steps.append(Step(pass))
      result.penalty += pass.penalty
      result.hasPenalty = result.hasPenalty || pass.hasPenalty
      result.recordings += pass.recordings
      result.states = pass.states
      if inner.layer.isStateful { inside.states = pass.states }
      guard !pass.weightUpdates.isEmpty else { continue }
      result.weightUpdates.merge(pass.weightUpdates) { $1 }
      weights = weights.replacing(pass.weightUpdates)
    }
    result.outputs = [Tensor.concatenated(outputs, axis: 1)]
    result.isConstant = steps.allSatisfy(\.isConstant)
    guard context.isDifferentiated, steps.allSatisfy({ $0.pullback != nil || $0.isConstant })
    else { return result }
    let sizes = input.sizes
    result.pullback = { [steps] (gradients: [Tensor?]) throws(PassError) -> Gradients in
      try Step.gradients(steps, gradients.first ?? nil, inputSizes: sizes)
    }
    return result
  }

  /// What the way back needs of one timestep.
  private struct Step: Sendable {
    let pullback: Pullback?
    let isConstant: Bool
    private let hasPenalty: Bool

    init(_ pass: Pass) {
      (pullback, isConstant, hasPenalty) = (pass.pullback, pass.isConstant, pass.hasPenalty)
    }

    /// The gradients of all timesteps, from that of the output.
    static func gradients(
      _ steps: [Step], _ gradient: Tensor?, inputSizes: [Int]
    ) throws(PassError) -> Gradients {
      var inputs: [Tensor?] = []
      var result = Gradients(nil)
      for (t, step) in steps.enumerated() {
        inputs.append(nil)
        guard let pullback = step.pullback, gradient != nil || step.hasPenalty else { continue }
        let found = try pullback([gradient?.timestep(t)])
        inputs[t] = found.inputs.first ?? nil
        result.weights.add(found.weights)
        result.timesteps += found.timesteps
      }
      guard inputs.contains(where: { $0 != nil }) else { return result }
      let rows = [inputSizes[0], 1] + inputSizes.dropFirst(2)
      let parts = inputs.map { $0?.reshaped(rows) ?? Tensor(rows) }
      result.inputs = [Tensor.concatenated(parts, axis: 1)]
      return result
    }
  }

  private func run(
    _ input: Tensor, _ weights: LayerWeights, _ inside: PassContext, _ context: PassContext
  ) throws(PassError) -> Pass {
    var pass: Pass
    do throws(PassError) {
      pass = try inner.layer.forward([input], weights: weights, in: inside)
    } catch {
      throw error.at(inner.name)
    }
    guard pass.outputs.count == 1 else {
      throw PassError(
        "TimeDistributed needs a layer with one output, \(inner.className) gives "
          + "\(pass.outputs.count)",
        remedy: "set return_state to false")
    }
    for index in pass.recordings.indices { pass.recordings[index].path.insert(context.name, at: 0) }
    if let pullback = pass.pullback {
      let name = context.name
      pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
        var result = try pullback(gradients)
        for index in result.timesteps.indices { result.timesteps[index].path.insert(name, at: 0) }
        return result
      }
    }
    // The mask of the sequence flows on, whatever the inner layer makes of its own.
    pass.masks = nil
    return pass
  }
}

extension Tensor {
  /// Samples and timesteps as one axis.
  fileprivate func joiningTimesteps() -> Tensor {
    reshaped([sizes[0] * sizes[1]] + sizes.dropFirst(2))
  }

  /// One timestep: axis 1 taken out.
  fileprivate func timestep(_ t: Int) -> Tensor {
    slice(axis: 1, t..<(t + 1)).reshaped([sizes[0]] + sizes.dropFirst(2))
  }
}

extension Layer {
  /// Whether a call with all timesteps as samples gives the same numbers as a call for each.
  ///
  /// `false` wherever that is not certain.
  fileprivate func treatsSamplesApart(_ context: PassContext, rank: Int, hasMask: Bool) -> Bool {
    func isApart(_ axes: [Int]) -> Bool { !axes.contains { $0 == 0 || $0 == -rank } }
    switch self {
    case is any SequenceLayer: return !isStateful
    // What its directions cost is divided by the number of samples.
    case let layer as Bidirectional:
      return !isStateful && !layer.hasPenalty
    case let layer as BatchNormalization:
      return !(context.isTraining && context.isTrainable) && isApart([layer.axis.index])
    case let layer as LayerNormalization: return isApart(layer.axis.indices)
    case let layer as Softmax: return !hasMask && isApart(layer.axis.indices)
    case let layer as Dropout: return !context.isTraining || layer.noiseShape == nil
    case let layer as AlphaDropout: return !context.isTraining || layer.noiseShape == nil
    case let layer as TimeDistributed:
      return layer.inner.layer.treatsSamplesApart(
        context.part(layer.inner.name, isTrainable: layer.inner.trainable),
        rank: rank - 1, hasMask: hasMask)
    case is any ConvolutionLayer, is any PoolingLayer, is any GlobalPoolingLayer,
      is any BorderLayer, is any UpSamplingLayer, is any ActivationLike, is Dense, is Embedding,
      is MaskingLayer, is PReLU, is SpatialDropout1D, is SpatialDropout2D, is GaussianNoise,
      is GaussianDropout, is ActivityRegularization, is Flatten, is Reshape, is Permute,
      is RepeatVector:
      return true
    default: return false
    }
  }
}

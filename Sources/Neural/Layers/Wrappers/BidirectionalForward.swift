extension Bidirectional {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let directions = try runnableDirections()
    let regularizers = try regularizers()
    guard let ahead = directions.0.plainLayer, let back = directions.1.plainLayer,
      regularizers.0 == nil, regularizers.1 == nil
    else {
      return try joinedForward(inputs, weights: weights, by: regularizers, in: context)
    }
    return try mergedForward(inputs, weights: weights, (ahead, back), in: context)
  }

  /// The pass of both directions at the same time, whatever their outputs cost.
  func mergedForward(
    _ inputs: [Tensor], weights: LayerWeights,
    _ directions: (any RecurrentLayer, any RecurrentLayer), in context: PassContext
  ) throws(PassError) -> Pass {
    let (ahead, back) = directions
    let given = Array(inputs.dropFirst())
    let states = given.isEmpty ? context.states : given
    // An asymmetric backward layer may have other weights, and other states.
    let count = 2 + (ahead.options.useBias ? 1 : 0)
    let recordingBytes = context.recordingBytes.map { $0 / 2 }
    let first = try RecurrentScan(
      ahead, weights: weights.part(0..<count), name: forwardName, input: inputs[0],
      mask: context.mask, initial: Array(states.prefix(ahead.stateCount)),
      recordingBytes: recordingBytes, in: context.part(forwardName))
    let second = try RecurrentScan(
      back, weights: weights.part(count..<weights.count), name: backwardName, input: inputs[0],
      mask: context.mask, initial: Array(states.dropFirst(ahead.stateCount)),
      recordingBytes: recordingBytes, in: context.part(backwardName))
    let sequences = try sequences(first, second, ahead.options.returnSequences)
    let (one, other) = (first.result(), second.result())
    let merged = sequences ?? Merged(mergeMode, one.lastOutput, other.lastOutput)
    let outputs = merged.outputs
    var pass = Pass(outputs + (ahead.options.returnState ? one.states + other.states : []))
    pass.states = one.states + other.states
    if let ahead = one.recording, let back = other.recording {
      pass.recordings = [
        LayerRecording(
          input: inputs[0], mask: context.mask, directions: [ahead, back], mergeMode: mergeMode,
          outputs: outputs, returnsSequences: sequences != nil)
      ]
    }
    guard context.isDifferentiated else { return pass }
    let wayBack = BidirectionalBack(
      mergeMode: mergeMode, scans: [first, second], parts: merged.parts,
      returnsSequences: sequences != nil, context: context)
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      try wayBack.gradients(for: gradients, initialStates: !given.isEmpty)
    }
    return pass
  }

  /// Both directions as Keras runs them: masked timesteps of a sequence give zeros.
  func runnableDirections() throws(PassError) -> (any SequenceLayer, any SequenceLayer) {
    do throws(ShapeError) {
      var (ahead, back) = try directions()
      ahead.sequence.zeroOutputForMask = ahead.sequence.returnSequences
      back.sequence.zeroOutputForMask = back.sequence.returnSequences
      return (ahead, back)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }

  /// Walks in both directions; the outputs of all timesteps where they are asked for.
  ///
  /// The second direction's stand the other way round than it reads. Where they end side by side
  /// both write to one tensor.
  private func sequences(
    _ first: RecurrentScan, _ second: RecurrentScan, _ returnsSequences: Bool
  ) throws(PassError) -> Merged? {
    guard returnsSequences else {
      try RecurrentScan.run([(first, nil), (second, nil)])
      return nil
    }
    let (batch, timesteps) = (first.walk.batch, first.walk.timesteps)
    let (ahead, back) = (first.walk.layer.units, second.walk.layer.units)
    guard mergeMode == .concat else {
      let one = Numbers(count: batch * timesteps * ahead)
      let other = Numbers(count: batch * timesteps * back)
      try RecurrentScan.run([
        (first, .sequence(at: one.start, timesteps, ahead)),
        (second, .reversedSequence(at: other.start, timesteps, back)),
      ])
      return Merged(
        mergeMode, one.tensor([batch, timesteps, ahead]), other.tensor([batch, timesteps, back]))
    }
    let width = ahead + back
    let output = try Tensor.filled([batch, timesteps, width]) { start throws(PassError) in
      try RecurrentScan.run([
        (first, .sequence(at: start, timesteps, width)),
        (second, .reversedSequence(at: start + ahead, timesteps, width)),
      ])
    }
    return Merged(outputs: [output], parts: [])
  }

  /// The outputs, and what they were made of where that is not the same.
  private struct Merged {
    let outputs: [Tensor]
    let parts: [Tensor]

    init(outputs: [Tensor], parts: [Tensor]) {
      self.outputs = outputs
      self.parts = parts
    }

    init(_ mergeMode: MergeMode, _ forward: Tensor, _ backward: Tensor) {
      parts = [forward, backward]
      outputs =
        switch mergeMode {
        case .concat: [Tensor.concatenated([forward, backward], axis: -1)]
        case .sum: [forward.zipped(with: backward, +)]
        case .mul: [forward.zipped(with: backward, *)]
        case .ave: [forward.zipped(with: backward) { ($0 + $1) / 2 }]
        case .none: [forward, backward]
        }
    }
  }
}

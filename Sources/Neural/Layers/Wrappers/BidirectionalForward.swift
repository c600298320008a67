extension Bidirectional {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (ahead, back) = try runnableDirections()
    let count = weights.count / 2
    let given = Array(inputs.dropFirst())
    let states = given.isEmpty ? context.states : given
    let first = try RecurrentScan(
      layer: ahead, weights: weights.part(0..<count), name: forwardName
    ).run(
      inputs[0], mask: context.mask, initial: Array(states.prefix(states.count / 2)),
      recordingBytes: context.recordingBytes)
    let second = try RecurrentScan(
      layer: back, weights: weights.part(count..<weights.count), name: backwardName
    ).run(
      inputs[0], mask: context.mask, initial: Array(states.dropFirst(states.count / 2)),
      recordingBytes: context.recordingBytes)
    let forward = ahead.output(of: first, mask: context.mask)
    var backward = back.output(of: second, mask: context.mask)
    if back.options.returnSequences { backward = backward.reversed(axis: 1) }
    let outputs = merged(forward, backward)
    var pass = Pass(outputs + (ahead.options.returnState ? first.states + second.states : []))
    pass.states = first.states + second.states
    if let one = first.recording, let other = second.recording {
      pass.recordings = [
        LayerRecording(
          input: inputs[0], mask: context.mask, directions: [one, other],
          mergeMode: mergeMode, outputs: outputs,
          returnsSequences: ahead.options.returnSequences)
      ]
    }
    return pass
  }

  /// Both directions as Keras runs them: masked timesteps of a sequence give zeros.
  private func runnableDirections() throws(PassError) -> (
    any RecurrentLayer, any RecurrentLayer
  ) {
    do throws(ShapeError) {
      var (ahead, back) = try directions()
      ahead.options.zeroOutputForMask = ahead.options.returnSequences
      back.options.zeroOutputForMask = back.options.returnSequences
      return (ahead, back)
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }

  private func merged(_ forward: Tensor, _ backward: Tensor) -> [Tensor] {
    switch mergeMode {
    case .concat: [Tensor.concatenated([forward, backward], axis: -1)]
    case .sum: [forward.zipped(with: backward, +)]
    case .mul: [forward.zipped(with: backward, *)]
    case .ave: [forward.zipped(with: backward) { ($0 + $1) / 2 }]
    case .none: [forward, backward]
    }
  }
}

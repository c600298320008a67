extension Bidirectional {
  /// The pass of both directions with their outputs side by side, as `merge_mode` None has them.
  ///
  /// - Parameters:
  ///   - inputs: the sequence, and first states where the call gives them.
  ///   - weights: the weights of both directions.
  ///   - context: the context of the whole layer.
  /// - Returns: both outputs in time order, then the states of both where they are asked for.
  /// - Throws: `PassError` where a direction cannot stand on these numbers.
  func apartForward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let (ahead, back) = try runnableDirections()
    if let ahead = ahead.plainLayer, let back = back.plainLayer {
      var apart = self
      apart.mergeMode = .none
      return try apart.mergedForward(inputs, weights: weights, (ahead, back), in: context)
    }
    let given = inputs.count > 1
    let states = given ? Array(inputs.dropFirst()) : context.states
    let weightCount = (try? ahead.weights(for: [inputs[0].shape]))?.count ?? 0
    guard weightCount <= weights.count else {
      throw PassError("\(context.name) needs more than \(weights.count) weights")
    }
    func pass(
      _ layer: any SequenceLayer, _ name: String, _ part: Range<Int>, _ own: [Tensor]
    ) throws(PassError) -> Pass {
      var inside = context.part(name)
      inside.recordingBytes = context.recordingBytes.map { $0 / 2 }
      if !given { inside.states = own }
      do throws(PassError) {
        return try layer.forward(
          [inputs[0]] + (given ? own : []), weights: weights.part(part), in: inside)
      } catch {
        throw error.at(name)
      }
    }
    let first = try pass(
      ahead, forwardName, 0..<weightCount, Array(states.prefix(ahead.stateCount)))
    let second = try pass(
      back, backwardName, weightCount..<weights.count, Array(states.dropFirst(ahead.stateCount)))
    return joined(first, second, reversed: back.sequence.returnSequences, in: context)
  }

  /// Both passes as one.
  private func joined(
    _ first: Pass, _ second: Pass, reversed: Bool, in context: PassContext
  ) -> Pass {
    let last = reversed ? second.outputs[0].reversed(axis: 1) : second.outputs[0]
    var result = Pass(
      [first.outputs[0], last] + first.outputs.dropFirst() + second.outputs.dropFirst())
    result.states = first.states + second.states
    result.recordings = (first.recordings + second.recordings).map { recording in
      var recording = recording
      recording.path.insert(context.name, at: 0)
      return recording
    }
    guard let ahead = first.pullback, let back = second.pullback else { return result }
    let (name, ownStates) = (context.name, first.outputs.count - 1)
    result.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      let states = Array(gradients.dropFirst(2))
      let one = try ahead([gradients[0]] + states.prefix(ownStates))
      let gradient = gradients.count > 1 ? gradients[1] : nil
      let other = try back(
        [reversed ? gradient?.reversed(axis: 1) : gradient] + states.dropFirst(ownStates))
      var result = Gradients(
        inputs: [one.inputs.first ?? nil] + one.inputs.dropFirst() + other.inputs.dropFirst(),
        weights: one.weights + other.weights)
      if let more = other.inputs.first ?? nil {
        if result.inputs[0] == nil { result.inputs[0] = more } else { result.inputs[0]?.add(more) }
      }
      result.timesteps = (one.timesteps + other.timesteps).map {
        TimestepGradients(path: [name] + $0.path, directions: $0.directions)
      }
      return result
    }
    return result
  }
}

extension RecurrentLayer {
  package var stateCount: Int { Self.stateNames.count }

  /// x·W + b of all timesteps: (batch, timesteps, gates × units).
  func projected(_ input: Tensor, _ weights: LayerWeights) throws(PassError) -> Tensor {
    var result = input.times(weights[0])
    guard options.useBias else { return result }
    // GRU's second bias row belongs to the recurrent product.
    let width = result.sizes[2]
    result.add(toLastAxis: Tensor([width], Array(weights[2].values[..<width])))
    return result
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let scan = RecurrentScan(layer: self, weights: weights, name: context.name)
    let given = Array(inputs.dropFirst())
    let result = try scan.run(
      inputs[0], mask: context.mask, initial: given.isEmpty ? context.states : given,
      recordingBytes: context.recordingBytes)
    let output = output(of: result, mask: context.mask)
    var pass = Pass([output] + (options.returnState ? result.states : []))
    pass.states = result.states
    if let recording = result.recording {
      pass.recordings = [
        LayerRecording(
          input: inputs[0], mask: context.mask, directions: [recording], mergeMode: nil,
          outputs: [output], returnsSequences: options.returnSequences)
      ]
    }
    return pass
  }

  /// The whole sequence in reading order, or the last state; zeros where the mask says so.
  func output(of result: RecurrentScan.Result, mask: Tensor?) -> Tensor {
    var outputs = result.outputs
    if options.zeroOutputForMask, let mask {
      let timesteps = outputs.sizes[1]
      for sample in 0..<outputs.sizes[0] {
        for position in 0..<timesteps {
          let t = options.goBackwards ? timesteps - 1 - position : position
          guard mask[sample, t] == 0 else { continue }
          for unit in 0..<units { outputs[sample, position, unit] = 0 }
        }
      }
    }
    if options.returnSequences { return outputs }
    let last = outputs.sizes[1] - 1
    return outputs.slice(axis: 1, last..<(last + 1)).reshaped([outputs.sizes[0], units])
  }
}

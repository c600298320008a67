/// Walks a recurrent layer over the timesteps, in either direction.
struct RecurrentScan {
  let layer: any RecurrentLayer
  let weights: LayerWeights
  let name: String

  /// What the walk leaves.
  struct Result {
    /// The hidden state after each timestep, in reading order: (batch, timesteps, units).
    var outputs: Tensor
    /// The states after the last step: h, and c of an LSTM.
    var states: [Tensor]
    var recording: DirectionRecording?
  }

  func run(
    _ input: Tensor, mask: Tensor?, initial: [Tensor], recordingBytes: Int?
  ) throws(PassError) -> Result {
    let (batch, timesteps, units) = (input.sizes[0], input.sizes[1], layer.units)
    let quantities = type(of: layer).quantities
    let width = quantities.count * units
    let gates = type(of: layer).gates.count * units
    let projected = try layer.projected(input, weights)
    let isBackward = layer.options.goBackwards
    var states =
      initial.isEmpty
      ? type(of: layer).stateNames.map { _ in Tensor([batch, units]) } : initial
    let initialStates = states
    var records = [Float](repeating: 0, count: timesteps * batch * width)
    var step = RecurrentStep(
      batch: batch, units: units, input: Tensor([batch, gates]), states: states,
      record: Tensor([batch, quantities.count, units]))
    for position in 0..<timesteps {
      let t = isBackward ? timesteps - 1 - position : position
      for sample in 0..<batch {
        let from = (sample * timesteps + t) * gates
        step.input.values.replaceSubrange(
          (sample * gates)..<((sample + 1) * gates), with: projected.values[from..<(from + gates)])
      }
      step.states = states
      try layer.compute(&step, weights)
      let places = type(of: layer).stateQuantities.compactMap { quantities.firstIndex(of: $0) }
      for (index, place) in places.enumerated() {
        for sample in 0..<batch {
          let isSkipped = mask.map { $0[sample, t] == 0 } ?? false
          for unit in 0..<units {
            if isSkipped {
              step.record[sample, place, unit] = states[index][sample, unit]
            } else {
              states[index][sample, unit] = step.record[sample, place, unit]
            }
          }
        }
      }
      records.replaceSubrange(
        (position * batch * width)..<((position + 1) * batch * width), with: step.record.values)
    }
    let recording = DirectionRecording(
      layer: layer, name: name, isBackward: isBackward, quantities: quantities, batch: batch,
      timesteps: timesteps, units: units, initialStates: initialStates, window: 0..<timesteps,
      values: records)
    guard var outputs = recording.sequence(.hiddenState) else {
      throw PassError("\(name): the timesteps were not recorded")
    }
    if isBackward { outputs = outputs.reversed(axis: 1) }
    return Result(
      outputs: outputs, states: states, recording: recordingBytes == nil ? nil : recording)
  }
}

/// One timestep of a recurrent layer for a batch: what goes in, and what was computed.
package struct RecurrentStep {
  package let batch: Int
  package let units: Int
  /// x·W + b: (batch, gates × units).
  package var input: Tensor
  /// The states before the step: (batch, units) each.
  package var states: [Tensor]
  /// What was computed, new states among it: (batch, quantities, units).
  package var record: Tensor
}

extension RecurrentStep {
  /// Keeps what was computed: a tensor (batch, units) for each quantity.
  package mutating func keep(_ tensors: [Tensor]) {
    record = Tensor(
      [batch, tensors.count, units],
      Tensor.concatenated(tensors, axis: 1).values)
  }
}

/// One direction of a recurrent layer in a pass: walks all timesteps, and keeps what is asked for.
struct RecurrentScan: Sendable {
  let walk: TimestepWalk
  let name: String
  let initialStates: [Tensor]
  private let states: TimestepWalk.States
  private let plan: RecordingPlan?
  /// The window's quantities: (position, batch, quantity, unit).
  private let record: Numbers?
  /// (checkpoint, state, batch, unit).
  private let checkpoints: Numbers?
  /// What the way back needs, where it is kept.
  let tape: RecurrentTape?

  /// What the walk leaves.
  struct Result {
    /// The output after the last position: (batch, units).
    var lastOutput: Tensor
    /// The states after the last step: h, and c of an LSTM.
    var states: [Tensor]
    var recording: DirectionRecording?
  }

  /// A direction that starts from `initial`, or from zeros where that is empty, and keeps
  /// timesteps within `recordingBytes`, or none.
  ///
  /// - Throws: `PassError` where something does not fit the input, or memory is short.
  init(
    _ layer: any RecurrentLayer, weights: LayerWeights, name: String, input: Tensor, mask: Tensor?,
    initial: [Tensor], recordingBytes: Int?, in context: PassContext
  ) throws(PassError) {
    walk = try TimestepWalk(layer, weights: weights, input: input, mask: mask, in: context)
    self.name = name
    let (batch, units) = (walk.batch, layer.units)
    if let mask, mask.sizes != [batch, walk.timesteps] {
      throw PassError(
        "the mask has the shape \(mask.shape), the input \(input.shape)",
        remedy: "a mask says of each sample and timestep whether it counts")
    }
    let stateCount = type(of: layer).stateNames.count
    guard
      initial.isEmpty
        || initial.count == stateCount && initial.allSatisfy({ $0.sizes == [batch, units] })
    else {
      throw PassError(
        "the states before have the shapes \(initial.map { "\($0.shape)" }.joined(separator: ", ")), "
          + "expected \(stateCount) of \(Tensor([batch, units]).shape)",
        remedy: "give as many samples as in the pass before, or start without its states")
    }
    initialStates =
      initial.isEmpty ? type(of: layer).stateNames.map { _ in Tensor([batch, units]) } : initial
    states = TimestepWalk.States(
      numbers: Numbers(initialStates), counted: TimestepWalk.Flags(count: batch))
    tape = context.isDifferentiated ? try RecurrentTape(for: walk) : nil
    plan = recordingBytes.map { [walk] in RecordingPlan(for: walk, bytes: $0) }
    let each = batch * units
    record = plan.map {
      Numbers(count: $0.windowLength * each * type(of: layer).quantities.count)
    }
    checkpoints = plan.map {
      Numbers(count: $0.checkpointCount * each * type(of: layer).stateNames.count)
    }
  }

  /// Walks over some positions, the next ones, with some of the samples; those of other samples
  /// may be walked at the same time.
  ///
  /// - Throws: `PassError` where memory is short or an activation cannot be computed.
  func run(
    _ positions: Range<Int>, samples: Range<Int>, output: TimestepWalk.Place?
  ) throws(PassError) {
    guard let plan else {
      try walk.run(
        positions, samples: samples, states: states, output: output,
        record: tape.map { walk.place(of: positions.lowerBound, in: $0) })
      return
    }
    var position = positions.lowerBound
    while position < positions.upperBound {
      var next = positions.upperBound
      if plan.interval > 0 {
        if position % plan.interval == 0 {
          saveStates(samples, checkpoint: position / plan.interval)
        }
        next = min(next, (position / plan.interval + 1) * plan.interval)
      }
      let isRecorded = position < plan.windowLength
      if isRecorded { next = min(next, plan.windowLength) }
      let place = isRecorded ? record.map { walk.place(of: position, in: $0) } : nil
      try walk.run(
        position..<next, samples: samples, states: states, output: output,
        record: tape.map { walk.place(of: position, in: $0) } ?? place)
      if tape != nil, let place { copyTape(position..<next, samples: samples, to: place) }
      position = next
    }
  }

  private func saveStates(_ samples: Range<Int>, checkpoint: Int) {
    guard let checkpoints else { return }
    let (batch, units) = (walk.batch, walk.layer.units)
    let stateCount = type(of: walk.layer).stateNames.count
    for state in 0..<stateCount {
      let from = states.numbers.start + (state * batch + samples.lowerBound) * units
      let to =
        checkpoints.start
        + ((checkpoint * stateCount + state) * batch + samples.lowerBound) * units
      to.update(from: from, count: samples.count * units)
    }
  }

  /// Copies what was recorded on the tape: the way back will write over it.
  private func copyTape(_ positions: Range<Int>, samples: Range<Int>, to place: TimestepWalk.Place)
  {
    guard let tape else { return }
    let from = walk.place(of: positions.lowerBound, in: tape)
    for step in 0..<positions.count {
      for sample in samples {
        (place.start + step * place.stepStride + sample * place.sampleStride).update(
          from: from.start + step * from.stepStride + sample * from.sampleStride,
          count: place.sampleStride)
      }
    }
  }

  /// What the walk left, once all samples are done.
  func result() -> Result {
    let (batch, units) = (walk.batch, walk.layer.units)
    let final = type(of: walk.layer).stateNames.indices.map {
      states.numbers.tensor([batch, units], at: $0 * batch * units)
    }
    var recording: DirectionRecording?
    if let plan, let record, let checkpoints {
      recording = DirectionRecording(
        walk: walk, name: name, initialStates: initialStates, plan: plan,
        checkpoints: checkpoints, window: 0..<plan.windowLength, values: record)
    }
    return Result(lastOutput: lastOutput(final[0]), states: final, recording: recording)
  }

  /// The hidden state; where the last timestep is masked, what masked timesteps give.
  private func lastOutput(_ hidden: Tensor) -> Tensor {
    guard walk.mask != nil, walk.maskedOutput != .held else { return hidden }
    var output = hidden
    let units = walk.layer.units
    for (sample, shows) in showsHidden().enumerated() where !shows {
      for unit in 0..<units { output.values[sample * units + unit] = 0 }
    }
    return output
  }

  /// Whether the last output of each sample is its hidden state, not the zeros of a masked timestep.
  func showsHidden() -> [Bool] {
    let last = walk.timestep(at: walk.timesteps - 1)
    return (0..<walk.batch).map { sample in
      walk.counts(last, sample: sample)
        || walk.shows(maskedAfter: states.counted.start[sample] != 0)
    }
  }
}

extension TimestepWalk {
  /// Where the quantities of `position`, relative to the first recorded one, stand.
  func place(of position: Int, in record: Numbers) -> Place {
    let sample = type(of: layer).quantities.count * layer.units
    return Place(
      start: record.start + position * batch * sample, sampleStride: sample,
      stepStride: batch * sample)
  }
}

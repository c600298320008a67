extension ConvLSTMLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let walk = try ConvLSTMWalk(self, inputs, weights, in: context)
    let steps = try walk.run()
    let sequence = options.sequence
    let (h, c) = steps.last.map { ($0.hidden, $0.cell) } ?? (walk.initial[0], walk.initial[1])
    var output = steps.last?.output ?? h
    if sequence.returnSequences {
      output = Tensor.concatenated(steps.map { $0.output.asTimestep }, axis: 1)
    }
    var pass = Pass([output] + (sequence.returnState ? [h, c] : []))
    pass.states = [h, c]
    guard context.isDifferentiated else { return pass }
    let givesStates = inputs.count > 1
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      try walk.gradients(
        steps, output: gradients.first ?? nil, states: Array(gradients.dropFirst()),
        givesStates: givesStates)
    }
    return pass
  }
}

/// A convolutional LSTM on its way over the timesteps of an input.
///
/// Convolutions have their channels last; states and gates stand as the data format has them, for
/// functions such as softmax look at the last axis.
struct ConvLSTMWalk<Layer: ConvLSTMLayer>: Sendable {
  let layer: Layer
  let weights: LayerWeights
  let context: PassContext
  /// The states before the first step.
  let initial: [Tensor]
  let batch: Int
  let timesteps: Int
  /// What is dropped in training.
  let dropout: ConvLSTMDropout
  /// x∗W + b of all timesteps: (timesteps · batch, places…, 4 filters).
  private let sums: Tensor
  /// The convolutions of the input: one, or one a gate.
  private let convolved: [Convolved]
  private let mask: Tensor?

  var filters: Int { layer.options.filters }
  var format: DataFormat { layer.options.convolution.dataFormat }
  var lastAxis: Int { Layer.spatialRank + 1 }

  /// A timestep that is done.
  struct Step: Sendable {
    /// What the layer gives: the hidden state, or what a masked timestep gives.
    var output: Tensor
    var hidden: Tensor
    var cell: Tensor
    /// What the way back needs.
    var kept: Kept?
    /// Whether the output shows the hidden state, for each sample.
    var shows: [Bool]
  }

  /// What the way back of a timestep needs.
  struct Kept: Sendable {
    let gates: [ActivatedSums]
    let shown: ActivatedSums
    let cellBefore: Tensor
    let convolved: [Convolved]
  }

  init(
    _ layer: Layer, _ inputs: [Tensor], _ weights: LayerWeights, in context: PassContext
  ) throws(PassError) {
    let input = inputs[0]
    guard input.rank == Layer.spatialRank + 3, input.sizes[1] > 0, input.count > 0 else {
      throw PassError(
        "\(layer.className) has no timesteps to walk over: its input is \(input.shape)")
    }
    (self.layer, self.weights, self.context) = (layer, weights, context)
    (batch, timesteps) = (input.sizes[0], input.sizes[1])
    mask = context.mask
    if let mask, mask.sizes != [batch, timesteps] {
      throw PassError(
        "the mask has the shape \(mask.shape), the input \(input.shape)",
        remedy: "a mask says of each sample and timestep whether it counts")
    }
    let sizes = try layer.stateSizes(for: input.sizes)
    let given = inputs.count > 1 ? Array(inputs.dropFirst()) : context.states
    guard given.isEmpty || given.count == 2 && given.allSatisfy({ $0.sizes == sizes }) else {
      throw PassError(
        "the states before have the shapes \(given.map { "\($0.shape)" }.joined(separator: ", ")), "
          + "expected 2 of \(Shape(sizes: sizes))",
        remedy: "give as many samples as in the pass before, or start without its states")
    }
    initial = given.isEmpty ? [Tensor(sizes), Tensor(sizes)] : given
    let format = layer.options.convolution.dataFormat
    let read = input.timestepsFirst(format)
    dropout = ConvLSTMDropout(
      layer.options, input: [batch] + read.sizes.dropFirst(),
      state: Tensor(sizes).channelsLast(format).sizes, in: context)
    (sums, convolved) = try layer.inputSums(read, weights, dropout, timesteps: timesteps)
  }

  /// The timestep that is read at a position, and the other way round.
  func timestep(at position: Int) -> Int {
    layer.options.sequence.goBackwards ? timesteps - 1 - position : position
  }

  /// Whether a timestep counts, for each sample; `nil`: for all.
  private func counts(_ t: Int) -> [Bool]? {
    guard let mask else { return nil }
    let counts = (0..<batch).map { mask.values[$0 * timesteps + t] != 0 }
    return counts.allSatisfy { $0 } ? nil : counts
  }

  /// Walks over all timesteps, in reading order.
  func run() throws(PassError) -> [Step] {
    var steps: [Step] = []
    var (hidden, cell) = (initial[0], initial[1])
    var counted = [Bool](repeating: false, count: batch)
    let sequence = layer.options.sequence
    for position in 0..<timesteps {
      guard !Task.isCancelled else { throw PassError("the pass was stopped") }
      let t = timestep(at: position)
      var step = try self.step(t, hidden, cell)
      if let counts = counts(t) {
        // In Keras on JAX a mask does not fit the axes of images; here it does what `unroll` does
        // there, and what it does for other recurrent layers.
        step.hidden = step.hidden.choosing(counts, else: hidden)
        step.cell = step.cell.choosing(counts, else: cell)
        for sample in 0..<batch where !counts[sample] {
          step.shows[sample] =
            sequence.unroll ? counted[sample] : !sequence.zeroOutputForMask
        }
        for sample in 0..<batch where counts[sample] { counted[sample] = true }
        step.output = step.hidden.choosing(step.shows, else: Tensor(hidden.sizes))
      } else {
        counted = Array(repeating: true, count: batch)
      }
      (hidden, cell) = (step.hidden, step.cell)
      // The outputs before the last one are not asked for, nor are the states of a step.
      if !sequence.returnSequences, !context.isDifferentiated { steps.removeAll() }
      steps.append(step)
    }
    return steps
  }

  /// One timestep, from the states before it.
  private func step(
    _ t: Int, _ hidden: Tensor, _ cell: Tensor
  ) throws(PassError) -> Step {
    let rows = (t * batch)..<((t + 1) * batch)
    var sums = self.sums.slice(axis: 0, rows)
    let convolved = try layer.stateSums(hidden.channelsLast(format), weights[1], dropout)
    sums.add(convolved.sums)
    var gates: [ActivatedSums] = []
    for gate in 0..<4 {
      let part = sums.slice(axis: lastAxis, (gate * filters)..<((gate + 1) * filters))
      gates.append(
        try ActivatedSums(
          part.inFormat(format),
          gate == 2 ? layer.options.convolution.activation : layer.options.recurrentActivation,
          in: context))
    }
    let written = gates[0].output.zipped(with: gates[2].output, *)
    var next = gates[1].output.zipped(with: cell, *)
    next.add(written)
    let shown = try ActivatedSums(next, layer.options.convolution.activation, in: context)
    let output = gates[3].output.zipped(with: shown.output, *)
    let kept =
      context.isDifferentiated
      ? Kept(gates: gates, shown: shown, cellBefore: cell, convolved: convolved.parts) : nil
    return Step(
      output: output, hidden: output, cell: next, kept: kept,
      shows: Array(repeating: true, count: batch))
  }

  // MARK: The way back

  /// The gradients of the input, of the initial states where they were given, and of the weights.
  func gradients(
    _ steps: [Step], output: Tensor?, states: [Tensor?], givesStates: Bool
  ) throws(PassError) -> Gradients {
    let sizes = initial[0].sizes
    var hidden = (states.first ?? nil) ?? Tensor(sizes)
    var cell = (states.count > 1 ? states[1] : nil) ?? Tensor(sizes)
    var recurrentKernel = Tensor(weights[1].sizes)
    var sumGradients = [Tensor](repeating: Tensor([]), count: timesteps)
    for (position, step) in steps.enumerated().reversed() {
      guard let kept = step.kept else {
        throw PassError("\(layer.className) kept nothing for a way back")
      }
      if let gradient = outputGradient(output, position, sizes) {
        hidden.add(gradient.choosing(step.shows, else: Tensor(sizes)))
      }
      let t = timestep(at: position)
      let counts = counts(t)
      let none = Tensor(sizes)
      let own = counts.map { hidden.choosing($0, else: none) } ?? hidden
      let ownCell = counts.map { cell.choosing($0, else: none) } ?? cell
      let (sums, cellBefore) = try gradients(of: kept, own, ownCell)
      var before = layer.stateGradient(sums, kept.convolved, dropout, &recurrentKernel)
        .inFormat(format)
      sumGradients[t] = sums
      cell = counts.map { cellBefore.choosing($0, else: cell) } ?? cellBefore
      if let counts { before = before.choosing(counts, else: hidden) }
      hidden = before
    }
    let all = Tensor.concatenated(sumGradients, axis: 0)
    let (input, kernel) = layer.inputGradient(
      all, convolved, dropout, timesteps: timesteps, needsInput: context.needsInputGradients)
    let bias = layer.options.convolution.useBias ? [all.sumOfRows()] : []
    return Gradients(
      inputs: [input?.batchFirst(timesteps, format)] + (givesStates ? [hidden, cell] : []),
      weights: [kernel, recurrentKernel] + bias)
  }

  /// The gradient of the output of a position.
  private func outputGradient(_ output: Tensor?, _ position: Int, _ sizes: [Int]) -> Tensor? {
    guard layer.options.sequence.returnSequences else {
      return position == timesteps - 1 ? output : nil
    }
    return output?.slice(axis: 1, position..<(position + 1)).reshaped(sizes)
  }

  /// The gradients of the sums of all gates, channels last, and of the cell state before.
  private func gradients(
    of kept: Kept, _ hidden: Tensor, _ cell: Tensor
  ) throws(PassError) -> (sums: Tensor, cellBefore: Tensor) {
    let (i, f, g, o) = (
      kept.gates[0].output, kept.gates[1].output, kept.gates[2].output, kept.gates[3].output
    )
    var cell = cell
    cell.add(try kept.shown.gradient(hidden.zipped(with: o, *)))
    let ofGates = [
      cell.zipped(with: g, *), cell.zipped(with: kept.cellBefore, *), cell.zipped(with: i, *),
      hidden.zipped(with: kept.shown.output, *),
    ]
    var sums: [Tensor] = []
    for (gate, gradient) in zip(kept.gates, ofGates) {
      sums.append(try gate.gradient(gradient).channelsLast(format))
    }
    return (Tensor.concatenated(sums, axis: lastAxis), cell.zipped(with: f, *))
  }
}

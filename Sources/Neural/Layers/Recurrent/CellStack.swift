/// Cells on top of each other on their way over a sequence: what recurrent layers with
/// `return_sequences` on top of each other do.
///
/// A timestep of all cells before the next one gives the same numbers as all timesteps of a cell
/// before the next one: no cell looks at what a higher one did. So each cell walks as the layer of
/// its settings, with that layer's kernels, way back and recording.
struct CellStack: Sendable {
  /// The cells, each as the layer that walks for it.
  let levels: [CellLevel]

  /// Cells that are told how to walk.
  init(_ levels: [CellLevel], _ sequence: SequenceOptions) {
    self.levels = levels.enumerated().map { index, level in
      var level = level
      level.layer.sequence = sequence
      if index < levels.count - 1 {
        level.layer.options.returnSequences = true
        // What a lower cell gives at a masked timestep is masked for the next one, too.
        level.layer.options.zeroOutputForMask = false
      }
      return level
    }
  }

  /// The shapes of output and states, from those of the sequence and of initial states.
  ///
  /// - Parameters:
  ///   - inputs: (batch, timesteps, features), and each initial state or none.
  ///   - className: whose cells these are, for messages.
  /// - Returns: the output, and each final state where they are asked for.
  /// - Throws: `ShapeError` where they do not fit.
  func outputShapes(
    for inputs: [Shape], _ className: String
  ) throws(ShapeError) -> [Shape] {
    guard !levels.isEmpty, var sequence = inputs.first else {
      throw ShapeError(
        "\(className) has no cell that is known here",
        remedy: "use LSTMCell, GRUCell, SimpleRNNCell or a list of them")
    }
    var given = inputs.dropFirst()
    let stateCount = levels.reduce(0) { $0 + $1.layer.stateCount }
    guard given.isEmpty || given.count == stateCount else {
      throw ShapeError(
        "\(className) carries \(stateCount) state(s), found \(given.count) as initial_state",
        remedy: "give every state of every cell, or none")
    }
    var states: [Shape] = []
    for level in levels {
      let own = given.prefix(level.layer.stateCount)
      given = given.dropFirst(own.count)
      let shapes = try level.layer.outputShapes(for: [sequence] + own)
      sequence = shapes[0]
      states += shapes.dropFirst()
    }
    return [sequence] + states
  }

  /// The weights of all cells, those of each behind the cell's name.
  ///
  /// - Parameter input: of any rank, the features last.
  /// - Returns: kernel, recurrent kernel and bias of each cell.
  /// - Throws: `ShapeError` where the number of features is free.
  func weights(for input: Shape) throws(ShapeError) -> [WeightSpec] {
    var input = input
    var specs: [WeightSpec] = []
    for level in levels {
      for spec in try level.layer.weights(for: [input]) {
        specs.append(
          level.owner.reversed().reduce(spec) {
            $0.owned(by: $1, trainable: level.isTrainable)
          })
      }
      input = input.withFeatures(level.layer.units)
    }
    return specs
  }

  /// Multiplications with an addition of all cells on a sequence.
  func multiplyAdds(for sequence: Shape) -> Count {
    var sequence = sequence
    var result: Count = 0
    for level in levels {
      result += level.layer.multiplyAdds(for: [sequence], outputs: [])
      sequence = sequence.withFeatures(level.layer.units)
    }
    return result
  }

  /// Why there are as many features and parameters.
  func answers(for sequence: Shape) -> [Explanation.Answer] {
    guard let last = levels.last, let input = sequence.axes.last?.size else { return [] }
    var features = input
    var formulas: [String] = []
    for level in levels {
      formulas.append(
        (formulas.isEmpty ? "" : "+ ") + level.layer.parameterFormula(features: features))
      features = level.layer.units
    }
    let count = (try? weights(for: sequence))?.reduce(Count(0)) { $0 + $1.count } ?? 0
    let legend =
      levels.count == 1
      ? last.layer.formulaLegend : "a line for each cell: \(last.layer.formulaLegend)"
    return [
      .init(
        "Why \(last.layer.units.grouped) features?",
        [
          levels.count == 1
            ? "units of the cell is \(last.layer.units)"
            : "units of the last of \(levels.count) cells is \(last.layer.units)"
        ]),
      .init(
        "Why \(count.grouped) parameters?",
        formulas + [legend, "no T in it: any length fits"]),
    ]
  }

  // MARK: Numbers

  /// Walks over a sequence.
  ///
  /// - Parameters:
  ///   - inputs: the sequence, and each initial state or none.
  ///   - weights: those of all cells.
  ///   - context: of the layer that the cells stand in.
  /// - Returns: the output, and each final state where they are asked for.
  /// - Throws: `PassError` where a cell cannot be run, or not on these numbers.
  func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard levels.count > 1, let last = levels.last else {
      guard let only = levels.first else {
        throw PassError(
          "\(context.name) has no cell that is known here",
          remedy: "use LSTMCell, GRUCell, SimpleRNNCell or a list of them")
      }
      return try only.layer.forward(inputs, weights: weights, in: context)
    }
    let given = inputs.count > 1
    var states = (given ? Array(inputs.dropFirst()) : context.states)[...]
    var (sequence, firstWeight) = (inputs[0], 0)
    var result = Pass([])
    var finalStates: [Tensor] = []
    var pullbacks: [Pullback?] = []
    for (index, level) in levels.enumerated() {
      let own = Array(states.prefix(level.layer.stateCount))
      states = states.dropFirst(own.count)
      var inside = self.context(of: index, in: context)
      if !given { inside.states = own }
      let range = firstWeight..<(firstWeight + level.weightCount)
      guard range.upperBound <= weights.count else {
        throw PassError("\(context.name) needs more than \(weights.count) weights")
      }
      let pass: Pass
      do throws(PassError) {
        pass = try level.layer.forward(
          [sequence] + (given ? own : []), weights: weights.part(range), in: inside)
      } catch {
        throw error.at(inside.name)
      }
      firstWeight = range.upperBound
      sequence = pass.outputs[0]
      // Every cell reads backward by itself, so that what is recorded stands in its own time.
      if index < levels.count - 1, last.layer.options.goBackwards {
        sequence = sequence.reversed(axis: 1)
      }
      finalStates += pass.outputs.dropFirst()
      result.states += pass.states
      result.recordings += pass.recordings.map { recording in
        var recording = recording
        recording.path.insert(context.name, at: 0)
        return recording
      }
      pullbacks.append(pass.pullback)
    }
    result.outputs = [sequence] + finalStates
    guard context.isDifferentiated else { return result }
    let name = context.name
    result.pullback = { [pullbacks] (gradients: [Tensor?]) throws(PassError) -> Gradients in
      try self.gradients(gradients, pullbacks, given: given, name)
    }
    return result
  }

  /// What the cell at `index` is told of the pass.
  private func context(of index: Int, in context: PassContext) -> PassContext {
    let level = levels[index]
    var inside = context.part(
      level.owner.last ?? level.layer.className, isTrainable: level.isTrainable)
    // Cells of one name drop different numbers all the same.
    inside.seed = RandomNumbers.seed(context.seed, "cell \(index)")
    inside.needsInputGradients = index > 0 || context.needsInputGradients
    inside.recordingBytes = context.recordingBytes.map { $0 / levels.count }
    return inside
  }

  /// The way back through all cells, from the last to the first.
  private func gradients(
    _ gradients: [Tensor?], _ pullbacks: [Pullback?], given: Bool, _ name: String
  ) throws(PassError) -> Gradients {
    var arriving = gradients.first ?? nil
    var final = gradients.dropFirst()[...]
    var states: [Tensor?] = []
    var result = Gradients(nil)
    for (index, level) in levels.enumerated().reversed() {
      let stateCount = level.layer.stateCount
      let returnsState = level.layer.options.returnState
      let own = returnsState ? Array(final.suffix(stateCount)) : []
      if returnsState { final = final.dropLast(stateCount) }
      guard let pullback = pullbacks[index], arriving != nil || own.contains(where: { $0 != nil })
      else {
        arriving = nil
        states = Array(repeating: nil, count: given ? stateCount : 0) + states
        result.weights = Array(repeating: nil, count: level.weightCount) + result.weights
        continue
      }
      var found = try pullback([arriving] + own)
      for place in found.timesteps.indices { found.timesteps[place].path.insert(name, at: 0) }
      result.timesteps = found.timesteps + result.timesteps
      result.weights = found.weights + result.weights
      states = Array(found.inputs.dropFirst()) + states
      arriving = found.inputs.first ?? nil
      if index > 0, level.layer.options.goBackwards { arriving = arriving?.reversed(axis: 1) }
    }
    result.inputs = [arriving] + states
    return result
  }
}

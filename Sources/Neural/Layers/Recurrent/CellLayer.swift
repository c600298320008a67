/// What an `RNN` takes from one timestep to the next: Keras' cells, alone or on top of each other.
///
/// Input: (batch, features), and each state (batch, units). Output: (batch, units), and each state
/// after the step. Source: `keras/src/layers/rnn/stacked_rnn_cells.py`.
package protocol CellLayer: Layer {
  /// The cells that compute, in the order in which they do: each takes what the one before gives.
  var levels: [CellLevel] { get }
  /// How its states stand in lists: with a list for each cell of a stack.
  var stateStructure: StateStructure { get }
}

/// A cell that computes, as the recurrent layer that does with a sequence what it does with a
/// timestep.
package struct CellLevel: Sendable {
  /// The names of the cells on the way to it, and its own.
  package var owner: [String]
  /// The layer that has its settings.
  package var layer: any RecurrentLayer
  /// Whether training changes its weights.
  package var isTrainable = true

  /// How many weights it has.
  package var weightCount: Int { layer.options.useBias ? 3 : 2 }
}

/// How the states of a cell stand in lists.
package indirect enum StateStructure: Hashable, Sendable {
  /// As many states, one behind the other.
  case states(Int)
  /// A list for each cell of a stack.
  case stack([StateStructure])

  /// How many states there are in all.
  package var count: Int {
    switch self {
    case .states(let count): count
    case .stack(let parts): parts.reduce(0) { $0 + $1.count }
    }
  }
}

extension NamedLayer {
  /// The cells that compute where this is a cell of Keras; `nil` where it is none.
  package var levels: [CellLevel]? {
    guard let cell = layer as? any CellLayer else { return nil }
    return cell.levels.map { level in
      var level = level
      level.owner.insert(name, at: 0)
      level.isTrainable = level.isTrainable && trainable
      return level
    }
  }
}

extension CellLayer {
  package var stateCount: Int { stateStructure.count }

  /// The input of a timestep, and each state.
  package var inputCount: ClosedRange<Int> { (1 + stateCount)...(1 + stateCount) }

  package func inputRoles(rank: Int) -> [AxisRole]? { rank == 2 ? [.batch, .features] : nil }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let (sequence, states) = try timestep(inputs)
    return try stack.outputShapes(for: [sequence] + states, className)
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    guard let input = inputs.first else {
      throw ShapeError("\(className) takes a timestep, found no input")
    }
    return try stack.weights(for: input)
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let (sequence, _) = try? timestep(inputs) else { return 0 }
    return stack.multiplyAdds(for: sequence)
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard inputs.count == 1 + stateCount, inputs[0].rank == 2 else {
      throw PassError(
        "\(className) takes a timestep and \(stateCount) state(s), found "
          + inputs.map { "\($0.shape)" }.joined(separator: ", "))
    }
    let sizes = inputs[0].sizes
    var context = context
    // A step by itself is no walk, and nothing tells it to leave a sample out.
    (context.masks, context.states, context.recordingBytes) = ([], [], nil)
    context.tellsTimestepGradients = false
    var pass = try stack.forward(
      [inputs[0].reshaped([sizes[0], 1, sizes[1]])] + inputs.dropFirst(), weights: weights,
      in: context)
    pass.states = []
    guard let pullback = pass.pullback else { return pass }
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      var result = try pullback(gradients)
      if !result.inputs.isEmpty { result.inputs[0] = result.inputs[0]?.reshaped(sizes) }
      return result
    }
    return pass
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let (sequence, _) = try? timestep(inputs) else { return Explanation([]) }
    return Explanation(
      [
        .init(
          "What is it for?",
          ["computes one timestep: RNN(\(className)(…))", "walks with it over a sequence"])
      ] + stack.answers(for: sequence))
  }

  /// The cells on a sequence of one timestep, with the states behind what they give.
  private var stack: CellStack {
    var options = SequenceOptions()
    options.returnState = true
    return CellStack(levels, options)
  }

  /// The timestep as a sequence of one, and the states.
  private func timestep(
    _ inputs: [Shape]
  ) throws(ShapeError) -> (sequence: Shape, states: [Shape]) {
    guard var input = inputs.first, inputs.count == 1 + stateCount else {
      throw ShapeError(
        "\(className) takes a timestep and \(stateCount) state(s), found \(inputs.count) input(s)",
        remedy: "for a sequence wrap it: RNN(\(className)(…))")
    }
    guard input.rank == 2 else {
      throw ShapeError(
        "\(className) takes one timestep (batch, features), found \(input)",
        remedy: input.rank == 3 ? "for a sequence wrap it: RNN(\(className)(…))" : "")
    }
    input.axes.insert(Axis(.time, 1), at: 1)
    return (input, Array(inputs.dropFirst()))
  }
}

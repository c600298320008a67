/// A recurrent layer of a cell: it walks over the timesteps with `LSTMCell`, `GRUCell`,
/// `SimpleRNNCell`, or with several of them on top of each other.
///
/// Input: (batch, timesteps, features), and optionally each initial state. Output: (batch, units),
/// or (batch, timesteps, units) with `returnSequences`, of the last cell; behind it, with
/// `returnState`, each final state of each cell. Source: `keras/src/layers/rnn/rnn.py`.
package struct RNN: WrapperLayer, SequenceLayer {
  package static let className = "RNN"
  package static let summary = "reads timesteps in order with a cell, or with cells on each other"
  package static let innerKey = "cell"

  /// The cell; a stack of them where there are several.
  package var inner: NamedLayer
  package var sequence = SequenceOptions()

  package init() { self.init(NamedLayer("lstm_cell", LSTMCell())) }

  package init(_ inner: NamedLayer) { self.inner = inner }

  package static let settings: [Setting<RNN>] =
    [Setting(layer: innerKey, { $0.inner }, isRequired: true, help: "what computes a timestep")]
    + SequenceSettings.walk(of: RNN.self)
    + SequenceSettings.unroll(of: RNN.self)
    + SequenceSettings.maskOutput(of: RNN.self, isPositional: true)

  /// The cell, where it is one of Keras'.
  package var cell: (any CellLayer)? { inner.layer as? any CellLayer }
  package var stateCount: Int { cell?.stateStructure.count ?? 0 }

  /// Whether the cell, or every cell of a stack, is one of Keras': others cannot be run.
  package var isKnown: Bool { !(cell?.levels.isEmpty ?? true) }

  /// The layer that does the same, where there is one cell: an `LSTM` for an `LSTMCell`.
  package var plainCell: (any RecurrentLayer)? {
    stack.levels.count == 1 ? stack.levels[0].layer : nil
  }

  private var stack: CellStack { CellStack(inner.levels ?? [], sequence) }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    rank == 3 ? [.batch, .time, .features] : nil
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard isKnown else {
      throw ShapeError(
        "RNN walks with a cell, found \(inner.className)",
        remedy: "use LSTMCell, GRUCell, SimpleRNNCell or a list of them")
    }
    guard let input = inputs.first else {
      throw ShapeError("RNN takes a sequence, found no input")
    }
    try input.requireRank(3, "batch, timesteps, features", for: className)
    _ = try input.requireSize(-1, "features", for: className)
    try checkBatch(of: input)
    return try stack.outputShapes(for: inputs, className)
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    guard let input = inputs.first else {
      throw ShapeError("RNN takes a sequence, found no input")
    }
    return try stack.weights(for: input)
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    inputs.first.map { stack.multiplyAdds(for: $0) } ?? 0
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    try stack.forward(inputs, weights: weights, in: context)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, input.rank == 3, let last = stack.levels.last else {
      return Explanation([])
    }
    var answers = stack.answers(for: input)
    answers.insert(last.layer.timeAnswer(input), at: min(1, answers.count))
    return Explanation(answers)
  }
}

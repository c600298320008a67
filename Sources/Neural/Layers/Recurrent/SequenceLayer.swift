/// A layer that walks over the timesteps of a sequence: an `LSTM`, an `RNN` of cells, a
/// `ConvLSTM2D`.
///
/// Input: (batch, timesteps, …), and optionally each initial state. Output: what the last timestep
/// gave, or with `returnSequences` what every one gave; behind it, with `returnState`, each final
/// state. `Bidirectional` can wrap it. Source: `keras/src/layers/rnn/rnn.py`.
package protocol SequenceLayer: Layer {
  /// What it is told of the walk.
  var sequence: SequenceOptions { get set }
}

/// What every layer that walks over timesteps can be told of the walk.
package struct SequenceOptions: Hashable, Sendable {
  /// Whether every timestep's output is returned, or the last one only.
  package var returnSequences = false
  /// Whether the final states are returned behind the output.
  package var returnState = false
  /// Whether the timesteps are walked from the last to the first; the output stays reversed.
  package var goBackwards = false
  /// Whether the states carry over to the next batch.
  package var stateful = false
  /// Whether the loop is unrolled: faster for short sequences, same numbers.
  package var unroll = false
  /// Whether masked timesteps give zeros instead of the last output.
  package var zeroOutputForMask = false

  /// Keras' defaults.
  package init() {}
}

extension RecurrentLayer {
  /// The part of the options that says how the timesteps are walked.
  package var sequence: SequenceOptions {
    get {
      var sequence = SequenceOptions()
      sequence.returnSequences = options.returnSequences
      sequence.returnState = options.returnState
      sequence.goBackwards = options.goBackwards
      sequence.stateful = options.stateful
      sequence.unroll = options.unroll
      sequence.zeroOutputForMask = options.zeroOutputForMask
      return sequence
    }
    set {
      options.returnSequences = newValue.returnSequences
      options.returnState = newValue.returnState
      options.goBackwards = newValue.goBackwards
      options.stateful = newValue.stateful
      options.unroll = newValue.unroll
      options.zeroOutputForMask = newValue.zeroOutputForMask
    }
  }
}

extension SequenceLayer {
  /// One sequence, and each initial state.
  package var inputCount: ClosedRange<Int> { 1...(1 + stateCount) }

  /// Skips masked timesteps; a sequence keeps its mask.
  package var masking: Masking { .uses(handsOn: sequence.returnSequences) }

  /// Whether the states carry over to the next batch.
  package var isStateful: Bool { sequence.stateful }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard sequence.unroll, let input = inputs.first, input.rank > 1, input[1].size == nil else {
      return []
    }
    return ["unroll needs a number of timesteps: with None, Keras fails when it runs"]
  }

  /// Checks that a stateful layer knows how many samples it has.
  ///
  /// - Throws: `ShapeError` where it does not.
  func checkBatch(of input: Shape) throws(ShapeError) {
    guard sequence.stateful, input.axes.first?.size == nil else { return }
    throw ShapeError(
      "a stateful \(className) needs to know the batch size, found \(input)",
      remedy: "give the input a batch size, or set stateful to false")
  }
}

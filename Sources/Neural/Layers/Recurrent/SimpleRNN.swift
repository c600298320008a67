import VectorKernels

/// The plain recurrent layer: h = tanh(x·W + h₋₁·U + b).
///
/// Source: `keras/src/layers/rnn/simple_rnn.py`.
package struct SimpleRNN: RecurrentLayer {
  package static let className = "SimpleRNN"
  package static let summary = "reads timesteps in order, without gates: short memory"
  package static let stateNames = ["h"]
  package static let quantities: [Quantity] = [.hiddenState]
  package static let stateQuantities: [Quantity] = [.hiddenState]
  package static let gates = ["h"]

  package var units = 32
  package var options = RecurrentOptions()

  package init() {}

  package static let settings: [Setting<SimpleRNN>] =
    RecurrentSettings.units(of: SimpleRNN.self)
    + RecurrentSettings.activation(of: SimpleRNN.self)
    + RecurrentSettings.initializers(of: SimpleRNN.self)
    + RecurrentSettings.penalties(of: SimpleRNN.self)
    + SequenceSettings.walk(of: SimpleRNN.self)
    + SequenceSettings.unroll(of: SimpleRNN.self)
    + RecurrentSettings.seed(of: SimpleRNN.self)
    + SequenceSettings.maskOutput(of: SimpleRNN.self)

  package var biasShape: [Int] { [units] }
  package var biasesPerGate: Int { 1 }

  package var gateActivation: Activation { options.activation }
  package var kernelCell: RecurrentCell { .simple }

  package func compute(_ step: RecurrentStep) throws(PassError) {
    step.addProduct(of: step.states[0], gates: 0..<1, to: step.sums)
    step.copy(gate: 0, of: step.sums, to: step.record[0])
    try step.apply(options.activation, to: step.record[0])
  }

  package func backpropagate(_ back: RecurrentStepBack) throws(PassError) {
    let step = back.step
    let hidden = back.states[0]
    let (arguments, values) = (step.sums, back.room[0])
    step.addProduct(of: step.states[0], gates: 0..<1, to: arguments)
    values.update(from: arguments, count: step.count)
    try step.apply(options.activation, to: values)
    try back.backpropagate(options.activation, hidden, arguments: arguments, values: values)
    back.copy(hidden, toGate: 0, of: back.sums)
    hidden.update(repeating: 0, count: step.count)
    back.addProduct(of: back.sums, gates: 0..<1, to: hidden)
  }
}

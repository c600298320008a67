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
    + RecurrentSettings.sequence(of: SimpleRNN.self)
    + RecurrentSettings.seed(of: SimpleRNN.self)
    + RecurrentSettings.maskOutput(of: SimpleRNN.self)

  package var biasShape: [Int] { [units] }
  package var biasesPerGate: Int { 1 }

  package func compute(_ step: inout RecurrentStep, _ weights: LayerWeights) throws(PassError) {
    let sums = step.input.zipped(with: step.states[0].times(weights[1]), +)
    step.keep([try options.activation(sums)])
  }
}

/// Long short-term memory: a cell state c that gates write, keep and read.
///
/// i, f, o = σ(x·W + h·U + b), g = tanh(x·W + h·U + b), c = f·c₋₁ + i·g, h = o·tanh(c).
/// Gate order in the kernels i, f, c, o. Source: `keras/src/layers/rnn/lstm.py`.
package struct LSTM: RecurrentLayer {
  package static let className = "LSTM"
  package static let summary = "reads timesteps in order; gates decide what its memory keeps"
  package static let stateNames = ["h", "c"]
  package static let quantities: [Quantity] = [
    .inputGate, .forgetGate, .candidate, .outputGate, .cellState, .hiddenState,
  ]
  package static let stateQuantities: [Quantity] = [.hiddenState, .cellState]
  package static let gates = ["i", "f", "c", "o"]

  package var units = 32
  /// Applied to the gates.
  package var recurrentActivation = Activation.sigmoid
  /// Whether the forget gate's bias starts at 1.
  package var unitForgetBias = true
  package var options = RecurrentOptions()

  package init() {}

  /// An LSTM of `units` units.
  package init(units: Int, returnSequences: Bool = false) {
    self.units = units
    options.returnSequences = returnSequences
  }

  package static let settings: [Setting<LSTM>] =
    RecurrentSettings.units(of: LSTM.self)
    + RecurrentSettings.activation(of: LSTM.self)
    + [
      Setting(
        "recurrent_activation", \.recurrentActivation, .activation, help: "applied to the gates")
    ]
    + RecurrentSettings.initializers(of: LSTM.self)
    + [
      Setting(
        "unit_forget_bias", \.unitForgetBias, .boolean, help: "the forget gate's bias starts at 1")
    ]
    + RecurrentSettings.penalties(of: LSTM.self)
    + RecurrentSettings.seed(of: LSTM.self)
    + RecurrentSettings.sequence(of: LSTM.self)
    + RecurrentSettings.maskOutput(of: LSTM.self)

  package var biasShape: [Int] { [multiplied(4, units) ?? units] }
  package var biasesPerGate: Int { 1 }

  package func compute(_ step: inout RecurrentStep, _ weights: LayerWeights) throws(PassError) {
    let sums = step.input.zipped(with: step.states[0].times(weights[1]), +)
    let i = try recurrentActivation(sums.slice(axis: 1, 0..<units))
    let f = try recurrentActivation(sums.slice(axis: 1, units..<(2 * units)))
    let g = try options.activation(sums.slice(axis: 1, (2 * units)..<(3 * units)))
    let o = try recurrentActivation(sums.slice(axis: 1, (3 * units)..<(4 * units)))
    let c = f.zipped(with: step.states[1], *).zipped(with: i.zipped(with: g, *), +)
    let h = o.zipped(with: try options.activation(c), *)
    step.keep([i, f, g, o, c, h])
  }
}

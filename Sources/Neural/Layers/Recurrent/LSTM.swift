import VectorKernels

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
    + SequenceSettings.walk(of: LSTM.self)
    + SequenceSettings.unroll(of: LSTM.self)
    + SequenceSettings.maskOutput(of: LSTM.self)

  package var biasShape: [Int] { [multiplied(4, units) ?? units] }
  package var biasesPerGate: Int { 1 }
  /// The forget gate's block, so that the memory is kept at first.
  package var biasOnes: Range<Int>? {
    guard unitForgetBias, let end = multiplied(2, units), units >= 0 else { return nil }
    return units..<end
  }

  package var gateActivation: Activation { recurrentActivation }
  package var kernelCell: RecurrentCell { .LSTM }

  package func compute(_ step: RecurrentStep) throws(PassError) {
    let (i, f, g, o) = (step.record[0], step.record[1], step.record[2], step.record[3])
    let (c, h) = (step.record[4], step.record[5])
    step.addProduct(of: step.states[0], gates: 0..<4, to: step.sums)
    for (gate, place) in [i, f, g, o].enumerated() {
      step.copy(gate: gate, of: step.sums, to: place)
      try step.apply(gate == 2 ? options.activation : recurrentActivation, to: place)
    }
    let before = step.states[1]
    for index in 0..<step.count {
      c[index] = f[index] * before[index] + i[index] * g[index]
      h[index] = c[index]
    }
    try step.apply(options.activation, to: h)
    for index in 0..<step.count { h[index] *= o[index] }
  }

  package func backpropagate(_ back: RecurrentStepBack) throws(PassError) {
    let step = back.step
    let (i, f, g, o) = (step.record[0], step.record[1], step.record[2], step.record[3])
    let c = step.record[4]
    let before = step.states[1]
    let (hidden, cell) = (back.states[0], back.states[1])
    // h = o · shown, shown = tanh(c): its gradient joins that of c.
    let (shown, gradient, arguments) = (back.room[0], back.room[1], back.room[2])
    shown.update(from: c, count: step.count)
    try step.apply(options.activation, to: shown)
    for index in 0..<step.count { gradient[index] = hidden[index] * o[index] }
    try back.backpropagate(options.activation, gradient, arguments: c, values: shown)
    for index in 0..<step.count { cell[index] += gradient[index] }
    step.addProduct(of: step.states[0], gates: 0..<4, to: step.sums)
    for (gate, values) in [i, f, g, o].enumerated() {
      for index in 0..<step.count {
        switch gate {
        case 0: gradient[index] = cell[index] * g[index]
        case 1: gradient[index] = cell[index] * before[index]
        case 2: gradient[index] = cell[index] * i[index]
        default: gradient[index] = hidden[index] * shown[index]
        }
      }
      step.copy(gate: gate, of: step.sums, to: arguments)
      try back.backpropagate(
        gate == 2 ? options.activation : recurrentActivation, gradient, arguments: arguments,
        values: values)
      back.copy(gradient, toGate: gate, of: back.sums)
    }
    for index in 0..<step.count {
      cell[index] *= f[index]
      hidden[index] = 0
    }
    back.addProduct(of: back.sums, gates: 0..<4, to: hidden)
  }
}

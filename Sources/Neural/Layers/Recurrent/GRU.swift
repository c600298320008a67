import VectorKernels

/// Gated recurrent unit: one state h that an update gate mixes with a candidate.
///
/// z, r = σ(…), h = z·h₋₁ + (1 − z)·candidate. Gate order in the kernels z, r, h.
/// With `reset_after` (the default) the reset gate comes after the product with the recurrent
/// kernel, which then has a bias of its own. Source: `keras/src/layers/rnn/gru.py`.
package struct GRU: RecurrentLayer {
  package static let className = "GRU"
  package static let summary = "reads timesteps in order, with fewer gates than an LSTM"
  package static let stateNames = ["h"]
  package static let quantities: [Quantity] = [.updateGate, .resetGate, .candidate, .hiddenState]
  package static let stateQuantities: [Quantity] = [.hiddenState]
  package static let gates = ["z", "r", "h"]

  package var units = 32
  /// Applied to the gates.
  package var recurrentActivation = Activation.sigmoid
  /// Whether the reset gate is applied after the product with the recurrent kernel.
  package var resetAfter = true
  package var options = RecurrentOptions()

  package init() {}

  package static let settings: [Setting<GRU>] =
    RecurrentSettings.units(of: GRU.self)
    + RecurrentSettings.activation(of: GRU.self)
    + [
      Setting(
        "recurrent_activation", \.recurrentActivation, .activation, help: "applied to the gates")
    ]
    + RecurrentSettings.initializers(of: GRU.self)
    + RecurrentSettings.penalties(of: GRU.self)
    + RecurrentSettings.seed(of: GRU.self)
    + SequenceSettings.walk(of: GRU.self)
    + SequenceSettings.unroll(of: GRU.self)
    + [
      Setting(
        "reset_after", \.resetAfter, .boolean,
        help: "reset gate after the product with the state: a second bias")
    ]
    + SequenceSettings.maskOutput(of: GRU.self)

  package var biasShape: [Int] {
    let width = multiplied(3, units) ?? units
    return resetAfter ? [2, width] : [width]
  }
  package var biasesPerGate: Int { resetAfter ? 2 : 1 }

  package var gateActivation: Activation { recurrentActivation }
  package var kernelCell: RecurrentCell { resetAfter ? .gruResetAfter : .gruResetBefore }

  package func compute(_ step: RecurrentStep) throws(PassError) {
    let (z, r, g, h) = (step.record[0], step.record[1], step.record[2], step.record[3])
    let before = step.states[0]
    let (sums, product) = (step.sums, step.product)
    let width = 3 * units
    // The gates have the sum of both products.
    product.update(repeating: 0, count: step.batch * width)
    if resetAfter { step.addSecondBias(to: product) }
    step.addProduct(of: before, gates: 0..<(resetAfter ? 3 : 2), to: product)
    for (gate, place) in [z, r].enumerated() {
      step.copy(gate: gate, of: sums, to: place)
      step.copy(gate: gate, of: product, to: g)
      for index in 0..<step.count { place[index] += g[index] }
      try step.apply(recurrentActivation, to: place)
    }
    if resetAfter {
      step.copy(gate: 2, of: product, to: h)
      for index in 0..<step.count { h[index] *= r[index] }
    } else {
      for index in 0..<step.count { g[index] = r[index] * before[index] }
      step.addProduct(of: g, gates: 2..<3, to: product)
      step.copy(gate: 2, of: product, to: h)
    }
    step.copy(gate: 2, of: sums, to: g)
    for index in 0..<step.count { g[index] += h[index] }
    try step.apply(options.activation, to: g)
    for index in 0..<step.count {
      h[index] = z[index] * before[index] + (1 - z[index]) * g[index]
    }
  }

  package func backpropagate(_ back: RecurrentStepBack) throws(PassError) {
    let step = back.step
    let (z, r, g) = (step.record[0], step.record[1], step.record[2])
    let (before, hidden) = (step.states[0], back.states[0])
    findArguments(back)
    // h = z · h₋₁ + (1 − z) · g
    let (ofUpdate, ofReset) = (back.room[0], back.room[1])
    let (ofCandidate, arguments) = (back.room[2], back.room[3])
    for index in 0..<step.count {
      ofUpdate[index] = hidden[index] * (before[index] - g[index])
      ofCandidate[index] = hidden[index] * (1 - z[index])
      hidden[index] *= z[index]
    }
    step.copy(gate: 2, of: step.sums, to: arguments)
    try back.backpropagate(options.activation, ofCandidate, arguments: arguments, values: g)
    back.copy(ofCandidate, toGate: 2, of: back.sums)
    if resetAfter {
      // g = tanh(x·W + r · s), s = h₋₁·U + b
      step.copy(gate: 2, of: step.product, to: arguments)
      for index in 0..<step.count {
        ofReset[index] = ofCandidate[index] * arguments[index]
        ofCandidate[index] *= r[index]
      }
      back.copy(ofCandidate, toGate: 2, of: back.product)
    } else {
      // g = tanh(x·W + (r · h₋₁)·U)
      ofReset.update(repeating: 0, count: step.count)
      back.addProduct(of: back.sums, gates: 2..<3, to: ofReset)
      for index in 0..<step.count {
        hidden[index] += ofReset[index] * r[index]
        ofReset[index] *= before[index]
      }
    }
    for (gate, gradient) in [ofUpdate, ofReset].enumerated() {
      step.copy(gate: gate, of: step.sums, to: arguments)
      try back.backpropagate(
        recurrentActivation, gradient, arguments: arguments, values: step.record[gate])
      back.copy(gradient, toGate: gate, of: back.sums)
      back.copy(gradient, toGate: gate, of: back.product)
    }
    back.addProduct(of: back.product, gates: 0..<(resetAfter ? 3 : 2), to: hidden)
  }

  /// Leaves in `sums` what gates and candidate are the functions of, in `product` h₋₁·U and its
  /// bias.
  private func findArguments(_ back: RecurrentStepBack) {
    let step = back.step
    let (r, before) = (step.record[1], step.states[0])
    let width = 3 * units
    step.product.update(repeating: 0, count: step.batch * width)
    if resetAfter { step.addSecondBias(to: step.product) }
    step.addProduct(of: before, gates: 0..<(resetAfter ? 3 : 2), to: step.product)
    if !resetAfter {
      for index in 0..<step.count { back.gated[index] = r[index] * before[index] }
      step.addProduct(of: back.gated, gates: 2..<3, to: step.product)
    }
    for sample in 0..<step.batch {
      let row = sample * width
      for column in 0..<(2 * units) { step.sums[row + column] += step.product[row + column] }
      for unit in 0..<units {
        let factor = resetAfter ? r[sample * units + unit] : 1
        step.sums[row + 2 * units + unit] += factor * step.product[row + 2 * units + unit]
      }
    }
  }
}

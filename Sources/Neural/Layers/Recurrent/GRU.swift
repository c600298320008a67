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
    + RecurrentSettings.sequence(of: GRU.self)
    + [
      Setting(
        "reset_after", \.resetAfter, .boolean,
        help: "reset gate after the product with the state: a second bias")
    ]
    + RecurrentSettings.maskOutput(of: GRU.self)

  package var biasShape: [Int] {
    let width = multiplied(3, units) ?? units
    return resetAfter ? [2, width] : [width]
  }
  package var biasesPerGate: Int { resetAfter ? 2 : 1 }

  package func compute(_ step: inout RecurrentStep, _ weights: LayerWeights) throws(PassError) {
    let h = step.states[0]
    let gates = 2 * units
    func part(_ tensor: Tensor, _ gate: Int) -> Tensor {
      tensor.slice(axis: 1, (gate * units)..<((gate + 1) * units))
    }
    let recurrent: Tensor
    if resetAfter {
      var product = h.times(weights[1])
      if options.useBias {
        for sample in 0..<step.batch {
          for place in 0..<(3 * units) { product[sample, place] += weights[2][1, place] }
        }
      }
      recurrent = product
    } else {
      recurrent = h.times(weights[1].slice(axis: 1, 0..<gates))
    }
    let z = try recurrentActivation(part(step.input, 0).zipped(with: part(recurrent, 0), +))
    let r = try recurrentActivation(part(step.input, 1).zipped(with: part(recurrent, 1), +))
    let own =
      resetAfter
      ? r.zipped(with: part(recurrent, 2), *)
      : r.zipped(with: h, *).times(weights[1].slice(axis: 1, gates..<(3 * units)))
    let g = try options.activation(part(step.input, 2).zipped(with: own, +))
    let kept = z.zipped(with: h, *)
    step.keep([z, r, g, kept.zipped(with: z.map { 1 - $0 }.zipped(with: g, *), +)])
  }
}

/// Gated recurrent unit: one state h that an update gate mixes with a candidate.
///
/// z, r = σ(…), h = z·h₋₁ + (1 − z)·candidate. Gate order in the kernels z, r, h.
/// With `reset_after` (the default) the reset gate comes after the product with the recurrent
/// kernel, which then has a bias of its own. Source: `keras/src/layers/rnn/gru.py`.
package struct GRU: RecurrentLayer {
  package static let className = "GRU"
  package static let summary = "reads timesteps in order, with fewer gates than an LSTM"
  package static let stateNames = ["h"]
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
}

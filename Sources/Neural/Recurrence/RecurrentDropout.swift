/// What a recurrent layer drops in training: the same choice at all timesteps of a pass.
///
/// LSTM and GRU draw a choice for each gate as soon as `recurrent_dropout` is set, else one for
/// the input of all gates; and they do not drop at a rate of 1. SimpleRNN draws one of each.
/// Source: `keras/src/layers/rnn/dropout_rnn_cell.py`, `lstm.py`, `gru.py`, `simple_rnn.py`.
struct RecurrentDropout: Sendable {
  /// Factors of the input, (batch, features) each: none, one for all gates, or one a gate.
  let input: [Tensor]
  /// Factors of the hidden state, (batch, units) each: none, or one a gate.
  let hidden: [Tensor]

  /// The choice of a pass; `nil` where nothing is dropped.
  init?(_ layer: any RecurrentLayer, batch: Int, features: Int, in context: PassContext) {
    let options = layer.options
    let gates = type(of: layer).gates.count
    // Cells with gates leave a rate of 1 alone; the plain one drops everything.
    func drops(_ rate: Double) -> Bool { rate > 0 && (rate < 1 || gates == 1) }
    guard context.isTraining, drops(options.dropout) || drops(options.recurrentDropout) else {
      return nil
    }
    let seed = options.seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed
    var random = RandomNumbers(seed: seed)
    func factors(_ rate: Double, _ width: Int) -> Tensor {
      let kept = Float(1 / (1 - rate))
      return Tensor([batch, width]) { out in
        for index in out.indices { out[index] = random.uniform() < 1 - rate ? kept : 0 }
      }
    }
    let inputCount = options.recurrentDropout > 0 ? gates : 1
    input =
      drops(options.dropout) ? (0..<inputCount).map { _ in factors(options.dropout, features) } : []
    hidden =
      drops(options.recurrentDropout)
      ? (0..<gates).map { _ in factors(options.recurrentDropout, layer.units) } : []
  }
}

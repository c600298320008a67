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
    var random = context.randomNumbers(options.seed)
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

extension RecurrentDropout {
  /// The factors of the input where nothing else is dropped and all gates see the same: the layer
  /// reads the input with these factors, and is the usual one otherwise.
  var ofInputAlone: Tensor? { hidden.isEmpty && input.count == 1 ? input[0] : nil }
}

extension Tensor {
  /// A sequence (batch, timesteps, features) with all timesteps multiplied by (batch, features).
  func scaled(by factors: Tensor) -> Tensor {
    let (timesteps, features) = (sizes[1], sizes[2])
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        factors.values.withUnsafeBufferPointer { factors in
          for row in 0..<(sizes[0] * timesteps) {
            let (first, from) = (row / timesteps * features, row * features)
            for index in 0..<features {
              out[from + index] = numbers[from + index] * factors[first + index]
            }
          }
        }
      }
    }
  }
}

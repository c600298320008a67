import Testing

@testable import Neural

/// The literal numbers of Keras' own tests, from constant weights.
///
/// Source: `keras/src/layers/rnn/{lstm,gru,simple_rnn,bidirectional}_test.py`, Keras 3.15.
@Suite struct KerasNumbersTests {
  private func outputs(
    _ layer: any RecurrentLayer, _ input: Tensor, states: [Tensor] = [], mask: Tensor? = nil,
    kept: [Tensor] = []
  ) throws -> [Tensor] {
    var context = PassContext()
    context.masks = [mask]
    context.states = kept
    let weights = LayerWeights(try constantWeights(layer, features: input.sizes[2]))
    let pass = try layer.forward([input] + states, weights: weights, in: context)
    guard layer.options.stateful, kept.isEmpty else { return pass.outputs }
    return try outputs(layer, input, kept: pass.states)
  }

  private func expect(
    _ found: Tensor, _ expected: Tensor, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(difference(found, expected) < 2e-6, sourceLocation: sourceLocation)
  }

  private func lstm(_ units: Int, _ change: (inout LSTM) -> Void = { _ in }) -> LSTM {
    var layer = LSTM(units: units)
    change(&layer)
    return layer
  }
  private func gru(_ units: Int, _ change: (inout GRU) -> Void = { _ in }) -> GRU {
    var layer = GRU(units: units)
    change(&layer)
    return layer
  }
  private func simple(_ units: Int, _ change: (inout SimpleRNN) -> Void = { _ in }) -> SimpleRNN {
    var layer = SimpleRNN()
    layer.units = units
    change(&layer)
    return layer
  }

  private let long = counting([3, 6, 4])
  private let short = counting([2, 4, 3])
  private let state = counting([2, 2])

  @Test func lstm() throws {
    let plain: [Float] = [0.6288687, 0.86899155, 0.9460773]
    let cases: [(LSTM, [Float])] = [
      (lstm(3), plain),
      (lstm(3) { $0.options.goBackwards = true }, [0.35622165, 0.74789524, 0.8872726]),
      (lstm(3) { $0.options.unroll = true }, plain),
      (lstm(3) { $0.unitForgetBias = false }, [0.57019705, 0.8661914, 0.9459622]),
      (lstm(3) { $0.options.useBias = false }, [0.54986924, 0.86226785, 0.9443936]),
    ]
    for (layer, numbers) in cases {
      expect(try outputs(layer, long)[0], rows(numbers, units: 3))
    }
    let stateful = lstm(4) { $0.options.stateful = true }
    expect(
      try outputs(stateful, counting([2, 3, 4]))[0], rows([0.3124785, 0.6863672], units: 4))
  }

  @Test func lstmWithInitialStates() throws {
    expect(
      try outputs(lstm(2), short, states: [state, state])[0],
      Tensor([2, 2], [0.20574439, 0.3558822, 0.64930826, 0.66276]))
    expect(
      try outputs(lstm(2) { $0.options.goBackwards = true }, short, states: [state, state])[0],
      Tensor([2, 2], [0.13281618, 0.2790356, 0.5839337, 0.5992567]))
  }

  @Test func lstmWithMask() throws {
    let mask = Tensor([2, 4], [1, 1, 1, 0, 1, 1, 0, 0])
    expect(
      try outputs(lstm(2) { $0.options.unroll = true }, short, mask: mask)[0],
      rows([0.11755939, 0.28556206], units: 2))
    let sequence = lstm(2) { $0.options.returnSequences = true }
    expect(
      try outputs(sequence, short, mask: mask)[0].reshaped([8, 2]),
      rows(
        [
          0.01588910, 0.05552048, 0.11755939, 0.11755939, 0.14185596, 0.28556206, 0.28556206,
          0.28556206,
        ], units: 2))
    let zeroed = lstm(2) {
      $0.options.returnSequences = true
      $0.options.zeroOutputForMask = true
    }
    expect(
      try outputs(zeroed, short, mask: mask)[0].reshaped([8, 2]),
      rows([0.01588910, 0.05552048, 0.11755939, 0, 0.14185596, 0.28556206, 0, 0], units: 2))
    expect(
      try outputs(
        lstm(2) { $0.options.goBackwards = true }, short,
        mask: Tensor([2, 4], [0, 1, 1, 1, 0, 0, 1, 1]))[0],
      rows([0.15341201, 0.3844719], units: 2))
  }

  @Test func gru() throws {
    let plain: [Float] = [0.5217289, 0.6371659, 0.39384964]
    let cases: [(GRU, [Float])] = [
      (gru(3), plain),
      (gru(3) { $0.options.goBackwards = true }, [0.24406259, 0.611516, 0.3928808]),
      (gru(3) { $0.options.unroll = true }, plain),
      (gru(3) { $0.resetAfter = false }, [0.51447755, 0.6426879, 0.40208298]),
      (gru(3) { $0.options.useBias = false }, [0.49988455, 0.64701194, 0.4103359]),
    ]
    for (layer, numbers) in cases {
      expect(try outputs(layer, long)[0], rows(numbers, units: 3))
    }
    let stateful = gru(4) { $0.options.stateful = true }
    expect(
      try outputs(stateful, counting([2, 3, 4]))[0], rows([0.29542392, 0.5885018], units: 4))
  }

  @Test func gruWithInitialState() throws {
    for goesBackwards in [false, true] {
      let layer = gru(2) {
        $0.options.returnState = true
        $0.options.goBackwards = goesBackwards
      }
      let found = try outputs(layer, short, states: [state])
      expect(
        found[0],
        Tensor(
          [2, 2],
          goesBackwards
            ? [0.13486053, 0.23261218, 0.78257304, 0.9691353]
            : [0.23774096, 0.33508456, 0.83659905, 1.0227708]))
      #expect(found[0] == found[1])
    }
  }

  @Test func gruWithMask() throws {
    let mask = Tensor([2, 4], [1, 1, 0, 1, 1, 0, 0, 1])
    expect(
      try outputs(gru(2) { $0.options.unroll = true }, short, mask: mask)[0],
      rows([0.19393763, 0.30818558], units: 2))
    let sequence = gru(2) { $0.options.returnSequences = true }
    expect(
      try outputs(sequence, short, mask: mask)[0].reshaped([8, 2]),
      rows(
        [
          0.03606692, 0.09497581, 0.09497581, 0.19393763, 0.16051409, 0.16051409, 0.16051409,
          0.30818558,
        ], units: 2))
    let zeroed = gru(2) {
      $0.options.returnSequences = true
      $0.options.zeroOutputForMask = true
    }
    expect(
      try outputs(zeroed, short, mask: mask)[0].reshaped([8, 2]),
      rows([0.03606692, 0.09497581, 0, 0.19393763, 0.16051409, 0, 0, 0.30818558], units: 2))
    expect(
      try outputs(gru(2) { $0.options.goBackwards = true }, short, mask: mask)[0],
      rows([0.11669192, 0.28380975], units: 2))
  }

  @Test func simpleRNN() throws {
    let input = counting([2, 3, 4])
    for unrolls in [false, true] {
      expect(
        try outputs(simple(4) { $0.options.unroll = unrolls }, input)[0],
        rows([0.405432, 0.73605347], units: 4))
      let backward = simple(4) {
        $0.options.unroll = unrolls
        $0.options.goBackwards = true
      }
      expect(try outputs(backward, input)[0], rows([0.11144729, 0.5528889], units: 4))
    }
    expect(
      try outputs(simple(4) { $0.options.stateful = true }, input)[0],
      rows([0.40559256, 0.7361247], units: 4))
    let states = [counting([2, 4])]
    expect(
      try outputs(simple(4), short, states: states)[0], rows([0.33621645, 0.6262637], units: 4))
    expect(
      try outputs(simple(4) { $0.options.goBackwards = true }, short, states: states)[0],
      rows([0.07344437, 0.43043602], units: 4))
  }

  @Test func simpleRNNWithMask() throws {
    let mask = Tensor([2, 4], [1, 1, 0, 1, 1, 0, 0, 1])
    expect(
      try outputs(simple(4) { $0.options.unroll = true }, short, mask: mask)[0],
      rows([0.32951632, 0.61799484], units: 4))
    let sequence = simple(2) { $0.options.returnSequences = true }
    expect(
      try outputs(sequence, short, mask: mask)[0].reshaped([8, 2]),
      rows(
        [
          0.0599281, 0.15122814, 0.15122814, 0.32394567, 0.3969304, 0.3969304, 0.3969304, 0.608085,
        ], units: 2))
    let zeroed = simple(2) {
      $0.options.returnSequences = true
      $0.options.zeroOutputForMask = true
    }
    expect(
      try outputs(zeroed, short, mask: mask)[0].reshaped([8, 2]),
      rows([0.0599281, 0.15122814, 0, 0.32394567, 0.3969304, 0, 0, 0.608085], units: 2))
    expect(
      try outputs(simple(4) { $0.options.goBackwards = true }, short, mask: mask)[0],
      rows([0.07376196, 0.43645123], units: 4))
  }
}

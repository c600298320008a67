import Testing

@testable import Neural

/// Both directions at once: Keras' own numbers, and layers that differ from each other.
@Suite struct BidirectionalNumbersTests {
  private func outputs(
    _ layer: Bidirectional, _ input: Tensor, states: [Tensor] = [], mask: Tensor? = nil,
    backward: [Tensor]? = nil, kept: [Tensor] = []
  ) throws -> [Tensor] {
    var context = PassContext()
    context.masks = [mask]
    context.states = kept
    let features = input.sizes[2]
    let directions = try layer.directions()
    let ahead = try #require(directions.forward.plainLayer)
    let back = try #require(directions.backward.plainLayer)
    let weights = LayerWeights(
      try constantWeights(ahead, features: features)
        + (backward ?? constantWeights(back, features: features)))
    let pass = try layer.forward([input] + states, weights: weights, in: context)
    guard layer.isStateful, kept.isEmpty else { return pass.outputs }
    return try outputs(layer, input, kept: pass.states)
  }

  private func expect(
    _ found: Tensor, _ numbers: [Float], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      difference(found, Tensor(found.sizes, numbers)) < 2e-6, sourceLocation: sourceLocation)
  }

  private func bidirectional(
    _ layer: any RecurrentLayer, _ mode: Bidirectional.MergeMode = .concat
  ) -> Bidirectional {
    var both = Bidirectional(NamedLayer("rnn", layer))
    both.mergeMode = mode
    return both
  }

  private var simple: SimpleRNN {
    var layer = SimpleRNN()
    layer.units = 2
    return layer
  }
  private let input = counting([2, 3, 4])
  private let short = counting([2, 4, 3])

  @Test func mergeModes() throws {
    expect(
      try outputs(bidirectional(simple), input)[0],
      [
        0.39687276, 0.39687276, 0.10004295, 0.10004295, 0.7237238, 0.7237238, 0.53391594,
        0.53391594,
      ])
    expect(
      try outputs(bidirectional(simple, .ave), input)[0],
      [0.24845785, 0.24845785, 0.6288199, 0.6288199])
    let apart = try outputs(bidirectional(simple, .none), input)
    expect(apart[0], [0.39687276, 0.39687276, 0.7237238, 0.7237238])
    expect(apart[1], [0.10004295, 0.10004295, 0.53391594, 0.53391594])
    var back = simple
    back.options.goBackwards = true
    var product = bidirectional(simple, .mul)
    product.backward = NamedLayer("back", back)
    let weights = try constantWeights(back, features: 4, kernel: 0.03, bias: 0.01)
    expect(
      try outputs(product, input, backward: weights)[0],
      [0.08374989, 0.08374989, 0.6740834, 0.6740834])
    var gru = GRU(units: 2)
    gru.options.returnSequences = true
    let sums: [Float] = [0.20937867, 0.34462988, 0.40290534, 0.59829646, 0.6734641, 0.6479671]
    expect(try outputs(bidirectional(gru, .sum), input)[0], sums.flatMap { [$0, $0] })
  }

  @Test func statefulInitialStatesAndMask() throws {
    var lstm = LSTM(units: 2)
    lstm.options.stateful = true
    expect(
      try outputs(bidirectional(lstm), short)[0],
      [
        0.26234663, 0.26234663, 0.16959146, 0.16959146, 0.6137073, 0.6137073, 0.5381646, 0.5381646,
      ])
    expect(
      try outputs(
        bidirectional(LSTM(units: 2)), short,
        states: (1...4).map { counting([2, 2], times: Float($0)) })[0],
      [0.20794602, 0.4577124, 0.14046375, 0.48191673, 0.6682636, 0.6711909, 0.60943645, 0.60950446])
    expect(
      try outputs(
        bidirectional(GRU(units: 2)), short, mask: Tensor([2, 4], [1, 1, 0, 1, 1, 0, 0, 1]))[0],
      [
        0.19393763, 0.19393763, 0.11669192, 0.11669192, 0.30818558, 0.30818558, 0.28380975,
        0.28380975,
      ])
  }

  @Test func returnedStates() throws {
    var lstm = LSTM(units: 2)
    lstm.options.returnState = true
    let found = try outputs(bidirectional(lstm), short)
    try #require(found.count == 5)
    expect(
      found[0],
      [
        0.1990008, 0.1990008, 0.12659755, 0.12659755, 0.52335435, 0.52335435, 0.44717982,
        0.44717982,
      ])
    expect(found[1], [0.1990008, 0.1990008, 0.52335435, 0.52335435])
    expect(found[2], [0.35567185, 0.35567185, 1.0492687, 1.0492687])
    expect(found[3], [0.12659755, 0.12659755, 0.44717982, 0.44717982])
    expect(found[4], [0.2501858, 0.2501858, 0.941473, 0.941473])
  }

  @Test(arguments: [true, false])
  func directionsOfDifferentClassesTakeTheirOwnWeights(returnsSequences: Bool) throws {
    var ahead = LSTM(units: 5)
    ahead.options.useBias = false
    ahead.options.returnSequences = returnsSequences
    var back = GRU(units: 3)
    back.options.goBackwards = true
    back.options.returnSequences = returnsSequences
    var both = bidirectional(ahead)
    both.backward = NamedLayer("back", back)
    let found = try outputs(both, short)[0]
    func alone(_ layer: any RecurrentLayer) throws -> Tensor {
      let weights = LayerWeights(try constantWeights(layer, features: 3))
      return try layer.forward([short], weights: weights, in: PassContext()).outputs[0]
    }
    var reversed = try alone(back)
    if returnsSequences { reversed = reversed.reversed(axis: 1) }
    #expect(found == Tensor.concatenated([try alone(ahead), reversed], axis: -1))
  }

  /// Keras does not look at which way the first direction reads: its output stays as it is, and the
  /// second one's is put the other way round.
  @Test func aFirstDirectionThatReadsBackwardGivesAReversedSequence() throws {
    var ahead = LSTM(units: 2, returnSequences: true)
    ahead.options.goBackwards = true
    let back = LSTM(units: 2, returnSequences: true)
    var both = bidirectional(ahead)
    both.backward = NamedLayer("back", back)
    let usual = try outputs(bidirectional(back), short)[0].reversed(axis: 1)
    let found = try outputs(both, short)[0]
    #expect(found.slice(axis: 2, 0..<2) == usual.slice(axis: 2, 2..<4))
    #expect(found.slice(axis: 2, 2..<4) == usual.slice(axis: 2, 0..<2))
  }

  @Test func maskedTimestepsOfASequenceAreZeroUnlessUnrolled() throws {
    let mask = Tensor([2, 4], [0, 1, 0, 1, 1, 0, 0, 1])
    for unrolls in [false, true] {
      var lstm = LSTM(units: 2, returnSequences: true)
      lstm.options.unroll = unrolls
      let found = try outputs(bidirectional(lstm), short, mask: mask)[0]
      let states = (0..<4).map { _ in counting([2, 2]) }
      let started = try outputs(bidirectional(lstm), short, states: states, mask: mask)[0]
      // Sample 0, t = 0 is masked: nothing came before it forward.
      #expect(found[0, 0, 0] == 0 && started[0, 0, 0] == 0)
      // Sample 1, t = 1 is masked: the output of t = 0 is repeated, or zero stands there.
      #expect(found[1, 1, 0] == (unrolls ? found[1, 0, 0] : 0))
    }
  }
}

import Testing

@testable import Neural

/// The way back through recurrent layers against differences of the loss.
@Suite struct RecurrentGradientTests {
  /// The layers in all their formulas.
  private static func layers(_ change: (inout RecurrentOptions) -> Void = { _ in })
    -> [any RecurrentLayer]
  {
    var before = GRU()
    before.resetAfter = false
    let layers: [any RecurrentLayer] = [LSTM(), GRU(), before, SimpleRNN()]
    return layers.map { layer in
      var layer = layer
      layer.units = 5
      layer.options.returnSequences = true
      change(&layer.options)
      return layer
    }
  }

  private func expectDifferences(
    _ run: GradientCase, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for choice in [KernelChoice.best, .none] {
      let error = try KernelChoice.$current.withValue(choice) { try run.largestError() }
      #expect(
        error < 5e-3, "\(run.layer.className) \(comment) \(choice)", sourceLocation: sourceLocation)
    }
  }

  @Test func aSequenceAndTheLastOutputAlone() throws {
    for returnsSequences in [true, false] {
      for layer in Self.layers({ $0.returnSequences = returnsSequences }) {
        try expectDifferences(try GradientCase(layer, [[3, 4, 2]]))
      }
    }
  }

  @Test func readingBackward() throws {
    for layer in Self.layers({ $0.goBackwards = true }) {
      try expectDifferences(try GradientCase(layer, [[3, 4, 2]]))
    }
  }

  @Test func withoutBias() throws {
    for layer in Self.layers({ $0.useBias = false }) {
      try expectDifferences(try GradientCase(layer, [[2, 3, 3]]))
    }
  }

  @Test func givenStatesAndReturnedOnes() throws {
    for returnsSequences in [true, false] {
      let layers = Self.layers {
        $0.returnState = true
        $0.returnSequences = returnsSequences
      }
      for layer in layers {
        let states = type(of: layer).stateNames.map { _ in [3, 5] }
        try expectDifferences(try GradientCase(layer, [[3, 4, 2]] + states))
      }
    }
  }

  @Test func statesKeptFromTheBatchBeforeAreConstants() throws {
    for layer in Self.layers({ $0.stateful = true }) {
      var run = try GradientCase(layer, [[2, 3, 2]])
      run.states = type(of: layer).stateNames.map { _ in Tensor([2, 5], repeating: 0.3) }
      try expectDifferences(run)
      #expect(try run.gradients().inputs.count == 1)
    }
  }

  @Test func maskedTimestepsHandTheirGradientsOn() throws {
    let rules: [(inout RecurrentOptions) -> Void] = [
      { _ in }, { $0.zeroOutputForMask = true }, { $0.unroll = true },
      { $0.returnSequences = false }, { $0.goBackwards = true },
      {
        $0.returnSequences = false
        $0.zeroOutputForMask = true
      },
      {
        $0.returnSequences = false
        $0.unroll = true
        $0.goBackwards = true
      },
    ]
    for (index, rule) in rules.enumerated() {
      for layer in Self.layers(rule) {
        let states = type(of: layer).stateNames.map { _ in [4, 5] }
        var run = try GradientCase(layer, [[4, 5, 2]] + states)
        run.mask = gappyMask(4, 5)
        try expectDifferences(run, "rule \(index)")
      }
    }
  }

  @Test(arguments: ["sigmoid", "linear", "hard_sigmoid", "softsign", "softmax", "elu", "gelu"])
  func otherFunctions(name: String) throws {
    let function = try Activation(configValue: .string(name), kind: .activation)
    for layer in Self.layers({ $0.activation = function }) {
      try expectDifferences(try GradientCase(layer, [[3, 4, 2]], limit: 0.3), name)
    }
    var lstm = LSTM(units: 4, returnSequences: true)
    lstm.recurrentActivation = function
    try expectDifferences(try GradientCase(lstm, [[3, 4, 2]], limit: 0.3), name)
    var gru = GRU()
    gru.units = 4
    gru.recurrentActivation = function
    try expectDifferences(try GradientCase(gru, [[3, 4, 2]], limit: 0.3), name)
  }

  @Test func dropoutOfInputsAndStates() throws {
    for (dropout, recurrent) in [(0.4, 0.0), (0, 0.4), (0.3, 0.3)] {
      let layers = Self.layers {
        $0.dropout = dropout
        $0.recurrentDropout = recurrent
      }
      for layer in layers {
        var run = try GradientCase(layer, [[3, 4, 6]])
        run.isTraining = true
        try expectDifferences(run, "\(dropout) \(recurrent)")
      }
    }
  }

  @Test func eachTrainingStepDropsAnew() throws {
    var lstm = LSTM(units: 8)
    lstm.options.dropout = 0.5
    lstm.options.seed = 4
    var run = try GradientCase(lstm, [[3, 4, 6]])
    run.isTraining = true
    let first = try run.pass().outputs
    #expect(try run.pass().outputs == first)
    #expect(try run.pass { $0.step = 1 }.outputs != first)
  }

  @Test func bidirectionalInAllMergeModes() throws {
    for mode in [Bidirectional.MergeMode.concat, .sum, .mul, .ave, .none] {
      for returnsSequences in [true, false] {
        for layer in Self.layers({ $0.returnSequences = returnsSequences }) {
          var both = Bidirectional(NamedLayer("rnn", layer))
          both.mergeMode = mode
          var run = try GradientCase(both, [[3, 4, 2]])
          try expectDifferences(run, "\(mode)")
          run.mask = gappyMask(3, 4)
          try expectDifferences(run, "\(mode), masked")
        }
      }
    }
  }

  @Test func directionsThatDiffer() throws {
    var forward = LSTM(units: 4, returnSequences: true)
    forward.options.goBackwards = true
    var backward = GRU()
    backward.units = 3
    backward.options.returnSequences = true
    var both = Bidirectional(NamedLayer("ahead", forward))
    both.backward = NamedLayer("back", backward)
    try expectDifferences(try GradientCase(both, [[3, 4, 2]]))
  }

  @Test func statesOfBothDirections() throws {
    for layer in Self.layers({ $0.returnState = true }) {
      let states = type(of: layer).stateNames.map { _ in [3, 5] }
      let both = Bidirectional(NamedLayer("rnn", layer))
      try expectDifferences(try GradientCase(both, [[3, 4, 2]] + states + states))
    }
  }

  @Test func anOutputThatDoesNotMatter() throws {
    for layer in Self.layers({ $0.returnState = true }) {
      let run = try GradientCase(layer, [[3, 4, 2]])
      let pass = try run.pass { $0.isDifferentiated = true }
      var outputs: [Tensor?] = run.outputGradients(pass)
      outputs[0] = nil
      let found = try pass.pullback?(outputs)
      let again = try run.pass { $0.isDifferentiated = true }
      outputs[0] = Tensor(pass.outputs[0].sizes)
      let expected = try again.pullback?(outputs)
      #expect(found?.weights == expected?.weights)
      #expect(found?.inputs == expected?.inputs)
    }
  }

  @Test func inputGradientsAreMadeOnlyWhereTheyAreNeeded() throws {
    let run = try GradientCase(LSTM(units: 3), [[2, 3, 2]])
    #expect(try run.gradients { $0.needsInputGradients = false }.inputs[0] == nil)
    let all = try run.gradients()
    #expect(all.inputs[0]?.sizes == [2, 3, 2])
    #expect(try run.gradients { $0.needsInputGradients = false }.weights == all.weights)
  }

  @Test func aRecordingIsWhatWasComputed() throws {
    for layer in Self.layers() {
      let run = try GradientCase(layer, [[2, 3, 2]])
      let pass = try run.pass {
        $0.isDifferentiated = true
        $0.recordingBytes = 1 << 20
      }
      let expected = try run.pass { $0.recordingBytes = 1 << 20 }
      _ = try pass.pullback?(run.outputGradients(pass))
      for quantity in type(of: layer).quantities {
        #expect(
          pass.recordings[0].directions[0].sequence(quantity)
            == expected.recordings[0].directions[0].sequence(quantity))
      }
    }
  }

  @Test func theWayBackIsGoneOnce() throws {
    let run = try GradientCase(LSTM(units: 3), [[2, 3, 2]])
    let pass = try run.pass { $0.isDifferentiated = true }
    _ = try pass.pullback?(run.outputGradients(pass))
    #expect(throws: PassError.self) { try pass.pullback?(run.outputGradients(pass)) }
  }

  /// The gradient of h(t) is that of the output, for a loss that moves h(t) by itself: with an
  /// output at each timestep, that of the last one in reading order.
  @Test func timestepGradientsAreThoseOfTheStates() throws {
    for layer in Self.layers({ $0.goBackwards = true }) {
      let run = try GradientCase(layer, [[3, 4, 2]])
      let gradients = try run.gradients { $0.tellsTimestepGradients = true }
      let told = try #require(gradients.timesteps.first)
      #expect(told.path == ["layer"] && told.directions.map(\.name) == ["layer"])
      let norms = told.directions[0].norms
      #expect(norms.count == 4 && norms.allSatisfy { $0 > 0 })
      // Read last: t = 0. Its state matters by its output alone.
      let weighted = run.outputGradients(try run.pass())[0]
      let last = weighted.slice(axis: 1, 3..<4)
      let expected = (0..<3).reduce(Float(0)) { sum, sample in
        sum + last.samples(sample..<(sample + 1)).values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      #expect(abs(norms[0] - expected / 3) < 1e-5)
      // Read before: the state after the first steps is the state that the rest starts from.
      var rest = run
      var ahead = layer
      ahead.options.returnState = false
      rest.layer = ahead
      rest.inputs[0] = run.inputs[0].slice(axis: 1, 0..<2)
      let middle = run.inputs[0].slice(axis: 1, 2..<4)
      var first = run
      var stateful = layer
      stateful.options.returnState = true
      first.layer = stateful
      first.inputs[0] = middle
      let states = Array(try first.pass().outputs.dropFirst())
      rest.inputs += states
      let pass = try rest.pass { $0.isDifferentiated = true }
      let back = try #require(
        try pass.pullback?([weighted.slice(axis: 1, 2..<4)]))
      var whole = try #require(back.inputs[1])
      let own = weighted.slice(axis: 1, 1..<2)
      whole = whole.zipped(with: own.reshaped(whole.sizes), +)
      let mean =
        (0..<3).reduce(Float(0)) { sum, sample in
          sum + whole.samples(sample..<(sample + 1)).values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        } / 3
      #expect(abs(norms[2] - mean) < 1e-5, "\(layer.className)")
    }
  }
}

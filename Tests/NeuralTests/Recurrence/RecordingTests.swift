import Testing

@testable import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Recordings: what they hold, and that they change nothing.
@Suite struct RecordingTests {
  @Test(arguments: 400..<440)
  func recordingChangesNoBit(seed: Int) throws {
    let run = try RandomCase(seed: UInt64(seed))
    let plain = try run.pass()
    for bytes in [0, 5_000, 1 << 30] {
      let recorded = try run.pass(recordingBytes: bytes)
      #expect(recorded.outputs == plain.outputs, "\(run)")
    }
    #expect(plain.recordings.isEmpty)
  }

  @Test(arguments: 500..<520)
  func aWindowHasTheBitsOfTheWhole(seed: Int) throws {
    let run = try RandomCase(seed: UInt64(seed), timesteps: 200)
    for choice in [KernelChoice.best, .none] {
      try KernelChoice.$current.withValue(choice) {
        let whole = try run.pass(recordingBytes: 1 << 30).recordings[0].directions[0]
        #expect(whole.covers(0) && whole.covers(199))
        let row = run.input.sizes[0] * run.layer.units * 4
        var part = try run.pass(recordingBytes: row * 40).recordings[0].directions[0]
        #expect(!part.covers(part.isBackward ? 0 : 199))
        for t in [150, 3, 77, 199, 0, 100] {
          part = part.covering(t..<min(t + 2, 200))
          for quantity in whole.quantities {
            for unit in 0..<whole.units {
              let (one, other) = (
                part.value(quantity, t: t, unit: unit, sample: 0),
                whole.value(quantity, t: t, unit: unit, sample: 0)
              )
              #expect(one != nil && one == other, "\(run)")
              #expect(
                part.previous(quantity, t: t, unit: unit, sample: 0)
                  == whole.previous(quantity, t: t, unit: unit, sample: 0))
            }
          }
        }
      }
    }
  }

  @Test func gatesGiveTheStates() throws {
    var run = try RandomCase(seed: 3, timesteps: 30)
    run.layer = LSTM(units: 19, returnSequences: true)
    run.weights = try RandomWeights.of(run.layer, features: run.input.sizes[2], seed: 4)
    run.states = []
    run.mask = nil
    let pass = try run.pass(recordingBytes: 1 << 30)
    let recording = pass.recordings[0].directions[0]
    for t in 0..<30 {
      for unit in 0..<19 {
        func value(_ quantity: Quantity) throws -> Float {
          try #require(recording.value(quantity, t: t, unit: unit, sample: 0))
        }
        let before = try #require(recording.previous(.cellState, t: t, unit: unit, sample: 0))
        let c = try value(.forgetGate) * before + value(.inputGate) * value(.candidate)
        #expect(try abs(value(.cellState) - c) < 1e-6)
        #expect(try abs(value(.hiddenState) - value(.outputGate) * tanh(c)) < 1e-6)
        #expect(try value(.hiddenState) == pass.outputs[0][0, t, unit])
      }
    }
    #expect(recording.sequence(.hiddenState) == pass.outputs[0])
  }

  @Test(arguments: 600..<640)
  func theSumsOfAGateGiveItsValue(seed: Int) throws {
    var run = try RandomCase(seed: UInt64(seed), timesteps: 6)
    run.mask = nil
    let recording = try run.pass(recordingBytes: 1 << 30).recordings[0].directions[0]
    for t in 0..<6 {
      for (gate, quantity) in recording.quantities.prefix(type(of: run.layer).gates.count)
        .enumerated()
      {
        let unit = run.layer.units - 1
        let sums = try #require(recording.sums(for: quantity, t: t, unit: unit, sample: 0))
        let value = try #require(recording.value(quantity, t: t, unit: unit, sample: 0))
        let isGate = type(of: run.layer).gates.count > 1 && quantity != .candidate
        let total = Double(sums.total)
        let expected = isGate ? 1 / (1 + exp(-total)) : tanh(total)
        #expect(abs(Double(value) - expected) < 3e-6, "\(run) gate \(gate)")
        #expect(run.layer.options.useBias || sums.bias == 0)
      }
    }
  }

  @Test func statesHaveNoSums() throws {
    let run = try RandomCase(seed: 9)
    let recording = try run.pass(recordingBytes: 1 << 30).recordings[0].directions[0]
    #expect(recording.sums(for: .cellState, t: 0, unit: 0, sample: 0) == nil)
    #expect(recording.value(.hiddenState, t: 0, unit: 1_000, sample: 0) == nil)
    #expect(recording.value(.hiddenState, t: 0, unit: 0, sample: 1_000) == nil)
    #expect(recording.value(.hiddenState, t: 1_000, unit: 0, sample: 0) == nil)
  }

  @Test func aMaskedStepCarriesTheStateAndRecordsItsGates() throws {
    var run = try RandomCase(seed: 11, timesteps: 4)
    run.layer = LSTM(units: 6, returnSequences: true)
    run.weights = try RandomWeights.of(run.layer, features: run.input.sizes[2], seed: 4)
    run.states = []
    run.mask = Tensor([run.input.sizes[0], 4], repeating: 1)
    run.mask?.values[2] = 0
    let recording = try run.pass(recordingBytes: 1 << 30).recordings[0]
    #expect(!recording.counts(2, sample: 0) && recording.counts(1, sample: 0))
    let direction = recording.directions[0]
    for state in [Quantity.cellState, .hiddenState] {
      #expect(
        direction.value(state, t: 2, unit: 3, sample: 0)
          == direction.value(state, t: 1, unit: 3, sample: 0))
    }
    let gate = try #require(direction.value(.inputGate, t: 2, unit: 3, sample: 0))
    #expect(gate > 0 && gate < 1)
  }

  @Test func anOverviewComesFromCheckpoints() throws {
    for isBackward in [false, true] {
      var run = try RandomCase(seed: 12, timesteps: 5_000)
      run.layer = LSTM(units: 6, returnSequences: true)
      run.layer.options.goBackwards = isBackward
      run.weights = try RandomWeights.of(run.layer, features: run.input.sizes[2], seed: 4)
      run.states = []
      run.mask = nil
      let whole = try run.pass(recordingBytes: 1 << 30).recordings[0].directions[0]
      let row = run.input.sizes[0] * 6 * 4
      let part = try run.pass(recordingBytes: row * 600).recordings[0].directions[0]
      let overview = try #require(
        part.overview(.hiddenState, unit: 2, sample: 0, columns: 40))
      #expect(overview.count == 40)
      for (column, place) in overview.enumerated() {
        #expect(abs(place.t - (column * 125 + 62)) <= part.plan.interval)
        #expect(place.value == whole.value(.hiddenState, t: place.t, unit: 2, sample: 0))
      }
      #expect(part.overview(.inputGate, unit: 2, sample: 0, columns: 40) == nil)
    }
  }

  @Test func aPlanStaysWithinItsBytes() throws {
    for seed in 700..<720 {
      let run = try RandomCase(seed: UInt64(seed), timesteps: 3_000)
      let walk = try TimestepWalk(
        run.layer, weights: LayerWeights(run.weights), input: run.input, mask: nil,
        in: PassContext())
      let row = run.input.sizes[0] * run.layer.units * 4
      for bytes in [row * 20, row * 200, row * 3_000, row * 100_000] {
        let plan = RecordingPlan(for: walk, bytes: bytes)
        let (states, quantities) = (
          type(of: run.layer).stateNames.count, type(of: run.layer).quantities.count
        )
        let taken = row * (plan.checkpointCount * states + plan.windowLength * quantities)
        #expect(taken <= bytes)
        #expect(plan.interval == 0 ? plan.windowLength == 3_000 : plan.interval >= 32)
      }
    }
  }

  @Test func dropoutIsTheSameAtAllTimestepsAndWhenWalkedAgain() throws {
    for seed in 800..<812 {
      var run = try RandomCase(seed: UInt64(seed), timesteps: 60)
      run.layer.options.dropout = 0.3
      run.layer.options.recurrentDropout = seed % 2 == 0 ? 0.4 : 0
      var context = PassContext()
      context.isTraining = true
      context.seed = 5
      context.recordingBytes = 1 << 30
      func recording() throws -> DirectionRecording {
        try run.layer.forward(
          [run.input] + run.states, weights: LayerWeights(run.weights), in: context
        ).recordings[0].directions[0]
      }
      let whole = try recording()
      context.recordingBytes = run.input.sizes[0] * run.layer.units * 80
      let part = try recording().covering(30..<32)
      #expect(
        part.value(.hiddenState, t: 30, unit: 0, sample: 0)
          == whole.value(.hiddenState, t: 30, unit: 0, sample: 0))
      let gate = whole.quantities[0]
      let sums = try #require(whole.sums(for: gate, t: 20, unit: 0, sample: 0))
      let value = try #require(whole.value(gate, t: 20, unit: 0, sample: 0))
      let total = Double(sums.total)
      if run.mask == nil {
        let expected = gate == .hiddenState ? tanh(total) : 1 / (1 + exp(-total))
        #expect(abs(Double(value) - expected) < 3e-6)
      }
    }
  }

  @Test func nothingIsDroppedOutsideTraining() throws {
    var run = try RandomCase(seed: 13)
    let plain = try run.pass()
    run.layer.options.dropout = 0.5
    run.layer.options.recurrentDropout = 0.5
    #expect(try run.pass().outputs == plain.outputs)
  }
}

/// Random weights of a layer.
enum RandomWeights {
  static func of(_ layer: any RecurrentLayer, features: Int, seed: UInt64) throws -> [Tensor] {
    var random = RandomNumbers(seed: seed)
    return try layer.weights(for: [Shape(sizes: [1, 1, features])]).map { spec in
      Tensor(spec.shape) { out in
        for index in out.indices { out[index] = Float(random.uniform(-0.5, 0.5)) }
      }
    }
  }
}

import Testing
import VectorKernels

@testable import Neural

/// The kernel's way back against the layers' own.
@Suite struct KernelBackTests {
  /// A layer with a way back, all drawn from a seed.
  private func randomCase(_ seed: Int) throws -> GradientCase {
    var random = RandomNumbers(seed: UInt64(seed))
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    var before = GRU()
    before.resetAfter = false
    var layer: any RecurrentLayer = [LSTM(), GRU(), before, SimpleRNN()][seed % 4]
    layer.units = draw(1...70)
    layer.options.useBias = draw(0...3) > 0
    layer.options.goBackwards = draw(0...1) > 0
    layer.options.returnSequences = draw(0...2) > 0
    layer.options.returnState = draw(0...1) > 0
    layer.options.zeroOutputForMask = draw(0...2) == 0
    layer.options.unroll = draw(0...3) == 0
    let names = ["tanh", "tanh", "tanh", "sigmoid", "linear", "hard_sigmoid"]
    layer.options.activation = try Activation(
      configValue: .string(names[draw(0...5)]), kind: .activation)
    let (batch, timesteps) = (draw(1...37), draw(1...20))
    let states =
      draw(0...1) == 0 ? [] : type(of: layer).stateNames.map { _ in [batch, layer.units] }
    var run = try GradientCase(
      layer, [[batch, timesteps, draw(1...40)]] + states, seed: UInt64(seed + 1000), limit: 0.2)
    if draw(0...1) == 0 { run.mask = gappyMask(batch, timesteps) }
    return run
  }

  /// The largest difference, relative to the largest number.
  private func difference(_ one: Tensor?, _ other: Tensor?) -> Float {
    guard let one, let other, one.sizes == other.sizes else {
      return one == nil && other == nil ? 0 : .infinity
    }
    let size = other.values.reduce(Float(1e-3)) { max($0, abs($1)) }
    return zip(one.values, other.values).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1) / size
      return difference <= largest ? largest : difference
    }
  }

  @Test(arguments: 0..<32)
  func everyLevelGivesTheGradientsOfTheFormulas(seed: Int) throws {
    let run = try randomCase(seed)
    func gradients(_ choice: KernelChoice) throws -> Gradients {
      try KernelChoice.$current.withValue(choice) {
        try run.gradients { $0.tellsTimestepGradients = true }
      }
    }
    let expected = try gradients(.none)
    for level in KernelTests.levels {
      let found = try gradients(.level(level))
      for (one, other) in zip(
        found.inputs + found.weights, expected.inputs + expected.weights)
      {
        #expect(difference(one, other) < 2e-5, "\(level): \(run.layer) \(run.inputs[0].sizes)")
      }
      let norms = (found.timesteps + expected.timesteps).map { $0.directions[0].norms }
      #expect(
        difference(Tensor([norms[0].count], norms[0]), Tensor([norms[1].count], norms[1])) < 2e-5)
    }
  }

  @Test func manySamplesAreSharedOverThreads() throws {
    let both = Bidirectional(NamedLayer("lstm", LSTM(units: 37, returnSequences: true)))
    let run = try GradientCase(both, [[48, 20, 20]], limit: 0.2)
    let expected = try KernelChoice.$current.withValue(.none) { try run.gradients() }
    let found = try run.gradients()
    for (one, other) in zip(found.inputs + found.weights, expected.inputs + expected.weights) {
      #expect(difference(one, other) < 2e-5)
    }
    let again = try run.gradients()
    #expect(again.weights == found.weights && again.inputs == found.inputs)
  }

  @Test func aSamplesGradientsDoNotDependOnTheBatch() throws {
    for seed in 0..<12 {
      let run = try randomCase(seed)
      let all = try run.gradients()
      let weighted = run.outputGradients(try run.pass())
      for sample in 0..<min(run.inputs[0].sizes[0], 4) {
        var alone = run
        alone.inputs = run.inputs.map { $0.samples(sample..<(sample + 1)) }
        alone.mask = run.mask?.samples(sample..<(sample + 1))
        let pass = try alone.pass { $0.isDifferentiated = true }
        let found = try pass.pullback?(weighted.map { $0.samples(sample..<(sample + 1)) })
        #expect(found?.inputs == all.inputs.map { $0?.samples(sample..<(sample + 1)) })
      }
    }
  }

  @Test func notANumberStaysInItsSample() throws {
    var run = try GradientCase(LSTM(units: 21, returnSequences: true), [[2, 3, 4]])
    run.inputs[0].values[0] = .nan
    let found = try #require(try run.gradients().inputs[0])
    #expect(found.samples(0..<1).values.allSatisfy { $0.isNaN })
    #expect(found.samples(1..<2).values.allSatisfy { !$0.isNaN })
  }
}

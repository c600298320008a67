import Testing

@testable import Neural

/// Layers that are random in training.
@Suite struct RandomLayerTests {
  private let input = Tensor([4, 50, 40], repeating: 2)

  private func run(
    _ layer: any Layer, on input: Tensor? = nil, seed: UInt64 = 1
  ) throws -> Tensor {
    var context = PassContext()
    context.isTraining = true
    context.seed = seed
    return try layer.forward([input ?? self.input], weights: LayerWeights(), in: context).outputs[0]
  }

  private func mean(_ tensor: Tensor) -> Double {
    tensor.values.reduce(0) { $0 + Double($1) } / Double(tensor.count)
  }

  private func variance(_ tensor: Tensor) -> Double {
    let mean = mean(tensor)
    return self.mean(tensor.map { Float((Double($0) - mean) * (Double($0) - mean)) })
  }

  @Test func droppedNumbersAre0AndTheOthersAreScaledUp() throws {
    var layer = Dropout()
    layer.rate = 0.2
    let output = try run(layer)
    #expect(Set(output.values) == [0, 2 / 0.8])
    #expect(abs(mean(output) - 2) < 0.05)
  }

  @Test func equalSeedsDropTheSameNumbers() throws {
    #expect(try run(Dropout()) == run(Dropout()))
    #expect(try run(Dropout(), seed: 1) != run(Dropout(), seed: 2))
  }

  @Test func aSeedOfTheLayersOwnWinsOverThePasss() throws {
    var layer = Dropout()
    layer.seed = 7
    #expect(try run(layer, seed: 1) == run(layer, seed: 2))
  }

  @Test func noiseOfOneTimestepDropsAllTimestepsAlike() throws {
    var layer = Dropout()
    layer.noiseShape = [nil, 1, nil]
    for layer in [layer as any Layer, SpatialDropout1D()] {
      let output = try run(layer)
      #expect(Set(output.values) == [0, 4])
      for sample in 0..<4 {
        for feature in 0..<40 {
          let column = Set((0..<50).map { output[sample, $0, feature] })
          #expect(column.count == 1)
        }
      }
    }
  }

  @Test func spatialDropoutOfImagesDropsWholeChannels() throws {
    var layer = SpatialDropout2D()
    layer.dataFormat = .channelsFirst
    let output = try run(layer, on: Tensor([3, 8, 4, 5], repeating: 1))
    for plane in 0..<24 {
      let numbers = Set(output.values[(plane * 20)..<(plane * 20 + 20)])
      #expect(numbers == [0] || numbers == [2])
    }
    #expect(Set(output.values) == [0, 2])
  }

  @Test func noiseOfAnotherShapeIsRefused() throws {
    var layer = Dropout()
    layer.noiseShape = [nil, 7, nil]
    let error = #expect(throws: PassError.self) { try run(layer) }
    #expect(
      error?.message == "Dropout has noise_shape (None, 7, None), which does not fit (4, 50, 40)")
  }

  @Test func gaussianNoiseHasItsDeviation() throws {
    var noise = GaussianNoise()
    noise.stddev = 0.5
    let added = try run(noise)
    #expect(abs(mean(added) - 2) < 0.03 && abs(variance(added) - 0.25) < 0.02)
    var dropout = GaussianDropout()
    dropout.rate = 0.2
    let multiplied = try run(dropout)
    // 2² · rate ÷ (1 − rate)
    #expect(abs(mean(multiplied) - 2) < 0.05 && abs(variance(multiplied) - 1) < 0.06)
  }

  @Test func alphaDropoutKeepsMeanAndVariance() throws {
    var random = RandomNumbers(seed: 3)
    let input = Tensor([200, 200]) { out in
      for index in out.indices { out[index] = Float(random.normal()) }
    }
    var layer = AlphaDropout()
    layer.rate = 0.3
    let output = try run(layer, on: input)
    #expect(abs(mean(output)) < 0.03 && abs(variance(output) - 1) < 0.03)
  }

  @Test func ratesOf1ThatMakeNoSenseAreRefused() throws {
    var gaussian = GaussianDropout()
    gaussian.rate = 1
    var alpha = AlphaDropout()
    alpha.rate = 1
    #expect(throws: PassError.self) { try run(gaussian) }
    #expect(throws: PassError.self) { try run(alpha) }
  }
}

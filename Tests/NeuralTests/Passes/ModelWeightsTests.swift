import Testing

@testable import Neural

@Suite struct ModelWeightsTests {
  private func stack(_ layers: [(String, any Layer)], input: [Int?] = [nil, 4, 3]) -> Model {
    Model(
      input: InputLayer(batchShape: input), layers: layers.map { NamedLayer($0.0, $0.1) })
  }

  private func weights(_ model: Model, seed: UInt64 = 1) throws -> [String: [Tensor]] {
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: seed)
    var byName: [String: [Tensor]] = [:]
    for (id, layer) in model.layers { byName[layer.name] = weights[id].tensors }
    return byName
  }

  @Test func aLayersNumbersDoNotDependOnOtherLayers() throws {
    let one = try weights(stack([("lstm", LSTM(units: 3)), ("dense", Dense())]))
    let other = try weights(
      stack([("lstm", LSTM(units: 3)), ("norm", BatchNormalization()), ("dense", Dense())]))
    #expect(one["lstm"] == other["lstm"])
    #expect(one["dense"] == other["dense"])
    #expect(try weights(stack([("lstm", LSTM(units: 3))]), seed: 2)["lstm"] != one["lstm"])
  }

  @Test func theTwoDirectionsStartDifferent() throws {
    let both = try #require(
      weights(stack([("b", Bidirectional(NamedLayer("lstm", LSTM(units: 3))))]))["b"])
    #expect(both.count == 6)
    #expect(both[0] != both[3])
  }

  @Test func weightsOfTheSameSizesAreKept() throws {
    let model = stack([("lstm", LSTM(units: 3)), ("dense", Dense())])
    let first = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let wider = stack([("lstm", LSTM(units: 4)), ("dense", Dense())])
    let kept = try ModelWeights(
      initializing: wider, Analysis(of: wider), seed: 2, keeping: first)
    let (lstm, dense) = (wider.layers.keys[1], wider.layers.keys[2])
    #expect(kept[lstm].tensors.map(\.sizes) == [[3, 16], [4, 16], [16]])
    #expect(kept[dense].tensors != first[dense].tensors)
    let same = try ModelWeights(initializing: model, Analysis(of: model), seed: 2, keeping: first)
    #expect(same[dense].tensors == first[dense].tensors)
  }

  @Test func modelsBeyondTheLimitAreRefusedWithTheBytesTheyWouldTake() throws {
    let model = stack([("lstm", LSTM(units: 1_000_000_000_000))])
    let error = #expect(throws: PassError.self) {
      try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    }
    // 4 × (10^12 + 3) × 10^12 + 4 × 10^12 numbers of 4 bytes, and 8 more for each of U.
    #expect(error?.message.contains("48,000,000,000,064,000,000,000,000 bytes") == true)
    let small = stack([("dense", Dense())])
    #expect(throws: PassError.self) {
      try ModelWeights(
        initializing: small, Analysis(of: small), seed: 1, memoryLimit: MemoryLimit(bytes: 100))
    }
  }
}

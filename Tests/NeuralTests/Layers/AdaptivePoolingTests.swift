import Testing

@testable import Neural

/// Adaptive pooling where its places share positions, or do not divide them evenly.
@Suite struct AdaptivePoolingTests {
  /// Keras with JAX misses these bounds: it ends in a NaN.
  @Test func fourteenPositionsInSevenPlacesAreSevenPairs() throws {
    let numbers = Tensor([1, 14, 1], (0..<14).map { Float($0) })
    #expect(
      try pooled("AdaptiveAveragePooling1D", 7, numbers) == [0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5])
    #expect(try pooled("AdaptiveMaxPooling1D", 7, numbers) == [1, 3, 5, 7, 9, 11, 13])
  }

  @Test func asManyPlacesAsPositionsChangeNothing() throws {
    let numbers = Tensor([1, 7, 1], [3, -1, .infinity, 0, -2, 5, 1])
    #expect(try pooled("AdaptiveAveragePooling1D", 7, numbers) == numbers.values)
  }

  @Test func everyPlaceTakesFromRoundedDownToRoundedUp() throws {
    for count in 1...40 {
      let numbers = Tensor([1, count, 1], (0..<count).map { Float($0) })
      for places in 1...45 {
        let bounds = (0..<places).map { place in
          (place * count / places, ((place + 1) * count - 1) / places)
        }
        let comment: Comment = "\(count) positions in \(places) places"
        #expect(
          try pooled("AdaptiveMaxPooling1D", places, numbers) == bounds.map { Float($0.1) }, comment
        )
        #expect(
          try pooled("AdaptiveAveragePooling1D", places, numbers)
            == bounds.map { Float($0.0 + $0.1) / 2 }, comment)
      }
    }
  }

  /// Nothing in between is larger than both the input and the output.
  @Test func aLongAxisAndManyPlacesOfAnotherTakeNoMoreMemoryThanBoth() throws {
    var layer = AdaptiveAveragePooling2D()
    layer.options.outputSize = [1 << 22, 1]
    let pass = try layer.forward(
      [Tensor([1, 1, 1 << 22, 1], repeating: 2)], weights: LayerWeights([]), in: PassContext())
    #expect(pass.outputs[0].sizes == [1, 1 << 22, 1, 1])
    #expect(pass.outputs[0].values.last == 2)
  }

  /// Where several numbers are equally large: numbers of Keras 3.15.1 with JAX.
  @Test func equalNumbersShareAsInKeras() throws {
    #expect(
      try gradient("AdaptiveMaxPooling1D", 2, Tensor([1, 5, 1], [1, 2, 2, 2, 1])) == [
        0, 1, 2, 0, 0,
      ])
    #expect(
      try gradient("AdaptiveMaxPooling2D", 1, Tensor([1, 2, 3, 1], [0, 1, 0, 1, 0, 1]))
        == [0, 0, 0, 1, 0, 0])
    #expect(
      try gradient(
        "AdaptiveMaxPooling2D", [2, 1], Tensor([1, 3, 3, 1], [0, 1, 0, 1, 0, 1, 1, 1, 1]))
        == [0, 0, 0, 3, 0, 0, 0, 0, 0])
    let volume = Tensor([1, 2, 2, 2, 1], [0, 0, 1, 1, 0, 1, 1, 0])
    #expect(try gradient("AdaptiveMaxPooling3D", 1, volume) == [0, 0, 1, 0, 0, 0, 0, 0])
  }

  @Test func aSequenceWithChannelsFirstKeepsItsTimesteps() throws {
    var layer = AdaptiveMaxPooling1D()
    layer.options.dataFormat = .channelsFirst
    let input = Shape(sizes: [nil, 5, 8])
    #expect(try layer.outputShapes(for: [input])[0].sizes == [nil, 5, 2])
    #expect(layer.remarks(for: [input]).count == 1)
  }

  private func pass(_ name: String, _ size: ConfigValue, _ input: Tensor) throws -> Pass {
    var layer = try #require(LayerCatalog.type(named: name)).init()
    try layer.set("output_size", to: size)
    var context = PassContext()
    context.isDifferentiated = true
    return try layer.forward([input], weights: LayerWeights([]), in: context)
  }

  private func pooled(_ name: String, _ size: Int, _ input: Tensor) throws -> [Float] {
    try pass(name, .int(size), input).outputs[0].values
  }

  /// The gradient of the input where those of the output are 1, 2, 3, ….
  private func gradient(
    _ name: String, _ size: ConfigValue, _ input: Tensor
  ) throws -> [Float]? {
    let pass = try pass(name, size, input)
    let output = pass.outputs[0]
    let factors = Tensor(output.sizes, (0..<output.count).map { Float($0 + 1) })
    return try pass.pullback?([factors]).inputs[0]?.values
  }
}

import Testing

@testable import Neural

/// A kernel divided by its largest singular value.
@Suite struct SpectralNormalizationTests {
  /// A Dense layer of 3 × 2 with singular values 4 and 1, wrapped.
  private func layer(trainable: Bool = true) -> SpectralNormalization {
    var dense = Dense()
    dense.units = 2
    dense.useBias = false
    var layer = SpectralNormalization(NamedLayer("dense", dense, trainable: trainable))
    layer.powerIterations = 50
    return layer
  }

  private let weights = LayerWeights([
    Tensor([3, 2], [4, 0, 0, 1, 0, 0]), Tensor([1, 2], [0.3, 0.2]),
  ])

  private func pass(_ layer: SpectralNormalization, training: Bool) throws -> Pass {
    var context = PassContext()
    context.isTraining = training
    context.isDifferentiated = true
    return try layer.forward([Tensor([1, 3], [1, 1, 1])], weights: weights, in: context)
  }

  @Test func trainingDividesByTheLargestSingularValue() throws {
    let pass = try pass(layer(), training: true)
    #expect(abs(pass.outputs[0].values[0] - 1) < 1e-6)
    #expect(abs(pass.outputs[0].values[1] - 0.25) < 1e-6)
    #expect(Array(pass.weightUpdates.keys) == [1])
    #expect(abs((pass.weightUpdates[1]?.values[0] ?? 0) - 1) < 1e-6)
    #expect(try self.pass(layer(), training: false).outputs[0].values == [4, 1])
  }

  @Test func aFrozenKernelIsReplaced() throws {
    let updates = try pass(layer(trainable: false), training: true).weightUpdates
    #expect(Set(updates.keys) == [0, 1])
    #expect(abs((updates[0]?.values[0] ?? 0) - 1) < 1e-6)
  }

  @Test func aKernelOfZerosStaysAsItIs() throws {
    var context = PassContext()
    context.isTraining = true
    let zeros = LayerWeights([Tensor([3, 2]), weights[1]])
    let pass = try layer().forward([Tensor([1, 3], [1, 1, 1])], weights: zeros, in: context)
    #expect(pass.outputs[0].values == [0, 0])
    #expect(pass.weightUpdates.isEmpty)
  }

  @Test func masksOfTheLayerInsideFlowOn() throws {
    var table = Embedding()
    try table.set("mask_zero", to: true)
    let model = Model(
      input: InputLayer(batchShape: [nil, 3]),
      layers: [
        NamedLayer("table", SpectralNormalization(NamedLayer("embedding", table))),
        NamedLayer("dense", SpectralNormalization()),
      ])
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let pass = try model.pass(on: [Tensor([1, 3], [2, 0, 1])], weights: weights)
    #expect(pass.masks[model.outputs[0]]?.values == [1, 0, 1])
  }

  @Test func onlyLayersWithAKernelAreWrapped() {
    let shape = Shape(sizes: [nil, 4, 3])
    for inner: any Layer in [LSTM(), Flatten(), BatchNormalization(), TimeDistributed()] {
      let layer = SpectralNormalization(NamedLayer("inner", inner))
      let error = #expect(throws: ShapeError.self) { try layer.outputShapes(for: [shape]) }
      #expect(error?.message.contains(inner.className) == true)
    }
  }
}

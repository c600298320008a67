import Testing

@testable import Neural

/// What a table of numbers cannot say of layers that are run: errors, states, recordings.
@Suite struct LayerForwardTests {
  private func run(
    _ layer: any Layer, on input: Tensor, weights: [Tensor] = [],
    _ change: (inout PassContext) -> Void = { _ in }
  ) throws -> Pass {
    var context = PassContext()
    context.name = "layer"
    change(&context)
    return try layer.forward([input], weights: LayerWeights(weights), in: context)
  }

  private func firstWeights(_ layer: any Layer, _ input: Tensor) throws -> [Tensor] {
    try layer.weights(for: [input.shape]).map { spec throws(PassError) in
      try spec.firstValues(seed: 5)
    }
  }

  @Test(arguments: [
    (Float(4), "sample 1, timestep 0 has the index 4, but the table has rows 0 to 3"),
    (-1, "sample 1, timestep 0 has the index -1, but the table has rows 0 to 3"),
    (0.5, "sample 1, timestep 0 is 0.5, which is not an index: whole numbers from 0 to 3"),
    (.nan, "sample 1, timestep 0 is nan, which is not an index: whole numbers from 0 to 3"),
    (.infinity, "sample 1, timestep 0 is inf, which is not an index: whole numbers from 0 to 3"),
  ])
  func anIndexThatTheTableDoesNotHaveIsRefused(number: Float, message: String) throws {
    var layer = Embedding()
    layer.inputDim = 4
    layer.outputDim = 1
    let error = #expect(throws: PassError.self) {
      try run(layer, on: Tensor([2, 2], [0, 3, number, 1]), weights: [Tensor([4, 1])])
    }
    #expect(error?.message == message)
    #expect(error?.remedy.isEmpty == false)
  }

  @Test(arguments: ["glu", "threshold"])
  func activationsThatNeedMoreAreRefusedWithTheReason(name: String) throws {
    var layer = ActivationLayer()
    try layer.set("activation", to: .string(name))
    let error = #expect(throws: PassError.self) { try run(layer, on: Tensor([2, 4])) }
    #expect(error?.message.contains(name) == true && error?.remedy.isEmpty == false)
  }

  @Test(arguments: [
    "Mine", "Dense", "PReLU", "Softmax",
  ])
  func objectsThatAreNoActivationAreRefused(className: String) throws {
    var layer = Dense()
    let config: ConfigValue = className == "Softmax" ? ["axis": 1] : [:]
    try layer.set(
      "activation", to: ["class_name": .string(className), "config": config])
    layer.units = 2
    let input = Tensor([1, 2])
    let weights = try firstWeights(layer, input)
    let error = #expect(throws: PassError.self) { try run(layer, on: input, weights: weights) }
    #expect(error?.message.contains(className) == true)
  }

  @Test func aCustomClassOfAKnownNameIsRefused() throws {
    var layer = ActivationLayer()
    try layer.set(
      "activation",
      to: ["class_name": "ReLU", "config": [:], "registered_name": "mine>ReLU", "module": "mine"])
    #expect(throws: PassError.self) { try run(layer, on: Tensor([1, 2])) }
  }

  @Test func theMaskOfMaskingIsThatOfItsZeroedTimesteps() throws {
    let pass = try run(MaskingLayer(), on: Tensor([1, 3, 2], [0, 0, 0, 1, 0, 0]))
    #expect(pass.masks == [Tensor([1, 3], [0, 1, 0])])
  }

  @Test func convolutionsInPiecesGiveTheSameNumbers() throws {
    // More patches than are laid side by side at a time.
    var layer = Conv1D()
    layer.filters = 2
    layer.options.kernelSize = [64]
    layer.padding = .same
    let input = Tensor([2, 9000, 2], (0..<36000).map { Float($0 % 13) - 6 })
    let weights = try firstWeights(layer, input)
    let whole = try run(layer, on: input, weights: weights).outputs[0]
    let end = try run(layer, on: input.slice(axis: 1, 8800..<9000), weights: weights).outputs[0]
    let difference = zip(
      whole.slice(axis: 1, 8900..<9000).values, end.slice(axis: 1, 100..<200).values
    ).map { abs($0 - $1) }.max()
    #expect((difference ?? 1) < 1e-4)
  }

  @Test func timestepsHandTheStatesOfAStatefulLayerOn() throws {
    var lstm = LSTM(units: 2)
    lstm.options.stateful = true
    let layer = TimeDistributed(NamedLayer("lstm", lstm))
    let input = Tensor([1, 2, 3, 2], (0..<12).map { Float($0) / 10 })
    let weights = try firstWeights(layer, input)
    let pass = try run(layer, on: input, weights: weights)
    // Two sequences of three timesteps, one behind the other, are one of six.
    let whole = try run(lstm, on: input.reshaped([1, 6, 2]), weights: weights)
    #expect(layer.stateCount == 2)
    #expect(pass.states == whole.states)
    #expect(pass.outputs[0].slice(axis: 1, 1..<2).reshaped([1, 2]) == whole.outputs[0])
    let next = try run(layer, on: input, weights: weights) { $0.states = pass.states }
    #expect(next.outputs != pass.outputs)
  }

  @Test func recordingsInsideSayWhatStandsAroundThem() throws {
    let layer = TimeDistributed(NamedLayer("lstm", LSTM(units: 2)))
    let input = Tensor([2, 2, 3, 2], repeating: 0.1)
    let weights = try firstWeights(layer, input)
    let pass = try run(layer, on: input, weights: weights) { $0.recordingBytes = 1 << 20 }
    #expect(pass.recordings.map(\.path) == [["layer"]])
    #expect(pass.recordings[0].batch == 4 && pass.recordings[0].timesteps == 3)
  }

  @Test func aMaskThatTheInnerLayerCannotWalkOverIsRefused() throws {
    let layer = TimeDistributed(NamedLayer("lstm", LSTM(units: 2)))
    let input = Tensor([2, 2, 3, 2])
    let weights = try firstWeights(layer, input)
    #expect(throws: PassError.self) {
      try run(layer, on: input, weights: weights) { $0.masks = [Tensor([2, 2], repeating: 1)] }
    }
  }

  /// Keras moves the averages once for each call, from where the last call left them.
  @Test func sharedAveragesMoveWithEachCall() throws {
    var layer = BatchNormalization()
    layer.momentum = 0.5
    var model = Model(name: "m", kind: .functional)
    let input = model.addInput(NamedLayer("in", InputLayer(batchShape: [nil, 1])))
    let shared = model.addLayer(NamedLayer("bn", layer))
    let first = TensorRef(model.call(shared, on: [input]))
    let second = model.call(shared, on: [first])
    model.outputs = [TensorRef(second)]
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    var options = PassOptions()
    options.isTraining = true
    let pass = try model.pass(on: [Tensor([2, 1], [3, 5])], weights: weights, options: options)
    // (0 + 4) ÷ 2, then (2 + 0) ÷ 2: the first call gives numbers of mean 0.
    let mean = try #require(pass.passes[second]?.weightUpdates[2])
    #expect(abs(mean.values[0] - 1) < 1e-6)
  }

  @Test func aFrozenModelInsideUsesItsAverages() throws {
    let inner = Model(
      input: InputLayer(batchShape: [nil, 1]),
      layers: [NamedLayer("bn", BatchNormalization(), trainable: false)])
    let input = Tensor([2, 1], [3, 5])
    let weights = try firstWeights(Submodel(inner), input)
    let pass = try run(Submodel(inner), on: input, weights: weights) { $0.isTraining = true }
    #expect(pass.weightUpdates.isEmpty)
    #expect(abs(pass.outputs[0].values[0] - 3) < 0.01)
  }
}

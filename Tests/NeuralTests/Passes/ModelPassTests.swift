import Testing

@testable import Neural

@Suite struct ModelPassTests {
  private func stack(_ layers: [(String, any Layer)], input: [Int?] = [nil, 4, 3]) -> Model {
    Model(
      input: InputLayer(batchShape: input), layers: layers.map { NamedLayer($0.0, $0.1) })
  }

  private func weights(_ model: Model) throws -> ModelWeights {
    try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
  }

  private let sample = Tensor([2, 4, 3], (0..<24).map { Float($0 % 7) / 7 - 0.4 })

  @Test func outputsAreTheSameWhetherOrNotAllIsKept() throws {
    let model = stack([
      ("b", Bidirectional(NamedLayer("lstm", LSTM(units: 2, returnSequences: true)))),
      ("dense", Dense()),
    ])
    let weights = try weights(model)
    let all = try model.pass(on: [sample], weights: weights)
    var options = PassOptions()
    options.keepsEverything = false
    let few = try model.pass(on: [sample], weights: weights, options: options)
    #expect(all.outputs == few.outputs)
    #expect(all[TensorRef(model.nodes.keys[1])]?.sizes == [2, 4, 4])
    #expect(few[TensorRef(model.nodes.keys[1])] == nil)
  }

  @Test func statesHandedOnContinueTheSequence() throws {
    var layer = LSTM(units: 2, returnSequences: true)
    layer.options.stateful = true
    let model = stack([("lstm", layer)], input: [2, nil, 3])
    let weights = try weights(model)
    let whole = try model.pass(on: [sample], weights: weights).outputs[0]
    let first = try model.pass(on: [sample.slice(axis: 1, 0..<3)], weights: weights)
    var options = PassOptions()
    options.states = first.states
    let rest = try model.pass(
      on: [sample.slice(axis: 1, 3..<4)], weights: weights, options: options)
    #expect(Tensor.concatenated([first.outputs[0], rest.outputs[0]], axis: 1) == whole)
  }

  @Test func wrongWeightsAreAnErrorNotATrap() throws {
    let model = stack([("lstm", LSTM(units: 2))])
    let none = #expect(throws: PassError.self) {
      try model.pass(on: [sample], weights: ModelWeights())
    }
    #expect(none?.message == "lstm: it needs 3 weights, found 0")
    let other = stack([("lstm", LSTM(units: 5))])
    let wrong = #expect(throws: PassError.self) {
      try model.pass(on: [sample], weights: weights(other))
    }
    #expect(wrong?.message == "lstm: kernel should be (3, 8), found (3, 20)")
  }

  @Test func statesOfAnotherBatchAreAnErrorNotATrap() throws {
    var layer = LSTM(units: 2)
    layer.options.stateful = true
    let model = stack([("lstm", layer)], input: [2, nil, 3])
    let weights = try weights(model)
    var options = PassOptions()
    options.states = try model.pass(on: [sample], weights: weights).states
    let error = #expect(throws: PassError.self) {
      try model.pass(on: [Tensor([3, 4, 3])], weights: weights, options: options)
    }
    #expect(error?.message.hasPrefix("lstm: the states before have the shapes (2, 2)") == true)
  }

  @Test func aMaskOfAnotherShapeIsAnErrorNotATrap() throws {
    var model = Model(name: "model", kind: .functional)
    let input = model.addInput(NamedLayer("input", InputLayer(batchShape: [nil, 4, 3])))
    let mask = model.addInput(NamedLayer("mask", InputLayer(batchShape: [nil, nil])))
    let lstm = model.addLayer(NamedLayer("lstm", LSTM(units: 2)))
    model.outputs = [TensorRef(model.call(lstm, on: [input], mask: mask))]
    let weights = try weights(model)
    let whole = try model.pass(on: [sample, Tensor([2, 4], repeating: 1)], weights: weights)
    #expect(whole.outputs[0].sizes == [2, 2])
    let none = try model.pass(on: [sample, Tensor([2, 4])], weights: weights)
    #expect(none.outputs[0] == Tensor([2, 2]))
    for sizes in [[2, 3], [1, 4]] {
      #expect(throws: PassError.self) {
        try model.pass(on: [sample, Tensor(sizes)], weights: weights)
      }
    }
  }

  @Test func aPlanForOtherInputsIsAnErrorNotATrap() throws {
    let model = stack([("lstm", LSTM(units: 2))], input: [nil, nil, 3])
    let plan = try PassPlan(model, inputSizes: [[2, 4, 3]])
    let weights = try weights(model)
    #expect(throws: PassError.self) { try plan.run(on: [Tensor([2, 5, 3])], weights: weights) }
    #expect(throws: PassError.self) { try plan.run(on: [], weights: weights) }
    #expect(throws: PassError.self) { try plan.run(on: [sample, sample], weights: weights) }
  }

  @Test func aCallsOwnTrainingCountsWhereNobodySaysOtherwise() throws {
    var model = Model(name: "model", kind: .functional)
    let input = model.addInput(NamedLayer("input", InputLayer(batchShape: [nil, 3])))
    let norm = model.addLayer(NamedLayer("norm", BatchNormalization()))
    model.outputs = [TensorRef(model.call(norm, on: [input], keywords: ["training": true]))]
    let weights = try weights(model)
    let data = Tensor([2, 3], [1, 2, 3, 5, 6, 7])
    // As `predict` does: moving averages 0 and 1.
    let predicted = try model.pass(on: [data], weights: weights).outputs[0]
    #expect(abs(predicted[0, 1] - 2 / Float(1.001).squareRoot()) < 1e-5)
    var options = PassOptions()
    options.isTraining = nil
    // As `model(x)` does: mean 4 and variance 4 of the batch.
    let called = try model.pass(on: [data], weights: weights, options: options).outputs[0]
    #expect(abs(called[0, 1] + 2 / Float(4.001).squareRoot()) < 1e-5)
  }

  @Test func hugePassesAreRefusedWithTheBytesTheyWouldTake() throws {
    let models = [
      stack([("repeat", repeatVector(1 << 40))], input: [nil, 3]),
      stack([("dense", dense(1 << 53)), ("up", UpSampling1D())], input: [nil, 4, 3]),
    ]
    for (model, sizes) in zip(models, [[2, 3], [2, 4, 3]]) {
      let error = #expect(throws: PassError.self) {
        try model.pass(on: [Tensor(sizes)], weights: ModelWeights())
      }
      #expect(error?.message.contains("bytes") == true, "\(error?.message ?? "")")
    }
  }

  @Test func theLimitIsAFairUpperEstimate() throws {
    let model = stack([("lstm", LSTM(units: 2, returnSequences: true)), ("dense", Dense())])
    var options = PassOptions()
    let plan = try PassPlan(model, inputSizes: [[2, 4, 3]])
    let kept = 2 * 4 * (3 + 2 + Dense().units)
    #expect(plan.numbers(options) >= Count(kept))
    #expect(plan.numbers(options) <= Count(4 * kept))
    let weights = try weights(model)
    options.memoryLimit = MemoryLimit(bytes: 100)
    #expect(throws: PassError.self) {
      try plan.run(on: [sample], weights: weights, options: options)
    }
  }

  private func repeatVector(_ count: Int) -> any Layer {
    (try? RepeatVector().setting("n", to: .int(count))) ?? RepeatVector()
  }

  private func dense(_ units: Int) -> any Layer {
    (try? Dense().setting("units", to: .int(units))) ?? Dense()
  }
}

import OrderedCollections
import Testing

@testable import Neural

@Suite struct TrainerTests {
  private func chain(
    _ layers: [NamedLayer], input: [Int?], loss: ConfigValue = "mse", data: TrainingData
  ) throws -> Trainer {
    let model = Model(input: InputLayer(batchShape: input), layers: layers)
    let compilation = try Compilation(
      config: ["optimizer": "sgd", "loss": loss], for: model)
    return try Trainer(model, compilation, data: data)
  }

  private func ramp(_ sizes: [Int]) -> Tensor {
    Tensor(sizes, (0..<sizes.reduce(1, *)).map { Float($0 % 7) / 7 - 0.4 })
  }

  @Test func frozenLayersStayAsTheyAre() throws {
    let data = TrainingData(inputs: [ramp([6, 3])], targets: [ramp([6, 32])])
    var inner = Model(input: InputLayer(batchShape: [nil, 32]), layers: [])
    inner = Model(
      name: "inner", input: InputLayer(batchShape: [nil, 32]),
      layers: [
        NamedLayer("still", Dense(), trainable: false), NamedLayer("moving", Dense()),
      ])
    var trainer = try chain(
      [
        NamedLayer("frozen", Dense(), trainable: false), NamedLayer("inner", Submodel(inner)),
        NamedLayer("last", Dense()),
      ], input: [nil, 3], data: data)
    let before = trainer.weights
    #expect(trainer.optimizer.weights.count == 4)
    try trainer.train(on: data)
    let changed = trainer.model.layers.keys.map { id in
      zip(before[id].tensors, trainer.weights[id].tensors).map { $0 != $1 }
    }
    #expect(changed == [[], [false, false], [false, false, true, true], [true, true]])
  }

  @Test func averagesMoveInTrainingAlone() throws {
    let data = TrainingData(inputs: [ramp([6, 3])], targets: [ramp([6, 3])])
    let inner = Model(
      name: "inner", input: InputLayer(batchShape: [nil, 3]),
      layers: [NamedLayer("norm", BatchNormalization())])
    var trainer = try chain(
      [NamedLayer("inner", Submodel(inner))], input: [nil, 3], data: data)
    let id = try #require(trainer.model.layers.keys.last)
    let before = trainer.weights[id].tensors
    _ = try trainer.testOnBatch(data)
    #expect(trainer.weights[id].tensors == before)
    try trainer.train(on: data)
    #expect(zip(trainer.weights[id].tensors, before).map { $0 != $1 } == [true, true, true, true])
  }

  @Test func statesGoOnFromBatchToBatchAndCanBeForgotten() throws {
    var layer = LSTM(units: 2)
    layer.options.stateful = true
    let data = TrainingData(inputs: [ramp([2, 4, 3])], targets: [ramp([2, 2])])
    var trainer = try chain([NamedLayer("lstm", layer)], input: [2, 4, 3], data: data)
    let first = try trainer.predict(data.inputs)
    let second = try trainer.predict(data.inputs)
    #expect(first != second)
    trainer.resetStates()
    #expect(try trainer.predict(data.inputs) == first)
  }

  @Test func inputsMayLackTheirLastAxisOfOne() throws {
    let data = TrainingData(inputs: [ramp([6, 3])], targets: [ramp([6])])
    var dense = Dense()
    dense.units = 1
    var trainer = try chain(
      [NamedLayer("flat", Flatten()), NamedLayer("dense", dense)], input: [nil, 3, 1], data: data)
    let results = try trainer.trainOnBatch(data)
    #expect(results.keys == ["loss"])
    #expect(try trainer.predict(inputs: data.inputs, batchSize: 4)[0].sizes == [6, 1])
  }

  @Test func predictionsDoNotDependOnBatches() throws {
    let data = TrainingData(inputs: [ramp([7, 3])], targets: [ramp([7, 32])])
    var trainer = try chain([NamedLayer("dense", Dense())], input: [nil, 3], data: data)
    var batches = 0
    let outputs = try trainer.predict(inputs: data.inputs, batchSize: 3) { done, all in
      #expect(all == 3)
      batches = done
    }
    #expect(batches == 3)
    #expect(try trainer.predict(inputs: data.inputs, batchSize: 100) == outputs)
  }

  @Test func aModelWithoutLossCannotBeTrained() throws {
    let data = TrainingData(inputs: [ramp([6, 3])], targets: [ramp([6, 32])])
    var trainer = try chain(
      [NamedLayer("dense", Dense())], input: [nil, 3], loss: nil, data: data)
    #expect(throws: PassError.self) { try trainer.train(on: data) }
  }

  @Test func classWeightsAreWeightsOfSamples() throws {
    func weights(_ targets: Tensor) throws -> [Float] {
      try TrainingData(inputs: [Tensor([4, 1])], targets: [targets])
        .weighted(byClass: [1: 3, 2: 0.5]).sampleWeights[0]?.values ?? []
    }
    #expect(try weights(Tensor([4], [0, 1, 2, 1])) == [1, 3, 0.5, 3])
    #expect(try weights(Tensor([4, 1], [0, 0.9, 2, 1])) == [1, 3, 0.5, 3])
    #expect(
      try weights(Tensor([4, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0])) == [1, 3, 0.5, 3])
    #expect(throws: PassError.self) { try weights(Tensor([4, 2, 3])) }
  }
}

import Foundation
import Neural
import Testing

@testable import KerasFiles

/// `.h5` files that Keras 1 to 3 wrote, read.
@Suite struct LegacyArchiveTests {
  @Test(arguments: [2, 3])
  func everyFileOfKerasGivesItsNumbers(version: Int) throws {
    let fixtures = try LegacyFixtures(keras: version)
    for name in fixtures.names where name != "weights_alone" {
      let (model, stored) = try fixtures.opened(name)
      let pass = try model.pass(
        on: try fixtures.arrays(name, "x"), weights: try stored.loaded())
      let expected = try fixtures.arrays(name, "y")
      #expect(pass.outputs.count == expected.count, "\(name)")
      for (index, (found, wanted)) in zip(pass.outputs, expected).enumerated() {
        #expect(found.distance(to: wanted) < 1e-5, "\(name), output \(index)")
      }
    }
  }

  @Test(arguments: [2, 3])
  func whatIsSavedAgainHasTheSameWeights(version: Int) throws {
    // With UNROLL_ARCHIVES=DIRECTORY the files stay, for `verify_legacy_models.py`.
    let kept = ProcessInfo.processInfo.environment["UNROLL_ARCHIVES"]
    let fixtures = try LegacyFixtures(keras: version)
    for name in fixtures.names where name != "weights_alone" {
      let (model, stored) = try fixtures.opened(name)
      let contents = try stored.contents(of: model)
      let bytes = try LegacyArchive.write(contents)
      if let kept { try Data(bytes).write(to: URL(fileURLWithPath: "\(kept)/again-\(name).h5")) }
      let again = try LegacyFixtures.opened(bytes)
      #expect(again.model.layers.values.map(\.name) == model.layers.values.map(\.name), "\(name)")
      let weights = try again.stored.loaded()
      for (old, new) in zip(model.layers.keys, again.model.layers.keys) {
        #expect(weights[new].tensors == contents.weights[old].tensors, "\(name)")
      }
      #expect(
        try again.stored.optimizerVariables().map(\.tensor) == contents.optimizer.map(\.tensor),
        "\(name)")
      let (old, new) = (try Self.compilation(model), try Self.compilation(again.model))
      #expect(new?.optimizer == old?.optimizer, "\(name)")
      #expect(new?.losses.map { $0?.className } == old?.losses.map { $0?.className }, "\(name)")
      #expect(new?.lossWeights == old?.lossWeights, "\(name)")
      #expect(new?.metrics == old?.metrics, "\(name)")
    }
  }

  private static func compilation(_ model: Model) throws -> Compilation? {
    try model.extra["compile_config"].map { try Compilation(config: $0, for: model) }
  }

  @Test func nothingIsReadForASummary() throws {
    let (model, stored) = try LegacyFixtures(keras: 2).opened("stacked")
    #expect(Analysis(of: model).total.total == 220)
    #expect(stored.layers.count == 3)
    #expect(stored.sizes(of: try #require(model.layers.keys.dropFirst().first)).count == 3)
  }

  @Test func aSteeperHardSigmoidIsSaid() throws {
    let fixtures = try LegacyFixtures(keras: 2)
    #expect(try fixtures.opened("stacked").stored.remarks.isEmpty)
    let remarks = try fixtures.opened("keras_2_2").stored.remarks
    #expect(remarks.count == 1)
    #expect(remarks[0].contains("so that lstm_1, lstm_2 give the same outputs"))
  }

  // MARK: What is not known

  @Test func aCustomLayerIsKeptWithItsArrays() throws {
    let (model, stored) = try LegacyFixtures(keras: 2).opened("custom")
    let custom = try #require(model.layers.first { $0.value.name == "scaled" })
    #expect(custom.value.layer is OpaqueLayer)
    let leftovers = try stored.allLeftovers()
    #expect(leftovers.map(\.array.sizes).contains([3]))
    let contents = try stored.contents(of: model)
    let bytes = try LegacyArchive.write(contents)
    let again = try LegacyFixtures.opened(bytes)
    #expect(
      try again.stored.allLeftovers().map(\.array.bytes) == leftovers.map(\.array.bytes))
    let index = try HDF5File(bytes).index()
    #expect(
      index.texts("weight_names", of: "model_weights/scaled") == ["scaled/variable_0"])
  }

  @Test func aCustomLayerInsideAModelKeepsItsPlace() throws {
    let bytes = try LegacyFixtures(keras: 2).bytes("custom_inside")
    let (model, stored) = try LegacyFixtures.opened(bytes)
    let contents = try stored.contents(of: model)
    let again = try LegacyArchive.write(contents)
    func arrays(_ bytes: [UInt8]) throws -> [NativeArray] {
      let file = HDF5File(bytes)
      let index = try file.index()
      let group = try #require(LegacyFile(file, index)?.groups.first { $0.name == "inside" })
      return try file.nativeArrays(group.paths, index)
    }
    // What is trained of all its layers stands before what is not trained of any.
    #expect(try arrays(again) == arrays(bytes))
    let archive = HDF5File(try WeightArchive.write(contents))
    let paths = try archive.index().arrays.keys
    for path in ["dense/vars/1", "shifted/vars/1", "batch_normalization/vars/3"] {
      #expect(paths.contains("layers/sequential/layers/\(path)"), "\(path)")
    }
    #expect(paths.contains("layers/lstm/cell/vars/2"))
  }

  // MARK: Weights alone

  @Test func weightsAloneAreOpenedWithTheirModel() throws {
    let fixtures = try LegacyFixtures(keras: 2)
    let model = try Self.reader(units: 3)
    let contents = try TemporaryFile.with(
      try fixtures.bytes("weights_alone"), named: "old.h5"
    ) { try WeightFile.open($0, for: model) }
    let pass = try model.pass(
      on: try fixtures.arrays("weights_alone", "x"), weights: contents.weights)
    let expected = try fixtures.arrays("weights_alone", "y")
    #expect(pass.outputs[0].distance(to: expected[0]) < 1e-5)
  }

  @Test func aWholeModelGivesItsWeightsToAnother() throws {
    let fixtures = try LegacyFixtures(keras: 2)
    let (source, stored) = try fixtures.opened("trained")
    var model = source
    model.name = "other"
    let contents = try TemporaryFile.with(try fixtures.bytes("trained"), named: "old.h5") {
      try WeightFile.open($0, for: model)
    }
    let weights = try stored.loaded()
    for id in model.layers.keys {
      #expect(contents.weights[id].tensors == weights[id].tensors)
    }
  }

  @Test func weightsAloneAreNoModel() throws {
    let error = #expect(throws: FileError.self) {
      try LegacyFixtures(keras: 2).opened("weights_alone")
    }
    #expect(error?.message == "holds weights without a model, as save_weights writes them")
    let model = try Self.reader(units: 3)
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let archive = try WeightArchive.write(ModelContents(model, weights: weights))
    let same = #expect(throws: FileError.self) { try LegacyFixtures.opened(archive) }
    #expect(same?.message == error?.message)
  }

  @Test func anotherFileIsSaidSo() throws {
    let bytes = try HDF5Writer.file([.numbers(path: "measured/values", Tensor([2], [1, 2]))])
    let error = #expect(throws: FileError.self) { try LegacyFixtures.opened(bytes) }
    #expect(error?.message == "is an HDF5 file, but holds no Keras model")
    let text = #expect(throws: FileError.self) { try LegacyFixtures.opened(Array("{}".utf8)) }
    #expect(text?.message == "is not an HDF5 file, or it is damaged")
  }

  // MARK: What does not fit

  @Test func aLayerWithOtherWeightsIsNamed() throws {
    let fixtures = try LegacyFixtures(keras: 2)
    func fault(_ model: Model) throws -> String? {
      try TemporaryFile.with(try fixtures.bytes("weights_alone"), named: "old.h5") { path in
        #expect(throws: FileError.self) { try WeightFile.open(path, for: model) }?.message
      }
    }
    #expect(
      try fault(Self.reader(units: 4))
        == "reader: the weight reader/lstm_cell/kernel:0 is (3, 12), expected (3, 16)")
    #expect(
      try fault(Self.reader(units: 3) { $0.options.useBias = false })
        == "reader: the file has 3 weights for it, the model needs 2")
    var longer = try Self.reader(units: 3)
    let dense = longer.addLayer(NamedLayer("more", Dense()))
    longer.outputs = [TensorRef(longer.call(dense, on: longer.outputs))]
    #expect(
      try fault(longer) == "has weights for 2 layers, the model has 3 layers with weights")
  }

  private static func reader(
    units: Int, _ edit: (inout LSTM) -> Void = { _ in }
  ) throws -> Model {
    var lstm = LSTM()
    lstm.units = units
    edit(&lstm)
    var dense = Dense()
    dense.units = 2
    return Model(
      input: InputLayer(batchShape: [nil, 4, 3]),
      layers: [NamedLayer("reader", lstm), NamedLayer("answer", dense)])
  }
}

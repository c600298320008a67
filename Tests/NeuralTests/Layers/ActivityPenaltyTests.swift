import Testing

@testable import Neural

/// What layers add to the loss for the numbers that they give; numbers of Keras 3.15.1.
@Suite struct ActivityPenaltyTests {
  private let numbers = Tensor([2, 3], [1, -2, 0.5, 0, 3, -1])

  private func regularizer(_ config: ConfigValue) throws -> Regularizer {
    try Regularizer(configValue: config, kind: .regularizer)
  }

  @Test func sumsOfAbsolutesAndSquares() throws {
    let l1 = try regularizer(["class_name": "L1", "config": ["l1": 0.1]])
    let l2 = try regularizer(["class_name": "L2", "config": ["l2": 0.2]])
    let both = try regularizer(["class_name": "L1L2", "config": ["l1": 0.1, "l2": 0.2]])
    #expect(abs(try l1.value(of: numbers) - 0.75) < 1e-6)
    #expect(abs(try l2.value(of: numbers) - 3.05) < 1e-6)
    #expect(abs(try both.value(of: numbers) - 3.8) < 1e-6)
    #expect(try l1.gradient(of: numbers).values == [0.1, -0.1, 0.1, 0, 0.1, -0.1])
  }

  @Test(arguments: ["rows", "columns"])
  func theOrthogonalRegularizerHasItsGradient(mode: String) throws {
    let orthogonal = try regularizer([
      "class_name": "OrthogonalRegularizer", "config": ["factor": 0.7, "mode": .string(mode)],
    ])
    let gradient = try orthogonal.gradient(of: numbers)
    for index in 0..<6 where numbers.values[index] != 0 {
      var (more, less) = (numbers, numbers)
      more.values[index] += 0.01
      less.values[index] -= 0.01
      let found = (try orthogonal.value(of: more) - orthogonal.value(of: less)) / 0.02
      #expect(abs(found - Double(gradient.values[index])) < 1e-3, "\(mode) \(index)")
    }
    // Rows: |cos| of the only pair. Columns: the mean of three.
    let expected = mode == "rows" ? 0.7 * 6.5 / (5.25 * 10).squareRoot() : 0.465_31
    #expect(abs(try orthogonal.value(of: numbers) - expected) < 1e-5, "\(mode)")
  }

  @Test func unknownOnesAndWrongNumbersAreRefused() throws {
    let mine = try regularizer(["class_name": "Mine", "registered_name": "a>Mine", "config": [:]])
    #expect(throws: PassError.self) { try mine.value(of: numbers) }
    let negative = try regularizer(["class_name": "L1", "config": ["l1": -1]])
    #expect(throws: PassError.self) { try negative.gradient(of: numbers) }
    let orthogonal = try regularizer("orthogonal_regularizer")
    #expect(throws: PassError.self) { try orthogonal.value(of: Tensor([2])) }
  }

  /// A layer's penalty is divided by the number of samples; a model sums those of its calls.
  @Test func aModelAddsThePenaltiesOfItsLayers() throws {
    var dense = Dense()
    dense.units = 3
    try dense.set("activity_regularizer", to: "l2")
    var penalty = ActivityRegularization()
    penalty.l1 = 0.5
    let inner = Submodel(
      Model(input: InputLayer(batchShape: [nil, 3]), layers: [NamedLayer("penalty", penalty)]))
    let model = Model(
      input: InputLayer(batchShape: [nil, 3]),
      layers: [
        NamedLayer("dense", dense), NamedLayer("inner", inner),
        NamedLayer("last", Dropout(), extra: ["activity_regularizer": "l1"]),
      ])
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let pass = try model.pass(on: [numbers], weights: weights)
    let outputs = pass.outputs[0].values
    let (absolutes, squares) = outputs.reduce((0.0, 0.0)) {
      ($0.0 + Double(abs($1)), $0.1 + Double($1 * $1))
    }
    let expected = (0.01 * squares + 0.5 * absolutes + 0.01 * absolutes) / 2
    #expect(abs(pass.penalty - expected) < 1e-6)
  }

  /// `TimeDistributed` takes the inner layer's `call`, which adds nothing in Keras.
  @Test func aLayerForEveryTimestepAddsNothingByItself() throws {
    var dense = Dense()
    dense.units = 2
    try dense.set("activity_regularizer", to: "l2")
    let layer = TimeDistributed(NamedLayer("dense", dense))
    let input = Tensor([1, 2, 3], numbers.values)
    let weights = LayerWeights([Tensor([3, 2], repeating: 1), Tensor([2])])
    let pass = try layer.forward([input], weights: weights, in: PassContext())
    #expect(pass.penalty == 0 && !pass.hasPenalty)
  }

  /// Each direction costs what its own outputs cost, whatever becomes of them.
  @Test(arguments: ["concat", "sum", "mul", "ave", "None"])
  func directionsCostWhatTheyGive(mergeMode: String) throws {
    func layer(_ mode: String, _ regularizer: ConfigValue) throws -> Bidirectional {
      var inner = LSTM(units: 2, returnSequences: true)
      try inner.set("activity_regularizer", to: regularizer)
      var layer = Bidirectional(NamedLayer("lstm", inner))
      try layer.set("merge_mode", to: .string(mode))
      return layer
    }
    let input = Tensor([2, 1, 3], numbers.values)
    let specs = try layer("None", nil).weights(for: [input.shape])
    let weights = LayerWeights(
      specs.map { spec in
        let count = spec.shape.reduce(1, *)
        return Tensor(spec.shape, (0..<count).map { Float($0 % 5) / 5 - 0.4 })
      })
    let apart = try layer("None", nil).forward([input], weights: weights, in: PassContext())
    let plain = try layer(mergeMode, nil).forward([input], weights: weights, in: PassContext())
    let pass = try layer(mergeMode, "l2").forward([input], weights: weights, in: PassContext())
    let squares = apart.outputs.flatMap(\.values).reduce(0.0) { $0 + Double($1 * $1) }
    #expect(abs(pass.penalty - 0.01 * squares / 2) < 1e-7)
    #expect(pass.outputs == plain.outputs)
  }
}

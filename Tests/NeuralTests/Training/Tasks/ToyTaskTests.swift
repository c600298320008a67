import Testing

@testable import Neural

/// Toy tasks ask what they say, of any model that can answer.
@Suite struct ToyTaskTests {
  @Test(arguments: ToyTask.allCases)
  func answersFollowFromTheInputs(task: ToyTask) throws {
    for features in [1, 2, 5] {
      let data = try task.data(samples: 200, timesteps: 7, features: features, seed: 3)
      #expect(data.inputs[0].sizes == [200, 7, features])
      #expect(data.targets[0].sizes == (task.kind == .oneAnswer ? [200] : [200, 7]))
      for sample in 0..<200 {
        let input = data.inputs[0].samples(sample..<(sample + 1))
        let target = data.targets[0].samples(sample..<(sample + 1))
        #expect(target.values.map { Int($0) } == expected(task, try symbols(input)))
      }
    }
  }

  /// The symbols that an input shows, read back.
  private func symbols(_ input: Tensor) throws -> [Int] {
    let features = input.sizes[2]
    return try (0..<input.sizes[1]).map { t in
      let row = input.values[(t * features)..<((t + 1) * features)]
      if features == 1 { return Int(row.first ?? -1) }
      #expect(row.reduce(0, +) == 1)
      return try #require(row.firstIndex(of: 1)) - row.startIndex
    }
  }

  /// The answers, worked out in another way than the tasks do it.
  private func expected(_ task: ToyTask, _ x: [Int]) -> [Int] {
    switch task {
    case .recallFirst: [x[0]]
    case .recallLast: [x[x.count - 1]]
    case .palindrome: [(0..<x.count).allSatisfy { x[$0] == x[x.count - 1 - $0] } ? 1 : 0]
    case .parity: [x.reduce(0, +) % 2]
    case .runningSum: x.indices.map { x[0...$0].reduce(0, +) }
    case .delayedEcho: x.indices.map { $0 >= 3 ? x[$0 - 3] : 0 }
    case .tagByNext: x.indices.map { $0 + 1 < x.count ? x[$0 + 1] : 0 }
    }
  }

  @Test func answersComeEquallyOften() throws {
    for task in ToyTask.allCases where task.kind == .oneAnswer {
      let targets = try task.data(samples: 400, timesteps: 9, features: 4, seed: 1).targets[0]
      let counts = Dictionary(grouping: targets.values) { $0 }.mapValues(\.count)
      #expect(Set(counts.values) == [400 / counts.count], "\(task)")
    }
  }

  @Test func aSeedDeterminesTheData() throws {
    for task in ToyTask.allCases {
      let one = try task.data(samples: 20, timesteps: 6, features: 4, seed: 1)
      #expect(try task.data(samples: 20, timesteps: 6, features: 4, seed: 1) == one)
      #expect(try task.data(samples: 20, timesteps: 6, features: 4, seed: 2) != one)
    }
  }

  @Test func validationIsNotWhatIsLearned() throws {
    let pair = ToyTask.recallFirst.pair(units: 4)
    let setup = try ToyTask.recallFirst.setUp(for: pair.forward, seed: 1)
    #expect(setup.data.count == 1024)
    #expect(setup.validation.count == 256)
    #expect(setup.data.samples(0..<256).inputs != setup.validation.inputs)
  }

  @Test func tooLittleOrTooMuchIsRefused() {
    expectError("0 samples are none to learn from") { () throws(PassError) in
      _ = try ToyTask.parity.data(samples: 0, timesteps: 6, features: 4, seed: 1)
    }
    expectError("tag by the next element needs 2 timesteps or more, found 1") {
      () throws(PassError) in
      _ = try ToyTask.tagByNext.data(samples: 5, timesteps: 1, features: 4, seed: 1)
    }
    for size in [Int.max, Int.max / 2, 1 << 40] {
      #expect(throws: PassError.self) {
        try ToyTask.parity.data(samples: size, timesteps: size, features: size, seed: 1)
      }
      #expect(throws: PassError.self) {
        try ToyTask.parity.setUp(
          for: ToyTask.parity.pair(units: 2).forward, samples: size, seed: 1)
      }
    }
    _ = ToyTask.runningSum.pair(units: 2, timesteps: .max)
  }
}

/// A model is made to fit a task, or told what to change.
@Suite struct ToySetupTests {
  private func model(_ shape: [Int?]?, _ layers: any Layer..., name: String = "m") -> Model {
    Model(
      input: InputLayer(batchShape: shape),
      layers: layers.enumerated().map { NamedLayer("layer_\($0)", $1) })
  }

  private func dense(_ units: Int, _ activation: String) -> Dense {
    var dense = Dense()
    dense.units = units
    dense.activation = .named(activation)
    return dense
  }

  /// Sets up, and makes one training step to see that all fits together.
  @discardableResult
  private func fits(_ task: ToyTask, _ model: Model) throws -> ToySetup {
    let setup = try task.setUp(for: model, samples: 40, seed: 5)
    var trainer = try Trainer(setup.model, setup.compilation, data: setup.data, seed: 1)
    _ = try trainer.train(on: setup.data.samples(0..<setup.batchSize))
    return setup
  }

  @Test(arguments: ToyTask.allCases)
  func thePairFitsItsTaskAsItIs(task: ToyTask) throws {
    for features in [1, 2, 4] {
      let pair = task.pair(units: 3, features: features)
      #expect(try fits(task, pair.forward).addedHead == nil)
      #expect(try fits(task, pair.bidirectional).addedHead == nil)
    }
  }

  @Test func aHeadIsAddedWhereTheOutputDoesNotFit() throws {
    let single = try fits(.recallFirst, model([nil, nil, nil], LSTM(units: 3)))
    #expect(single.addedHead == "Dense(4, softmax) answers")
    #expect(single.model.layers.count == 3)
    let yesNo = try fits(.palindrome, model([nil, 8, 4], LSTM(units: 3)))
    #expect(yesNo.addedHead == "Dense(1, sigmoid) answers")
    #expect(yesNo.data.targets[0].sizes == [40, 1])
    let each = try fits(.tagByNext, model([nil, nil, 2], LSTM(units: 3, returnSequences: true)))
    #expect(each.addedHead == "Dense(2, softmax) answers at each timestep")
    let sums = try fits(.runningSum, model([nil, 6, 1], LSTM(units: 3, returnSequences: true)))
    #expect(sums.addedHead == "Dense(7, softmax) answers at each timestep")
  }

  @Test func whatTheModelAnswersWithIsTaken() throws {
    let softmax = try fits(.recallLast, model([nil, 6, 9], LSTM(units: 3), dense(3, "softmax")))
    #expect(softmax.addedHead == nil)
    #expect(softmax.classes == 3)
    let sigmoid = try fits(
      .tagByNext,
      model([nil, 6, 9], LSTM(units: 3, returnSequences: true), dense(1, "sigmoid")))
    #expect(sigmoid.addedHead == nil)
    #expect(sigmoid.classes == 2)
    #expect(sigmoid.data.targets[0].sizes == [40, 6, 1])
  }

  @Test func oneAnswerIsTheFinalStateOfEachDirection() throws {
    let both = Bidirectional(NamedLayer("lstm", LSTM(units: 3, returnSequences: true)))
    let setup = try fits(.recallFirst, model([nil, 6, 4], both))
    #expect(
      setup.addedHead
        == "layer_0 gives its final state alone (return_sequences=False), each direction its own; "
        + "Dense(4, softmax) answers")
    #expect(setup.model.layers.values.map(\.className).last == "Dense")
    let behind = try fits(.recallFirst, model([nil, 6, 4], both, dense(4, "softmax")))
    #expect(
      behind.addedHead
        == "layer_0 gives its final state alone (return_sequences=False), each direction its own")
    let flat = try fits(.recallFirst, model([nil, 6, 4], dense(5, "tanh")))
    #expect(flat.addedHead == "Flatten joins what 6 places say; Dense(4, softmax) answers")
  }

  @Test func embeddingsGetIndices() throws {
    var embedding = Embedding()
    (embedding.inputDim, embedding.outputDim, embedding.maskZero) = (6, 3, true)
    let setup = try fits(.recallFirst, model([nil, 7], embedding, LSTM(units: 3)))
    #expect(setup.data.inputs[0].sizes == [40, 7])
    #expect(Set(setup.data.inputs[0].values) == [1, 2, 3, 4])
  }

  @Test func fixedSizesAreRespected() throws {
    let setup = try ToyTask.recallLast.setUp(
      for: model([8, 5, 3], LSTM(units: 3)), samples: 20, seed: 1)
    #expect(setup.batchSize == 8)
    #expect(setup.data.inputs[0].sizes == [24, 5, 3])
    #expect(setup.validation.count == 8)
    expectError("the model takes 5 timesteps, not 9") { () throws(PassError) in
      _ = try ToyTask.recallLast.setUp(
        for: model([8, 5, 3], LSTM(units: 3)), timesteps: 9, seed: 1)
    }
  }

  @Test func modelsThatCannotAnswerAreToldWhy() {
    let cases: [(task: ToyTask, model: Model, message: String)] = [
      (
        .tagByNext, model([nil, 6, 4], LSTM(units: 3)),
        "tag by the next element wants an answer at each timestep, the model answers once; "
          + "press r on the Stack: return_sequences"
      ),
      (
        .recallFirst, model([nil, 6], dense(3, "relu")),
        "the toy tasks are sequences, the model takes (None, 6); give its input a time axis: "
          + "(None, 20, 4)"
      ),
      (
        .recallFirst, model(nil, LSTM(units: 3)),
        "the model does not say what comes in; give its input a shape: (20, 4)"
      ),
      (
        .palindrome, model([nil, 1, 4], LSTM(units: 3)),
        "is it a palindrome needs 2 timesteps or more, the model takes 1; change the shape of its "
          + "input with e"
      ),
    ]
    for known in cases {
      expectError(known.message) { () throws(PassError) in
        _ = try known.task.setUp(for: known.model, seed: 1)
      }
    }
    var towers = model([nil, 6, 4], LSTM(units: 3))
    _ = towers.addInput(NamedLayer("other", InputLayer(batchShape: [nil, 3])))
    expectError(
      "the toy tasks feed one input, this model has 2; take a model with one input"
    ) { () throws(PassError) in _ = try ToyTask.parity.setUp(for: towers, seed: 1) }
  }
}

import OrderedCollections
import Testing

@testable import Neural

@Suite struct FittingTests {
  /// A model of one Dense layer, and what it can learn.
  private func trainer(
    _ optimizer: ConfigValue = "sgd", loss: ConfigValue = "mse", units: Int = 1,
    data: TrainingData? = nil
  ) throws -> Trainer {
    var dense = Dense()
    dense.units = units
    let model = Model(
      input: InputLayer(batchShape: [nil, 2]), layers: [NamedLayer("dense", dense)])
    let compilation = try Compilation(
      config: ["optimizer": optimizer, "loss": loss, "metrics": ["mae"]], for: model)
    return try Trainer(model, compilation, data: data ?? samples())
  }

  private func samples(_ count: Int = 10) -> TrainingData {
    TrainingData(
      inputs: [Tensor([count, 2], (0..<(2 * count)).map { Float($0 % 5) - 2 })],
      targets: [Tensor([count, 1], (0..<count).map { Float($0 % 3) })])
  }

  private func events(_ fitting: inout Fitting) throws -> [Fitting.Event] {
    var events: [Fitting.Event] = []
    while true {
      events.append(try fitting.advance())
      if case .ended? = events.last { return events }
    }
  }

  private func dense(_ trainer: Trainer) -> [Tensor] {
    trainer.model.layers.keys.last.map { trainer.weights[$0].tensors } ?? []
  }

  @Test func aLossThatIsNoNumberEndsTheFitWithTheWeightsBeforeIt() throws {
    var data = samples(8)
    data.targets[0].values[5] = .nan
    var settings = FitSettings()
    settings.shuffles = false
    settings.batchSize = 2
    var fitting = try Fitting(trainer(), data: data, settings: settings)
    let before = try trainer()
    let events = try events(&fitting)
    guard case .ended(.notANumber(epoch: 1, batch: 3))? = events.last else {
      Issue.record("ended with \(String(describing: events.last))")
      return
    }
    #expect(dense(fitting.trainer).allSatisfy { $0.values.allSatisfy(\.isFinite) })
    #expect(dense(fitting.trainer) != dense(before))
    #expect(fitting.trainer.optimizer.iterations == 2)
  }

  @Test func stepsThatOverflowLeaveTheLastGoodWeights() throws {
    let optimizer: ConfigValue = ["class_name": "SGD", "config": ["learning_rate": 1e38]]
    var settings = FitSettings()
    settings.epochs = 3
    var fitting = try Fitting(trainer(optimizer), data: samples(), settings: settings)
    guard case .ended(.notANumber)? = try events(&fitting).last else {
      Issue.record("it should have ended")
      return
    }
    #expect(dense(fitting.trainer).allSatisfy { $0.values.allSatisfy(\.isFinite) })
  }

  @Test func equalSeedsGiveEqualOrdersAndOthersOthers() throws {
    func loss(_ seed: UInt64) throws -> [Double] {
      var settings = FitSettings()
      settings.batchSize = 3
      settings.epochs = 2
      settings.seed = seed
      var fitting = try Fitting(trainer(), data: samples(), settings: settings)
      _ = try events(&fitting)
      return fitting.history.values["loss"] ?? []
    }
    #expect(try loss(1) == loss(1))
    #expect(try loss(1) != loss(2))
  }

  @Test func eachEpochTakesEverySampleOnceInAnOrderOfItsOwn() throws {
    var settings = FitSettings()
    settings.batchSize = 4
    var batches = try TrainingBatches(samples(10), settings)
    var orders: [[Float]] = []
    for _ in 0..<2 {
      batches.beginEpoch()
      var inputs: [Float] = []
      while !batches.haveRunOut { inputs += batches.next().inputs[0].values }
      orders.append(inputs)
    }
    #expect(orders[0] != orders[1])
    #expect(orders[0].sorted() == samples(10).inputs[0].values.sorted())
  }

  @Test func anOrderThatIsGivenIsFollowed() throws {
    var settings = FitSettings()
    settings.batchSize = 2
    settings.order = { count in Array((0..<count).reversed()) }
    var batches = try TrainingBatches(samples(4), settings)
    batches.beginEpoch()
    #expect(batches.next() == samples(4).samples([3, 2]))
  }

  @Test func eventsComeInTheOrderOfAnEpoch() throws {
    var settings = FitSettings()
    settings.batchSize = 4
    settings.validationData = samples(5)
    settings.callbacks = [
      .csvLogger(path: "log.csv", separator: ",", appends: false),
      .checkpoint(
        path: "{epoch:02d}-{val_loss:.1f}.keras", monitor: "val_loss", savesBestOnly: true,
        savesWeightsOnly: false, mode: .auto, everyBatches: nil, initialBest: nil),
    ]
    settings.quietCallbacks = [0, 1]
    var fitting = try Fitting(trainer(), data: samples(), settings: settings)
    let names = try events(&fitting).map { event in
      switch event {
      case .epochBegan: "began"
      case .trained: "trained"
      case .validated(let batch, let all): "validated \(batch)/\(all)"
      case .epochEnded(_, let results): "ended " + results.keys.joined(separator: " ")
      case .remark(let text): text
      case .checkpoint(let path, _): path.hasPrefix("01-") ? "checkpoint" : path
      case .log(let path, _, _, _): path
      case .ended: "over"
      }
    }
    #expect(
      names == [
        "began", "trained", "trained", "trained", "validated 1/2", "validated 2/2", "log.csv",
        "checkpoint", "ended loss mae val_loss val_mae", "over",
      ])
    #expect(fitting.best?.name == "val_loss")
  }

  @Test func aFitThatIsToldToStopStillEndsItsEpoch() throws {
    var settings = FitSettings()
    settings.batchSize = 2
    settings.epochs = 5
    var fitting = try Fitting(trainer(), data: samples(), settings: settings)
    _ = try fitting.advance()
    _ = try fitting.advance()
    #expect(fitting.isBeforeTrainingBatch)
    fitting.stop("enough")
    let events = try events(&fitting)
    #expect(fitting.history.epochs == [0])
    guard case .ended(.stopped("enough"))? = events.last else {
      Issue.record("ended with \(String(describing: events.last))")
      return
    }
  }

  @Test func callbacksSayWhatTheyDo() throws {
    var settings = FitSettings()
    settings.epochs = 6
    settings.callbacks = [
      .reduceLearningRate(
        monitor: "loss", factor: 0.5, patience: 1, mode: .auto, minDelta: 100, cooldown: 0,
        minimum: 0),
      .earlyStopping(
        monitor: "los", minDelta: 0, patience: 1, mode: .min, baseline: nil,
        restoresBestWeights: false, startFromEpoch: 0),
      .earlyStopping(
        monitor: "loss", minDelta: 100, patience: 2, mode: .auto, baseline: nil,
        restoresBestWeights: true, startFromEpoch: 0),
    ]
    var fitting = try Fitting(trainer(), data: samples(), settings: settings)
    let remarks = try events(&fitting).compactMap { event in
      if case .remark(let text) = event { text } else { nil }
    }
    #expect(
      remarks == [
        "EarlyStopping looks at 'los', which is no result; did you mean loss?",
        "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.004999999888241291.",
        "Epoch 3: ReduceLROnPlateau reducing learning rate to 0.0024999999441206455.",
        "Epoch 3: early stopping",
        "Restoring model weights from the end of the best epoch: 1.",
      ])
    #expect(
      fitting.history.values["learning_rate"]?.map { Float($0) } == [0.01, 0.01, 0.005])
  }

  @Test(arguments: [
    ("there are no samples", 0, 0), ("has 10 samples, the target 9", 10, 9),
  ])
  func dataThatDoNotFitAreErrors(message: String, inputs: Int, targets: Int) throws {
    let trainer = try trainer()
    let data = TrainingData(
      inputs: samples(inputs).inputs, targets: samples(targets).targets)
    let error = #expect(throws: PassError.self) {
      try Fitting(trainer, data: data, settings: FitSettings())
    }
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
  }

  @Test func targetsThatDoNotFitAreErrorsBeforeTheFirstBatch() throws {
    var data = samples()
    data.targets = [Tensor([10, 4])]
    #expect(throws: PassError.self) { try trainer(data: data) }
    data.targets = []
    let none = #expect(throws: PassError.self) { try trainer(data: data) }
    #expect(none?.message == "the model has 1 output, found 0 targets")
    data.targets = [Tensor([10], repeating: 7)]
    #expect(throws: PassError.self) {
      try trainer(loss: "sparse_categorical_crossentropy", units: 3, data: data)
    }
  }

  @Test func aBatchLargerThanTheDataIsOneSmallerBatch() throws {
    var settings = FitSettings()
    settings.batchSize = .max
    var fitting = try Fitting(trainer(), data: samples(), settings: settings)
    #expect(fitting.batchesPerEpoch == 1)
    _ = try events(&fitting)
    #expect(fitting.trainer.optimizer.iterations == 1)
  }

  @Test func sizesThatAreNoneAreErrors() throws {
    for change: (inout FitSettings) -> Void in [
      { $0.batchSize = 0 }, { $0.validationSplit = 0.99 }, { $0.validationSplit = 2 },
      { $0.stepsPerEpoch = 0 }, { $0.validationFrequency = 0 },
    ] {
      var settings = FitSettings()
      change(&settings)
      #expect(throws: PassError.self) {
        try Fitting(trainer(), data: samples(), settings: settings)
      }
    }
  }

  @Test func aTrainingThatTakesTooMuchMemoryIsRefused() throws {
    let model = Model(
      input: InputLayer(batchShape: [nil, 2]), layers: [NamedLayer("dense", Dense())])
    let compilation = try Compilation(config: ["loss": "mse"], for: model)
    let data = TrainingData(inputs: [Tensor([100, 2])], targets: [Tensor([100, 32])])
    var trainer = try Trainer(
      model, compilation, data: data, memoryLimit: MemoryLimit(bytes: 20_000))
    let error = #expect(throws: PassError.self) { try trainer.train(on: data) }
    #expect(error?.message.contains("allowed are 20,000") == true)
    #expect(throws: PassError.self) {
      try Trainer(model, compilation, data: data, memoryLimit: MemoryLimit(bytes: 1000))
    }
  }
}

import OrderedCollections
import Screen
import Testing

@testable import Explorer
@testable import Neural

@Suite struct TrainLogs {
  private func log(epochs: Int, batches: Int) -> TrainLog {
    TrainLog(label: "", model: taggingModel(), epochs: epochs, batches: batches)
  }

  private func train(_ log: inout TrainLog, epochs: Range<Int>) {
    for epoch in epochs {
      log.take(.epochBegan(epoch))
      for batch in 0..<log.batches {
        let loss = Double(batch % 2)
        log.take(.trained(.init(loss: loss, samples: 8), results: ["loss": 0.5, "accuracy": 0.7]))
      }
      log.take(.epochEnded(epoch, results: ["loss": 0.5, "accuracy": 0.7, "val_loss": 0.6]))
    }
  }

  @Test func theFirstEpochsAreShownBatchByBatchLaterOnesAsAWhole() {
    var log = log(epochs: 5, batches: 4)
    train(&log, epochs: 0..<5)
    #expect(log.points(of: "loss").map(\.x) == [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 3, 4, 5])
    #expect(log.points(of: "loss").prefix(2).map(\.y) == [0, 1])
    #expect(log.points(of: "val_loss").map(\.x) == [1, 2, 3, 4, 5])
    #expect(log.names == ["loss", "accuracy"])
  }

  @Test func theEpochUnderWayShowsOnceItSaysSomething() {
    var log = log(epochs: 9, batches: 8)
    train(&log, epochs: 0..<3)
    log.take(.epochBegan(3))
    log.take(.trained(.init(loss: 9, samples: 8), results: ["loss": 9]))
    #expect(log.points(of: "loss").last == PlotPoint(x: 3, y: 0.5))
    log.take(.trained(.init(loss: 1, samples: 8), results: ["loss": 5]))
    #expect(log.points(of: "loss").last == PlotPoint(x: 3.25, y: 5))
    #expect(log.latest("val_loss") == 0.6)
  }

  @Test func longTrainingsKeepNoMoreThanAScreenShows() {
    var log = log(epochs: 20_000, batches: 1)
    train(&log, epochs: 0..<20_000)
    let points = log.points(of: "loss")
    #expect(points.count <= 2001)
    #expect(points.last?.x == 20_000)
    var wide = self.log(epochs: 1, batches: 100_000)
    train(&wide, epochs: 0..<1)
    #expect(wide.points(of: "loss").count <= 203)
  }

  @Test func gradientsAreTheMeanOfTheLastBatches() {
    let model = taggingModel()
    guard
      let node = model.nodes.values.first(where: { model.layers[$0.layer]?.isRecurrent == true })
    else { return }
    var log = TrainLog(label: "", model: model, epochs: 1, batches: 9)
    func batch(_ norm: Float) -> Fitting.Event {
      var result = Trainer.BatchResult(loss: 1, samples: 1)
      result.timesteps[node.id] = [
        TimestepGradients(
          path: [],
          directions: [.init(name: "forward_lstm", norms: [norm]), .init(name: "b", norms: [norm])])
      ]
      return .trained(result, results: ["loss": 1])
    }
    log.take(batch(4))
    #expect(log.gradients.first?.directions.map(\.norms) == [[4], [4]])
    #expect(log.gradients.first?.directions.map(\.isBackward) == [false, true])
    log.take(batch(8))
    #expect(log.gradients.first?.directions.first?.norms == [5])
  }

  @Test func weightsAreComparedOverTheSameRange() {
    let report = WeightReport(
      layer: "dense", owner: [], name: "kernel", from: Tensor([4], [-1, 0, 0, 1]),
      to: Tensor([4], [3, 3, 3, .nan]))
    #expect(report.lower == -1 && report.upper == 3)
    #expect(report.first.counts.reduce(0, +) == 4)
    #expect(report.now.counts.last == 3)
    #expect(report.now.notNumbers == 1)
    #expect(report.now.mean == 3 && report.now.deviation == 0)
    #expect(abs(report.first.deviation - 0.5.squareRoot()) < 1e-9)
    let empty = WeightReport(
      layer: "", owner: [], name: "", from: Tensor([0]), to: Tensor([1], [.infinity]))
    #expect(empty.now.notNumbers == 1)
  }

  @Test func gradientBarsOfVeryDifferentSizeAreLogarithmic() {
    #expect(!GradientScale([1, 0.5, 0.02]).isLogarithmic)
    let scale = GradientScale([1, 1e-4, 0])
    #expect(scale.isLogarithmic)
    #expect(scale.height(1) == 1)
    #expect(scale.height(0) == 0)
    #expect(scale.height(.nan) == nil)
    #expect(GradientScale([]).height(1) == nil)
    #expect(GradientScale([0, 0]).height(0) == nil)
  }

  @Test func durationsAreInWords() {
    #expect(
      [0.004, 0.5, 12.3, 99, 200, 7200, 1e6, 1e30].map(duration)
        == ["0.01 s", "0.5 s", "12 s", "99 s", "3 min", "2 h", "12 days", "long"])
  }
}

@Suite struct TrainingRuns {
  private func plan(_ settings: TrainSettings = TrainSettings(), samples: Int = 40) throws
    -> TrainPlan
  {
    let model = lineModel()
    let request = TrainRequest(
      number: 1, source: .files(inputs: ["x"], targets: ["y"]),
      contenders: [TrainContender(label: "", model: model)], settings: settings, seed: 3,
      script: nil)
    let x = Tensor([samples, 1], (0..<samples).map { Float($0 % 7) / 7 })
    var setup = TrainSetup(
      title: "a line", model: model,
      compilation: Compilation(
        optimizer: Optimizer(known: "SGD"), losses: [Loss(known: "MeanSquaredError")]),
      data: TrainingData(inputs: [x], targets: [x.map { 2 * $0 + 1 }]), settings: FitSettings())
    setup.settings.epochs = 3
    try setup.apply(settings)
    return TrainPlan(request: request, setups: [setup])
  }

  @Test func aTrainingAdvancesToItsEndAndLeavesItsWeights() throws {
    var run = try TrainingRun(number: 1, plan: try plan())
    var steps = 0
    while !run.isOver {
      if try run.advance() != nil { steps += 1 }
    }
    #expect(steps == 6)
    run.measureWeights()
    let log = try #require(run.report(.done).runs.first)
    #expect(log.epoch == 3 && log.steps == 6 && log.share == 1)
    #expect(log.weights.map(\.name) == ["kernel", "bias"])
    let losses = log.points(of: "loss").map(\.y)
    #expect(try #require(losses.last) < (try #require(losses.first)))
    #expect(run.outcome?.says == "the last weights")
  }

  @Test func oneBatchIsOneBatch() throws {
    var run = try TrainingRun(number: 1, plan: try plan())
    try run.advanceOneBatch()
    #expect(run.report(.paused).runs.first?.steps == 1)
    try run.advanceOneBatch()
    try run.advanceOneBatch()
    #expect(run.report(.paused).runs.first?.steps == 3)
  }

  @Test func itGoesOnForAsManyEpochsMore() throws {
    var run = try TrainingRun(number: 1, plan: try plan())
    while !run.isOver { try run.advance() }
    var settings = TrainSettings()
    settings.epochs = 2
    try run.goOn(number: 2, plan: try plan(settings))
    while !run.isOver { try run.advance() }
    let log = try #require(run.report(.done).runs.first)
    #expect(log.epochs == 5 && log.epoch == 5 && log.steps == 10)
    #expect(run.report(.done).number == 2)
  }
}

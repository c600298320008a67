import OrderedCollections
import Screen

@testable import Explorer
@testable import Neural

/// A model that gives four numbers at each of twelve timesteps.
func taggingModel(_ recurrent: any Layer = bidirectional(LSTM(units: 6, returnSequences: true)))
  -> Model
{
  Model(
    input: InputLayer(batchShape: [nil, 12, 4]),
    layers: [
      NamedLayer(recurrent is Bidirectional ? "bidirectional" : "lstm", recurrent),
      NamedLayer("dense", layer(Dense.self, ["units": 4])),
    ])
}

/// A layer without recurrence on one number.
func lineModel() -> Model {
  Model(
    input: InputLayer(batchShape: [nil, 1]),
    layers: [NamedLayer("dense", layer(Dense.self, ["units": 1]))])
}

/// A training that was made up for a request.
func madeUpPlan(_ request: TrainRequest, epochs: Int = 10, added: [String] = []) -> TrainPlan {
  TrainPlan(
    request: request,
    setups: request.contenders.map { contender in
      var settings = FitSettings()
      settings.epochs = request.settings.epochs ?? epochs
      settings.validationSplit = 0.2
      return TrainSetup(
        title: "tag by the next element",
        question: "Which element comes next? Each timestep is to say it.",
        lesson: "Forward has not read it yet; backward has.", model: contender.model, added: added,
        compilation: Compilation(
          optimizer: Optimizer(known: "SGD"), losses: [Loss(known: "MeanSquaredError")],
          metrics: [[Metric(known: "MeanSquaredError")]]),
        data: TrainingData(inputs: [Tensor([640, 12, 4])], targets: [Tensor([640, 12, 4])]),
        settings: settings)
    })
}

/// Curves of a training that was made up: it goes well, and better where there are two directions.
struct MadeUpTraining {
  var number: Int
  var models: [Model]
  var labels: [String]
  var epochs = 10
  var batches = 16

  /// The logs after some epochs and batches.
  func logs(epochs made: Int, batches rest: Int = 0) -> [TrainLog] {
    zip(models, labels).enumerated().map { place, contender in
      var log = TrainLog(
        label: contender.1, model: contender.0, epochs: epochs, batches: batches)
      let limit = place == 0 && models.count > 1 ? 0.28 : 0.99
      func results(_ epoch: Double) -> OrderedDictionary<String, Double> {
        let rise = 1 - 1 / (1 + epoch)
        return ["loss": 1.4 - 1.3 * limit * rise, "accuracy": 0.25 + (limit - 0.25) * rise]
      }
      for epoch in 0...made where epoch < epochs {
        log.take(.epochBegan(epoch))
        for batch in 1...batches where epoch < made || batch <= rest {
          let now = Double(epoch) + Double(batch) / Double(batches)
          let noise = batch % 3 == 0 ? 0.06 : -0.03
          var result = Trainer.BatchResult(
            loss: (results(now)["loss"] ?? 0) + noise, samples: 32)
          result.timesteps = gradients(contender.0)
          log.take(.trained(result, results: results(now)))
        }
        guard epoch < made else { break }
        var all = results(Double(epoch + 1))
        for (name, value) in all { all["val_" + name] = value * (name == "loss" ? 1.1 : 0.97) }
        log.take(.epochEnded(epoch, results: all))
      }
      if made == epochs { log.take(.ended(.completed)) }
      log.weights = [
        WeightReport(
          layer: "bidirectional", owner: ["forward_lstm"], name: "kernel",
          from: spread(0.2, 4, 24), to: spread(0.5, 4, 24)),
        WeightReport(
          layer: "dense", owner: [], name: "bias", from: Tensor([4]), to: spread(0.1, 1, 4)),
      ]
      return log
    }
  }

  private func spread(_ width: Float, _ rows: Int, _ columns: Int) -> Tensor {
    let count = rows * columns
    return Tensor(
      [rows, columns],
      (0..<count).map { index in
        let place = Float(index) / Float(max(count - 1, 1)) * 2 - 1
        return width * place * place * place
      })
  }

  private func gradients(_ model: Model) -> [NodeID: [TimestepGradients]] {
    var result: [NodeID: [TimestepGradients]] = [:]
    for node in model.nodes.values {
      guard let layer = model.layers[node.layer], layer.isRecurrent else { continue }
      let forward = (0..<12).map { t in Float(pow2(t - 11)) }
      var directions = [TimestepGradients.Direction(name: "forward_lstm", norms: forward)]
      if layer.layer is Bidirectional {
        directions.append(
          .init(name: "backward_lstm", norms: (0..<12).map { 0.4 + 0.05 * Float(11 - $0) }))
      }
      result[node.id] = [TimestepGradients(path: [], directions: directions)]
    }
    return result
  }

  private func pow2(_ exponent: Int) -> Double {
    exponent < 0 ? pow2(exponent + 1) / 2 : 1
  }
}

extension ExplorerProbe {
  /// What is asked for on the Train screen that was opened last.
  var trainRequest: TrainRequest? {
    effects.reversed().lazy.compactMap { effect in
      if case .prepareTraining(let request) = effect { request } else { nil }
    }.first
  }

  /// What is to be begun.
  var trainStart: TrainStart? {
    effects.reversed().lazy.compactMap { effect in
      if case .train(let start) = effect { start } else { nil }
    }.first
  }

  /// Opens the Train screen on a made-up task.
  mutating func openTrain(added: [String] = [], epochs: Int = 10) {
    state.train.source = .task("tag-by-next")
    press("3")
    if let path = state.document.path { send(.trainingRead(path: path, nil, why: nil)) }
    prepare(added: added, epochs: epochs)
  }

  /// Trains on a made-up task, for some epochs and batches.
  mutating func train(epochs: Int, batches: Int = 0, comparing: Bool = false) {
    openTrain()
    if comparing {
      press("c")
      prepare()
    }
    press(" ")
    tell(epochs == 10 ? .done : .training, epochs: epochs, batches: batches)
  }

  /// Answers the newest request for data.
  mutating func prepare(added: [String] = [], epochs: Int = 10) {
    guard let request = trainRequest else { return }
    send(.trainingPrepared(madeUpPlan(request, epochs: epochs, added: added)))
  }

  /// Tells how the training that was begun stands.
  mutating func tell(
    _ activity: TrainReport.Activity, epochs: Int, batches: Int = 0, of all: Int = 10
  ) {
    guard let start = trainStart else { return }
    let training = MadeUpTraining(
      number: start.number, models: start.plan.setups.map(\.model),
      labels: start.plan.request.contenders.map(\.label), epochs: all)
    var report = TrainReport(
      number: start.number, activity: activity,
      runs: training.logs(epochs: epochs, batches: batches))
    (report.seconds, report.secondsLeft) = (4.2, 12.3)
    (report.secondsPerStep, report.samplesPerStep) = (0.0031, 32)
    send(.training(report))
  }
}

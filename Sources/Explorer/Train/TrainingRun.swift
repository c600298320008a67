import Neural

/// A training on its way: one model, or two in turns, batch by batch.
///
/// A value that somebody else drives, on a thread of its own: it knows no clock but for measuring
/// how long its own steps take.
public struct TrainingRun: Sendable {
  /// The number of what was asked for.
  public private(set) var number: Int
  private var contenders: [Contender]
  private var turn = 0
  private var pace = Pace()

  private struct Contender: Sendable {
    var fitting: Fitting
    var log: TrainLog
    let firstWeights: ModelWeights
    let specs: [(layer: String, id: LayerID, weights: [WeightSpec])]
    var isOver = false
  }

  /// A training that has not begun.
  ///
  /// - Parameters:
  ///   - number: that of the request.
  ///   - plan: what is trained on what.
  ///   - weights: where the model starts from; first values are made of what is missing. Of two
  ///     models that are compared both start from first values.
  ///   - stored: the weights of the model's file, for layers that `weights` lacks; read here.
  /// - Throws: `PassError` where data do not fit a model or its losses, or the file cannot be read.
  public init(
    number: Int, plan: TrainPlan, weights: ModelWeights = ModelWeights(),
    stored: (any WeightSource)? = nil
  ) throws(PassError) {
    self.number = number
    contenders = []
    let isComparison = plan.setups.count > 1
    for (setup, contender) in zip(plan.setups, plan.request.contenders) {
      let specs = try TrainingRun.specs(of: setup)
      let needed = Dictionary(specs.map { ($0.id, $0.weights) }) { first, _ in first }
      var trainer = try Trainer(
        setup.model, setup.compilation,
        weights: isComparison ? ModelWeights() : weights.completed(from: stored, for: needed),
        data: setup.data, seed: plan.request.seed)
      trainer.tellsTimestepGradients = true
      let fitting = try Fitting(trainer, data: setup.data, settings: setup.settings)
      contenders.append(
        Contender(
          fitting: fitting,
          log: TrainLog(
            label: contender.label, model: setup.model, epochs: setup.settings.epochs,
            batches: fitting.batchesPerEpoch),
          firstWeights: trainer.weights, specs: specs))
    }
  }

  /// Goes on where a training ended, for as many epochs as the plan says.
  ///
  /// The optimizer goes on, too, unless the plan names another.
  ///
  /// - Throws: `PassError` where that does not fit.
  public mutating func goOn(number: Int, plan: TrainPlan) throws(PassError) {
    guard plan.setups.count == contenders.count else {
      throw PassError("another number of models than before")
    }
    self.number = number
    for (index, setup) in plan.setups.enumerated() {
      let old = contenders[index]
      var trainer = old.fitting.trainer
      if setup.compilation != trainer.compilation || setup.model != trainer.model {
        trainer = try Trainer(
          setup.model, setup.compilation, weights: trainer.weights, data: setup.data,
          seed: plan.request.seed)
        trainer.tellsTimestepGradients = true
      }
      var settings = setup.settings
      settings.initialEpoch = old.log.epoch
      settings.epochs = added(old.log.epoch, settings.epochs) ?? .max
      contenders[index].fitting = try Fitting(trainer, data: setup.data, settings: settings)
      contenders[index].log.goOn(
        epochs: settings.epochs, batches: contenders[index].fitting.batchesPerEpoch)
      contenders[index].isOver = false
    }
  }

  /// Whether every model has come to its end.
  public var isOver: Bool { contenders.allSatisfy(\.isOver) }

  /// Makes the next step of the model whose turn it is.
  ///
  /// - Returns: the model's place, where it was a step of training.
  /// - Throws: `PassError` where the model cannot be trained.
  @discardableResult
  public mutating func advance() throws(PassError) -> Int? {
    let count = contenders.count
    guard
      let place = (0..<count).map({ (turn + $0) % count }).first(where: { !contenders[$0].isOver })
    else { return nil }
    let clock = ContinuousClock()
    let start = clock.now
    let event: Fitting.Event
    do throws(PassError) {
      event = try contenders[place].fitting.advance()
    } catch {
      throw count > 1
        ? PassError("\(contenders[place].log.label): \(error.message)", remedy: error.remedy)
        : error
    }
    pace.take(event, seconds: (clock.now - start).inSeconds)
    contenders[place].log.take(event)
    if case .ended = event { contenders[place].isOver = true }
    guard case .trained = event else {
      if contenders[place].isOver { turn = place + 1 }
      return nil
    }
    turn = place + 1
    return place
  }

  /// Trains each model on one more batch.
  ///
  /// - Throws: `PassError` where a model cannot be trained.
  public mutating func advanceOneBatch() throws(PassError) {
    var left = Set(contenders.indices.filter { !contenders[$0].isOver })
    while !left.isEmpty {
      let place = try advance()
      left = left.filter { $0 != place && !contenders[$0].isOver }
      guard !Task.isCancelled else { return }
    }
  }

  // MARK: What is told

  /// The training as it stands.
  public func report(_ activity: TrainReport.Activity) -> TrainReport {
    var report = TrainReport(
      number: number, activity: activity,
      runs: contenders.map { contender in
        var log = contender.log
        log.best = contender.fitting.best.map { ($0.epoch, $0.name, $0.value) }
        return log
      })
    report.seconds = pace.seconds
    report.secondsPerStep = pace.secondsPerStep
    report.samplesPerStep = pace.samples
    report.secondsLeft = pace.secondsLeft(report.runs)
    return report
  }

  /// Measures the weights anew: as long as reading all of them twice takes.
  public mutating func measureWeights() {
    for index in contenders.indices {
      let contender = contenders[index]
      var reports: [WeightReport] = []
      for layer in contender.specs {
        let (now, first) = (
          contender.fitting.trainer.weights[layer.id], contender.firstWeights[layer.id]
        )
        for (place, spec) in layer.weights.enumerated()
        where place < now.count && place < first.count {
          reports.append(
            WeightReport(
              layer: layer.layer, owner: spec.owner, name: spec.name, from: first[place],
              to: now[place]))
        }
      }
      contenders[index].log.weights = reports
    }
  }

  /// The weights of the first model: the best by validation, or those it has now.
  public var outcome: TrainOutcome? {
    guard let contender = contenders.first else { return nil }
    let trainer = contender.fitting.trainer
    guard let best = contender.fitting.best, best.name.hasPrefix("val_"),
      best.epoch + 1 < contender.log.epoch || contender.log.batch > 0
    else {
      return TrainOutcome(
        number: number, model: trainer.model, weights: trainer.weights, says: "the last weights")
    }
    return TrainOutcome(
      number: number, model: trainer.model, weights: best.weights,
      says: "the best weights, of epoch \(best.epoch + 1)")
  }

  private static func specs(
    of setup: TrainSetup
  ) throws(PassError) -> [(layer: String, id: LayerID, weights: [WeightSpec])] {
    let samples = min(max(setup.settings.batchSize, 1), max(setup.data.count, 1))
    let plan = try PassPlan(
      setup.model, inputSizes: setup.data.inputs.map { [samples] + $0.sizes.dropFirst() })
    return setup.model.layers.compactMap { id, layer in
      guard let specs = plan.analysis.weights[id], !specs.isEmpty else { return nil }
      return (layer.name, id, specs)
    }
  }
}

/// How long the steps of a training take.
private struct Pace: Sendable {
  private(set) var seconds = 0.0
  private(set) var secondsPerStep: Double?
  private(set) var samples = 0
  private var steps = 0
  private var others = 0.0

  mutating func take(_ event: Fitting.Event, seconds: Double) {
    self.seconds += seconds
    guard case .trained(let result, _) = event else {
      others += seconds
      return
    }
    steps += 1
    samples = max(samples, result.samples)
    // The first step prepares what the others use.
    if steps == 1 { return }
    let before = secondsPerStep ?? seconds
    secondsPerStep = before + max(0.05, 1 / Double(steps)) * (seconds - before)
  }

  func secondsLeft(_ runs: [TrainLog]) -> Double? {
    guard let secondsPerStep, steps > 2 else { return nil }
    let left = runs.reduce(0.0) { sum, run in
      run.ending == nil
        ? sum + max(Double(run.epochs) - run.progress, 0) * Double(run.batches) : sum
    }
    // Validation takes its part, as before.
    return left * (secondsPerStep + others / Double(steps))
  }
}

extension Duration {
  /// The duration in seconds.
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

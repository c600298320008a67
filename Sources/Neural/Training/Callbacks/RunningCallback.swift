import OrderedCollections

/// A callback on its way through a fit.
protocol RunningCallback: Sendable {
  /// An epoch begins.
  mutating func epochBegan(_ stage: inout CallbackStage) throws(PassError)
  /// A batch was trained.
  mutating func batchEnded(_ batch: Int, _ stage: inout CallbackStage) throws(PassError)
  /// An epoch ends; the results are all there, and may get more.
  mutating func epochEnded(_ stage: inout CallbackStage) throws(PassError)
  /// The training ends.
  mutating func trainingEnded(_ stage: inout CallbackStage)
}

extension RunningCallback {
  mutating func epochBegan(_ stage: inout CallbackStage) throws(PassError) {}
  mutating func batchEnded(_ batch: Int, _ stage: inout CallbackStage) throws(PassError) {}
  mutating func epochEnded(_ stage: inout CallbackStage) throws(PassError) {}
  mutating func trainingEnded(_ stage: inout CallbackStage) {}
}

/// What a callback sees of a fit, and what it can change.
struct CallbackStage {
  /// The epoch, from 0.
  let epoch: Int
  /// The model, its weights and its optimizer.
  var trainer: Trainer
  /// The results of the epoch so far, in Keras' order.
  var results: OrderedDictionary<String, Double>
  /// What is to be told.
  var events: [Fitting.Event] = []
  /// Why the training is to end, where it is.
  var stopReason: String?
  /// Whether the callback says what it does.
  var speaks = true

  /// Says something worth a line.
  mutating func say(_ text: String) {
    if speaks { events.append(.remark(text)) }
  }

  /// The value that a callback looks at; says so where it is not there.
  mutating func value(of monitor: Monitor, for purpose: String, warns: inout Bool) -> Double? {
    if let value = results[monitor.name] { return value }
    if warns {
      let near = nearest(to: monitor.name, in: results.keys)
      events.append(
        .remark(
          "\(purpose) looks at '\(monitor.name)', which is no result"
            + (near.map { "; did you mean \($0)?" }
              ?? "; the results are \(results.keys.joined(separator: ", "))")))
      warns = false
    }
    return nil
  }
}

extension FitCallback {
  /// The callback at the start of a fit.
  ///
  /// - Throws: `PassError` where a parameter is out of range.
  func running(in measurements: Measurements) throws(PassError) -> any RunningCallback {
    switch self {
    case .earlyStopping(
      let name, let minDelta, let patience, let mode, let baseline, let restores, let start):
      return EarlyStopping(
        monitor: Monitor(name, mode: mode, minDelta: minDelta, in: measurements),
        patience: patience, baseline: baseline, restoresBestWeights: restores,
        startFromEpoch: start)
    case .reduceLearningRate(
      let name, let factor, let patience, let mode, let minDelta, let cooldown, let minimum):
      guard factor >= 0, factor < 1 else {
        throw PassError(
          "ReduceLROnPlateau has factor=\(factor)", remedy: "use a number from 0 to below 1")
      }
      return ReduceLearningRate(
        monitor: Monitor(name, mode: mode, minDelta: minDelta, in: measurements), factor: factor,
        patience: patience, cooldown: cooldown, minimum: minimum)
    case .checkpoint(
      let path, let name, let bestOnly, let weightsOnly, let mode, let everyBatches, let best):
      return Checkpoint(
        path: PathTemplate(text: path),
        monitor: Monitor(name, mode: mode, minDelta: 0, best: best, in: measurements),
        savesBestOnly: bestOnly, savesWeightsOnly: weightsOnly, everyBatches: everyBatches)
    case .csvLogger(let path, let separator, let appends):
      return CSVLogger(path: path, separator: separator, appends: appends)
    case .terminateOnNaN: return TerminateOnNaN()
    case .learningRates(let rates): return LearningRates(rates: rates)
    }
  }
}

/// Nothing to do: every fit ends where the loss is not a number.
private struct TerminateOnNaN: RunningCallback {}

/// Gives the results of each epoch to a table.
private struct CSVLogger: RunningCallback {
  let path: String
  let separator: String
  let appends: Bool

  func epochEnded(_ stage: inout CallbackStage) {
    stage.events.append(.log(path: path, separator: separator, appends: appends, stage.results))
  }
}

/// Sets the learning rate of each epoch.
///
/// Source: `keras/src/callbacks/learning_rate_scheduler.py`.
private struct LearningRates: RunningCallback {
  let rates: [Double]

  func epochBegan(_ stage: inout CallbackStage) throws(PassError) {
    guard rates.indices.contains(stage.epoch) else { return }
    try stage.trainer.setLearningRate(rates[stage.epoch])
  }

  func epochEnded(_ stage: inout CallbackStage) {
    stage.results["learning_rate"] = stage.trainer.optimizer.learningRate
  }
}

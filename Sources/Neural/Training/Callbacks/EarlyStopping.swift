/// Ends a training where a value no longer gets better.
///
/// Source: `keras/src/callbacks/early_stopping.py`.
struct EarlyStopping: RunningCallback {
  var monitor: Monitor
  let patience: Int
  let baseline: Double?
  let restoresBestWeights: Bool
  let startFromEpoch: Int
  private var wait = 0
  private var stoppedEpoch: Int?
  private var best: (weights: ModelWeights, epoch: Int)?
  private var warns = true

  init(
    monitor: Monitor, patience: Int, baseline: Double?, restoresBestWeights: Bool,
    startFromEpoch: Int
  ) {
    self.monitor = monitor
    self.patience = patience
    self.baseline = baseline
    self.restoresBestWeights = restoresBestWeights
    self.startFromEpoch = startFromEpoch
  }

  mutating func epochEnded(_ stage: inout CallbackStage) {
    guard let value = stage.value(of: monitor, for: "EarlyStopping", warns: &warns),
      stage.epoch >= startFromEpoch
    else { return }
    if restoresBestWeights, best == nil { best = (stage.trainer.weights, stage.epoch) }
    wait += 1
    if monitor.isBetter(value, than: monitor.best) {
      monitor.best = value
      if restoresBestWeights { best = (stage.trainer.weights, stage.epoch) }
      // Patience begins anew only where the baseline is beaten, too.
      if monitor.isBetter(value, than: baseline) { wait = 0 }
      return
    }
    guard wait >= patience, stage.epoch > 0 else { return }
    stoppedEpoch = stage.epoch
    stage.stopReason = "early stopping"
  }

  mutating func trainingEnded(_ stage: inout CallbackStage) {
    if let stoppedEpoch { stage.say("Epoch \(stoppedEpoch + 1): early stopping") }
    guard let best else { return }
    stage.say("Restoring model weights from the end of the best epoch: \(best.epoch + 1).")
    stage.trainer.weights = best.weights
  }
}

/// Makes the learning rate smaller where a value no longer gets better.
///
/// Source: `keras/src/callbacks/reduce_lr_on_plateau.py`.
struct ReduceLearningRate: RunningCallback {
  var monitor: Monitor
  let factor: Double
  let patience: Int
  let cooldown: Int
  let minimum: Double
  private var wait = 0
  private var cooldownLeft = 0
  private var warns = true

  init(monitor: Monitor, factor: Double, patience: Int, cooldown: Int, minimum: Double) {
    self.monitor = monitor
    self.factor = factor
    self.patience = patience
    self.cooldown = cooldown
    self.minimum = minimum
  }

  mutating func epochEnded(_ stage: inout CallbackStage) throws(PassError) {
    stage.results["learning_rate"] = stage.trainer.optimizer.learningRate
    guard let value = stage.value(of: monitor, for: "ReduceLROnPlateau", warns: &warns) else {
      return
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      wait = 0
    }
    if monitor.isBetter(value, than: monitor.best) {
      monitor.best = value
      wait = 0
      return
    }
    guard cooldownLeft == 0 else { return }
    wait += 1
    let rate = stage.trainer.optimizer.learningRate
    guard wait >= patience, rate > Double(Float(minimum)) else { return }
    let reduced = max(rate * factor, minimum)
    try stage.trainer.setLearningRate(reduced)
    stage.say(
      "Epoch \(stage.epoch + 1): ReduceLROnPlateau reducing learning rate to "
        + "\(reduced.pythonDescription).")
    cooldownLeft = cooldown
    wait = 0
  }
}

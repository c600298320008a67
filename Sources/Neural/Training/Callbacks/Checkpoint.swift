/// Saves the model after epochs, or after so many batches.
///
/// Source: `keras/src/callbacks/model_checkpoint.py`.
struct Checkpoint: RunningCallback {
  let path: PathTemplate
  var monitor: Monitor
  let savesBestOnly: Bool
  let savesWeightsOnly: Bool
  let everyBatches: Int?
  private var batchesSeen = 0
  private var warns = true

  init(
    path: PathTemplate, monitor: Monitor, savesBestOnly: Bool, savesWeightsOnly: Bool,
    everyBatches: Int?
  ) {
    self.path = path
    self.monitor = monitor
    self.savesBestOnly = savesBestOnly
    self.savesWeightsOnly = savesWeightsOnly
    self.everyBatches = everyBatches
  }

  mutating func batchEnded(_ batch: Int, _ stage: inout CallbackStage) throws(PassError) {
    guard let everyBatches else { return }
    batchesSeen += 1
    guard batchesSeen >= everyBatches else { return }
    batchesSeen = 0
    try save(batch: batch, &stage)
  }

  mutating func epochEnded(_ stage: inout CallbackStage) throws(PassError) {
    if everyBatches == nil { try save(batch: nil, &stage) }
  }

  private mutating func save(batch: Int?, _ stage: inout CallbackStage) throws(PassError) {
    let file = try path.filled(
      epoch: stage.epoch + 1, batch: batch.map { $0 + 1 }, stage.results)
    let place = "Epoch \(stage.epoch + 1): "
    if savesBestOnly,
      let value = stage.value(of: monitor, for: "ModelCheckpoint", warns: &warns)
    {
      let best = monitor.best.map { Self.text($0) } ?? "None"
      guard monitor.isBetter(value, than: monitor.best) else {
        return stage.say("\(place)\(monitor.name) did not improve from \(best)")
      }
      stage.say(
        "\(place)\(monitor.name) improved from \(best) to \(Self.text(value)), "
          + "saving model to \(file)")
      monitor.best = value
    } else {
      stage.say("\(place)saving model to \(file)")
    }
    stage.events.append(.checkpoint(path: file, weightsOnly: savesWeightsOnly))
    stage.say("\(place)finished saving model to \(file)")
  }

  /// A number with five digits behind the point.
  private static func text(_ value: Double) -> String { PathTemplate.fixed(value, 5) }
}

/// Tells whether a value got better: what callbacks look at.
///
/// Source: `keras/src/callbacks/monitor_callback.py`.
struct Monitor: Sendable {
  /// The result's name: `val_loss`.
  let name: String
  /// Whether more is better.
  let isRising: Bool
  /// By how much a value must be better than the best.
  let minDelta: Double
  /// The best value so far.
  var best: Double?

  init(
    _ name: String, mode: FitCallback.MonitorMode, minDelta: Double, best: Double? = nil,
    in measurements: Measurements
  ) {
    self.name = name
    self.minDelta = abs(minDelta)
    self.best = best
    switch mode {
    case .min: isRising = false
    case .max: isRising = true
    case .auto:
      let plain = name.removingPrefix("val_")
      isRising = measurements.metric(named: plain)?.mode == .max
    }
  }

  /// Whether a value is better than the best, or another one.
  func isBetter(_ value: Double, than reference: Double?) -> Bool {
    guard let reference else { return true }
    return isRising ? value - minDelta > reference : value + minDelta < reference
  }
}

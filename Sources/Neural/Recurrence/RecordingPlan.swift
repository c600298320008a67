/// Which timesteps of one direction a recording keeps, within a number of bytes.
///
/// Where all fit, all are kept. Else half of the bytes goes to checkpoints, the states before every
/// `interval`-th position, and half to a window of neighbouring positions; a window elsewhere is
/// computed again from the checkpoint before it, which takes `interval` steps and the window's.
struct RecordingPlan: Sendable {
  /// From a checkpoint to the next one, in positions; 0 where all timesteps are kept.
  let interval: Int
  /// How many checkpoints there are, the first one before position 0.
  let checkpointCount: Int
  /// How many positions the window has.
  let windowLength: Int

  /// Steps closer than this are computed in less time than it takes to look for them.
  private static let leastInterval = 32

  init(for walk: TimestepWalk, bytes: Int) {
    let layer = type(of: walk.layer)
    let number = MemoryLayout<Float>.size
    let row = multiplied(multiplied(walk.batch, walk.layer.units) ?? .max, number) ?? .max
    let stepBytes = max(multiplied(row, layer.quantities.count) ?? .max, 1)
    let stateBytes = max(multiplied(row, layer.stateNames.count) ?? .max, 1)
    let half = max(bytes, 0) / 2
    if let all = multiplied(stepBytes, walk.timesteps), all <= max(bytes, 0) {
      (interval, checkpointCount, windowLength) = (0, 0, walk.timesteps)
      return
    }
    let most = min(max(half / stateBytes, 1), walk.timesteps)
    interval = max((walk.timesteps + most - 1) / most, min(Self.leastInterval, walk.timesteps))
    checkpointCount = (walk.timesteps + interval - 1) / interval
    windowLength = min(max(half / stepBytes, 1), walk.timesteps)
  }

  /// The window that has all of `positions`, and what fits on both sides.
  func window(around positions: Range<Int>, of timesteps: Int) -> Range<Int> {
    let length = max(windowLength, positions.count)
    let start = positions.lowerBound - (length - positions.count) / 2
    let first = max(min(start, timesteps - length), 0)
    return first..<min(first + length, timesteps)
  }
}

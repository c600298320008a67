/// The clock of a walk over timesteps, 0…T − 1: what has been read when it stands at s.
///
/// Forward is at t = s, backward at t = T − 1 − s: both start at the same time, from the two ends.
struct RunClock: Hashable, Sendable {
  /// How many timesteps there are, at least 1.
  let timesteps: Int
  /// Where the clock stands.
  let s: Int

  /// A clock at s, or as near as there is.
  init(timesteps: Int, s: Int = 0) {
    self.timesteps = max(timesteps, 1)
    self.s = min(max(s, 0), self.timesteps - 1)
  }

  /// The timestep that a direction reads now.
  func timestep(isBackward: Bool) -> Int { isBackward ? timesteps - 1 - s : s }

  /// The s at which a direction reads timestep `t`; the same the other way round.
  func step(reading t: Int, isBackward: Bool) -> Int { isBackward ? timesteps - 1 - t : t }

  /// The timesteps that a direction has read.
  func read(isBackward: Bool) -> Range<Int> {
    isBackward ? timesteps - 1 - s..<timesteps : 0..<s + 1
  }

  /// Whether all timesteps have been read.
  var isOver: Bool { s == timesteps - 1 }
}

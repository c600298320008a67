/// When the next timesteps are due while a run is played.
///
/// A frame shows as many timesteps as have become due: a terminal that is slow misses frames, not
/// timesteps, and at high speeds a frame shows several.
struct Playback {
  private var speed: Int?
  /// The time up to which steps have been played.
  private var played = ContinuousClock().now
  /// Frames a second at most.
  private static let frames = 30

  /// How long to wait for the next step, with steps of `speed` a second; `nil` where nothing moves.
  mutating func milliseconds(
    untilStepAt speed: Int?, now: ContinuousClock.Instant
  ) -> Int? {
    if speed != self.speed {
      self.speed = speed
      played = now
    }
    guard let speed else { return nil }
    let interval = Duration.seconds(1) / min(speed, Playback.frames)
    let left = played + interval - now
    let (seconds, attoseconds) = left.components
    // Rounded up: waking too early would wait again.
    return max(Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1, 0)
  }

  /// The steps that are due; `nil` where there are none yet.
  mutating func steps(at speed: Int?, now: ContinuousClock.Instant) -> Int? {
    guard let speed, speed == self.speed else { return nil }
    let each = Duration.seconds(1) / speed
    let due = Int((now - played) / each)
    guard due > 0, speed <= Playback.frames || now - played >= .seconds(1) / Playback.frames else {
      return nil
    }
    // After a long pause, as of a suspended program, playing goes on from here.
    guard now - played < .seconds(1) else {
      played = now
      return 1
    }
    played += each * due
    return due
  }
}

import Neural

/// What the random functions of a run draw from: the states that Python keeps globally.
final class Randomness {
  /// The state of Python's `random`.
  var python: PythonRandom
  /// The state of `numpy.random`.
  let numpy: ArrayRandom<LegacyRandom>
  /// Counts the generators that the script makes without a seed.
  private var made: UInt64 = 0
  private let seed: UInt64?

  /// States seeded by the command, or by the system.
  init(seed: UInt64?) {
    self.seed = seed
    let start = seed ?? .random(in: .min ... .max)
    python = PythonRandom(seed: start)
    numpy = ArrayRandom(LegacyRandom(seed: start))
  }

  /// `keras.utils.set_random_seed(…)`: seeds everything.
  func setSeed(_ seed: UInt64) {
    python = PythonRandom(seed: seed)
    numpy.bits = LegacyRandom(seed: seed)
  }

  /// The seed of a generator that the script makes without one.
  func freshSeed() -> UInt64 {
    made += 1
    return seed.map { $0 &+ (made - 1) } ?? .random(in: .min ... .max)
  }

  /// A number in words of 32 bits, the lowest first.
  static func words(_ number: UInt64) -> [UInt32] {
    let upper = UInt32(truncatingIfNeeded: number >> 32)
    let lower = UInt32(truncatingIfNeeded: number)
    return upper == 0 ? [lower] : [lower, upper]
  }
}

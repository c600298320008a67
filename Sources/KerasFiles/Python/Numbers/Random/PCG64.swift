/// The generator behind `numpy.random.default_rng`: PCG XSL RR 128/64.
///
/// Source: O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
/// for Random Number Generation" (2014).
struct PCG64 {
  private var state: UInt128
  private let increment: UInt128
  /// The half of 64 bits that is still to be given.
  private var spare: UInt32?

  private static let multiplier: UInt128 =
    2_549_297_995_355_413_924 << 64 | 4_865_540_595_714_422_341

  /// Seeded by whole numbers; none means 0.
  init(seed: [UInt32]) {
    let words = SeedSequence(entropy: seed).words(8)
    let parts = (0..<4).map { UInt64(words[2 * $0]) | UInt64(words[2 * $0 + 1]) << 32 }
    let start = UInt128(parts[0]) << 64 | UInt128(parts[1])
    let sequence = UInt128(parts[2]) << 64 | UInt128(parts[3])
    increment = sequence << 1 | 1
    state = 0
    step()
    state = state &+ start
    step()
  }

  private mutating func step() {
    state = state &* PCG64.multiplier &+ increment
  }

  /// 64 random bits.
  mutating func next64() -> UInt64 {
    step()
    let mixed = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    return mixed >> turn | mixed << ((64 - turn) & 63)
  }

  /// 32 random bits: two for each 64, the lower half first.
  mutating func next32() -> UInt32 {
    if let spare {
      self.spare = nil
      return spare
    }
    let value = next64()
    spare = UInt32(truncatingIfNeeded: value >> 32)
    return UInt32(truncatingIfNeeded: value)
  }

  /// A number from 0 up to but not 1, of 53 bits.
  mutating func nextDouble() -> Double {
    Double(next64() >> 11) * (1 / 9_007_199_254_740_992)
  }
}

/// Makes good seeds out of any numbers: `numpy.random.SeedSequence`.
struct SeedSequence {
  private var pool: [UInt32]

  init(entropy: [UInt32]) {
    var hash: UInt32 = 0x43B0_D7E5
    func mixed(_ value: UInt32) -> UInt32 {
      var value = value ^ hash
      hash = hash &* 0x931E_8875
      value = value &* hash
      return value ^ (value >> 16)
    }
    func joined(_ x: UInt32, _ y: UInt32) -> UInt32 {
      let result = x &* 0xCA01_F9DD &- y &* 0x4973_F715
      return result ^ (result >> 16)
    }
    pool = (0..<4).map { mixed($0 < entropy.count ? entropy[$0] : 0) }
    for source in 0..<4 {
      for target in 0..<4 where source != target {
        pool[target] = joined(pool[target], mixed(pool[source]))
      }
    }
    for source in entropy.dropFirst(4) {
      for target in 0..<4 { pool[target] = joined(pool[target], mixed(source)) }
    }
  }

  /// This many random words.
  func words(_ count: Int) -> [UInt32] {
    var hash: UInt32 = 0x8B51_F9DD
    return (0..<count).map { index in
      var value = pool[index % 4] ^ hash
      hash = hash &* 0x58F3_8DED
      value = value &* hash
      return value ^ (value >> 16)
    }
  }
}

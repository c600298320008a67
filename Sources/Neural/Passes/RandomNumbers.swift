#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Random numbers that a seed determines, the same on every machine: xoshiro256++.
///
/// Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", 2021; seeded
/// by SplitMix64 as its authors recommend.
public struct RandomNumbers: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spare: Double?

  /// The numbers of a seed.
  public init(seed: UInt64) {
    var mix = seed
    state = (
      Self.splitMix(&mix), Self.splitMix(&mix), Self.splitMix(&mix), Self.splitMix(&mix)
    )
  }

  /// A seed that follows from another one and a name.
  public static func seed(_ seed: UInt64, _ name: String) -> UInt64 {
    // FNV-1a over the bytes of the name, then mixed with the seed.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mix = hash ^ (seed &* 0x9e37_79b9_7f4a_7c15)
    return splitMix(&mix)
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
      (value << count) | (value >> (64 - count))
    }
    let result = rotated(state.0 &+ state.3, 23) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  /// A number from 0 up to, not including, 1: 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from `low` up to `high`.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A number of the normal distribution (polar method, so that two come from each draw).
  public mutating func normal() -> Double {
    if let number = spare {
      spare = nil
      return number
    }
    while true {
      let (u, v) = (uniform(-1, 1), uniform(-1, 1))
      let square = u * u + v * v
      guard square > 0, square < 1 else { continue }
      let scale = (-2 * log(square) / square).squareRoot()
      spare = v * scale
      return u * scale
    }
  }
}

/// The generator behind Python's `random` and NumPy's `numpy.random.seed`: MT19937.
///
/// Source: Matsumoto and Nishimura, "Mersenne Twister" (1998), and the authors' reference code.
struct MersenneTwister {
  private var state: [UInt32]
  private var index = 624

  /// Seeded by one number, as `numpy.random.seed(42)`.
  init(seed: UInt32) {
    state = Array(repeating: 0, count: 624)
    state[0] = seed
    for place in 1..<624 {
      let previous = state[place - 1]
      state[place] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(place)
    }
  }

  /// Seeded by several numbers, as `random.seed(42)`.
  init(seeds: [UInt32]) {
    self.init(seed: 19_650_218)
    let seeds = seeds.isEmpty ? [0] : seeds
    var (i, j) = (1, 0)
    for _ in 0..<max(624, seeds.count) {
      let previous = state[i - 1]
      state[i] =
        (state[i] ^ ((previous ^ (previous >> 30)) &* 1_664_525)) &+ seeds[j] &+ UInt32(j)
      i += 1
      j += 1
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
      if j == seeds.count { j = 0 }
    }
    for _ in 0..<623 {
      let previous = state[i - 1]
      state[i] = (state[i] ^ ((previous ^ (previous >> 30)) &* 1_566_083_941)) &- UInt32(i)
      i += 1
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
    }
    state[0] = 0x8000_0000
  }

  /// 32 random bits.
  mutating func next32() -> UInt32 {
    if index == 624 { refill() }
    var value = state[index]
    index += 1
    value ^= value >> 11
    value ^= (value << 7) & 0x9D2C_5680
    value ^= (value << 15) & 0xEFC6_0000
    return value ^ (value >> 18)
  }

  private mutating func refill() {
    state.withUnsafeMutableBufferPointer { state in
      func mixed(_ a: UInt32, _ b: UInt32) -> UInt32 {
        let value = (a & 0x8000_0000) | (b & 0x7FFF_FFFF)
        return (value >> 1) ^ (value & 1 == 0 ? 0 : 0x9908_B0DF)
      }
      for place in 0..<227 {
        state[place] = state[place + 397] ^ mixed(state[place], state[place + 1])
      }
      for place in 227..<623 {
        state[place] = state[place - 227] ^ mixed(state[place], state[place + 1])
      }
      state[623] = state[396] ^ mixed(state[623], state[0])
    }
    index = 0
  }

  /// 64 random bits: the upper half is drawn first.
  mutating func next64() -> UInt64 {
    let upper = UInt64(next32())
    return upper << 32 | UInt64(next32())
  }

  /// A number from 0 up to but not 1, of 53 bits.
  mutating func nextDouble() -> Double {
    let a = next32() >> 5
    let b = next32() >> 6
    return (Double(a) * 67_108_864 + Double(b)) * (1 / 9_007_199_254_740_992)
  }
}

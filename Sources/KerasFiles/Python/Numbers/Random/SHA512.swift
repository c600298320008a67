/// The hash by which `random.seed("text")` turns a text into a number (FIPS 180-4).
enum SHA512 {
  /// The 64 bytes of the hash.
  static func hash(_ message: [UInt8]) -> [UInt8] {
    var state = initial
    var data = message + [0x80]
    data += Array(repeating: 0, count: (112 - data.count % 128 + 128) % 128 + 8)
    let bits = UInt64(message.count) << 3
    data += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
    for start in stride(from: 0, to: data.count, by: 128) {
      add(block: data[start..<start + 128], to: &state)
    }
    return state.flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
  }

  private static func add(block: ArraySlice<UInt8>, to state: inout [UInt64]) {
    var words = (0..<16).map { index in
      block.dropFirst(8 * index).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    func turned(_ value: UInt64, _ count: UInt64) -> UInt64 {
      value >> count | value << (64 - count)
    }
    for index in 16..<80 {
      let (x, y) = (words[index - 15], words[index - 2])
      let s0 = turned(x, 1) ^ turned(x, 8) ^ (x >> 7)
      let s1 = turned(y, 19) ^ turned(y, 61) ^ (y >> 6)
      words.append(words[index - 16] &+ s0 &+ words[index - 7] &+ s1)
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<80 {
      let s1 = turned(e, 14) ^ turned(e, 18) ^ turned(e, 41)
      let choice = (e & f) ^ (~e & g)
      let first = h &+ s1 &+ choice &+ constants[index] &+ words[index]
      let s0 = turned(a, 28) ^ turned(a, 34) ^ turned(a, 39)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ s0 &+ majority)
    }
    for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
  }

  /// The first 64 bits behind the point of the square roots of the first 8 primes.
  private static let initial: [UInt64] = primes.prefix(8).map { root($0, degree: 2) }
  /// The same of the cube roots of the first 80 primes.
  private static let constants: [UInt64] = primes.map { root($0, degree: 3) }

  private static let primes: [UInt64] = {
    var primes: [UInt64] = []
    var next: UInt64 = 2
    while primes.count < 80 {
      if primes.allSatisfy({ next % $0 != 0 }) { primes.append(next) }
      next += 1
    }
    return primes
  }()

  /// The 64 bits behind the point of a root: whole-number search, bit by bit.
  private static func root(_ number: UInt64, degree: Int) -> UInt64 {
    // The root times 2^64, below 2^69; its power is compared in parts of 64 bits.
    var low: UInt128 = 0
    for bit in (0..<69).reversed() {
      let candidate = low | 1 << UInt128(bit)
      if power(candidate, degree, isAtMost: number) { low = candidate }
    }
    return UInt64(truncatingIfNeeded: low)
  }

  /// Whether candidate^degree ≤ number × 2^(64 × degree), in long multiplication.
  private static func power(_ candidate: UInt128, _ degree: Int, isAtMost number: UInt64) -> Bool {
    let factor = [
      UInt64(truncatingIfNeeded: candidate), UInt64(truncatingIfNeeded: candidate >> 64),
    ]
    var product: [UInt64] = [1]
    for _ in 0..<degree {
      var next = Array(repeating: UInt64(0), count: product.count + 2)
      for (i, x) in product.enumerated() {
        var carry: UInt64 = 0
        for (j, y) in factor.enumerated() {
          let sum = UInt128(x) * UInt128(y) + UInt128(next[i + j]) + UInt128(carry)
          next[i + j] = UInt64(truncatingIfNeeded: sum)
          carry = UInt64(truncatingIfNeeded: sum >> 64)
        }
        next[i + factor.count] &+= carry
      }
      product = next
    }
    let whole = product.count > degree ? product[degree] : 0
    let above = product.dropFirst(degree + 1).contains { $0 != 0 }
    if above || whole > number { return false }
    return whole < number || product.prefix(degree).allSatisfy { $0 == 0 }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What NumPy's distributions draw from.
protocol RandomBits {
  mutating func next32() -> UInt32
  mutating func next64() -> UInt64
  mutating func nextDouble() -> Double
  /// A number of the standard normal distribution.
  mutating func normal() -> Double
  /// A number of the standard exponential distribution.
  mutating func exponential() -> Double
  /// A whole number from 0 to `limit`.
  mutating func upTo(_ limit: UInt64) -> UInt64
  /// Whole numbers from 0 to `range`, for a type of this many bytes.
  mutating func integers(upTo range: UInt64, bytes: Int, count: Int) -> [UInt64]
}

extension RandomBits {
  /// Puts a row into random order, from its end to its beginning.
  mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for index in stride(from: elements.count - 1, through: 1, by: -1) {
      elements.swapAt(index, Int(masked(UInt64(index))))
    }
  }

  /// A whole number from 0 to `limit`: as many bits as it needs, drawn until they do not exceed it.
  mutating func masked(_ limit: UInt64) -> UInt64 {
    if limit == 0 { return 0 }
    let mask = UInt64.max >> UInt64(limit.leadingZeroBitCount)
    while true {
      let value = limit <= 0xFFFF_FFFF ? UInt64(next32()) & mask : next64() & mask
      if value <= limit { return value }
    }
  }

  /// How many of `trials` succeed, each with a probability.
  mutating func binomial(_ trials: Int, _ probability: Double) -> Int {
    if trials == 0 || probability == 0 { return 0 }
    if probability > 0.5 { return trials - binomialBelowHalf(trials, 1 - probability) }
    return binomialBelowHalf(trials, probability)
  }

  private mutating func binomialBelowHalf(_ trials: Int, _ p: Double) -> Int {
    let n = Double(trials)
    guard p * n <= 30 else {
      // Trial by trial: the same distribution as NumPy's, other numbers.
      return (0..<trials).reduce(0) { count, _ in count + (nextDouble() < p ? 1 : 0) }
    }
    let q = 1 - p
    let none = exp(n * log(q))
    let bound = min(n, n * p + 10 * (n * p * q + 1).squareRoot())
    var successes = 0
    var probability = none
    var rest = nextDouble()
    while rest > probability {
      successes += 1
      if Double(successes) > bound {
        successes = 0
        probability = none
        rest = nextDouble()
      } else {
        rest -= probability
        let x = Double(successes)
        probability = (n - x + 1) * p * probability / (x * q)
      }
    }
    return successes
  }

  /// A count of events of which `mean` are expected.
  mutating func poisson(_ mean: Double) -> Int {
    if mean == 0 { return 0 }
    if mean < 10 {
      let bound = exp(-mean)
      var count = 0
      var product = 1.0
      while true {
        product *= nextDouble()
        if product <= bound { return count }
        count += 1
      }
    }
    // Hörmann's transformed rejection (PTRS).
    let root = mean.squareRoot()
    let b = 0.931 + 2.53 * root
    let a = -0.059 + 0.02483 * b
    let inverse = 1.1239 + 1.1328 / (b - 3.4)
    let limit = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = nextDouble() - 0.5
      let v = nextDouble()
      let us = 0.5 - u.magnitude
      let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07, v <= limit { return Int(exactly: k) ?? 0 }
      if k < 0 || us < 0.013 && v > us { continue }
      if log(v) + log(inverse) - log(a / (us * us) + b) <= -mean + k * log(mean) - lgamma(k + 1) {
        return Int(exactly: k) ?? 0
      }
    }
  }
}

/// The state behind `numpy.random.seed` and `RandomState`: MT19937 with the distributions of old.
///
/// Source: `numpy/random/src/legacy`.
struct LegacyRandom: RandomBits {
  private var bits: MersenneTwister
  /// The second of two normal numbers that were made together.
  private var spareNormal: Double?

  init(_ bits: MersenneTwister) { self.bits = bits }

  /// Seeded by one number: as NumPy does where 32 bits hold it.
  init(seed: UInt64) {
    self.init(
      UInt32(exactly: seed).map { MersenneTwister(seed: $0) }
        ?? MersenneTwister(seeds: Randomness.words(seed)))
  }

  mutating func next32() -> UInt32 { bits.next32() }
  mutating func next64() -> UInt64 { bits.next64() }
  mutating func nextDouble() -> Double { bits.nextDouble() }

  mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let x = 2 * nextDouble() - 1
      let y = 2 * nextDouble() - 1
      let size = x * x + y * y
      guard size < 1, size != 0 else { continue }
      let factor = (-2 * log(size) / size).squareRoot()
      spareNormal = factor * x
      return factor * y
    }
  }

  mutating func exponential() -> Double { -log(1 - nextDouble()) }

  mutating func upTo(_ limit: UInt64) -> UInt64 { masked(limit) }

  mutating func integers(upTo range: UInt64, bytes: Int, count: Int) -> [UInt64] {
    if range == 0 { return Array(repeating: 0, count: count) }
    guard bytes < 4 else {
      if range == .max { return (0..<count).map { _ in next64() } }
      return (0..<count).map { _ in upTo(range) }
    }
    // Narrow numbers are cut out of 32 bits, several from each.
    var pieces = NarrowBits(bytes: bytes)
    let mask = UInt32.max >> UInt32(UInt32(range).leadingZeroBitCount)
    return (0..<count).map { _ in
      while true {
        let value = pieces.next { bits.next32() } & mask
        if value <= range { return UInt64(value) }
      }
    }
  }
}

/// Bytes, pairs of bytes or single bits out of 32 random bits, the lowest first.
struct NarrowBits {
  private let width: UInt32
  private var rest: UInt32 = 0
  private var left = 0

  /// - Parameter bytes: 1 or 2; 0 for single bits.
  init(bytes: Int) { width = bytes == 0 ? 1 : UInt32(8 * bytes) }

  mutating func next(_ draw: () -> UInt32) -> UInt32 {
    if left == 0 {
      rest = draw()
      left = Int(32 / width)
    } else {
      rest >>= width
    }
    left -= 1
    return width == 32 ? rest : rest & (1 << width - 1)
  }
}

/// The state behind `numpy.random.default_rng`.
///
/// Source: `numpy/random/_generator.pyx` and `numpy/random/src/distributions`.
struct ModernRandom: RandomBits {
  private var bits: PCG64

  init(seed: [UInt32]) { bits = PCG64(seed: seed) }

  mutating func next32() -> UInt32 { bits.next32() }
  mutating func next64() -> UInt64 { bits.next64() }
  mutating func nextDouble() -> Double { bits.nextDouble() }
  mutating func normal() -> Double { Ziggurat.normal(&bits) }
  mutating func exponential() -> Double { -log1p(-nextDouble()) }

  /// Lemire's method: a product whose upper half is the number.
  mutating func upTo(_ limit: UInt64) -> UInt64 {
    if limit == 0 { return 0 }
    if limit < 0xFFFF_FFFF {
      let size = UInt32(limit) + 1
      var product = UInt64(next32()) * UInt64(size)
      if UInt32(truncatingIfNeeded: product) < size {
        let threshold = (UInt32.max - UInt32(limit)) % size
        while UInt32(truncatingIfNeeded: product) < threshold {
          product = UInt64(next32()) * UInt64(size)
        }
      }
      return product >> 32
    }
    if limit == 0xFFFF_FFFF { return UInt64(next32()) }
    if limit == .max { return next64() }
    let size = limit + 1
    var product = next64().multipliedFullWidth(by: size)
    if product.low < size {
      let threshold = (UInt64.max - limit) % size
      while product.low < threshold { product = next64().multipliedFullWidth(by: size) }
    }
    return product.high
  }

  mutating func integers(upTo range: UInt64, bytes: Int, count: Int) -> [UInt64] {
    if range == 0 { return Array(repeating: 0, count: count) }
    guard bytes < 4 else { return (0..<count).map { _ in upTo(range) } }
    var pieces = NarrowBits(bytes: bytes)
    guard bytes > 0 else { return (0..<count).map { _ in UInt64(pieces.next { bits.next32() }) } }
    let width = UInt32(8 * bytes)
    let top: UInt32 = 1 << width - 1
    let size = UInt32(range) + 1
    if size > top { return (0..<count).map { _ in UInt64(pieces.next { bits.next32() }) } }
    return (0..<count).map { _ in
      var product = pieces.next { bits.next32() } * size
      if product & top < size {
        let threshold = (top - UInt32(range)) % size
        while product & top < threshold { product = pieces.next { bits.next32() } * size }
      }
      return UInt64(product >> width)
    }
  }

  /// A number from 0 up to but not 1, of 24 bits.
  mutating func nextFloat() -> Double { Double(next32() >> 8) * (1 / 16_777_216) }

  /// Different positions below `count`: from the end of a shuffled row where many are wanted,
  /// else by Floyd's method.
  mutating func sample(_ wanted: Int, of count: Int, shuffled: Bool) -> [Int] {
    if count > 10_000, wanted > count / (shuffled ? 50 : 20) {
      var row = Array(0..<count)
      swap(&row, downTo: max(count - wanted, 1))
      return Array(row.suffix(wanted))
    }
    var seen: Set<Int> = []
    var result: [Int] = []
    for place in count - wanted..<count {
      let drawn = Int(upTo(UInt64(place)))
      let chosen = seen.insert(drawn).inserted ? drawn : place
      seen.insert(chosen)
      result.append(chosen)
    }
    if shuffled { swap(&result, downTo: 1) }
    return result
  }

  /// Puts the end of a row into random order: what `choice` does instead of a shuffle.
  private mutating func swap(_ row: inout [Int], downTo first: Int) {
    guard row.count > first else { return }
    for index in stride(from: row.count - 1, through: first, by: -1) {
      row.swapAt(index, Int(upTo(UInt64(index))))
    }
  }
}

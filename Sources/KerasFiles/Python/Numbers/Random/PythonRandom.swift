#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Python's `random.Random`, number for number.
struct PythonRandom {
  private var bits: MersenneTwister
  /// The second of two normal numbers that were made together.
  private var spareNormal: Double?

  init(seed: UInt64) {
    bits = MersenneTwister(seeds: Randomness.words(seed))
  }

  /// Seeded by a text or bytes: they and their hash, as one large number.
  init(seed text: [UInt8]) {
    let bytes = Array((text + SHA512.hash(text)).drop { $0 == 0 }.reversed())
    let words = stride(from: 0, to: bytes.count, by: 4).map { start in
      bytes[start..<min(start + 4, bytes.count)].reversed().reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
    }
    bits = MersenneTwister(seeds: words)
  }

  mutating func random() -> Double { bits.nextDouble() }

  /// This many random bits, up to 63.
  mutating func bits(_ count: Int) -> Int {
    guard count > 0 else { return 0 }
    if count <= 32 { return Int(bits.next32() >> UInt32(32 - count)) }
    let lower = Int(bits.next32())
    return lower | Int(bits.next32() >> UInt32(64 - count)) << 32
  }

  /// A whole number from 0 up to but not `limit`, which is at least 1.
  mutating func below(_ limit: Int) -> Int {
    let width = Int.bitWidth - limit.leadingZeroBitCount
    while true {
      let number = bits(width)
      if number < limit { return number }
    }
  }

  /// Where each element of a row stands after a shuffle.
  mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for index in stride(from: elements.count - 1, through: 1, by: -1) {
      elements.swapAt(index, below(index + 1))
    }
  }

  /// Different positions below `count`, in the order of their drawing.
  mutating func sample(_ wanted: Int, of count: Int) -> [Int] {
    var limit = 21
    if wanted > 5 { limit += Int(pow(4, ceil(log(Double(wanted) * 3) / log(4)))) }
    if count <= limit {
      var pool = Array(0..<count)
      return (0..<wanted).map { index in
        let place = below(count - index)
        let chosen = pool[place]
        pool[place] = pool[count - index - 1]
        return chosen
      }
    }
    var chosen: Set<Int> = []
    return (0..<wanted).map { _ in
      var place = below(count)
      while chosen.contains(place) { place = below(count) }
      chosen.insert(place)
      return place
    }
  }

  mutating func gauss(_ mean: Double, _ deviation: Double) -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return mean + spare * deviation
    }
    let angle = random() * (2 * .pi)
    let radius = (-2 * log(1 - random())).squareRoot()
    spareNormal = sin(angle) * radius
    return mean + cos(angle) * radius * deviation
  }

  mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
    let magic = 4 * exp(-0.5) / 2.0.squareRoot()
    while true {
      let first = random()
      let second = 1 - random()
      let z = magic * (first - 0.5) / second
      if z * z / 4 <= -log(second) { return mean + z * deviation }
    }
  }

  mutating func triangular(_ low: Double, _ high: Double, _ mode: Double?) -> Double {
    var (low, high) = (low, high)
    var u = random()
    if high == low { return low }
    var c = mode.map { ($0 - low) / (high - low) } ?? 0.5
    if u > c {
      u = 1 - u
      c = 1 - c
      swap(&low, &high)
    }
    return low + (high - low) * (u * c).squareRoot()
  }
}

/// Eight numbers that are computed side by side.
///
/// Losses of big outputs spend their time in logarithms and exponentials; eight at a time they take
/// little longer than reading the numbers does. The polynomials are those of the Cephes library
/// (S. Moshier, `logf.c`, `expf.c`), right to about one unit in the last place.
typealias Lanes = SIMD8<Float>

extension Lanes {
  /// The numbers from `start` on.
  @inline(__always)
  init(at start: UnsafePointer<Float>) {
    self = UnsafeRawPointer(start).loadUnaligned(as: Lanes.self)
  }

  /// Fewer than eight numbers, the first one in all places that are left.
  @inline(__always)
  init(at start: UnsafePointer<Float>, count: Int) {
    self.init(repeating: start[0])
    for lane in 1..<Swift.max(count, 1) { self[lane] = start[lane] }
  }

  /// Writes the numbers from `start` on.
  @inline(__always)
  func store(at start: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(start).storeBytes(of: self, as: Lanes.self)
  }

  /// Without their signs.
  @inline(__always)
  var magnitudes: Lanes {
    Lanes(bitPattern: bits & SIMD8<UInt32>(repeating: 0x7fff_ffff))
  }

  /// How |x| changes with x: −1 or 1, at 0 itself −1 as JAX has it for |t − p|; NaN stays.
  @inline(__always)
  var slopesOfMagnitudes: Lanes {
    var result = Lanes(repeating: -1)
    result.replace(with: 1, where: self .> 0)
    result.replace(with: self, where: self .!= self)
    return result
  }

  /// At least `low`; NaN stays.
  @inline(__always)
  func atLeast(_ low: Float) -> Lanes { replacing(with: low, where: self .< low) }

  /// At most `high`; NaN stays.
  @inline(__always)
  func atMost(_ high: Float) -> Lanes { replacing(with: high, where: self .> high) }

  /// How `atLeast(low)` changes with the number: 1 above, 0 below, and ½ at `low` itself, as JAX
  /// shares a tie between the two.
  @inline(__always)
  func slope(ofAtLeast low: Float) -> Lanes {
    var result = Lanes(repeating: 1)
    result.replace(with: 0, where: self .< low)
    result.replace(with: 0.5, where: self .== low)
    return result
  }

  /// How `atLeast(low).atMost(high)` changes with the number.
  @inline(__always)
  func slope(ofAtLeast low: Float, atMost high: Float) -> Lanes {
    var result = slope(ofAtLeast: low)
    result.replace(with: 0, where: self .> high)
    result.replace(with: 0.5, where: self .== high)
    return result
  }

  /// The natural logarithm: −∞ of 0 (and of numbers below the smallest normal one), NaN below.
  @inline(__always)
  var logarithm: Lanes {
    // x = m · 2^e, m from √½ to √2.
    let shifted = bits &- SIMD8<UInt32>(repeating: 0x3f35_04f3)
    // A whole number e becomes a float by way of 1.5 · 2^23 + e, whose last bits it is.
    let whole = (shifted &+ SIMD8<UInt32>(repeating: 0x4000_0000)) &>> 23
    let exponent =
      Lanes(bitPattern: whole &+ SIMD8<UInt32>(repeating: 0x4b40_0000)) - (12_582_912 + 128)
    let mantissa = Lanes(
      bitPattern: (shifted & SIMD8<UInt32>(repeating: 0x007f_ffff))
        &+ SIMD8<UInt32>(repeating: 0x3f35_04f3))
    let m = mantissa - 1
    let square = m * m
    var sum = m * 7.037_683_6e-2 - 1.151_461e-1
    sum = sum * m + 1.167_699_9e-1
    sum = sum * m - 1.242_014_1e-1
    sum = sum * m + 1.424_932_3e-1
    sum = sum * m - 1.666_805_8e-1
    sum = sum * m + 2.000_071_5e-1
    sum = sum * m - 2.499_999_4e-1
    sum = sum * m + 3.333_333_1e-1
    sum = sum * m * square
    sum += exponent * -2.121_944_4e-4
    sum -= square * 0.5
    var result = m + sum + exponent * 0.693_359_375
    result.replace(with: -.infinity, where: self .< .leastNormalMagnitude)
    result.replace(with: .nan, where: self .< 0)
    result.replace(with: self, where: (self .!= self) .| (self .== .infinity))
    return result
  }

  /// eˣ of numbers up to 0; 0 below −87.
  @inline(__always)
  var exponentialOfNonPositive: Lanes {
    // x = n · ln 2 + r; adding 1.5 · 2^23 rounds to whole numbers.
    let rounding: Float = 12_582_912
    let shifted = atLeast(-87.3) * 1.442_695_04 + rounding
    let n = shifted - rounding
    let r = atLeast(-87.3) - n * 0.693_359_375 + n * 2.121_944_4e-4
    var sum = r * 1.987_569_1e-4 + 1.398_199_9e-3
    sum = sum * r + 8.333_452e-3
    sum = sum * r + 4.166_579_6e-2
    sum = sum * r + 1.666_666_5e-1
    sum = sum * r + 0.5
    sum = sum * r * r + r + 1
    let power = (shifted.bits &- SIMD8<UInt32>(repeating: 0x4b40_0000 &- 127)) &<< 23
    var result = sum * Lanes(bitPattern: power)
    result.replace(with: 0, where: self .< -87.3)
    result.replace(with: self, where: self .!= self)
    return result
  }

  /// ln(1 + x) of numbers from 0 to 1, the small ones too.
  @inline(__always)
  var logarithmOfOneMore: Lanes {
    let one = self + 1
    return one.logarithm - ((one - 1) - self) / one
  }

  /// σ(x) = 1 / (1 + e⁻ˣ), and the softplus ln(1 + eˣ).
  @inline(__always)
  var sigmoidAndSoftplus: (sigmoid: Lanes, softplus: Lanes) {
    let power = (-magnitudes).exponentialOfNonPositive
    let larger = 1 / (1 + power)
    return (
      larger.replacing(with: power * larger, where: self .< 0),
      power.logarithmOfOneMore + atLeast(0)
    )
  }

  @inline(__always)
  private var bits: SIMD8<UInt32> { unsafeBitCast(self, to: SIMD8<UInt32>.self) }

  @inline(__always)
  private init(bitPattern: SIMD8<UInt32>) {
    self = unsafeBitCast(bitPattern, to: Lanes.self)
  }
}

extension UnsafePointer<Float> {
  /// The sum of `count` numbers.
  func sum(_ count: Int) -> Float {
    var lanes = Lanes.zero
    var index = 0
    while index + 8 <= count {
      lanes += Lanes(at: self + index)
      index += 8
    }
    var sum = lanes.sum()
    while index < count {
      sum += self[index]
      index += 1
    }
    return sum
  }

  /// The largest of `count` numbers; NaN where there is one.
  func largest(_ count: Int) -> Float {
    var result = -Float.infinity
    for index in 0..<count where !(self[index] <= result) {
      if self[index].isNaN { return self[index] }
      result = self[index]
    }
    return result
  }
}

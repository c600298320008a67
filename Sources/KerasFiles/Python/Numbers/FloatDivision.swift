#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Division that rounds down, as Python and NumPy define it for floats.
enum FloatDivision {
  /// `a // b`.
  static func quotient(_ a: Double, _ b: Double) -> Double {
    if b == 0 { return a / b }
    let rest = modulo(a, b)
    let quotient = (a - rest) / b
    if quotient == 0 { return copysign(0, a / b) }
    let floor = quotient.rounded(.down)
    return quotient - floor > 0.5 ? floor + 1 : floor
  }

  /// `a % b`: the rest has the sign of `b`.
  static func modulo(_ a: Double, _ b: Double) -> Double {
    let rest = fmod(a, b)
    if rest == 0 { return copysign(0, b) }
    if rest.isNaN || (rest < 0) == (b < 0) { return rest }
    return rest + b
  }
}

/// Whole-number arithmetic that wraps round, as NumPy's does.
enum IntegerArithmetic {
  /// `a // b`; 0 where `b` is 0.
  static func quotient(_ a: Int, _ b: Int) -> Int {
    if b == 0 { return 0 }
    if b == -1 { return 0 &- a }
    let quotient = a / b
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
  }

  /// `a % b`, with the sign of `b`; 0 where `b` is 0.
  static func modulo(_ a: Int, _ b: Int) -> Int {
    if b == 0 || b == -1 { return 0 }
    let rest = a % b
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  /// `base ** exponent` for an exponent from 0 on.
  static func power(_ base: Int, _ exponent: Int) -> Int {
    var result = 1
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result &* square }
      square = square &* square
      rest >>= 1
    }
    return result
  }

  /// The greatest common divisor.
  static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (x, y) = (a.magnitude, b.magnitude)
    while y != 0 { (x, y) = (y, x % y) }
    return Int(clamping: x)
  }
}

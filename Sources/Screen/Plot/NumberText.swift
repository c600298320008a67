#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Numbers as screens write them: with a true minus sign, and never longer than they need be.
public enum NumberText {
  /// A number with `digits` decimals: `−0.31`; what is none in words.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    if let words = words(value) { return words }
    let digits = min(max(digits, 0), 12)
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    guard let scaled = Int(exactly: (value * power).rounded()) else { return scientific(value, 1) }
    let sign = scaled < 0 ? "−" : ""
    let number = scaled.magnitude
    guard digits > 0, let whole = UInt(exactly: power) else { return sign + String(number) }
    let fraction = String(number % whole)
    return sign + String(number / whole) + "."
      + String(repeating: "0", count: max(digits - fraction.count, 0)) + fraction
  }

  /// A number in about four digits: `0.4231`, `12.35`, `1234`, `2.3e−5`.
  public static func short(_ value: Double) -> String {
    if let words = words(value) { return words }
    let magnitude = value.magnitude
    if magnitude == 0 { return "0" }
    if magnitude < 0.000_95 || magnitude >= 99_999.5 { return scientific(value, 1) }
    if magnitude < 9.999_95 { return fixed(value, 4) }
    if magnitude < 99.995 { return fixed(value, 2) }
    return fixed(value, magnitude < 999.95 ? 1 : 0)
  }

  /// A number as a power of ten with `digits` decimals: `2.3e−5`.
  public static func scientific(_ value: Double, _ digits: Int) -> String {
    if let words = words(value) { return words }
    guard value != 0 else { return "0" }
    var exponent = Int(log10(value.magnitude).rounded(.down))
    // In two steps: the power itself may be too large or too small for a number.
    var mantissa = value / pow(10, Double(exponent / 2)) / pow(10, Double(exponent - exponent / 2))
    if fixed(mantissa.magnitude, digits).hasPrefix("10") {
      mantissa /= 10
      exponent += 1
    }
    var text = fixed(mantissa, digits)
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text + "e" + (exponent < 0 ? "−\(-exponent)" : "\(exponent)")
  }

  private static func words(_ value: Double) -> String? {
    if value.isNaN { return "NaN" }
    return value.isInfinite ? (value < 0 ? "−∞" : "∞") : nil
  }
}

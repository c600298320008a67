import Neural

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Floats as text: the shortest digits that read back the same, at their type's precision.
enum FloatText {
  /// The significant digits of a number and where its point stands.
  struct Digits {
    /// Without zeros in front or behind; "0" for zero.
    var digits: [UInt8]
    /// The number is 0.d₁d₂d₃… × 10^point.
    var point: Int
    var isNegative: Bool
  }

  /// The shortest digits of a finite number.
  static func shortest(_ value: Double, _ type: DType = .float64) -> Digits {
    if type == .float16 { return halfDigits(value) }
    return parsed(type == .float32 ? "\(Float(value))" : "\(value)")
  }

  /// Reads digits out of what Swift or C writes of a number.
  private static func parsed(_ text: String) -> Digits {
    var digits: [UInt8] = []
    var point = 0
    var exponent = 0
    var hasPoint = false
    var isNegative = false
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        exponent =
          Int(String(decoding: rest.filter { $0 != UInt8(ascii: "+") }, as: UTF8.self)) ?? 0
        rest = rest[rest.endIndex...]
      default:
        digits.append(byte)
        if !hasPoint { point += 1 }
      }
    }
    while digits.first == UInt8(ascii: "0") {
      digits.removeFirst()
      point -= 1
    }
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty {
      return Digits(digits: [UInt8(ascii: "0")], point: 1, isNegative: isNegative)
    }
    return Digits(digits: digits, point: point + exponent, isNegative: isNegative)
  }

  /// The fewest digits that 16 bits read back the same.
  private static func halfDigits(_ value: Double) -> Digits {
    for count in 1...5 {
      let text = printed("%.*e", count - 1, value)
      if let read = Double(text), DType.float16.rounded(read) == value { return parsed(text) }
    }
    return parsed("\(value)")
  }

  /// What `repr` makes of a number.
  static func repr(_ value: Double, _ type: DType = .float64) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let found = shortest(value, type)
    let exponent = found.point - 1
    let isZero = found.digits == [UInt8(ascii: "0")]
    // Narrow types go over to exponents where their digits end.
    let limit = type == .float64 ? 16 : type == .float32 ? 6 : 3
    if isZero || (exponent >= -4 && exponent < limit) {
      let (whole, fraction) = positional(found)
      return (found.isNegative ? "-" : "") + whole + "." + (fraction.isEmpty ? "0" : fraction)
    }
    return (found.isNegative ? "-" : "") + mantissa(found.digits)
      + exponentText(exponent, digits: 2)
  }

  /// `d.ddd`, or `d` alone.
  private static func mantissa(_ digits: [UInt8]) -> String {
    let first = String(decoding: digits.prefix(1), as: UTF8.self)
    let rest = String(decoding: digits.dropFirst(), as: UTF8.self)
    return rest.isEmpty ? first : "\(first).\(rest)"
  }

  static func exponentText(_ exponent: Int, digits: Int) -> String {
    let text = String(exponent.magnitude)
    let zeros = String(repeating: "0", count: max(0, digits - text.count))
    return "e" + (exponent < 0 ? "-" : "+") + zeros + text
  }

  /// The digits before and behind the point.
  static func positional(_ found: Digits) -> (whole: String, fraction: String) {
    if found.digits == [UInt8(ascii: "0")] { return ("0", "") }
    let count = found.digits.count
    if found.point <= 0 {
      return (
        "0",
        String(repeating: "0", count: -found.point) + String(decoding: found.digits, as: UTF8.self)
      )
    }
    if found.point >= count {
      return (
        String(decoding: found.digits, as: UTF8.self)
          + String(repeating: "0", count: found.point - count), ""
      )
    }
    return (
      String(decoding: found.digits.prefix(found.point), as: UTF8.self),
      String(decoding: found.digits.dropFirst(found.point), as: UTF8.self)
    )
  }

  /// The digits before and behind the point, at most `places` behind it, rounded correctly.
  static func positional(
    _ value: Double, _ type: DType, places: Int
  ) -> (whole: String, fraction: String) {
    let exact = positional(shortest(value, type))
    let sign = value.sign == .minus ? "-" : ""
    if exact.fraction.utf8.count <= places { return (sign + exact.whole, exact.fraction) }
    let text = printed("%.*f", places, value)
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    var fraction = parts.count > 1 ? String(parts[1]) : ""
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return (String(parts[0]), fraction)
  }

  /// The digit before the point, those behind it (at most `places`, rounded) and the exponent.
  static func scientific(
    _ value: Double, _ type: DType, places: Int
  ) -> (whole: String, fraction: String, exponent: Int) {
    let found = shortest(value, type)
    let sign = found.isNegative ? "-" : ""
    if found.digits.count <= places + 1 {
      let isZero = found.digits == [UInt8(ascii: "0")]
      return (
        sign + String(decoding: found.digits.prefix(1), as: UTF8.self),
        String(decoding: found.digits.dropFirst(), as: UTF8.self), isZero ? 0 : found.point - 1
      )
    }
    let rounded = parsed(printed("%.*e", places, value))
    return (
      sign + String(decoding: rounded.digits.prefix(1), as: UTF8.self),
      String(decoding: rounded.digits.dropFirst(), as: UTF8.self), rounded.point - 1
    )
  }

  /// What C prints of a number.
  static func printed(_ format: String, _ precision: Int, _ number: Double) -> String {
    withVaList([Int32(clamping: precision), number]) { list in
      var buffer = [CChar](repeating: 0, count: 2048)
      vsnprintf(&buffer, buffer.count, format, list)
      return String(
        decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}

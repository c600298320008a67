// Sizes come from files and from people: a plain `*` or `+` on them would end the program.

/// The largest size an axis or a setting may have: 2^53, the largest whole number that a JSON
/// reader with 64-bit floats (JavaScript's, jq's) still keeps exactly.
public let largestSize = 1 << 53

/// `a × b`, or `nil` where it does not fit in 64 bits.
public func multiplied(_ a: Int, _ b: Int) -> Int? {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? nil : product
}

/// `a + b`, or `nil` where it does not fit in 64 bits.
public func added(_ a: Int, _ b: Int) -> Int? {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? nil : sum
}

/// `a − b`, or `nil` where it does not fit in 64 bits.
public func subtracted(_ a: Int, _ b: Int) -> Int? {
  let (difference, overflow) = a.subtractingReportingOverflow(b)
  return overflow ? nil : difference
}

/// A count of parameters, multiply-adds or bytes.
///
/// 128 bits wide, so that a layer of 10^12 units shows its exact count (4 × 10^24 for an LSTM);
/// beyond that it saturates instead of trapping, and `isExact` says so.
public struct Count: Hashable, Sendable, Comparable, ExpressibleByIntegerLiteral {
  /// The number counted.
  public private(set) var value: Int128
  /// Whether `value` is the true number; `false` once a product left 127 bits.
  public private(set) var isExact = true

  /// A count of `value`.
  public init(_ value: Int) {
    self.value = Int128(value)
  }

  /// A count of `value`.
  public init(integerLiteral value: Int) {
    self.init(value)
  }

  /// Whether `lhs` is the smaller number.
  public static func < (lhs: Count, rhs: Count) -> Bool { lhs.value < rhs.value }

  /// The sum.
  public static func + (lhs: Count, rhs: Count) -> Count {
    combined(lhs, rhs, lhs.value.addingReportingOverflow(rhs.value))
  }

  /// The product.
  public static func * (lhs: Count, rhs: Count) -> Count {
    combined(lhs, rhs, lhs.value.multipliedReportingOverflow(by: rhs.value))
  }

  /// Adds `rhs`.
  public static func += (lhs: inout Count, rhs: Count) { lhs = lhs + rhs }

  /// The difference; counts never fall below zero.
  public static func - (lhs: Count, rhs: Count) -> Count {
    var result = combined(lhs, rhs, lhs.value.subtractingReportingOverflow(rhs.value))
    if result.value < 0 { result.value = 0 }
    return result
  }

  private static func combined(
    _ lhs: Count, _ rhs: Count, _ result: (partialValue: Int128, overflow: Bool)
  ) -> Count {
    var count = Count(0)
    count.value = result.overflow ? .max : result.partialValue
    count.isExact = lhs.isExact && rhs.isExact && !result.overflow
    return count
  }

  /// The product of `factors`.
  public static func product(_ factors: some Sequence<Int>) -> Count {
    factors.reduce(1) { $0 * Count($1) }
  }
}

extension Count: CustomStringConvertible {
  /// The digits, without separators; `over …` where the true number did not fit.
  public var description: String { isExact ? "\(value)" : "over \(value)" }

  /// The digits with a comma every three: `28,400`.
  public var grouped: String {
    var out: [Character] = []
    for (index, digit) in String(value).reversed().enumerated() {
      if index > 0 && index % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return (isExact ? "" : "over ") + String(out.reversed())
  }
}

extension Int {
  /// The digits with a comma every three: `28,400`.
  public var grouped: String {
    self < 0 ? "-" + Count(self == .min ? .max : -self).grouped : Count(self).grouped
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An axis of a plot: from where to where it goes, and the numbers written beside it.
public struct PlotScale: Hashable, Sendable {
  /// The number at the start of the axis.
  public let lower: Double
  /// The number at its end.
  public let upper: Double
  /// Whether equal distances stand for equal factors.
  public let isLogarithmic: Bool

  /// A number written beside an axis.
  public struct Tick: Hashable, Sendable {
    /// The number.
    public let value: Double
    /// How it is written.
    public let label: String
  }

  /// An axis from `lower` to `upper`.
  public init(from lower: Double, to upper: Double) {
    let (lower, upper) = (PlotScale.bounded(lower), PlotScale.bounded(upper))
    self.init(
      lower: min(lower, upper),
      upper: lower == upper ? lower + max(lower.magnitude, 1) : max(lower, upper),
      isLogarithmic: false)
  }

  private init(lower: Double, upper: Double, isLogarithmic: Bool) {
    (self.lower, self.upper, self.isLogarithmic) = (lower, upper, isLogarithmic)
  }

  /// An axis on which all of some numbers have room, with round ends.
  ///
  /// - Parameters:
  ///   - values: the numbers; those that are none do not count.
  ///   - mayBeLogarithmic: whether positive numbers of very different size get an axis of factors.
  public init(fitting values: some Sequence<Double>, mayBeLogarithmic: Bool = false) {
    var (least, most) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      least = min(least, PlotScale.bounded(value))
      most = max(most, PlotScale.bounded(value))
    }
    guard least <= most else {
      self.init(from: 0, to: 1)
      return
    }
    if mayBeLogarithmic, least > 0, most / least >= 500 {
      self.init(
        lower: 1 / PlotScale.step(1 / least), upper: PlotScale.step(most), isLogarithmic: true)
      return
    }
    // A curve near zero is seen against zero.
    if least > 0, least < most * 0.4 { least = 0 }
    if least == most {
      least = least > 0 ? 0 : least - max(least.magnitude, 1) * 0.5
      most += max(most.magnitude, 1) * 0.5
    }
    let step = PlotScale.step((most - least) / 4)
    self.init(
      lower: (least / step).rounded(.down) * step, upper: (most / step).rounded(.up) * step,
      isLogarithmic: false)
  }

  private static func bounded(_ value: Double) -> Double {
    value.isNaN ? 0 : min(max(value, -1e150), 1e150)
  }

  /// The round step (1, 2 or 5 times a power of ten) that is not below a number.
  private static func step(_ least: Double) -> Double {
    guard least.isFinite, least > 1e-300 else { return 1e-300 }
    let power = pow(10, log10(least).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= least * 0.999_999 { return factor * power }
    return 10 * power
  }

  /// Where a number stands on the axis: 0 at its start, 1 at its end; `nil` where it has no place.
  public func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    guard isLogarithmic else { return (value - lower) / (upper - lower) }
    guard value > 0 else { return nil }
    return (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
  }

  /// The numbers to write beside the axis, evenly spaced.
  ///
  /// - Parameters:
  ///   - count: how many there may be.
  ///   - isWhole: whether fractions make no sense, as for epochs.
  /// - Returns: round numbers with their texts; fewer where the axis has no more.
  public func ticks(atMost count: Int, isWhole: Bool = false) -> [Tick] {
    guard count > 0 else { return [] }
    if isLogarithmic { return decades(atMost: count) }
    var step = PlotScale.step((upper - lower) / Double(max(count - 1, 1)))
    if isWhole { step = max(step, 1) }
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    guard last >= first, let number = Int(exactly: last - first), number < 1000 else { return [] }
    let digits = step >= 1 ? 0 : Int((-log10(step) - 1e-9).rounded(.up))
    let largest = max(lower.magnitude, upper.magnitude)
    return (0...number).map { index in
      let value = (first + Double(index)) * step
      let label =
        if value.magnitude < step / 2 { "0" } else if digits > 4 || largest >= 1e6 {
          NumberText.scientific(value, 1)
        } else { NumberText.fixed(value, digits) }
      return Tick(value: value, label: label)
    }
  }

  private func decades(atMost count: Int) -> [Tick] {
    let first = (log10(lower) - 1e-9).rounded(.up)
    let last = (log10(upper) + 1e-9).rounded(.down)
    guard let number = Int(exactly: last - first), number >= 0, number < 1000 else { return [] }
    let every = max((number + max(count - 1, 1) - 1) / max(count - 1, 1), 1)
    return stride(from: 0, through: number, by: every).map { index in
      let exponent = Int(first) + index
      let value = pow(10, Double(exponent))
      let label =
        (-3...4).contains(exponent)
        ? NumberText.fixed(value, max(-exponent, 0)) : NumberText.scientific(value, 0)
      return Tick(value: value, label: label)
    }
  }
}

import Neural
import OrderedCollections

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keras' progress bar as text: `20/20 ━━━━━━━━━━━━━━━━━━━━ 1s 3ms/step - loss: 0.6950`.
///
/// On a terminal the line is written over as batches go by, in Keras' colours. Elsewhere only its
/// last state is written, plain: Keras writes every state and its escapes there too, which nobody
/// can read. Source: `keras/src/utils/progbar.py`.
public struct ProgressBar: Sendable {
  /// How many steps there will be.
  public let steps: Int
  private let isDynamic: Bool
  private let start: ContinuousClock.Instant
  private var afterFirstStep: ContinuousClock.Instant?
  private var lastUpdate: ContinuousClock.Instant?
  private var shownWidth = 0

  /// Columns of the bar itself.
  private static let width = 20

  /// A bar that shows nothing yet.
  ///
  /// - Parameters:
  ///   - steps: how many steps there will be.
  ///   - isDynamic: whether what is written goes to a terminal.
  ///   - now: when the first step begins.
  public init(steps: Int, isDynamic: Bool, now: ContinuousClock.Instant = .now) {
    self.steps = max(steps, 1)
    self.isDynamic = isDynamic
    start = now
  }

  /// What is to be written after some steps.
  ///
  /// - Parameters:
  ///   - done: how many steps are done.
  ///   - results: what was measured, in the order in which it is shown.
  ///   - isLast: whether the line is complete.
  ///   - now: the moment.
  /// - Returns: the text; empty where nothing changes on the screen.
  public mutating func text(
    _ done: Int, results: OrderedDictionary<String, Double>, isLast: Bool,
    now: ContinuousClock.Instant = .now
  ) -> String {
    let stepTime = stepDuration(done, now)
    if !isLast {
      guard isDynamic, lastUpdate.map({ now - $0 >= .milliseconds(50) }) ?? true else { return "" }
    }
    lastUpdate = now
    let count = Self.padded(done, like: steps) + "/\(steps)"
    let filled =
      done >= steps ? Self.width : min(Self.width, (multiplied(Self.width, done) ?? 0) / steps)
    let time = isLast ? Self.rounded(seconds(now - start)) + "s" : remaining(done, stepTime)
    let tail = Self.perStep(stepTime) + Self.text(of: results, verbosity: 1)
    let line = "\(count) " + String(repeating: "━", count: Self.width) + " \(time)\(tail)"
    guard isDynamic else { return line + "\n" }
    var text = "\r\u{1b}[1m\(count)\u{1b}[0m "
    if filled > 0 { text += "\u{1b}[32m\(String(repeating: "━", count: filled))\u{1b}[0m" }
    text += "\u{1b}[37m\(String(repeating: "━", count: Self.width - filled))\u{1b}[0m"
    text += " \u{1b}[1m\(time)\u{1b}[0m\(tail)"
    let width = line.count
    text += String(repeating: " ", count: max(shownWidth - width, 0))
    shownWidth = width
    return isLast ? text + "\n" : text
  }

  /// The one line of `verbose=2`.
  ///
  /// - Parameters:
  ///   - results: what was measured.
  ///   - now: the moment.
  /// - Returns: `20/20 - 1s - 3ms/step - loss: 0.6950` and a line break.
  public func line(
    _ results: OrderedDictionary<String, Double>, now: ContinuousClock.Instant = .now
  ) -> String {
    let time = seconds(now - start)
    // Keras does not follow single steps here: the first one counts like the others.
    return "\(steps)/\(steps) - \(Self.rounded(time))s -\(Self.perStep(time / Double(steps)))"
      + Self.text(of: results, verbosity: 2) + "\n"
  }

  /// How long a step takes, the first one left out where there are others.
  private mutating func stepDuration(_ done: Int, _ now: ContinuousClock.Instant) -> Double {
    guard done > 0 else { return 0 }
    let time: Double
    if let afterFirstStep, done > 1 {
      time = seconds(now - afterFirstStep) / Double(done - 1)
    } else {
      time = seconds(now - start) / Double(done)
    }
    if done == 1 { afterFirstStep = now }
    return time
  }

  private func remaining(_ done: Int, _ stepTime: Double) -> String {
    let left = stepTime * Double(steps - done)
    // More than a year is as good as never.
    guard let whole = Int(exactly: min(left, 1e9).rounded(.down)), whole > 60 else {
      return "\(Int(exactly: left.rounded(.down)) ?? 0)s"
    }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if left > 3600 { return "\(whole / 3600):\(two(whole % 3600 / 60)):\(two(whole % 60))" }
    return "\(whole / 60):\(two(whole % 60))"
  }

  private func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}

extension ProgressBar {
  private static func padded(_ number: Int, like largest: Int) -> String {
    let text = String(number)
    return String(repeating: " ", count: max(String(largest).count - text.count, 0)) + text
  }

  private static func rounded(_ number: Double) -> String { formatted(number, "%.0f") }

  /// ` 3ms/step`.
  private static func perStep(_ time: Double) -> String {
    if time >= 1 || time == 0 { return " \(rounded(time))s/step" }
    if time >= 1e-3 { return " \(rounded(time * 1e3))ms/step" }
    return " \(rounded(time * 1e6))us/step"
  }

  /// ` - accuracy: 0.5100 - loss: 0.6950`: four decimals, small numbers as powers of ten.
  ///
  /// A line of `verbose=2` writes every negative number that way, as in Keras.
  public static func text(
    of results: OrderedDictionary<String, Double>, verbosity: Int = 1
  ) -> String {
    results.map { name, value in
      let isLarge = (verbosity == 1 ? abs(value) : value) > 1e-3
      return " - \(name): \(formatted(value, isLarge ? "%.4f" : "%.4e"))"
    }.joined()
  }

  /// A number as C's `printf` and Python's formats write it.
  static func formatted(_ number: Double, _ format: String) -> String {
    if number.isNaN { return "nan" }
    var buffer = [CChar](repeating: 0, count: 512)
    _ = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

import Neural

/// How often numbers of each size occur, and what is usual among them.
public struct Histogram: Hashable, Sendable {
  /// The smallest and the largest number; 0 where there are none.
  public private(set) var least = 0.0, most = 0.0
  /// The mean, and how far numbers are from it: the standard deviation.
  public private(set) var mean = 0.0, deviation = 0.0
  /// How many numbers there are, those that are no numbers left out.
  public private(set) var count = 0
  /// How many are no numbers, or infinite.
  public private(set) var notNumbers = 0
  /// How many of those are infinite.
  public private(set) var infinite = 0
  /// How many lie in each part of the range.
  public private(set) var counts: [Int] = []

  /// Differences to the first number: what is far from zero and close together stays exact.
  private var origin: Double?
  private var sum = 0.0, squares = 0.0

  /// Parts of a range.
  static let parts = 64

  /// No numbers yet.
  init() {}

  /// The numbers of a tensor; none are sorted into parts yet.
  init(_ tensor: Tensor) {
    tensor.values.withUnsafeBufferPointer { take($0) }
    finish()
  }

  /// Takes more numbers, not sorted into parts.
  mutating func take(_ numbers: UnsafeBufferPointer<Float>) {
    guard let first = numbers.first(where: \.isFinite) else {
      return takeStrangers(numbers)
    }
    let origin = origin ?? Double(first)
    self.origin = origin
    var (least, most) = (Float.infinity, -Float.infinity)
    var (sum, squares, finite) = (0.0, 0.0, 0)
    for number in numbers where number.isFinite {
      least = min(least, number)
      most = max(most, number)
      let difference = Double(number) - origin
      sum += difference
      squares += difference * difference
      finite += 1
    }
    self.least = count == 0 ? Double(least) : min(self.least, Double(least))
    self.most = count == 0 ? Double(most) : max(self.most, Double(most))
    self.sum += sum
    self.squares += squares
    count += finite
    if finite < numbers.count { takeStrangers(numbers) }
  }

  private mutating func takeStrangers(_ numbers: UnsafeBufferPointer<Float>) {
    for number in numbers where !number.isFinite {
      notNumbers += 1
      if number.isInfinite { infinite += 1 }
    }
  }

  /// Works out mean and deviation of all that was taken.
  mutating func finish() {
    guard count > 0, let origin else { return }
    let average = sum / Double(count)
    mean = origin + average
    deviation = max(squares / Double(count) - average * average, 0).squareRoot()
  }

  /// From where to where the parts go: the range of the numbers, and of others beside them,
  /// widened where it is a point.
  func range(with other: Histogram? = nil) -> (lower: Double, upper: Double) {
    let lower = min(least, other?.least ?? least)
    let upper = max(most, other?.most ?? most)
    guard lower == upper else { return (lower, upper) }
    let half = max(lower.magnitude, 1) * 0.5
    return (lower - half, upper + half)
  }

  /// Sorts the numbers of a tensor into equal parts of a range.
  mutating func sort(_ tensor: Tensor, from lower: Double, to upper: Double) {
    counts = []
    tensor.values.withUnsafeBufferPointer { sort($0, from: lower, to: upper) }
  }

  /// Sorts more numbers into equal parts of a range.
  mutating func sort(
    _ numbers: UnsafeBufferPointer<Float>, from lower: Double, to upper: Double
  ) {
    if counts.isEmpty { counts = Array(repeating: 0, count: Histogram.parts) }
    let scale = Double(Histogram.parts) / max(upper - lower, 1e-300)
    counts.withUnsafeMutableBufferPointer { counts in
      for number in numbers where number.isFinite {
        let place = (Double(number) - lower) * scale
        counts[place > 0 ? min(Int(min(place, 1e6)), Histogram.parts - 1) : 0] += 1
      }
    }
  }
}

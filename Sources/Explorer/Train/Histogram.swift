import Neural

/// How often numbers of each size occur, and what is usual among them.
public struct Histogram: Hashable, Sendable {
  /// The smallest and the largest number; 0 where there are none.
  public private(set) var least = 0.0, most = 0.0
  /// The mean, and how far numbers are from it: the standard deviation.
  public private(set) var mean = 0.0, deviation = 0.0
  /// How many are no numbers.
  public private(set) var notNumbers = 0
  /// How many lie in each part of the range.
  public private(set) var counts: [Int] = []

  /// Parts of a range.
  static let parts = 64

  /// The numbers of a tensor; none are sorted into parts yet.
  init(_ tensor: Tensor) {
    var (least, most) = (Float.infinity, -Float.infinity)
    var (sum, squares, count) = (0.0, 0.0, 0)
    tensor.values.withUnsafeBufferPointer { numbers in
      // Differences to the first number: what is far from zero and close together stays exact.
      let origin = numbers.first.flatMap { $0.isFinite ? Double($0) : nil } ?? 0
      for number in numbers where number.isFinite {
        least = min(least, number)
        most = max(most, number)
        let difference = Double(number) - origin
        sum += difference
        squares += difference * difference
        count += 1
      }
      if count > 0 {
        mean = origin + sum / Double(count)
        deviation = max(squares / Double(count) - sum / Double(count) * sum / Double(count), 0)
          .squareRoot()
      }
      notNumbers = numbers.count - count
    }
    guard count > 0 else { return }
    (self.least, self.most) = (Double(least), Double(most))
  }

  /// Sorts the numbers of a tensor into equal parts of a range.
  mutating func sort(_ tensor: Tensor, from lower: Double, to upper: Double) {
    var counts = Array(repeating: 0, count: Histogram.parts)
    let scale = Float(Double(Histogram.parts) / max(upper - lower, 1e-30))
    let start = Float(lower)
    tensor.values.withUnsafeBufferPointer { numbers in
      counts.withUnsafeMutableBufferPointer { counts in
        for number in numbers where number.isFinite {
          let place = (number - start) * scale
          counts[place > 0 ? min(Int(min(place, 1e6)), Histogram.parts - 1) : 0] += 1
        }
      }
    }
    self.counts = counts
  }
}

/// A weight while it is trained: as it was and as it is.
public struct WeightReport: Hashable, Sendable {
  /// The layer's name.
  public var layer: String
  /// The parts of the layer that own it: `forward_lstm`.
  public var owner: [String]
  /// Its own name: `kernel`.
  public var name: String
  /// The size of each axis.
  public var sizes: [Int]
  /// Its numbers before the training, and now.
  public var first: Histogram, now: Histogram
  /// The range of both.
  public var lower: Double, upper: Double

  /// A weight before the training and now, over the same range.
  init(layer: String, owner: [String], name: String, from first: Tensor, to now: Tensor) {
    (self.layer, self.owner, self.name, sizes) = (layer, owner, name, now.sizes)
    self.first = Histogram(first)
    self.now = Histogram(now)
    lower = min(self.first.least, self.now.least)
    upper = max(self.first.most, self.now.most)
    if lower == upper {
      lower -= max(lower.magnitude, 1) * 0.5
      upper += max(upper.magnitude, 1) * 0.5
    }
    self.first.sort(first, from: lower, to: upper)
    self.now.sort(now, from: lower, to: upper)
  }
}

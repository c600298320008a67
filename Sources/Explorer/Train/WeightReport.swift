import Neural

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
    (lower, upper) = self.now.range(with: self.first)
    self.first.sort(first, from: lower, to: upper)
    self.now.sort(now, from: lower, to: upper)
  }
}

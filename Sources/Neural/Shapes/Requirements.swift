extension Layer {
  /// The only input.
  ///
  /// - Throws: `ShapeError` where there is not exactly one.
  public func single(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs.count == 1, let input = inputs.first else {
      throw ShapeError("\(className) takes one input, found \(inputs.count)")
    }
    return input
  }
}

extension Shape {
  /// Checks the rank.
  ///
  /// - Throws: `ShapeError` where the shape has another rank than `rank`.
  public func requireRank(_ rank: Int, _ axes: String, for layer: String) throws(ShapeError) {
    guard self.rank == rank else {
      throw ShapeError(
        "\(layer) takes an input of \(rank) axes (\(axes)), found \(self)",
        remedy: remedy(forRank: rank, layer: layer))
    }
  }

  /// Checks that there are at least `rank` axes.
  ///
  /// - Throws: `ShapeError` where there are fewer.
  public func requireRank(atLeast rank: Int, for layer: String) throws(ShapeError) {
    guard self.rank >= rank else {
      throw ShapeError("\(layer) takes an input of at least \(rank) axes, found \(self)")
    }
  }

  /// The size of the axis at `index`, counted from the end where negative.
  ///
  /// - Throws: `ShapeError` where it is free: the layer's weights depend on it; or where there is
  ///   no such axis.
  public func requireSize(_ index: Int, _ axis: String, for layer: String) throws(ShapeError)
    -> Int
  {
    guard index >= -rank, index < rank else {
      throw ShapeError("\(layer) needs to know the number of \(axis), found \(self)")
    }
    guard let size = self[index].size else {
      throw ShapeError(
        "\(layer) needs to know the number of \(axis), found \(self)",
        remedy: "give the input a number there instead of None")
    }
    return size
  }

  private func remedy(forRank expected: Int, layer: String) -> String {
    switch (expected, rank) {
    case (3, 2):
      "a recurrent layer before it needs return_sequences=true, or use RepeatVector or Reshape"
    case (4, 3): "add an axis with Reshape"
    case (3, 4): "wrap the layer in TimeDistributed, or use Reshape"
    case (2, 3): "use Flatten or a global pooling layer before it"
    default: ""
    }
  }

  /// How many positions the leading axes have, free ones counted as 1.
  ///
  /// - Parameter count: how many axes at the end are left out.
  /// - Returns: the product of the others.
  public func positions(dropLast count: Int) -> Count {
    Count.product(axes.dropLast(count).map { $0.size ?? 1 })
  }
}

/// Two sizes that must be equal where both are known: the known one of them.
///
/// - Returns: `.none` where they differ; `.some(nil)` where both are free.
public func agreeing(_ a: Int?, _ b: Int?) -> Int?? {
  guard let a else { return .some(b) }
  guard let b else { return .some(a) }
  return a == b ? .some(a) : .none
}

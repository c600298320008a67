/// x above 0, alpha · x below, with a trained alpha for each position.
///
/// Input and output: any shape; `sharedAxes` have one alpha for all their positions.
/// Source: `keras/src/layers/activations/prelu.py`.
package struct PReLU: ShapeKeepingLayer {
  package static let className = "PReLU"
  package static let summary = "keeps what is positive; the slope of the rest is trained"

  /// First values of alpha.
  package var alphaInitializer = Initializer.zeros
  /// Penalty on alpha.
  package var alphaRegularizer: Regularizer?
  /// Constraint on alpha.
  package var alphaConstraint: WeightConstraint?
  /// Axes, counted from 1, whose positions share one alpha.
  package var sharedAxes: [Int]?

  package init() {}

  package static let settings: [Setting<PReLU>] = [
    Setting("alpha_initializer", \.alphaInitializer, .initializer, help: "first values of alpha"),
    Setting("alpha_regularizer", \.alphaRegularizer, .regularizer, help: "penalty on alpha"),
    Setting("alpha_constraint", \.alphaConstraint, .constraint, help: "limits alpha"),
    Setting("shared_axes", \.sharedAxes, .axes, help: "axes with one alpha for all; time is 1"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    _ = try alphaShape(input)
    return [input]
  }

  private func alphaShape(_ input: Shape) throws(ShapeError) -> [Int] {
    try input.requireRank(atLeast: 1, for: className)
    var sizes = input.sizes.dropFirst().map { $0 }
    for axis in sharedAxes ?? [] {
      let index = axis > 0 ? axis - 1 : axis - 1 + sizes.count
      guard sizes.indices.contains(index) else {
        throw ShapeError("PReLU shares axis \(axis), but the input is \(input)")
      }
      sizes[index] = 1
    }
    guard !sizes.contains(nil) else {
      throw ShapeError(
        "PReLU has an alpha for each position, found a free axis in \(input)",
        remedy: "set shared_axes to the free axis (time is 1)")
    }
    return sizes.compactMap { $0 }
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    [
      WeightSpec(
        "alpha", try alphaShape(single(inputs)), initializer: alphaInitializer,
        regularizer: alphaRegularizer, constraint: alphaConstraint)
    ]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let shape = try? alphaShape(input) else {
      return Explanation([])
    }
    let count = Count.product(shape)
    return Explanation([
      .init(
        "Why \(count.grouped) parameters?",
        ["an alpha for each of " + shape.map(String.init).joined(separator: " × ")])
    ])
  }
}

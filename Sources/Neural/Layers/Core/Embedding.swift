/// A table with a row of trained numbers for each index.
///
/// Input: (batch, timesteps) of whole numbers below `inputDim`, or any other shape.
/// Output: (batch, timesteps, `outputDim`). Source: `keras/src/layers/core/embedding.py`.
package struct Embedding: Layer {
  package static let className = "Embedding"
  package static let summary = "turns each word number into a row of trained features"

  /// Rows of the table: how many different indices there are.
  package var inputDim = 1000
  /// Features of each row.
  package var outputDim = 32
  /// First values of the table.
  package var embeddingsInitializer = Initializer.uniform
  /// Penalty on the table.
  package var embeddingsRegularizer: Regularizer?
  /// Penalty on the output.
  package var activityRegularizer: Regularizer?
  /// Constraint on the table.
  package var embeddingsConstraint: WeightConstraint?
  /// Whether index 0 is padding, to be skipped by the layers behind.
  package var maskZero = false

  package init() {}

  package static let settings: [Setting<Embedding>] = [
    Setting(
      "input_dim", \.inputDim, .integer(1...largestSize), isRequired: true,
      help: "how many different indices: the largest one + 1"),
    Setting(
      "output_dim", \.outputDim, .integer(1...largestSize), isRequired: true,
      help: "features of each index"),
    Setting(
      "embeddings_initializer", \.embeddingsInitializer, .initializer, help: "first values"),
    Setting(
      "embeddings_regularizer", \.embeddingsRegularizer, .regularizer, help: "penalty on the table"),
    Setting(
      "embeddings_constraint", \.embeddingsConstraint, .constraint, help: "limits the table"),
    Setting("mask_zero", \.maskZero, .boolean, help: "true: index 0 is padding, to be skipped"),
    Setting(
      "activity_regularizer", \.activityRegularizer, .regularizer, isPositional: false,
      help: "penalty on the output"),
  ]

  package var masking: Masking { maskZero ? .makes(equal: .index) : .ends }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank > 1 else { return nil }
    return [.batch, .time] + Array(repeating: .other, count: min(rank, 64) - 2)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var output = try single(inputs)
    if output.rank > 1, let roles = inputRoles(rank: output.rank) {
      for index in output.axes.indices where output.axes[index].role == .features {
        output.axes[index] = Axis(index < roles.count ? roles[index] : .other, output[index].size)
      }
    }
    output.axes.append(Axis(.features, outputDim))
    return [output]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    [
      WeightSpec(
        "embeddings", [inputDim, outputDim], initializer: embeddingsInitializer,
        regularizer: embeddingsRegularizer, constraint: embeddingsConstraint)
    ]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([
      .init("Why \(outputDim.grouped) features?", ["output_dim is \(outputDim): a row each"]),
      .init(
        "Why \((Count(inputDim) * Count(outputDim)).grouped) parameters?",
        ["\(inputDim) rows × \(outputDim)", "no T in it: any length fits"]),
    ])
  }
}

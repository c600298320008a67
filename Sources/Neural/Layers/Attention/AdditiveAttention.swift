/// Looks up, for each timestep of a query, what fits it in a value: Bahdanau's attention.
///
/// scores = Σ scale · tanh(query + key), shares = softmax(scores), output = shares · value. Inputs
/// and outputs are those of `Attention`.
/// Source: `keras/src/layers/attention/additive_attention.py`.
package struct AdditiveAttention: QueryValueAttention {
  package static let className = "AdditiveAttention"
  package static let summary = "attention whose scores are a weighted sum of tanh(query + key)"

  /// Whether each feature has a trained factor.
  package var useScale = true
  /// Share of the attention that is dropped in training.
  package var dropout = 0.0
  /// Seed of the random choice.
  package var seed: Int?
  package var call = LayerCall()

  package init() {}

  package static let settings: [Setting<AdditiveAttention>] = [
    Setting("use_scale", \.useScale, .boolean, help: "gives each feature a trained factor"),
    Setting(
      "dropout", \.dropout, .number(0...1), help: "share of the attention dropped in training"),
    Setting(
      "seed", \.seed, .optionalInteger(0...largestSize), isPositional: false,
      help: "seed of the random choice"),
  ]

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let query = inputs[try arguments(of: inputs.count).query]
    guard useScale else { return [] }
    return [WeightSpec("scale", [try query.requireSize(-1, "features", for: className)])]
  }

  package func scores(
    _ query: Tensor, _ key: Tensor, _ weights: LayerWeights, in context: PassContext
  ) -> AttentionScores {
    .sums(query, key, SumScoring(features: useScale ? weights[0].values : nil))
  }

  package func scoreFormula(features: String) -> [String] {
    ["score = Σ \(useScale ? "scale · " : "")tanh(query + key),", "over \(features) features"]
  }
}

/// Looks up, for each timestep of a query, what fits it in a value: Luong's attention.
///
/// scores = query · keyᵀ, shares = softmax(scores), output = shares · value; `concat` scores are
/// weight · Σ tanh(scale · (query + key)). Inputs: query (batch, …, Tq, features), value
/// (batch, …, Tv, value features) and, by default the value again, key (batch, …, Tv, features).
/// Output: (batch, …, Tq, value features); the shares (batch, …, Tq, Tv) behind it where the call
/// says `return_attention_scores`. Source: `keras/src/layers/attention/attention.py`.
package struct Attention: QueryValueAttention {
  package static let className = "Attention"
  package static let summary = "for each timestep, a mean of the others by how well they fit"

  /// How a timestep of the query is compared with one of the key.
  package enum ScoreMode: String, SettingChoice {
    /// Query · key.
    case dot
    /// Weight · Σ tanh(query + key).
    case concat
  }

  /// Whether the scores have a trained factor.
  package var useScale = false
  /// How query and key are compared.
  package var scoreMode = ScoreMode.dot
  /// Share of the attention that is dropped in training.
  package var dropout = 0.0
  /// Seed of the random choice.
  package var seed: Int?
  package var call = LayerCall()

  package init() {}

  package static let settings: [Setting<Attention>] = [
    Setting("use_scale", \.useScale, .boolean, help: "multiplies the scores with a trained number"),
    Setting(
      "score_mode", \.scoreMode, .choice(ScoreMode.choices), help: "how query and key are compared"),
    Setting(
      "dropout", \.dropout, .number(0...1), help: "share of the attention dropped in training"),
    RegularizationSettings.seed(\.seed),
  ]

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    var weights: [WeightSpec] = []
    if useScale { weights.append(WeightSpec("scale", [], initializer: .ones)) }
    if scoreMode == .concat {
      weights.append(WeightSpec("concat_score_weight", [], initializer: .ones))
    }
    return weights
  }

  package func scores(
    _ query: Tensor, _ key: Tensor, _ weights: LayerWeights, in context: PassContext
  ) -> AttentionScores {
    switch scoreMode {
    case .dot: .products(query, key, scale: useScale ? weights[0] : nil, in: context)
    case .concat:
      .sums(
        query, key,
        SumScoring(
          inside: useScale ? weights[0].values[0] : nil,
          outside: weights[useScale ? 1 : 0].values[0]))
    }
  }

  package func scoreFormula(features: String) -> [String] {
    let factor = useScale ? "scale · " : ""
    return switch scoreMode {
    case .dot: ["score = \(factor)query · key, over \(features) features"]
    case .concat: ["score = weight · Σ tanh(\(factor)(query + key)),", "over \(features) features"]
    }
  }
}

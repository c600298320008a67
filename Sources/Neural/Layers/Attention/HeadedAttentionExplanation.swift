extension HeadedAttention {
  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let plan = try? plan(inputs), let specs = try? weights(for: inputs),
      let query = shape(of: "query", in: inputs)
    else { return Explanation([]) }
    let total = specs.reduce(Count(0)) { $0 + $1.count }
    let lines = plan.parts.map { part in
      let own = specs.filter { $0.owner.last == part.role.rawValue }
      let terms = own.map { $0.shape.map(\.grouped).joined(separator: " × ") }
      return "\(part.role.word): \(terms.joined(separator: " + "))"
    }
    let (heads, keys) = (plan.scores.rank - 2 * plan.keyAxes - 1, "keys")
    return Explanation([
      .init(
        "Why \(total.grouped) parameters?",
        lines + ["the number of timesteps does not count"]),
      .init(
        "Why \(plan.output)?",
        [
          "each query gets one answer, so its axes stay:", "\(query) in",
          "an answer is a weighted mean of the values",
        ]),
      .init(
        "What are the scores?",
        [
          "\(plan.scores): \(plan.scores[heads].sizeText) heads,",
          "a number for each pair of a query and a key",
          "those of one query add up to 1 over its \(keys)",
        ]),
    ])
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard returnsScores, let plan = try? plan(inputs), said(plan.scores, inputs) != plan.scores
    else { return [] }
    return ["the scores are \(plan.scores): Keras takes the keys to be as many as the queries"]
  }
}

extension HeadPart.Role {
  /// The part in an explanation.
  fileprivate var word: String { self == .output ? "output" : rawValue }
}

extension Bidirectional {
  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let (forward, backward) = try? directions(), let input = inputs.first,
      let features = input.axes.last?.size, let weights = try? weights(for: inputs)
    else { return Explanation([]) }
    let count = weights.reduce(Count(0)) { $0 + $1.count }
    let ahead = forward.parameterFormula(features: features)
    let back = backward.parameterFormula(features: features)
    let formula = ahead == back ? ["2 × \(bracketed(ahead))"] : [ahead, "+ \(back)"]
    return Explanation([
      featureAnswer(forward.units, backward.units),
      timeAnswer(input, forward),
      .init(
        "Why \(count.grouped) parameters?",
        formula + ["directions × \(forward.formulaLegend)", "no T in it: any length fits"]),
    ])
  }

  /// Brackets where the formula is a sum, as SimpleRNN's is: 2 × (a + b).
  private func bracketed(_ formula: String) -> String {
    formula.hasPrefix("(") && formula.contains(") × ") ? "(\(formula))" : formula
  }

  private func featureAnswer(_ forward: Int, _ backward: Int) -> Explanation.Answer {
    switch mergeMode {
    case .concat:
      .init(
        "Why \((forward + backward).grouped) features?",
        ["forward \(forward) + backward \(backward)"])
    case .sum, .mul, .ave:
      .init(
        "Why \(forward.grouped) features?",
        ["forward \(forward) \(verb) backward \(backward)", "number by number, not side by side"])
    case .none:
      .init(
        "Why two outputs?",
        ["merge_mode None keeps them apart:", "forward \(forward), backward \(backward)"])
    }
  }

  private var verb: String {
    switch mergeMode {
    case .sum: "plus"
    case .mul: "times"
    default: "averaged with"
    }
  }

  private func timeAnswer(_ input: Shape, _ forward: any RecurrentLayer) -> Explanation.Answer {
    let steps = input[1].size
    let count = steps.map { $0.grouped } ?? "T"
    guard forward.options.returnSequences else {
      return .init(
        "Where are the \(count) timesteps?",
        [
          "each direction reads all \(count), then gives its last state: forward's after t = "
            + (steps.map { "\($0 - 1)" } ?? "T−1") + ", backward's after t = 0"
        ])
    }
    return .init(
      "Why \(steps == nil ? "None" : count) timesteps?",
      ["each direction reads all \(count): neither doubled nor halved"])
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard mergeMode == .concat, let (forward, backward) = try? directions(),
      forward.units != backward.units, let total = added(forward.units, backward.units)
    else { return [] }
    let reported = multiplied(forward.units, 2).map { "\($0)" } ?? "2 × \(forward.units)"
    return [
      "\(total) features; Keras reports \(reported): it doubles the forward units "
        + "(keras issue 23688)"
    ]
  }
}

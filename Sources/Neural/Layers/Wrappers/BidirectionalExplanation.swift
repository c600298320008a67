extension Bidirectional {
  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let (forward, backward) = try? directions(), let input = inputs.first,
      let features = input.axes.last?.size, let weights = try? weights(for: inputs),
      let made = try? widths(inputs)
    else { return Explanation([]) }
    let count = weights.reduce(Count(0)) { $0 + $1.count }
    var lines = ["both directions together", "no T in it: any length fits"]
    if let one = forward.plainLayer, let other = backward.plainLayer {
      let ahead = one.parameterFormula(features: features)
      let back = other.parameterFormula(features: features)
      let formula = ahead == back ? ["2 × \(bracketed(ahead))"] : [ahead, "+ \(back)"]
      lines =
        formula + ["directions × \(one.formulaLegend)", "no T in it: any length fits"]
    }
    return Explanation([
      featureAnswer(made.forward, made.backward),
      timeAnswer(input, forward),
      .init("Why \(count.grouped) parameters?", lines),
    ])
  }

  /// How many features each direction gives.
  private func widths(_ inputs: [Shape]) throws(ShapeError) -> (forward: Int, backward: Int) {
    let (forward, backward) = try directions()
    let (ahead, back) = inputsOfDirections(inputs)
    let sizes = [
      try forward.outputShapes(for: ahead).first?.axes.last?.size,
      try backward.outputShapes(for: back).first?.axes.last?.size,
    ]
    return (sizes[0] ?? 0, sizes[1] ?? 0)
  }

  /// Brackets where the formula is a sum, as SimpleRNN's is: 2 × (a + b).
  private func bracketed(_ formula: String) -> String {
    formula.hasPrefix("(") && formula.contains(") × ") ? "(\(formula))" : formula
  }

  private func featureAnswer(_ forward: Int, _ backward: Int) -> Explanation.Answer {
    switch mergeMode {
    case .concat:
      .init(
        "Why \((Count(forward) + Count(backward)).grouped) features?",
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

  private func timeAnswer(_ input: Shape, _ forward: any SequenceLayer) -> Explanation.Answer {
    let steps = input[1].size
    let count = steps.map { $0.grouped } ?? "T"
    guard forward.sequence.returnSequences else {
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
    guard mergeMode == .concat, let made = try? widths(inputs), made.forward != made.backward,
      let total = added(made.forward, made.backward)
    else { return [] }
    let reported = multiplied(made.forward, 2).map { "\($0)" } ?? "2 × \(made.forward)"
    return [
      "\(total) features; Keras reports \(reported): it doubles the forward units "
        + "(keras issue 23688)"
    ]
  }
}

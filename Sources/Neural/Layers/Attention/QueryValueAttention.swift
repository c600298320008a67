/// Attention of a query over a value, without heads: `Attention`, `AdditiveAttention`.
///
/// Called on a list: query, value, and a key where that is not the value. Masks come with the
/// tensors, or the call gives a list of them, which then counts alone: the query's makes outputs
/// 0, the value's takes timesteps out of the mean.
package protocol QueryValueAttention: CalledLayer {
  /// Whether the scores have a trained factor.
  var useScale: Bool { get }
  /// Share of the attention that is dropped in training.
  var dropout: Double { get }
  /// Seed of the random choice.
  var seed: Int? { get }
  /// How well each timestep of the query fits each of the key.
  ///
  /// - Parameters:
  ///   - query: (samples, Tq, features).
  ///   - key: (samples, Tv, features).
  ///   - weights: those of the layer.
  ///   - context: says whether the way back is kept.
  /// - Returns: (samples, Tq, Tv), with the way back.
  func scores(
    _ query: Tensor, _ key: Tensor, _ weights: LayerWeights, in context: PassContext
  ) -> AttentionScores
  /// The formula of a score, a line each.
  func scoreFormula(features: String) -> [String]
}

/// Which inputs of an attention are what.
package struct AttentionArguments: Hashable, Sendable {
  /// Where a mask comes from.
  enum Mask: Hashable, Sendable {
    /// The mask that comes with an input; it may have none.
    case flowing(Int)
    /// An input of its own.
    case input(Int)
    /// An array of the call.
    case constant(ConfigValue)
    /// There is none, whatever comes with the inputs.
    case none
  }

  var query: Int
  var value: Int
  var key: Int
  var queryMask: Mask
  var valueMask: Mask
}

extension QueryValueAttention {
  package static var callParameters: [String] {
    ["inputs", "mask", "training", "return_attention_scores", "use_causal_mask"]
  }
  package static var listsInputs: Bool { true }
  /// Query, value and key, and up to three masks.
  package var inputCount: ClosedRange<Int> { 2...6 }
  package var masking: Masking { .uses(handsOn: true) }

  /// Whether the shares are a second output.
  var returnsScores: Bool { call.flag("return_attention_scores") }
  /// Whether a timestep sees none behind it.
  var isCausal: Bool { call.flag("use_causal_mask") }

  /// Which of `count` inputs are what.
  ///
  /// - Throws: `ShapeError` where the call is not such as Keras takes.
  func arguments(of count: Int) throws(ShapeError) -> AttentionArguments {
    guard let query = input("inputs.0", of: count), let value = input("inputs.1", of: count),
      input("inputs.3", of: count) == nil
    else {
      throw ShapeError(
        "\(className) is called on a list of 2 or 3 tensors",
        remedy: "write \(className)()([query, value]), or with the key as the third")
    }
    let list = call.values["mask"]
    guard call.places?["mask"] == nil, list?.isNull != false || list?.listValue != nil else {
      throw ShapeError(
        "the mask of \(className) is a list",
        remedy: "write mask=[query_mask, value_mask]; either may be None")
    }
    if let masks = list?.listValue, !(2...3).contains(masks.count) {
      throw ShapeError(
        "the mask of \(className) is a list of 2 or 3, found \(masks.count)",
        remedy: "write mask=[query_mask, value_mask]; either may be None")
    }
    func mask(_ place: Int, of tensor: Int) -> AttentionArguments.Mask {
      guard let masks = list?.listValue else { return .flowing(tensor) }
      if let given = input("mask.\(place)", of: count) { return .input(given) }
      return masks[place].isNull ? .none : .constant(masks[place])
    }
    return AttentionArguments(
      query: query, value: value, key: input("inputs.2", of: count) ?? value,
      queryMask: mask(0, of: query), valueMask: mask(1, of: value))
  }

  package func maskedInput(of count: Int) -> Int? {
    guard case .flowing(let input) = (try? arguments(of: count))?.queryMask else { return nil }
    return input
  }

  /// What the output's mask is a copy of, where it has one: Keras hands the query's on.
  func maskSource(_ masks: [Int?]) -> MaskRecipe.Operand? {
    switch (try? arguments(of: masks.count))?.queryMask {
    case .flowing(let input): masks[input] == nil ? nil : .mask(input)
    case .input(let input): .input(input)
    default: nil
    }
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let places = try arguments(of: inputs.count)
    let (query, value, key) = (inputs[places.query], inputs[places.value], inputs[places.key])
    for shape in [query, value, key] { try shape.requireRank(atLeast: 2, for: className) }
    guard agreeing(query[-1].size, key[-1].size) != nil else {
      throw ShapeError(
        "\(className) compares \(query[-1].sizeText) features of the query \(query) with "
          + "\(key[-1].sizeText) of the \(places.key == places.value ? "value" : "key") \(key)",
        remedy: "give both as many, with a Dense before one of them")
    }
    guard agreeing(value[-2].size, key[-2].size) != nil else {
      throw ShapeError(
        "\(className) has a value of \(value[-2].sizeText) timesteps, \(value), and a key of "
          + "\(key[-2].sizeText), \(key)", remedy: "give both as many")
    }
    for (shape, name) in [(value, "value"), (key, "key")]
    where !shape.leadingAxesFit(query) {
      throw ShapeError(
        "\(className) cannot join the query \(query) and the \(name) \(shape)",
        remedy: "the axes before the last two are those of the query")
    }
    guard query.rank > 2 || !isCausal else {
      throw ShapeError(
        "\(className) with use_causal_mask takes (batch, timesteps, features), found \(query)",
        remedy: "a recurrent layer before it needs return_sequences=true")
    }
    var output = query.withFeatures(value[-1].size, parts: value[-1].parts)
    guard returnsScores else { return [output] }
    let first = output
    output.axes[output.rank - 1] = Axis(.other, key[-2].size ?? value[-2].size)
    return [first, output]
  }

  /// How many scores there are; free axes count as 1.
  func scoreCount(for inputs: [Shape]) -> Count {
    guard let places = try? arguments(of: inputs.count), inputs[places.value].rank >= 2 else {
      return 0
    }
    return inputs[places.query].positions(dropLast: 1) * Count(inputs[places.value][-2].size ?? 1)
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let places = try? arguments(of: inputs.count),
      [places.query, places.value].allSatisfy({ inputs[$0].rank >= 2 })
    else { return 0 }
    let (query, value) = (inputs[places.query], inputs[places.value])
    return scoreCount(for: inputs) * (Count(query[-1].size ?? 1) + Count(value[-1].size ?? 1))
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let places = try? arguments(of: inputs.count), let output = outputs.first,
      [places.query, places.value].allSatisfy({ inputs[$0].rank >= 2 })
    else { return Explanation([]) }
    let (query, value) = (inputs[places.query], inputs[places.value])
    let (asking, asked) = (query[-2].sizeText, value[-2].sizeText)
    var scores = ["for each of \(asking) query timesteps, how well"]
    scores.append("each of \(asked) value timesteps fits it")
    scores += scoreFormula(features: query[-1].sizeText)
    scores.append("softmax makes shares of them: their sum is 1")
    if isCausal { scores.append("causal: timestep i sees timesteps 0…i alone") }
    var answers: [Explanation.Answer] = [
      .init(
        "Why \(asking) timesteps?",
        ["the query's: each asks once and gets one answer", "the value's \(asked) are summed up"]),
      .init("What are the scores?", scores),
      .init(
        "Why \(output[-1].sizeText) features?",
        ["the value's: an answer is a mean of its timesteps,", "each by its share"]),
    ]
    let count = parameterCount(for: inputs)
    let names = ((try? weights(for: inputs)) ?? []).map { $0.name }
    answers.append(
      .init(
        count == 1 ? "Why 1 parameter?" : "Why \(count == 0 ? "no" : count.grouped) parameters?",
        names.isEmpty
          ? ["query and value are compared as they are"]
          : [names.joined(separator: " and "), "no timesteps in it: any length fits"]))
    return Explanation(answers)
  }
}

extension Shape {
  /// Whether the axes before the last two are those of the query, or 1, or not there.
  fileprivate func leadingAxesFit(_ query: Shape) -> Bool {
    let (own, wanted) = (sizes.dropLast(2), query.sizes.dropLast(2))
    guard own.count <= wanted.count else { return false }
    return zip(own, wanted.suffix(own.count)).allSatisfy { size, wanted in
      size == 1 || agreeing(size, wanted) != nil
    }
  }
}

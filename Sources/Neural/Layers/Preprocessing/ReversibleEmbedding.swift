#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A table with a row of trained numbers for each index, which also leads back: called with
/// `reverse=True`, it gives each row of features a number for every index.
///
/// Input: (batch, timesteps) of whole numbers below `input_dim`; output (batch, timesteps,
/// `output_dim`). In reverse: (batch, …, `output_dim`) becomes (batch, …, `input_dim`).
/// Source: `keras/src/layers/core/reversible_embedding.py`.
package struct ReversibleEmbedding: CalledLayer {
  package static let className = "ReversibleEmbedding"
  package static let summary = "an embedding that also turns features into scores of words"
  package static let callParameters = ["inputs", "reverse"]
  package static let listsInputs = false

  /// The table.
  package var table = Embedding()
  /// Whether the way back uses the same table.
  package var tieWeights = true
  /// The precision of the way back in Keras.
  package var reverseType: ConfigValue = .null
  /// The largest score: s · tanh(x ÷ s).
  package var logitSoftCap: Double?
  package var call = LayerCall()

  package init() {}

  package var activityRegularizer: Regularizer? { table.activityRegularizer }

  package static let settings: [Setting<ReversibleEmbedding>] = [
    Setting(
      "input_dim", \.table.inputDim, .integer(1...largestSize), isRequired: true,
      help: "how many different indices: the largest one + 1"),
    Setting(
      "output_dim", \.table.outputDim, .integer(1...largestSize), isRequired: true,
      help: "features of each index"),
    Setting("tie_weights", \.tieWeights, .boolean, help: "true: one table for both ways"),
    Setting(
      "embeddings_initializer", \.table.embeddingsInitializer, .initializer, help: "first values"),
    Setting(
      "embeddings_regularizer", \.table.embeddingsRegularizer, .regularizer,
      help: "penalty on the table"),
    Setting(
      "embeddings_constraint", \.table.embeddingsConstraint, .constraint, help: "limits the table"),
    Setting("mask_zero", \.table.maskZero, .boolean, help: "true: index 0 is padding"),
    Setting("reverse_dtype", \.reverseType, .value, help: "precision of the way back in Keras"),
    Setting(
      "logit_soft_cap", \.logitSoftCap, .number(-Double.infinity...Double.infinity),
      help: "the largest score of the way back"),
    Setting(
      "activity_regularizer", \.table.activityRegularizer, .regularizer, isPositional: false,
      help: "penalty on the output"),
  ]

  /// Whether the call asks for the way back.
  private var isReverse: Bool { call.flag("reverse") }

  package func maskedInput(of count: Int) -> Int? { nil }

  package var masking: Masking { isReverse ? .ends : table.masking }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    isReverse ? nil : table.inputRoles(rank: rank)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard isReverse else { return try table.outputShapes(for: inputs) }
    let input = try single(inputs)
    try input.requireRank(atLeast: 2, for: Self.className)
    let features = try input.requireSize(-1, "features", for: Self.className)
    guard features == table.outputDim else {
      throw ShapeError(
        "ReversibleEmbedding has rows of \(table.outputDim) features, found \(input)",
        remedy: "give features of the table's own width")
    }
    return [input.withFeatures(table.inputDim)]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let own = try table.weights(for: inputs)
    guard !tieWeights else { return own }
    return own + [
      WeightSpec(
        "reverse_embeddings", [table.outputDim, table.inputDim],
        initializer: table.embeddingsInitializer)
    ]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard isReverse else { return try forwardLookup(inputs, weights: weights, in: context) }
    _ = try outputSizes(for: inputs)
    let (input, isTied) = (inputs[0], tieWeights)
    let (matrix, unused) = (weights[isTied ? 0 : 1], Tensor(weights[0].sizes))
    var scores = isTied ? input.times(transposed: matrix) : input.times(matrix)
    let cap = logitSoftCap.map { Float($0) }
    if let cap { scores = scores.map { cap * tanhf($0 / cap) } }
    let capped = scores
    return Pass(scores, in: context) { gradient in
      var gradient = gradient
      if let cap {
        // The slope of s · tanh(x ÷ s) is 1 − (y ÷ s)².
        gradient = gradient.zipped(with: capped) { $0 * (1 - ($1 / cap) * ($1 / cap)) }
      }
      let back: Tensor?
      let own: [Tensor?]
      if isTied {
        back = context.needsInputGradients ? gradient.times(matrix) : nil
        own = [gradient.transposedTimes(input)]
      } else {
        back = context.needsInputGradients ? gradient.times(transposed: matrix) : nil
        own = [unused, input.transposedTimes(gradient)]
      }
      return Gradients(back, weights: own)
    }
  }

  private func forwardLookup(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    var pass = try table.forward(inputs, weights: weights, in: context)
    guard !tieWeights, let pullback = pass.pullback else { return pass }
    let unused = Tensor(weights[1].sizes)
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      var result = try pullback(gradients)
      if !result.weights.isEmpty { result.weights.append(unused) }
      return result
    }
    return pass
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard isReverse, let input = inputs.first else { return 0 }
    return input.positions(dropLast: 1) * Count(table.outputDim) * Count(table.inputDim)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    let (rows, width) = (table.inputDim, table.outputDim)
    let count = Count(rows) * Count(width) * (tieWeights ? 1 : 2)
    return Explanation([
      isReverse
        ? .init("Why \(rows.grouped) features?", ["a score for each of the \(rows.grouped) rows"])
        : .init("Why \(width.grouped) features?", ["output_dim is \(width): a row each"]),
      .init(
        "Why \(count.grouped) parameters?",
        tieWeights
          ? ["\(rows) rows × \(width), the same for both ways"]
          : ["2 × \(rows) × \(width): a table for each way"]),
    ])
  }
}

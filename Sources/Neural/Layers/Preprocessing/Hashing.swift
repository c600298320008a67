/// Sorts numbers into bins by a hash of their digits.
///
/// Input and output: any shape of whole numbers; with other output modes than `int` a row for each
/// number or sample. Texts, which Keras hashes too, are not known here.
/// Source: `keras/src/layers/preprocessing/hashing.py`.
package struct Hashing: Layer {
  package static let className = "Hashing"
  package static let summary = "sorts numbers into bins by a hash of their digits"

  /// How many bins there are.
  package var numBins = 10
  /// The number that has bin 0 for itself.
  package var maskValue: Int?
  /// What makes other hashes.
  package var salt: Salt?
  /// What is given for a bin.
  package var outputMode = CategoryOutput.int
  /// Whether Keras keeps the output as a sparse tensor.
  package var sparse = false

  package init() {}

  package static let settings: [Setting<Hashing>] = [
    Setting(
      "num_bins", \.numBins, .integer(1...largestSize), isRequired: true,
      help: "how many bins there are"),
    Setting(
      "mask_value", \.maskValue, .optionalInteger(-largestSize...largestSize),
      help: "the number that has bin 0 for itself"),
    Setting("salt", \.salt, .value, help: "one or two numbers that make other hashes"),
    Setting(
      "output_mode", \.outputMode, .choice(["int", "one_hot", "multi_hot", "count"]),
      help: "what is given for a bin"),
    Setting("sparse", \.sparse, .boolean, help: "whether Keras keeps zeros unwritten"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    [try outputMode.shape(of: try single(inputs), depth: numBins, for: Self.className)]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let bins = try inputs[0].wholeNumbers(for: Self.className).map { bin(of: $0) }
    var pass = Pass(
      outputMode == .int
        ? Tensor(inputs[0].sizes, bins.map { Float($0) })
        : outputMode.rows(of: bins, sizes: inputs[0].sizes, depth: numBins))
    pass.isConstant = true
    return pass
  }

  private func bin(of number: Int) -> Int {
    guard let maskValue, numBins > 1 else {
      return TokenHash.bucket(of: number, count: numBins, salt: salt)
    }
    return number == maskValue
      ? 0 : 1 + TokenHash.bucket(of: number, count: numBins - 1, salt: salt)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([
      .init(
        "Which bin?",
        [
          "the remainder of a hash divided by \(numBins.grouped)",
          "equal numbers share a bin, others may by chance",
        ]),
      .init("Why no parameters?", ["a hash is computed, not trained"]),
    ])
  }
}

/// Sorts pairs of numbers into bins by a hash of both.
///
/// Input: two tensors (batch,) or (batch, 1) of whole numbers. Output: their bins, or a row each.
/// Source: `keras/src/layers/preprocessing/hashed_crossing.py`.
package struct HashedCrossing: Layer {
  package static let className = "HashedCrossing"
  package static let summary = "sorts pairs of numbers into bins by a hash of both"

  /// How many bins there are.
  package var numBins = 10
  /// What is given for a bin.
  package var outputMode = CategoryOutput.int
  /// Whether Keras keeps the output as a sparse tensor.
  package var sparse = false

  package init() {}

  package static let settings: [Setting<HashedCrossing>] = [
    Setting(
      "num_bins", \.numBins, .integer(1...largestSize), isRequired: true,
      help: "how many bins there are"),
    Setting(
      "output_mode", \.outputMode, .choice(["int", "one_hot"]), help: "what is given for a bin"),
    Setting("sparse", \.sparse, .boolean, help: "whether Keras keeps zeros unwritten"),
  ]

  package var inputCount: ClosedRange<Int> { 2...2 }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard inputs.count == 2 else {
      throw ShapeError("HashedCrossing takes 2 inputs, found \(inputs.count)")
    }
    for input in inputs {
      guard input.rank == 1 || input.rank == 2 && input[-1].size == 1 else {
        throw ShapeError(
          "HashedCrossing takes inputs of shape (batch,) or (batch, 1), found \(input)",
          remedy: "give each feature by itself")
      }
    }
    guard inputs[0].rank == inputs[1].rank else {
      throw ShapeError(
        "HashedCrossing takes inputs of equal shapes, found \(inputs[0]) and \(inputs[1])")
    }
    return [try outputMode.shape(of: inputs[0], depth: numBins, for: Self.className)]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    guard inputs[0].sizes == inputs[1].sizes else {
      throw PassError(
        "HashedCrossing takes inputs of equal shapes, found \(inputs[0].shape) "
          + "and \(inputs[1].shape)")
    }
    let first = try inputs[0].wholeNumbers(for: Self.className)
    let second = try inputs[1].wholeNumbers(for: Self.className)
    let bins = zip(first, second).map { TokenHash.bucket(ofAll: [$0, $1], count: numBins) }
    var pass = Pass(
      outputMode == .int
        ? Tensor(inputs[0].sizes, bins.map { Float($0) })
        : outputMode.rows(of: bins, sizes: inputs[0].sizes, depth: numBins))
    pass.isConstant = true
    return pass
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([
      .init(
        "Which bin?",
        [
          "the remainder of a hash of both numbers divided by \(numBins.grouped)",
          "equal pairs share a bin, others may by chance",
        ]),
      .init("Why no parameters?", ["a hash is computed, not trained"]),
    ])
  }
}

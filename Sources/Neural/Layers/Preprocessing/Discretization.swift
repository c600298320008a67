/// Turns numbers into the numbers of the bins that they lie in.
///
/// Bin i holds the numbers from boundary i − 1 up to, not including, boundary i. Input and output:
/// any shape; with other output modes than `int` a row for each number or sample.
/// Source: `keras/src/layers/preprocessing/discretization.py`.
package struct Discretization: ShortSettings {
  package static let className = "Discretization"
  package static let summary = "turns each number into the number of its bin"

  /// The boundaries between the bins, in order; `nil` where `adapt` is to find them.
  package var binBoundaries: NumberArray?
  /// How many bins `adapt` makes.
  package var numBins: Int?
  /// How exact `adapt` is.
  package var epsilon = 0.01
  /// What is given for a bin.
  package var outputMode = CategoryOutput.int
  /// Whether Keras keeps the output as a sparse tensor.
  package var sparse = false

  package init() {}

  package static let settings: [Setting<Discretization>] = [
    Setting("bin_boundaries", \.binBoundaries, .value, help: "the numbers between the bins"),
    Setting("num_bins", \.numBins, .optionalInteger(0...largestSize), help: "bins for adapt()"),
    Setting("epsilon", \.epsilon, .number(0...1), help: "how exact adapt() is"),
    Setting(
      "output_mode", \.outputMode, .choice(["int", "one_hot", "multi_hot", "count"]),
      help: "what is given for a bin"),
    Setting("sparse", \.sparse, .boolean, help: "whether Keras keeps zeros unwritten"),
  ]

  package func shortValue(of key: String) -> ConfigValue? {
    switch key {
    case "bin_boundaries": binBoundaries?.plain
    // Keras takes one or the other alone: what has been adapted has its boundaries.
    case "num_bins" where binBoundaries != nil: .null
    default: nil
    }
  }

  /// How many bins there are.
  private func depth() throws(ShapeError) -> Int {
    if let boundaries = binBoundaries?.tensor {
      guard boundaries.rank == 1 else {
        throw ShapeError(
          "Discretization has bin_boundaries of shape \(Shape(sizes: boundaries.sizes))",
          remedy: "give a list of numbers")
      }
      return boundaries.count + 1
    }
    guard let numBins else {
      throw ShapeError(
        "Discretization has neither bin_boundaries nor num_bins", remedy: "give one of them")
    }
    return numBins
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    return [try outputMode.shape(of: input, depth: try depth(), for: Self.className)]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try outputSizes(for: inputs)
    guard let boundaries = binBoundaries?.tensor.values else {
      throw PassError(
        "Discretization has no bin_boundaries",
        remedy: "adapt it in Keras before the model is saved, or give bin_boundaries")
    }
    let bins = Bins(boundaries)
    let output: Tensor
    if outputMode == .int {
      output = inputs[0].map { Float(bins.bin(of: $0)) }
    } else {
      output = outputMode.rows(
        of: inputs[0].values.map { bins.bin(of: $0) }, sizes: inputs[0].sizes,
        depth: sizes[0].last ?? 1)
    }
    var pass = Pass(output)
    pass.isConstant = true
    return pass
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    var lines: [String] = []
    if let boundaries = binBoundaries?.tensor.values, let first = boundaries.first {
      let text = Double(first).pythonDescription
      lines = [
        "\(boundaries.count) boundaries make \(boundaries.count + 1) bins",
        "below \(text): bin 0, from there on bin 1 or above",
      ]
    }
    if outputMode != .int { lines.append(outputMode.meaning) }
    return Explanation([
      .init("Which bin?", lines.isEmpty ? ["adapt() finds the boundaries"] : lines),
      .init("Why no parameters?", ["the boundaries are settings, not trained"]),
    ])
  }
}

/// Boundaries in rising order, or falling ones.
private struct Bins {
  private let boundaries: [Float]
  private let isFalling: Bool

  init(_ boundaries: [Float]) {
    isFalling = (boundaries.last ?? 0) < (boundaries.first ?? 0)
    self.boundaries = isFalling ? boundaries.reversed() : boundaries
  }

  /// How many boundaries the number has reached; what is no number stands behind all.
  func bin(of number: Float) -> Int {
    var (low, high) = (0, boundaries.count)
    while low < high {
      let middle = (low + high) / 2
      if number < boundaries[middle] { high = middle } else { low = middle + 1 }
    }
    return isFalling ? boundaries.count - low : low
  }
}

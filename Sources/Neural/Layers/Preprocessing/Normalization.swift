/// Shifts and scales numbers by a mean and a variance that were found before training:
/// (x − mean) ÷ √variance, separately for each position of `axis`.
///
/// Input and output: any shape. Without `mean` and `variance` in the settings they are weights that
/// Keras' `adapt` finds and training leaves alone.
/// Source: `keras/src/layers/preprocessing/normalization.py`.
package struct Normalization: ShapeKeepingLayer {
  package static let className = "Normalization"
  package static let summary = "shifts and scales by a mean and variance found beforehand"

  /// The smallest deviation that is divided by.
  static let epsilon: Float = 1e-7

  /// The axes whose positions have a mean each; none: one mean for all numbers.
  package var axis = KeptAxes([-1]) {
    didSet { if axis != oldValue { adapted = nil } }
  }
  /// The mean, where it is given.
  package var mean: NumberArray?
  /// The variance, where it is given.
  package var variance: NumberArray?
  /// Whether the way back is taken: mean + x · √variance.
  package var invert = false
  /// The shape that a file says it was built for: that of what it was adapted to.
  package var builtFor: [Int?]?
  /// What `adapt` had found, where the model comes from a file that says it: for scripts.
  package var adapted: Adapted?

  package init() {}

  package static let settings: [Setting<Normalization>] = [
    Setting("axis", \.axis, .axes, help: "whose positions have a mean each; None: one for all"),
    Setting("mean", \.mean, .value, help: "the mean, where it is not found by adapt()"),
    Setting("variance", \.variance, .value, help: "the variance, where it is not found by adapt()"),
    Setting("invert", \.invert, .boolean, help: "true: from normalized numbers to the original"),
  ]

  /// Whether mean and variance are settings; else they are weights.
  package var isGiven: Bool { mean != nil && variance != nil }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    let kept = try keptSizes(of: input)
    try checkGiven(kept.map(\.size))
    return [input]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let shape = try keptSizes(of: try single(inputs)).map(\.size)
    guard !isGiven else { return [] }
    var count = WeightSpec("count", [], initializer: .zeros, isTrainable: false)
    // Keras counts in whole numbers of 32 bits, whatever the precision of the layer.
    count.bytesPerNumber = 4
    return [
      WeightSpec("mean", shape, initializer: .zeros, isTrainable: false),
      WeightSpec("variance", shape, initializer: .ones, isTrainable: false), count,
    ]
  }

  /// The axes with a mean for each position, in order, with their sizes.
  ///
  /// - Throws: `ShapeError` where there is no such axis, or its size is not known.
  func keptSizes(of input: Shape) throws(ShapeError) -> [(axis: Int, size: Int)] {
    var kept: [(axis: Int, size: Int)] = []
    for index in axis.indices {
      let axis = try input.requireAxis(index, for: Self.className)
      guard !kept.contains(where: { $0.axis == axis }) else {
        throw ShapeError("Normalization has axis \(axis) twice", remedy: "name each axis once")
      }
      kept.append((axis, try input.requireSize(axis, input[axis].noun, for: Self.className)))
    }
    return kept.sorted { $0.axis < $1.axis }
  }

  /// Checks that what is given fits the axes.
  private func checkGiven(_ kept: [Int]) throws(ShapeError) {
    guard (mean == nil) == (variance == nil) else {
      throw ShapeError(
        "Normalization has \(mean == nil ? "a variance but no mean" : "a mean but no variance")",
        remedy: "give both, or neither and adapt the layer in Keras")
    }
    guard let mean = mean?.tensor, let variance = variance?.tensor else { return }
    guard mean.sizes == variance.sizes else {
      throw ShapeError(
        "Normalization has a mean of shape \(Shape(sizes: mean.sizes)) and a variance of shape "
          + "\(Shape(sizes: variance.sizes))", remedy: "give as many of one as of the other")
    }
    let fits =
      mean.rank <= kept.count
      && zip(mean.sizes, kept.suffix(mean.rank)).allSatisfy { $0 == 1 || $0 == $1 }
    guard fits else {
      throw ShapeError(
        "Normalization has a mean of shape \(Shape(sizes: mean.sizes)), "
          + "but its axes have the sizes \(Shape(sizes: kept))",
        remedy: "give one number, or one for each position")
    }
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    let formula = invert ? "mean + x · √variance" : "(x − mean) ÷ √variance"
    var lines = [formula]
    if let mean = mean?.tensor, let variance = variance?.tensor, mean.count == 1 {
      let spread = Double(variance.values[0].squareRoot()).pythonDescription
      let middle = Double(mean.values[0]).pythonDescription
      lines.append(invert ? "\(middle) + x · \(spread)" : "(x − \(middle)) ÷ \(spread)")
    }
    var answers = [Explanation.Answer("What does it do?", lines)]
    let sizes = inputs.first.flatMap { try? keptSizes(of: $0).map(\.size) } ?? []
    let count = Count.product(sizes)
    answers.append(
      isGiven
        ? .init("Why no parameters?", ["mean and variance are settings"])
        : .init(
          "Why \((count * 2 + 1).grouped) parameters?",
          [
            "\(count.grouped) means + \(count.grouped) variances + 1 count",
            "adapt() finds them, training leaves them alone",
          ]))
    return Explanation(answers)
  }
}

/// Axes that keep numbers of their own: always a list in files, where Keras' `None` is an empty one.
package struct KeptAxes: Hashable, SettingValue {
  /// The indices as they were given.
  package var indices: [Int]

  package init(_ indices: [Int]) { self.indices = indices }

  /// Reads a number, a list of numbers, or `None`.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    indices = configValue.isNull ? [] : try [Int](configValue: configValue, kind: .axes)
  }

  package var configValue: ConfigValue { indices.configValue }
}

extension Normalization: ShortSettings {
  package func shortValue(of key: String) -> ConfigValue? {
    switch key {
    case "mean": return mean?.plain
    case "variance": return variance?.plain
    case "axis" where axis.indices.count < 2: return axis.indices.first.map { .int($0) } ?? .null
    default: return nil
    }
  }
}

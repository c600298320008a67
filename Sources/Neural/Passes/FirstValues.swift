extension WeightSpec {
  /// The weight's first values, from its initializer.
  ///
  /// - Parameters:
  ///   - seed: equal seeds give equal numbers; an initializer with a seed of its own does not
  ///     look at it.
  ///   - memoryLimit: how many bytes the weight may take; refused above, before anything is
  ///     allocated.
  /// - Returns: the numbers, in the weight's shape.
  /// - Throws: `PassError` where the initializer is not known or cannot make such a weight.
  public func firstValues(
    seed: UInt64, memoryLimit: MemoryLimit = .standard
  ) throws(PassError) -> Tensor {
    try memoryLimit.check(
      firstBytes, what: "a weight of \(shapeText)", remedy: "use fewer units or features")
    var random = RandomNumbers(seed: try initializer.ownSeed(for: self) ?? seed)
    guard let ones, shape.count == 1 else { return try initializer.values(shape, &random) }
    // As Keras does it: the initializer sees the part before the ones and the part behind it.
    let block = ones.clamped(to: 0..<shape[0])
    let before = try initializer.values([block.lowerBound], &random)
    let behind = try initializer.values([shape[0] - block.upperBound], &random)
    return Tensor(
      shape, before.values + Array(repeating: 1, count: block.count) + behind.values)
  }

  /// Bytes that its numbers take, and what making them takes meanwhile.
  var firstBytes: Count {
    // Orthogonal matrices are made in 64 bits.
    count * (initializer.className == "Orthogonal" ? 12 : 4)
  }

  var shapeText: String { "(" + shape.map(\.grouped).joined(separator: ", ") + ")" }
}

extension Initializer {
  /// The numbers of a weight.
  ///
  /// Source: `keras/src/initializers/random_initializers.py` and `constant_initializers.py`.
  /// - Throws: `PassError` where a parameter is not what it should be, or the initializer cannot
  ///   make a weight of this shape.
  func values(_ shape: [Int], _ random: inout RandomNumbers) throws(PassError) -> Tensor {
    guard original == nil else {
      throw PassError(
        "the initializer \(className) is not one of Keras': it cannot make first values here",
        remedy: "choose another initializer, or open a file with weights")
    }
    switch className {
    case "Zeros": return Tensor(shape)
    case "Ones": return Tensor(shape, repeating: 1)
    case "Constant": return try constant(shape)
    case "Identity": return try identity(shape)
    case "Orthogonal": return try orthogonal(shape, &random)
    case "STFT": return try shortTimeFourier(shape)
    case "RandomUniform":
      let (low, high) = (try number("minval"), try number("maxval"))
      return Self.drawn(shape) { random.uniform(low, high) }
    case "RandomNormal":
      let (mean, deviation) = (try number("mean"), try number("stddev"))
      return Self.drawn(shape) { mean + deviation * random.normal() }
    case "TruncatedNormal":
      let (mean, deviation) = (try number("mean"), try number("stddev"))
      return Self.drawn(shape) { mean + deviation * random.truncatedNormal() }
    default: return try scaledByVariance(shape, &random)
    }
  }

  /// Numbers drawn one by one.
  static func drawn(_ shape: [Int], _ draw: () -> Double) -> Tensor {
    Tensor(shape) { out in
      for index in 0..<out.count { out[index] = Float(draw()) }
    }
  }

  /// The initializer's own seed; `nil` where it has none.
  ///
  /// A number gives every weight that it makes the same numbers, as in Keras; a `SeedGenerator`
  /// gives each its own.
  func ownSeed(for spec: WeightSpec) throws(PassError) -> UInt64? {
    guard original == nil, let seed = config["seed"], !seed.isNull else { return nil }
    if let number = seed.intValue { return UInt64(bitPattern: Int64(number)) }
    guard let inner = seed["config"]?["seed"] else {
      throw PassError(
        "the seed of \(shortName) should be a whole number, found \(seed.shortDescription)")
    }
    guard let number = inner.intValue else { return nil }
    let path = (spec.owner + [spec.name]).joined(separator: "/")
    return RandomNumbers.seed(UInt64(bitPattern: Int64(number)), path)
  }

  /// The number under `key`.
  func number(_ key: String) throws(PassError) -> Double {
    let value = config[key] ?? .null
    guard let number = value.doubleValue else {
      throw PassError(
        "\(key) of the initializer \(shortName) should be a number, "
          + "found \(value.shortDescription)")
    }
    return number
  }

  /// A matrix with `gain` on its diagonal.
  private func identity(_ shape: [Int]) throws(PassError) -> Tensor {
    guard shape.count == 2 else {
      throw PassError(
        "the initializer identity makes matrices only, this weight has \(shape.axesText)",
        remedy: "choose another initializer")
    }
    var result = Tensor(shape)
    let gain = Float(try number("gain"))
    for index in 0..<min(shape[0], shape[1]) { result.values[index * shape[1] + index] = gain }
    return result
  }
}

extension [Int] {
  /// How many axes a weight of these sizes has, in words.
  var axesText: String { count == 1 ? "1 axis" : "\(count) axes" }
}

/// Randomness of one layer in one pass: of its own seed where it has one.
private func randomness(_ seed: Int?, _ context: PassContext) -> RandomNumbers {
  RandomNumbers(seed: seed.map { UInt64(bitPattern: Int64($0)) } ?? context.seed)
}

extension Layer {
  /// Drops a share of the numbers and scales the others up: x ÷ (1 − rate).
  ///
  /// `noise` has the sizes of the random choice, `nil` for an axis as the input has it.
  fileprivate func dropped(
    _ input: Tensor, rate: Double, noise: [Int?]?, seed: Int?, _ context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, rate > 0 else { return Pass(input) }
    guard rate < 1 else { return Pass(Tensor(input.sizes)) }
    let keep = 1 - rate
    let choice = try choice(
      for: input, noise: noise, randomness(seed, context)
    ) { $0 < keep }
    let scale = Float(keep)
    return Pass(input.zipped(with: choice) { number, kept in kept != 0 ? number / scale : 0 })
  }

  /// 1 where a uniform random number is one to keep, else 0, of the input's sizes.
  fileprivate func choice(
    for input: Tensor, noise: [Int?]?, _ random: RandomNumbers, _ keeps: (Double) -> Bool
  ) throws(PassError) -> Tensor {
    let sizes = noise?.enumerated().map { index, size in
      size ?? (index < input.rank ? input.sizes[index] : 1)
    }
    // Sizes are checked before anything of them is made.
    guard let sizes, sizes != input.sizes else {
      return choice(of: input.sizes, random, keeps)
    }
    let fits =
      sizes.count <= input.rank
      && zip(sizes, input.sizes.suffix(sizes.count)).allSatisfy { $0 == 1 || $0 == $1 }
    guard fits, let result = choice(of: sizes, random, keeps).broadcast(to: input.sizes) else {
      throw PassError(
        "\(className) has noise_shape \(Shape(sizes: noise ?? [])), which does not fit "
          + "\(input.shape)",
        remedy: "each size is 1 or the input's own; None stands for the input's own")
    }
    return result
  }

  private func choice(
    of sizes: [Int], _ random: RandomNumbers, _ keeps: (Double) -> Bool
  ) -> Tensor {
    var random = random
    return Tensor(sizes) { out in
      for index in out.indices { out[index] = keeps(random.uniform()) ? 1 : 0 }
    }
  }
}

extension Dropout {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    try dropped(inputs[0], rate: rate, noise: noiseShape, seed: seed, context)
  }
}

extension SpatialDropout1D {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    try dropped(inputs[0], rate: rate, noise: [nil, 1, nil], seed: seed, context)
  }
}

extension SpatialDropout2D {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let noise = dataFormat == .channelsLast ? [nil, 1, 1, nil] : [nil, nil, 1, 1]
    return try dropped(inputs[0], rate: rate, noise: noise, seed: seed, context)
  }
}

extension GaussianNoise {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, stddev > 0 else { return Pass(inputs[0]) }
    var random = randomness(seed, context)
    let deviation = stddev
    return Pass(inputs[0].map { $0 + Float(random.normal() * deviation) })
  }
}

extension GaussianDropout {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, rate > 0 else { return Pass(inputs[0]) }
    guard rate < 1 else {
      throw PassError(
        "GaussianDropout with a rate of 1 has no end of noise", remedy: "use a rate below 1")
    }
    var random = randomness(seed, context)
    let deviation = (rate / (1 - rate)).squareRoot()
    return Pass(inputs[0].map { $0 * Float(1 + random.normal() * deviation) })
  }
}

extension AlphaDropout {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, rate > 0 else { return Pass(inputs[0]) }
    guard rate < 1 else {
      throw PassError("AlphaDropout with a rate of 1 keeps nothing", remedy: "use a rate below 1")
    }
    // What large negative numbers tend to under selu: a dropped number becomes that.
    let floor = -1.6732632423543772 * 1.0507009873554805
    let scale = 1 / ((1 - rate) * (1 + rate * floor * floor)).squareRoot()
    let shift = Float(-scale * floor * rate)
    let (a, low, rate) = (Float(scale), Float(floor), rate)
    let choice = try choice(
      for: inputs[0], noise: noiseShape, randomness(seed, context)
    ) { $0 >= rate }
    return Pass(
      inputs[0].zipped(with: choice) { number, kept in
        a * (number * kept + low * (1 - kept)) + shift
      })
  }
}

extension ActivityRegularization {
  /// Its input: the penalty is the loss' affair.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    Pass(inputs[0])
  }
}

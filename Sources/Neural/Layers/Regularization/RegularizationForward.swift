extension Layer {
  /// Drops a share of the numbers and scales the others up: x ÷ (1 − rate).
  ///
  /// `noise` has the sizes of the random choice, `nil` for an axis as the input has it.
  fileprivate func dropped(
    _ input: Tensor, rate: Double, noise: [Int?]?, seed: Int?, _ context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, rate > 0 else { return Pass(unchanging: input, in: context) }
    guard rate < 1 else {
      return Pass(Tensor(input.sizes), in: context) { Gradients(Tensor($0.sizes)) }
    }
    let kept = DrawnToKeep(random: context.randomNumbers(seed), share: 1 - rate)
    let scale = Float(1 / (1 - rate))
    guard let sizes = try sizes(of: noise, for: input) else {
      // The way back draws the same choice once more, which is cheaper than to keep it.
      return Pass(kept.applied(to: input, scale: scale), in: context) { gradient in
        Gradients(context.needsInputGradients ? kept.applied(to: gradient, scale: scale) : nil)
      }
    }
    let factors = kept.choice(of: sizes).map { $0 * scale }
    return try multiplied(input, by: factors, context)
  }

  /// The sizes of a random choice; `nil` where they are the input's own.
  fileprivate func sizes(of noise: [Int?]?, for input: Tensor) throws(PassError) -> [Int]? {
    let sizes = noise?.enumerated().map { index, size in
      size ?? (index < input.rank ? input.sizes[index] : 1)
    }
    // Sizes are checked before anything of them is made.
    guard let noise, let sizes, sizes != input.sizes else { return nil }
    let fits =
      sizes.count <= input.rank
      && zip(sizes, input.sizes.suffix(sizes.count)).allSatisfy { $0 == 1 || $0 == $1 }
    guard fits else {
      throw PassError(
        "\(className) has noise_shape \(Shape(sizes: noise)), which does not fit \(input.shape)",
        remedy: "each size is 1 or the input's own; None stands for the input's own")
    }
    return sizes
  }

  /// The input times factors, repeated along axes of size 1.
  fileprivate func multiplied(
    _ input: Tensor, by factors: Tensor, _ context: PassContext
  ) throws(PassError) -> Pass {
    guard let factors = factors.broadcast(to: input.sizes) else {
      throw PassError("\(className): \(factors.shape) does not fit \(input.shape)")
    }
    return Pass(input.keptTimes(factors), in: context) { gradient in
      Gradients(context.needsInputGradients ? gradient.keptTimes(factors) : nil)
    }
  }
}

extension Tensor {
  /// The numbers times their factors; 0 where the factor is, whatever the number.
  fileprivate func keptTimes(_ factors: Tensor) -> Tensor {
    zipped(with: factors) { $1 == 0 ? 0 : $0 * $1 }
  }
}

extension Pass {
  /// A pass that gives its input as it is.
  init(unchanging input: Tensor, in context: PassContext) {
    self.init(input, in: context) { Gradients($0) }
  }
}

extension Dropout {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    try dropped(inputs[0], rate: rate, noise: noiseShape, seed: seed, context)
  }
}

extension SpatialDropout {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    try dropped(inputs[0], rate: rate, noise: noiseShape, seed: seed, context)
  }
}

extension GaussianNoise {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, stddev > 0 else { return Pass(unchanging: inputs[0], in: context) }
    var random = context.randomNumbers(seed)
    let deviation = stddev
    let output = inputs[0].map { $0 + Float(random.normal() * deviation) }
    return Pass(output, in: context) { Gradients($0) }
  }
}

extension GaussianDropout {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, rate > 0 else { return Pass(unchanging: inputs[0], in: context) }
    guard rate < 1 else {
      throw PassError(
        "GaussianDropout with a rate of 1 has no end of noise", remedy: "use a rate below 1")
    }
    var random = context.randomNumbers(seed)
    let deviation = (rate / (1 - rate)).squareRoot()
    let factors = inputs[0].map { _ in Float(1 + random.normal() * deviation) }
    return Pass(inputs[0].zipped(with: factors, *), in: context) { gradient in
      Gradients(context.needsInputGradients ? gradient.zipped(with: factors, *) : nil)
    }
  }
}

extension AlphaDropout {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard context.isTraining, rate > 0 else { return Pass(unchanging: inputs[0], in: context) }
    guard rate < 1 else {
      throw PassError("AlphaDropout with a rate of 1 keeps nothing", remedy: "use a rate below 1")
    }
    // What large negative numbers tend to under selu: a dropped number becomes that.
    let floor = -1.6732632423543772 * 1.0507009873554805
    let scale = 1 / ((1 - rate) * (1 + rate * floor * floor)).squareRoot()
    let shift = Float(-scale * floor * rate)
    let (a, low) = (Float(scale), Float(floor))
    let kept = DrawnToKeep(random: context.randomNumbers(seed), share: 1 - rate)
    let sizes = try sizes(of: noiseShape, for: inputs[0]) ?? inputs[0].sizes
    guard let choice = kept.choice(of: sizes).broadcast(to: inputs[0].sizes) else {
      throw PassError("AlphaDropout: \(Shape(sizes: sizes)) does not fit \(inputs[0].shape)")
    }
    let output = inputs[0].zipped(with: choice) { number, kept in
      a * (number * kept + low * (1 - kept)) + shift
    }
    return Pass(output, in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      return Gradients(gradient.zipped(with: choice) { $0 * $1 * a })
    }
  }
}

extension ActivityRegularization {
  /// Its input: the penalty is that of any layer with an activity regularizer.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    Pass(unchanging: inputs[0], in: context)
  }
}

extension BatchNormalization {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    let axis = try input.axes([axis.index], for: className)[0]
    if let mask = context.mask, mask.rank != input.rank - 1 {
      throw PassError(
        "BatchNormalization has a mask of shape \(mask.shape) for an input of \(input.shape)",
        remedy: "a mask has one axis less than the input")
    }
    let known = Known(weights, of: self)
    guard context.isTraining, context.isTrainable else {
      let scaling = BatchScaling(
        known.movingMean, known.movingVariance, epsilon: Float(epsilon), gamma: known.gamma,
        beta: known.beta)
      // Fixed averages: masked numbers are scaled as all others.
      return normalized(
        input, ChannelRows(sizes: input.sizes, axis: axis, mask: nil), scaling,
        isMeasured: false, context)
    }
    let mask = try fitted(context.mask, to: input)
    let rows = ChannelRows(sizes: input.sizes, axis: axis, mask: mask)
    let (mean, variance) = moments(of: input, rows)
    guard renorm else {
      let scaling = BatchScaling(
        mean, variance, epsilon: Float(epsilon), gamma: known.gamma, beta: known.beta)
      var pass = normalized(input, rows, scaling, isMeasured: true, context)
      pass.weightUpdates = [
        known.firstAverage: moved(known.movingMean, to: mean, momentum),
        known.firstAverage + 1: moved(known.movingVariance, to: variance, momentum),
      ]
      return pass
    }
    let (r, d) = try corrections(mean, variance, weights, known)
    let scaling = BatchScaling(
      mean, variance, epsilon: Float(epsilon), gamma: known.gamma, beta: known.beta, r: r, d: d)
    var pass = normalized(input, rows, scaling, isMeasured: true, context)
    pass.weightUpdates = renormUpdates(mean, variance, weights, known)
    return pass
  }

  /// The mask, of the input's sizes without the last axis.
  private func fitted(_ mask: Tensor?, to input: Tensor) throws(PassError) -> Tensor? {
    guard let mask else { return nil }
    guard let result = mask.broadcast(to: Array(input.sizes.dropLast())) else {
      throw PassError(
        "BatchNormalization has a mask of shape \(mask.shape), which does not fit \(input.shape)")
    }
    return result
  }

  /// The layer's weights by their meaning.
  private struct Known {
    var gamma: [Float]?
    var beta: [Float]?
    /// The index of the moving mean; all averages follow it.
    let firstAverage: Int
    let movingMean: [Float]
    let movingVariance: [Float]

    init(_ weights: LayerWeights, of layer: BatchNormalization) {
      var index = 0
      if layer.scale {
        gamma = weights[index].values
        index += 1
      }
      if layer.center {
        beta = weights[index].values
        index += 1
      }
      firstAverage = index
      movingMean = weights[index].values
      movingVariance = weights[index + 1].values
    }
  }

  /// The numbers of each channel scaled and shifted, with the way back: through mean and variance
  /// too, where they were measured on the input.
  private func normalized(
    _ input: Tensor, _ rows: ChannelRows, _ scaling: BatchScaling, isMeasured: Bool,
    _ context: PassContext
  ) -> Pass {
    let output = scaling.scale.withUnsafeBufferPointer { scale in
      scaling.shift.withUnsafeBufferPointer { shift in
        rows.map(input) { number, _, channel, _ in number * scale[channel] + shift[channel] }
      }
    }
    let (scale, center, averages) = (scale, center, renorm ? 5 : 2)
    return Pass(output, in: context) { gradient in
      let sums = rows.sums(gradient, skippingMasked: false) { gradient, _, _ in gradient }
      // Of gradient times normalised number.
      let products = scaling.mean.withUnsafeBufferPointer { mean in
        rows.sums(gradient, beside: input, skippingMasked: false) { gradient, number, channel in
          gradient * (number - mean[channel])
        }
      }
      let along = zip(products, scaling.inverse).map { $0 * Double($1) }
      var weights: [Tensor?] = []
      if scale { weights.append(scaling.gammaGradient(sums: sums, along: along)) }
      if center { weights.append(Tensor([rows.channels], sums.map { Float($0) })) }
      weights += Array(repeating: nil, count: averages)
      guard context.needsInputGradients else { return Gradients(nil, weights: weights) }
      return Gradients(
        isMeasured
          ? scaling.measuredGradient(gradient, input, rows, sums: sums, along: along)
          : scaling.fixedGradient(gradient, rows),
        weights: weights)
    }
  }

  /// Mean and variance of each channel; masked timesteps are left out.
  private func moments(
    of input: Tensor, _ rows: ChannelRows
  ) -> (mean: [Float], variance: [Float]) {
    let counts = rows.counted
    let sums = rows.sums(input, skippingMasked: true) { number, _, _ in number }
    let means = zip(sums, counts).map { Float($0 / $1) }
    let squares = means.withUnsafeBufferPointer { means in
      rows.sums(input, skippingMasked: true) { number, _, channel in
        (number - means[channel]) * (number - means[channel])
      }
    }
    return (means, zip(squares, counts).map { Float($0 / $1) })
  }

  /// An average moved a little towards what was just measured.
  private func moved(_ average: [Float], to measured: [Float], _ momentum: Double) -> Tensor {
    let (keep, take) = (Float(momentum), Float(1 - momentum))
    return Tensor([average.count], zip(average, measured).map { $0 * keep + $1 * take })
  }
}

// Renormalisation: S. Ioffe, "Batch Renormalization", 2017.
extension BatchNormalization {
  /// What brings the batch's statistics to the averages: r = σ ÷ σ̄, d = (μ − μ̄) ÷ σ̄, clipped.
  private func corrections(
    _ mean: [Float], _ variance: [Float], _ weights: LayerWeights, _ known: Known
  ) throws(PassError) -> (r: [Float], d: [Float]) {
    var limits: [String: Float] = [:]
    for (key, value) in renormClipping.objectValue ?? [:] where !value.isNull {
      guard ["rmin", "rmax", "dmax"].contains(key), let number = value.doubleValue else {
        throw PassError(
          "renorm_clipping has \(key): \(value.shortDescription)",
          remedy: "use numbers for rmin, rmax and dmax")
      }
      limits[key] = Float(number)
    }
    let epsilon = Float(epsilon)
    let renormMean = weights[known.firstAverage + 3].values
    let renormDeviation = weights[known.firstAverage + 4].values.map {
      larger($0, epsilon.squareRoot())
    }
    let r = variance.indices.map { index in
      var ratio = (variance[index] + epsilon).squareRoot() / renormDeviation[index]
      if let least = limits["rmin"] { ratio = larger(ratio, least) }
      if let most = limits["rmax"] { ratio = smaller(ratio, most) }
      return ratio
    }
    let d = mean.indices.map { index in
      let distance = (mean[index] - renormMean[index]) / renormDeviation[index]
      return limits["dmax"].map { clipped(distance, -$0, $0) } ?? distance
    }
    return (r, d)
  }

  private func renormUpdates(
    _ mean: [Float], _ variance: [Float], _ weights: LayerWeights, _ known: Known
  ) -> [Int: Tensor] {
    let epsilon = Float(epsilon)
    let first = known.firstAverage
    let deviation = variance.map { ($0 + epsilon).squareRoot() }
    let movedDeviation = moved(weights[first + 2].values, to: deviation, momentum)
    return [
      first: moved(known.movingMean, to: mean, momentum),
      first + 1: movedDeviation.map { larger($0 * $0 - epsilon, 0) },
      first + 2: movedDeviation,
      first + 3: moved(weights[first + 3].values, to: mean, renormMomentum),
      first + 4: moved(weights[first + 4].values, to: deviation, renormMomentum),
    ]
  }
}

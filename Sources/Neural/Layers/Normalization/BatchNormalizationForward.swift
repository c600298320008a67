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
      return Pass(
        normalized(
          input, axis, known.movingMean, known.movingVariance, gamma: known.gamma,
          beta: known.beta))
    }
    let (mean, variance) = try moments(of: input, axis, mask: context.mask)
    guard renorm else {
      var pass = Pass(
        normalized(input, axis, mean, variance, gamma: known.gamma, beta: known.beta))
      pass.weightUpdates = [
        known.firstAverage: moved(known.movingMean, to: mean, momentum),
        known.firstAverage + 1: moved(known.movingVariance, to: variance, momentum),
      ]
      return pass
    }
    let (r, d) = try corrections(mean, variance, weights, known)
    // (x · r + d) · gamma + beta = x · (r · gamma) + (d · gamma + beta)
    let gamma = product(r, known.gamma)
    var beta = product(d, known.gamma)
    if let known = known.beta { for index in beta.indices { beta[index] += known[index] } }
    var pass = Pass(normalized(input, axis, mean, variance, gamma: gamma, beta: beta))
    pass.weightUpdates = renormUpdates(mean, variance, weights, known)
    return pass
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

  /// x · inv + (beta − mean · inv), where inv = gamma ÷ √(variance + epsilon), in this order.
  private func normalized(
    _ input: Tensor, _ axis: Int, _ mean: [Float], _ variance: [Float], gamma: [Float]?,
    beta: [Float]?
  ) -> Tensor {
    let epsilon = Float(epsilon)
    let scales = variance.indices.map { index in
      1 / (variance[index] + epsilon).squareRoot() * (gamma?[index] ?? 1)
    }
    let shifts = mean.indices.map { -mean[$0] * scales[$0] + (beta?[$0] ?? 0) }
    let (outer, size, inner) = input.split(at: axis)
    return Tensor(input.sizes) { out in
      input.values.withUnsafeBufferPointer { numbers in
        for row in 0..<outer {
          for place in 0..<size {
            let (scale, shift) = (scales[place], shifts[place])
            let start = (row * size + place) * inner
            for index in start..<(start + inner) { out[index] = numbers[index] * scale + shift }
          }
        }
      }
    }
  }

  /// Mean and variance of each position of the axis; masked timesteps are left out.
  private func moments(
    of input: Tensor, _ axis: Int, mask: Tensor?
  ) throws(PassError) -> (mean: [Float], variance: [Float]) {
    var weights: Tensor?
    if let mask {
      weights = mask.reshaped(mask.sizes + [1]).broadcast(to: input.sizes)
      if weights == nil {
        throw PassError(
          "BatchNormalization has a mask of shape \(mask.shape), which does not fit \(input.shape)")
      }
    }
    let (outer, size, inner) = input.split(at: axis)
    // Keras adds 1e-7 to the number of masked positions, so that none gives 0.
    var counts = Array(repeating: weights == nil ? Double(outer * inner) : 1e-7, count: size)
    var sums = Array(repeating: 0.0, count: size)
    func visit(_ body: (_ place: Int, _ number: Double) -> Void) {
      for row in 0..<outer {
        for place in 0..<size {
          let start = (row * size + place) * inner
          for index in start..<(start + inner) where (weights?.values[index] ?? 1) != 0 {
            body(place, Double(input.values[index]))
          }
        }
      }
    }
    visit { place, number in
      sums[place] += number
      if weights != nil { counts[place] += 1 }
    }
    let means = zip(sums, counts).map { $0 / $1 }
    var squares = Array(repeating: 0.0, count: size)
    visit { place, number in squares[place] += (number - means[place]) * (number - means[place]) }
    return (means.map { Float($0) }, zip(squares, counts).map { Float($0 / $1) })
  }

  /// An average moved a little towards what was just measured.
  private func moved(_ average: [Float], to measured: [Float], _ momentum: Double) -> Tensor {
    let (keep, take) = (Float(momentum), Float(1 - momentum))
    return Tensor([average.count], zip(average, measured).map { $0 * keep + $1 * take })
  }

  private func product(_ a: [Float], _ b: [Float]?) -> [Float] {
    b.map { zip(a, $0).map { $0 * $1 } } ?? a
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

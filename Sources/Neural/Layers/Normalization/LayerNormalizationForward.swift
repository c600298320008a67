extension LayerNormalization {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    let axes = try input.axes(axis.indices, for: className)
    let (hasGamma, hasBeta) = (scale || rmsScaling, center && !rmsScaling)
    // Keras lays the weights along the axes in ascending order, however they were given.
    let gamma = hasGamma ? weights[0].values : nil
    let beta = hasBeta ? weights[hasGamma ? 1 : 0].values : nil
    let measure = RowMeasure(epsilon: Float(epsilon), keepsMean: rmsScaling)
    let width = axes.reduce(1) { $0 * input.sizes[$1] }
    let scales = gamma ?? Array(repeating: 1, count: width)
    let shifts = beta ?? Array(repeating: 0, count: width)
    let output = scales.withUnsafeBufferPointer { scales in
      shifts.withUnsafeBufferPointer { shifts in
        input.changingRows(along: axes) { row in
          let (center, _, inverse) = measure(UnsafeBufferPointer(row))
          for index in row.indices {
            let scale = inverse * scales[index]
            row[index] = row[index] * scale + (-center * scale + shifts[index])
          }
        }
      }
    }
    let sizes = weights.tensors.map(\.sizes)
    return Pass(output, in: context) { gradient in
      var sums = RowSums(width: width)
      let result = gradient.changingRows(along: axes, beside: input) { gradients, numbers in
        sums.add(gradients, numbers, measure)
        measure.backpropagate(gradients, numbers, gamma: gamma)
      }
      return Gradients(
        context.needsInputGradients ? result : nil,
        weights: zip(sizes, sums.gradients(gamma: hasGamma, beta: hasBeta)).map { Tensor($0, $1) })
    }
  }
}

/// How a row is measured, to be brought to mean 0 and variance 1.
struct RowMeasure {
  let epsilon: Float
  /// Whether the mean is left in the numbers.
  let keepsMean: Bool

  /// What is taken from each number, the mean, and 1 ÷ √(variance + epsilon).
  func callAsFunction(
    _ row: UnsafeBufferPointer<Float>
  ) -> (center: Float, mean: Float, inverse: Float) {
    let count = Float(row.count)
    let mean = laneSum(row.count) { row[$0] } / count
    let variance = laneSum(row.count) { (row[$0] - mean) * (row[$0] - mean) } / count
    let inverse = 1 / (variance + epsilon).squareRoot()
    return (keepsMean ? 0 : mean, mean, inverse)
  }

  /// Turns gradients of a normalised row into those of the row, in place: the numbers, and mean
  /// and variance which all of them have a part in.
  func backpropagate(
    _ gradients: UnsafeMutableBufferPointer<Float>, _ numbers: UnsafeBufferPointer<Float>,
    gamma: [Float]?
  ) {
    let (center, mean, inverse) = self(numbers)
    if let gamma {
      for index in gradients.indices { gradients[index] *= gamma[index] }
    }
    let count = Float(numbers.count)
    let sum = laneSum(numbers.count) { gradients[$0] }
    let along = laneSum(numbers.count) { gradients[$0] * (numbers[$0] - center) } * inverse
    let (start, slope) = (keepsMean ? 0 : sum / count, along / count * inverse)
    for index in gradients.indices {
      let pull = start + slope * (numbers[index] - mean)
      gradients[index] = inverse * (gradients[index] - pull)
    }
  }
}

/// The gradients of gamma and beta, summed over rows: those of a few rows in 32 bits, all in 64.
private struct RowSums {
  private var gamma: [Float]
  private var beta: [Float]
  private var totals: (gamma: [Double], beta: [Double])
  private var rows = 0

  init(width: Int) {
    gamma = Array(repeating: 0, count: width)
    beta = gamma
    totals = (gamma.map { Double($0) }, beta.map { Double($0) })
  }

  mutating func add(
    _ gradients: UnsafeMutableBufferPointer<Float>, _ numbers: UnsafeBufferPointer<Float>,
    _ measure: RowMeasure
  ) {
    let (center, _, inverse) = measure(numbers)
    gamma.withUnsafeMutableBufferPointer { gamma in
      for index in gradients.indices {
        gamma[index] += gradients[index] * (numbers[index] - center) * inverse
      }
    }
    beta.withUnsafeMutableBufferPointer { beta in
      for index in gradients.indices { beta[index] += gradients[index] }
    }
    rows += 1
    if rows % 64 == 0 { collect() }
  }

  private mutating func collect() {
    for index in gamma.indices {
      totals.gamma[index] += Double(gamma[index])
      totals.beta[index] += Double(beta[index])
      (gamma[index], beta[index]) = (0, 0)
    }
  }

  /// Those that the layer has, gamma first.
  mutating func gradients(gamma hasGamma: Bool, beta hasBeta: Bool) -> [[Float]] {
    collect()
    return (hasGamma ? [totals.gamma] : []).map { $0.map { Float($0) } }
      + (hasBeta ? [totals.beta] : []).map { $0.map { Float($0) } }
  }
}

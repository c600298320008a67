extension LayerNormalization {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let axes = try inputs[0].axes(axis.indices, for: className)
    let hasGamma = scale || rmsScaling
    // Keras lays the weights along the axes in ascending order, however they were given.
    let gamma = hasGamma ? weights[0].values : nil
    let beta = center && !rmsScaling ? weights[hasGamma ? 1 : 0].values : nil
    let (epsilon, keepsMean) = (Float(epsilon), rmsScaling)
    return Pass(
      inputs[0].changingRows(along: axes) { row in
        var sum = 0.0
        for number in row { sum += Double(number) }
        let mean = sum / Double(row.count)
        var squares = 0.0
        for number in row { squares += (Double(number) - mean) * (Double(number) - mean) }
        let variance = Float(squares / Double(row.count))
        let inverse = 1 / (variance + epsilon).squareRoot()
        let center = keepsMean ? 0 : Float(mean)
        for index in row.indices {
          let scale = inverse * (gamma?[index] ?? 1)
          row[index] = row[index] * scale + (-center * scale + (beta?[index] ?? 0))
        }
      })
  }
}

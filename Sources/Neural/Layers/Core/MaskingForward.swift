extension MaskingLayer {
  /// Makes skipped timesteps 0, and says which they are.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    let width = input.sizes.last ?? 1
    let padding = Float(maskValue)
    var output = input
    let mask = Tensor(Array(input.sizes.dropLast())) { counts in
      output.values.withUnsafeMutableBufferPointer { numbers in
        for row in counts.indices {
          let columns = (row * width)..<((row + 1) * width)
          // NaN differs from everything, itself included, as in Keras.
          let isKept = columns.contains { numbers[$0] != padding }
          counts[row] = isKept ? 1 : 0
          if !isKept { for column in columns { numbers[column] = 0 } }
        }
      }
    }
    var pass = Pass(output)
    pass.masks = [mask]
    return pass
  }
}

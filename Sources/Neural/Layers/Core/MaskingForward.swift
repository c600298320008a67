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
    var pass = Pass(output, in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      return Gradients(gradient.scalingRows(by: mask))
    }
    pass.masks = [mask]
    return pass
  }
}

extension Tensor {
  /// The tensor with each row of its last axis multiplied with a number.
  ///
  /// - Precondition: there are as many factors as rows.
  func scalingRows(by factors: Tensor) -> Tensor {
    let width = sizes.last ?? 1
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        for (row, factor) in factors.values.enumerated() {
          for index in (row * width)..<((row + 1) * width) { out[index] = factor * numbers[index] }
        }
      }
    }
  }
}

extension UpSampling1D {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    return Pass(inputs[0].repeated(size, axis: 1))
  }
}

extension UpSampling2D {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    var result = inputs[0]
    for (factor, axis) in zip(size, dataFormat.spatialAxes(rank: 2)) where factor != 1 {
      guard let kernel = interpolation.kernel else {
        result = result.repeated(factor, axis: axis)
        continue
      }
      let weights = kernel.weights(from: result.sizes[axis], to: result.sizes[axis] * factor)
      result = result.resampled(weights, axis: axis)
    }
    return Pass(result)
  }
}

extension Tensor {
  /// Every position of an axis, `count` times in a row.
  fileprivate func repeated(_ count: Int, axis: Int) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    var sizes = sizes
    sizes[axis] *= count
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress else { return }
        for row in 0..<(outer * size) {
          for copy in 0..<count {
            (to + (row * count + copy) * inner).update(from: from + row * inner, count: inner)
          }
        }
      }
    }
  }

  /// Each new position of an axis as a weighted sum of the old ones.
  ///
  /// `weights`: for each new position, the old positions that count, with their weights.
  fileprivate func resampled(
    _ weights: [[(position: Int, weight: Float)]], axis: Int
  ) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    var sizes = sizes
    sizes[axis] = weights.count
    return Tensor(sizes) { out in
      out.initialize(repeating: 0)
      values.withUnsafeBufferPointer { numbers in
        for row in 0..<outer {
          for (place, parts) in weights.enumerated() {
            let to = (row * weights.count + place) * inner
            for (position, weight) in parts {
              let from = (row * size + position) * inner
              for index in 0..<inner { out[to + index] += weight * numbers[from + index] }
            }
          }
        }
      }
    }
  }
}

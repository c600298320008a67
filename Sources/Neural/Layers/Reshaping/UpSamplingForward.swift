extension UpSamplingLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let (kernel, before) = (kernel, inputs[0].sizes)
    let axes = format.spatialAxes(rank: Self.spatialRank)
    let steps = zip(factors, axes).filter { factor, _ in factor != 1 }
    var result = inputs[0]
    for (factor, axis) in steps {
      result =
        kernel.map { kernel in
          let weights = kernel.weights(from: before[axis], to: before[axis] * factor)
          return result.resampled(weights, axis: axis)
        } ?? result.repeated(factor, axis: axis)
    }
    return Pass(result, in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      var result = gradient
      for (factor, axis) in steps.reversed() {
        result =
          kernel.map { kernel in
            let weights = kernel.weights(from: before[axis], to: before[axis] * factor)
            return result.resampled(weights.swapped(count: before[axis]), axis: axis)
          } ?? result.summed(ofEach: factor, axis: axis)
      }
      return Gradients(result)
    }
  }
}

extension [[(position: Int, weight: Float)]] {
  /// The weights seen from the old positions, of which there are `count`: for the way back.
  func swapped(count: Int) -> Self {
    var result: Self = Array(repeating: [], count: count)
    for (place, parts) in enumerated() {
      for (position, weight) in parts { result[position].append((place, weight)) }
    }
    return result
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

  /// Every `count` positions of an axis added up: the way back from `repeated`.
  fileprivate func summed(ofEach count: Int, axis: Int) -> Tensor {
    var (apart, sizes) = (sizes, sizes)
    sizes[axis] /= count
    apart[axis] = count
    apart.insert(sizes[axis], at: axis)
    var sums = apart
    sums[axis + 1] = 1
    return reshaped(apart).summed(to: sums).reshaped(sizes)
  }

  /// Each new position of an axis as a weighted sum of the old ones.
  ///
  /// `weights`: for each new position, the old positions that count, with their weights.
  func resampled(
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

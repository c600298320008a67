extension PlaneGeometry {
  /// The convolution of each channel by itself.
  ///
  /// - Parameters:
  ///   - numbers: (batch, rows, columns, channels).
  ///   - kernel: (rows, columns, channels, multiplier).
  ///   - multiplier: how many results each channel gives.
  ///   - out: (batch, places on rows, places on columns, channels × multiplier); all of it is
  ///     written.
  func convolveChannels(
    _ numbers: UnsafeBufferPointer<Float>, with kernel: UnsafeBufferPointer<Float>,
    multiplier: Int, into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: 0)
    let width = channels * multiplier
    for place in 0..<places {
      let column = place % columns.places
      let row = place / columns.places % rows.places
      let sample = place / columns.places / rows.places
      let to = place * width
      for down in 0..<rows.size {
        let y = rows.position(row, tap: down)
        guard y >= 0, y < rows.count else { continue }
        for across in 0..<columns.size {
          let x = columns.position(column, tap: across)
          guard x >= 0, x < columns.count else { continue }
          let from = ((sample * rows.count + y) * columns.count + x) * channels
          let weights = (down * columns.size + across) * width
          if multiplier == 1 {
            for channel in 0..<channels {
              out[to + channel] += numbers[from + channel] * kernel[weights + channel]
            }
            continue
          }
          for channel in 0..<channels {
            let number = numbers[from + channel]
            for made in (channel * multiplier)..<((channel + 1) * multiplier) {
              out[to + made] += number * kernel[weights + made]
            }
          }
        }
      }
    }
  }
}

extension ConvolutionLayer {
  /// The convolution of each channel by itself: (batch, places…, channels × multiplier).
  fileprivate func channelsConvolved(
    _ input: Tensor, _ kernel: Tensor, places: ArraySlice<Int>
  ) throws(PassError) -> Tensor {
    let geometry = try window.geometry(on: input.sizes, for: className)
    let multiplier = kernel.sizes[kernel.rank - 1]
    return Tensor([input.sizes[0]] + places + [geometry.channels * multiplier]) { out in
      input.values.withUnsafeBufferPointer { numbers in
        kernel.values.withUnsafeBufferPointer { kernel in
          geometry.convolveChannels(numbers, with: kernel, multiplier: multiplier, into: out)
        }
      }
    }
  }
}

extension DepthwiseConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Tensor {
    try channelsConvolved(input, weights[0], places: outputSizes[1...Self.spatialRank])
  }
}

extension SeparableConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Tensor {
    let channels = try channelsConvolved(
      input, weights[0], places: outputSizes[1...Self.spatialRank])
    let pointwise = weights[1]
    return channels.times(pointwise.reshaped(Array(pointwise.sizes.suffix(2))))
  }
}

extension WindowGeometry {
  /// The convolution of each channel by itself.
  ///
  /// - Parameters:
  ///   - numbers: (batch, spatial…, channels).
  ///   - kernel: (window…, channels, multiplier).
  ///   - multiplier: how many results each channel gives.
  ///   - out: (batch, places…, channels × multiplier); all of it is written.
  func convolveChannels(
    _ numbers: UnsafeBufferPointer<Float>, with kernel: UnsafeBufferPointer<Float>,
    multiplier: Int, into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: 0)
    let made = channels * multiplier
    guard let numbers = numbers.baseAddress, let kernel = kernel.baseAddress,
      let out = out.baseAddress
    else { return }
    forEachTap { from, to, tap in
      let from = numbers + from * channels
      let (to, weights) = (out + to * made, kernel + tap * made)
      forEachChannel(multiplier) { channel, result in
        to[result] += from[channel] * weights[result]
      }
    }
  }

  /// Adds the gradient of the kernel to `out`, from that of the results.
  fileprivate func addChannelKernelGradient(
    _ gradient: UnsafePointer<Float>, _ numbers: UnsafePointer<Float>, multiplier: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    let made = channels * multiplier
    forEachTap { from, to, tap in
      let from = numbers + from * channels
      let (gradient, weights) = (gradient + to * made, out + tap * made)
      forEachChannel(multiplier) { channel, result in
        weights[result] += from[channel] * gradient[result]
      }
    }
  }

  /// Adds the gradient of the input to `out`, from that of the results.
  fileprivate func addChannelInputGradient(
    _ gradient: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>, multiplier: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    let made = channels * multiplier
    forEachTap { from, to, tap in
      let position = out + from * channels
      let (gradient, weights) = (gradient + to * made, kernel + tap * made)
      forEachChannel(multiplier) { channel, result in
        position[channel] += gradient[result] * weights[result]
      }
    }
  }

  /// Visits every position under the window at every place, padding left out.
  ///
  /// `body` gets the position and the place, both counted through all samples, and the tap.
  @inline(__always) private func forEachTap(_ body: (_ from: Int, _ to: Int, _ tap: Int) -> Void) {
    forEachLine(in: 0..<places) { first, places, rows in
      var place = first
      for column in places {
        let (start, taps) = (line.start(column), line.covered(column))
        for row in rows {
          for tap in taps {
            body(
              row.line * line.count + start + tap * line.dilation, place,
              row.tap * line.size + tap)
          }
        }
        place += 1
      }
    }
  }

  /// Visits each channel with each of its results.
  @inline(__always) private func forEachChannel(
    _ multiplier: Int, _ body: (_ channel: Int, _ result: Int) -> Void
  ) {
    if multiplier == 1 {
      for channel in 0..<channels { body(channel, channel) }
      return
    }
    for channel in 0..<channels {
      for result in (channel * multiplier)..<((channel + 1) * multiplier) { body(channel, result) }
    }
  }
}

extension ConvolutionLayer {
  /// The convolution of each channel by itself: (batch, places…, channels × multiplier).
  fileprivate func channelsConvolved(
    _ input: Tensor, _ kernel: Tensor, places: ArraySlice<Int>
  ) throws(PassError) -> Convolved {
    let geometry = try window.geometry(on: input.sizes, for: className)
    let multiplier = kernel.sizes[kernel.rank - 1]
    let sizes = [input.sizes[0]] + places + [geometry.channels * multiplier]
    let output = Tensor(sizes) { out in
      input.values.withUnsafeBufferPointer { numbers in
        kernel.values.withUnsafeBufferPointer { kernel in
          geometry.convolveChannels(numbers, with: kernel, multiplier: multiplier, into: out)
        }
      }
    }
    return Convolved(output: output) { gradient, needsInput in
      let kernelGradient = input.accumulating(kernel.sizes, beside: gradient) {
        geometry.addChannelKernelGradient($1, $0, multiplier: multiplier, into: $2)
      }
      guard needsInput else { return (nil, [kernelGradient]) }
      let inputGradient = kernel.accumulating(input.sizes, beside: gradient) {
        geometry.addChannelInputGradient($1, $0, multiplier: multiplier, into: $2)
      }
      return (inputGradient, [kernelGradient])
    }
  }
}

extension Tensor {
  /// A tensor of zeros to which `add` adds what it makes of this one and another one.
  func accumulating(
    _ sizes: [Int], beside other: Tensor,
    _ add: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    Tensor(sizes) { out in
      out.initialize(repeating: 0)
      values.withUnsafeBufferPointer { one in
        other.values.withUnsafeBufferPointer { other in
          guard let one = one.baseAddress, let other = other.baseAddress, let out = out.baseAddress
          else { return }
          add(one, other, out)
        }
      }
    }
  }
}

extension DepthwiseConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Convolved {
    try channelsConvolved(input, weights[0], places: outputSizes[1...Self.spatialRank])
  }
}

extension SeparableConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Convolved {
    let channels = try channelsConvolved(
      input, weights[0], places: outputSizes[1...Self.spatialRank])
    let sizes = weights[1].sizes
    let pointwise = weights[1].reshaped(Array(sizes.suffix(2)))
    return Convolved(output: channels.output.times(pointwise)) { gradient, needsInput in
      let (input, kernels) = channels.pullback(gradient.times(transposed: pointwise), needsInput)
      return (input, kernels + [channels.output.transposedTimes(gradient).reshaped(sizes)])
    }
  }
}

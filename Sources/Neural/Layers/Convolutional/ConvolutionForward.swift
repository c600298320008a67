extension ConvolutionLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    var sizes = try outputSizes(for: inputs)[0]
    if options.dataFormat == .channelsFirst { sizes.append(sizes.remove(at: 1)) }
    let format = options.dataFormat
    let convolved = try convolved(inputs[0].channelsLast(format), weights, outputSizes: sizes)
    var sums = convolved.output
    if options.useBias { sums.add(toLastAxis: weights[weights.count - 1]) }
    // Functions such as softmax look at the last axis, whatever stands there.
    let activated = try ActivatedSums(sums.inFormat(format), options.activation, in: context)
    let hasBias = options.useBias
    return Pass(activated.output, in: context) { gradient throws(PassError) in
      let gradient = try activated.gradient(gradient).channelsLast(format)
      let (input, kernels) = convolved.pullback(gradient, context.needsInputGradients)
      return Gradients(
        input?.inFormat(format), weights: kernels + (hasBias ? [gradient.sumOfRows()] : []))
    }
  }
}

extension FullConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Convolved {
    let geometry = try window.geometry(
      on: input.sizes, isCausal: (self as? Conv1D)?.padding == .causal, for: className)
    let (groups, kernel) = (groups, weights[0])
    let output = geometry.convolved(input, with: kernel, groups: groups, into: outputSizes)
    return Convolved(output: output) { gradient, needsInput in
      geometry.gradients(
        gradient, input, kernel: kernel, groups: groups, needsInput: needsInput)
    }
  }
}

extension WindowGeometry {
  /// The product of each patch with the kernel, as a tensor of `sizes`.
  ///
  /// `input`: (batch, spatial…, channels). `kernel`: (window…, channels of a group, filters).
  func convolved(
    _ input: Tensor, with kernel: Tensor, groups: Int, into sizes: [Int]
  ) -> Tensor {
    let filters = kernel.sizes[kernel.rank - 1]
    return Tensor(sizes) { out in
      input.values.withUnsafeBufferPointer { numbers in
        kernel.values.withUnsafeBufferPointer { kernel in
          convolve(numbers, with: kernel, filters: filters, groups: groups, into: out)
        }
      }
    }
  }

  /// The product of each patch with the kernel.
  ///
  /// - Parameters:
  ///   - numbers: (batch, spatial…, channels).
  ///   - kernel: (window…, channels of a group, filters).
  ///   - filters: how many results each patch gives.
  ///   - groups: how many groups of channels are convolved apart from each other.
  ///   - out: (batch, places…, filters); all of it is written.
  func convolve(
    _ numbers: UnsafeBufferPointer<Float>, with kernel: UnsafeBufferPointer<Float>,
    filters: Int, groups: Int, into out: UnsafeMutableBufferPointer<Float>
  ) {
    guard let from = numbers.baseAddress, let kernel = kernel.baseAddress,
      let out = out.baseAddress
    else { return out.initialize(repeating: 0) }
    let (each, made) = (channels / groups, filters / groups)
    let width = taps * each
    if isPointwise {
      for group in 0..<groups {
        multiply(
          rows: places, columns: made, inner: each, from + group * each, aStride: channels,
          kernel + group * made, bStride: filters, into: out + group * made, outStride: filters)
      }
      return
    }
    forEachPatches(of: width) { range, patches in
      for group in 0..<groups {
        gather(range, channels: group * each..<(group + 1) * each, from, into: patches)
        multiply(
          rows: range.count, columns: made, inner: width, UnsafePointer(patches),
          kernel + group * made, bStride: filters,
          into: out + range.lowerBound * filters + group * made, outStride: filters)
      }
    }
  }
}

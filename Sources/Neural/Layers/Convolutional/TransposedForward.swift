extension TransposedConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Convolved {
    // The way back of a convolution that goes from the output to the input: each position gives
    // to all those that the window covers there.
    let window = try windowOnOutput(outputSizes, from: input.sizes)
    let (kernel, channels) = (weights[0], input.sizes[input.rank - 1])
    let output = input.accumulating(outputSizes, beside: kernel) { from, kernel, to in
      window.addInputGradient(from, kernel, filters: channels, groups: 1, into: to)
    }
    return Convolved(output: output) { gradient, needsInput in
      window.transposedGradients(gradient, input, kernel: kernel, needsInput: needsInput)
    }
  }

  /// Where the window stands on the output: a place for each position of the input.
  private func windowOnOutput(
    _ output: [Int], from input: [Int]
  ) throws(PassError) -> WindowGeometry {
    var axes: [WindowGeometry.Axis] = []
    for index in 0..<Self.spatialRank {
      axes.append(
        .init(
          count: output[index + 1], places: input[index + 1], size: options.kernelSize[index],
          dilation: options.dilationRate[index],
          motion: .strides(options.strides[index], before: try cut(axis: index))))
    }
    let line = axes.removeLast()
    return WindowGeometry(batch: input[0], channels: filters, outer: axes, line: line)
  }

  /// Positions cut off the front of what the input spreads over.
  ///
  /// Source: `_convert_conv_transpose_padding_args_from_keras_to_jax` in
  /// `keras/src/backend/common/backend_utils.py`.
  private func cut(axis: Int) throws(PassError) -> Int {
    guard let reach = multiplied(options.dilationRate[axis], options.kernelSize[axis] - 1),
      reach < 1 << 60
    else { throw PassError("\(className) reaches further than a computer can address") }
    guard isPadded else { return 0 }
    let padding =
      outputPadding.map { reach + 1 + (reach + 1) % 2 - 2 + $0[axis] }
      ?? options.strides[axis] + reach - 1
    return reach - min(padding / 2 + padding % 2, reach)
  }
}

extension WindowGeometry {
  /// The gradients of a convolution run the other way: of its kernel, and of its input where that
  /// is asked for.
  ///
  /// `gradient` is that of the output, on which the window stands.
  fileprivate func transposedGradients(
    _ gradient: Tensor, _ input: Tensor, kernel: Tensor, needsInput: Bool
  ) -> (input: Tensor?, kernels: [Tensor]) {
    let (width, made) = (taps * channels, input.sizes[input.rank - 1])
    var inputGradient: Tensor?
    let kernelGradient = input.accumulating(kernel.sizes, beside: gradient) { from, gradient, out in
      // Both take the same patches.
      inputGradient = kernel.accumulating(input.sizes, beside: input) { kernel, _, result in
        forEachPatches(of: width) { range, patches in
          gather(range, channels: 0..<channels, gradient, into: patches)
          multiply(
            rows: width, columns: made, inner: range.count, UnsafePointer(patches),
            transposesA: true, from + range.lowerBound * made, into: out, adds: true)
          guard needsInput else { return }
          multiply(
            rows: range.count, columns: made, inner: width, UnsafePointer(patches), kernel,
            into: result + range.lowerBound * made)
        }
      }
    }
    return (needsInput ? inputGradient : nil, [kernelGradient])
  }
}

extension ConvolutionLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    var sizes = try outputSizes(for: inputs)[0]
    if options.dataFormat == .channelsFirst { sizes.append(sizes.remove(at: 1)) }
    var output = try convolved(
      inputs[0].channelsLast(options.dataFormat), weights, outputSizes: sizes)
    if options.useBias { output.add(toLastAxis: weights[weights.count - 1]) }
    // Functions such as softmax look at the last axis, whatever stands there.
    return Pass(try options.activation(output.inFormat(options.dataFormat)))
  }
}

extension FullConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Tensor {
    let geometry = try window.geometry(
      on: input.sizes, isCausal: (self as? Conv1D)?.padding == .causal, for: className)
    let (groups, filters) = (groups, filters)
    return Tensor(outputSizes) { out in
      input.values.withUnsafeBufferPointer { numbers in
        weights[0].values.withUnsafeBufferPointer { kernel in
          geometry.convolve(numbers, with: kernel, filters: filters, groups: groups, into: out)
        }
      }
    }
  }
}

extension PlaneGeometry {
  /// How many numbers of patches are laid side by side at a time.
  private static let patchNumbers = 1 << 20

  /// The product of each patch with the kernel.
  ///
  /// - Parameters:
  ///   - numbers: (batch, rows, columns, channels).
  ///   - kernel: (rows, columns, channels of a group, filters).
  ///   - filters: how many results each patch gives.
  ///   - groups: how many groups of channels are convolved apart from each other.
  ///   - out: (batch, places on rows, places on columns, filters); all of it is written.
  func convolve(
    _ numbers: UnsafeBufferPointer<Float>, with kernel: UnsafeBufferPointer<Float>,
    filters: Int, groups: Int, into out: UnsafeMutableBufferPointer<Float>
  ) {
    guard let from = numbers.baseAddress, let kernel = kernel.baseAddress,
      let out = out.baseAddress
    else { return }
    let (each, made) = (channels / groups, filters / groups)
    let width = taps * each
    if taps == 1, rows.isIdentity, columns.isIdentity {
      for group in 0..<groups {
        multiply(
          rows: places, columns: made, inner: each, from + group * each, aStride: channels,
          kernel + group * made, bStride: filters, into: out + group * made, outStride: filters)
      }
      return
    }
    let count = max(1, min(places, Self.patchNumbers / max(width, 1)))
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count * width) { patches in
      for start in stride(from: 0, to: places, by: count) {
        let range = start..<min(start + count, places)
        for group in 0..<groups {
          gather(range, channels: group * each..<(group + 1) * each, from, into: patches)
          multiply(
            rows: range.count, columns: made, inner: width, UnsafePointer(patches.baseAddress),
            kernel + group * made, bStride: filters,
            into: out + start * filters + group * made, outStride: filters)
        }
      }
    }
  }

  /// Lays the numbers under the window at each place of `range` side by side; padding is 0.
  private func gather(
    _ range: Range<Int>, channels part: Range<Int>, _ from: UnsafePointer<Float>,
    into patches: UnsafeMutableBufferPointer<Float>
  ) {
    guard var to = patches.baseAddress else { return }
    let each = part.count
    for place in range {
      let column = place % columns.places
      let row = place / columns.places % rows.places
      let sample = place / columns.places / rows.places
      for down in 0..<rows.size {
        let y = rows.position(row, tap: down)
        guard y >= 0, y < rows.count else {
          to.update(repeating: 0, count: columns.size * each)
          to += columns.size * each
          continue
        }
        let line = from + (sample * rows.count + y) * columns.count * channels + part.lowerBound
        let x = columns.position(column, tap: 0)
        if columns.dilation == 1, each == channels, x >= 0, x + columns.size <= columns.count {
          // Neighbours with all their channels lie side by side already.
          to.update(from: line + x * channels, count: columns.size * each)
          to += columns.size * each
          continue
        }
        for across in 0..<columns.size {
          let x = columns.position(column, tap: across)
          if x >= 0, x < columns.count {
            to.update(from: line + x * channels, count: each)
          } else {
            to.update(repeating: 0, count: each)
          }
          to += each
        }
      }
    }
  }
}

extension PlaneGeometry.Axis {
  /// Whether the window stands at every position and covers it alone.
  fileprivate var isIdentity: Bool { size == 1 && stride == 1 && before == 0 && places == count }
}

extension TransposedConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Convolved {
    var axes: [SpreadAxis] = []
    if Self.spatialRank == 1 {
      axes.append(SpreadAxis(count: 1, spread: 1, size: 1, stride: 1, dilation: 1, cut: 0))
    }
    for index in 0..<Self.spatialRank {
      axes.append(
        SpreadAxis(
          count: input.sizes[index + 1], spread: outputSizes[index + 1],
          size: options.kernelSize[index], stride: options.strides[index],
          dilation: options.dilationRate[index], cut: try cut(axis: index)))
    }
    let plane = SpreadPlane(
      batch: input.sizes[0], channels: input.sizes[input.rank - 1], filters: filters,
      rows: axes[0], columns: axes[1])
    let kernel = weights[0]
    let output = input.accumulating(outputSizes, beside: kernel) { from, kernel, to in
      plane.spread(from, kernel, into: to)
    }
    return Convolved(output: output) { gradient, needsInput in
      let kernelGradient = input.accumulating(kernel.sizes, beside: gradient) {
        plane.addKernelGradient($1, $0, into: $2)
      }
      guard needsInput else { return (nil, [kernelGradient]) }
      let inputGradient = kernel.accumulating(input.sizes, beside: gradient) {
        plane.addInputGradient($1, $0, into: $2)
      }
      return (inputGradient, [kernelGradient])
    }
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

/// How positions of a plane spread over a larger one.
private struct SpreadPlane: Sendable {
  let batch: Int
  let channels: Int
  let filters: Int
  let rows: SpreadAxis
  let columns: SpreadAxis

  /// Adds what each position gives to the positions that it spreads over.
  ///
  /// - Parameters:
  ///   - from: (batch, rows, columns, channels).
  ///   - kernel: (rows, columns, filters, channels).
  ///   - out: (batch, rows, columns, filters).
  func spread(
    _ from: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    forEachRun { count, position, target, tap in
      multiply(
        rows: count, columns: filters, inner: channels, from + position * channels,
        kernel + tap * filters * channels, transposesB: true, into: out + target * filters,
        outStride: stride(count), adds: true)
    }
  }

  /// Adds the gradient of the kernel to `out`.
  func addKernelGradient(
    _ gradient: UnsafePointer<Float>, _ from: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    forEachRun { count, position, target, tap in
      multiply(
        rows: filters, columns: channels, inner: count, gradient + target * filters,
        aStride: stride(count), transposesA: true, from + position * channels,
        into: out + tap * filters * channels, adds: true)
    }
  }

  /// Adds the gradient of the input to `out`.
  func addInputGradient(
    _ gradient: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    forEachRun { count, position, target, tap in
      multiply(
        rows: count, columns: channels, inner: filters, gradient + target * filters,
        aStride: stride(count), kernel + tap * filters * channels, into: out + position * channels,
        adds: true)
    }
  }

  /// The distance of the targets of neighbours.
  private func stride(_ count: Int) -> Int { count > 1 ? columns.stride * filters : filters }

  /// Visits all runs of positions of one row whose targets for a tap exist.
  ///
  /// `body` gets how many positions there are, the first one and its target, both counted through
  /// all samples, and the tap.
  private func forEachRun(
    _ body: (_ count: Int, _ position: Int, _ target: Int, _ tap: Int) -> Void
  ) {
    for sample in 0..<batch {
      for row in 0..<rows.count {
        for down in 0..<rows.size {
          guard let y = rows.target(of: row, tap: down) else { continue }
          for across in 0..<columns.size {
            let range = columns.positions(tap: across)
            guard let first = range.first, let x = columns.target(of: first, tap: across) else {
              continue
            }
            body(
              range.count, (sample * rows.count + row) * columns.count + first,
              (sample * rows.spread + y) * columns.spread + x, down * columns.size + across)
          }
        }
      }
    }
  }
}

/// How positions spread on one axis: position i goes to i · stride + tap · dilation − cut.
private struct SpreadAxis: Sendable {
  /// Positions of the input.
  let count: Int
  /// Positions of the output.
  let spread: Int
  /// Positions that each one spreads over.
  let size: Int
  let stride: Int
  let dilation: Int
  /// Positions cut off the front.
  let cut: Int

  /// The output position; `nil` outside.
  func target(of position: Int, tap: Int) -> Int? {
    let target = position * stride + tap * dilation - cut
    return target >= 0 && target < spread ? target : nil
  }

  /// The input positions whose output position for `tap` exists.
  func positions(tap: Int) -> Range<Int> {
    let offset = tap * dilation - cut
    let first = offset >= 0 ? 0 : (-offset - 1) / stride + 1
    guard offset < spread else { return 0..<0 }
    let end = min((spread - 1 - offset) / stride + 1, count)
    return first < end ? first..<end : 0..<0
  }
}

extension TransposedConvolution {
  package func convolved(
    _ input: Tensor, _ weights: LayerWeights, outputSizes: [Int]
  ) throws(PassError) -> Tensor {
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
    let (batch, channels, filters) = (input.sizes[0], input.sizes[input.rank - 1], filters)
    return Tensor(outputSizes) { out in
      out.initialize(repeating: 0)
      input.values.withUnsafeBufferPointer { numbers in
        weights[0].values.withUnsafeBufferPointer { kernel in
          guard let from = numbers.baseAddress, let kernel = kernel.baseAddress,
            let to = out.baseAddress
          else { return }
          for sample in 0..<batch {
            spread(
              from + sample * axes[0].count * axes[1].count * channels, kernel,
              into: to + sample * axes[0].spread * axes[1].spread * filters,
              rows: axes[0], columns: axes[1], channels: channels)
          }
        }
      }
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

  /// Adds what each position of a plane gives to the positions it spreads over.
  private func spread(
    _ from: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    into to: UnsafeMutablePointer<Float>, rows: SpreadAxis, columns: SpreadAxis, channels: Int
  ) {
    for row in 0..<rows.count {
      for down in 0..<rows.size {
        guard let y = rows.target(of: row, tap: down) else { continue }
        for across in 0..<columns.size {
          let range = columns.positions(tap: across)
          guard let first = range.first, let x = columns.target(of: first, tap: across) else {
            continue
          }
          multiply(
            rows: range.count, columns: filters, inner: channels,
            from + (row * columns.count + first) * channels,
            kernel + (down * columns.size + across) * filters * channels, transposesB: true,
            into: to + (y * columns.spread + x) * filters,
            outStride: range.count > 1 ? columns.stride * filters : filters, adds: true)
        }
      }
    }
  }
}

/// How positions spread on one axis: position i goes to i · stride + tap · dilation − cut.
private struct SpreadAxis {
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

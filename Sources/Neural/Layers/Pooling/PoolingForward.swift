/// What pooling makes of the numbers in a window.
package enum PoolingReduction: String, Sendable {
  /// The largest number; NaN where there is one.
  case largest
  /// The average, padding left out.
  case average
}

extension PoolingLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0].channelsLast(options.dataFormat)
    var sizes = try outputSizes(for: inputs)[0]
    if options.dataFormat == .channelsFirst { sizes.append(sizes.remove(at: 1)) }
    let geometry = try options.window.geometry(on: input.sizes, for: className)
    let pooled = Tensor(sizes) { out in
      input.values.withUnsafeBufferPointer { numbers in
        switch Self.pooling {
        case .largest: geometry.poolLargest(numbers, into: out)
        case .average: geometry.poolAverages(numbers, into: out)
        }
      }
    }
    return Pass(pooled.inFormat(options.dataFormat))
  }
}

extension PlaneGeometry {
  fileprivate func poolLargest(
    _ numbers: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: -.infinity)
    forEachCovered { from, to, _, _ in
      for channel in 0..<channels {
        let number = numbers[from + channel]
        if number > out[to + channel] || number.isNaN { out[to + channel] = number }
      }
    }
  }

  fileprivate func poolAverages(
    _ numbers: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: 0)
    forEachCovered { from, to, count, isLast in
      for channel in 0..<channels { out[to + channel] += numbers[from + channel] }
      guard isLast else { return }
      for channel in 0..<channels { out[to + channel] /= Float(count) }
    }
  }

  /// Visits every position under the window at every place.
  ///
  /// `body` gets where the position's channels start, where the place's do, how many positions
  /// the place covers, and whether this is the last of them.
  @inline(__always) private func forEachCovered(
    _ body: (_ from: Int, _ to: Int, _ count: Int, _ isLast: Bool) -> Void
  ) {
    var place = 0
    for sample in 0..<batch {
      for row in 0..<rows.places {
        let down = rows.covered(row)
        for column in 0..<columns.places {
          let across = columns.covered(column)
          let count = down.count * across.count
          var seen = 0
          for y in down {
            for x in across {
              seen += 1
              body(
                ((sample * rows.count + y) * columns.count + x) * channels, place * channels,
                count, seen == count)
            }
          }
          place += 1
        }
      }
    }
  }
}

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
    let format = options.dataFormat
    return Pass(pooled.inFormat(format), in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      let gradient = gradient.channelsLast(format)
      let result = Tensor(input.sizes) { out in
        gradient.values.withUnsafeBufferPointer { gradients in
          switch Self.pooling {
          case .largest: geometry.spreadToLargest(gradients, input, pooled, into: out)
          case .average: geometry.spreadEvenly(gradients, into: out)
          }
        }
      }
      return Gradients(result.inFormat(format))
    }
  }
}

extension PlaneGeometry {
  fileprivate func poolLargest(
    _ numbers: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: -.infinity)
    guard let numbers = numbers.baseAddress, let out = out.baseAddress else { return }
    forEachCovered { from, to, _, _ in
      let (numbers, largest) = (numbers + from, out + to)
      for channel in 0..<channels {
        let (number, known) = (numbers[channel], largest[channel])
        // What is not a number stays.
        largest[channel] = number <= known || known != known ? known : number
      }
    }
  }

  fileprivate func poolAverages(
    _ numbers: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: 0)
    guard let numbers = numbers.baseAddress, let out = out.baseAddress else { return }
    forEachCovered { from, to, count, isLast in
      let (numbers, sums) = (numbers + from, out + to)
      for channel in 0..<channels { sums[channel] += numbers[channel] }
      guard isLast else { return }
      for channel in 0..<channels { sums[channel] /= Float(count) }
    }
  }

  /// The way back from `poolLargest`: all goes to the first of the largest numbers of a window, as
  /// in Keras with JAX.
  fileprivate func spreadToLargest(
    _ gradients: UnsafeBufferPointer<Float>, _ input: Tensor, _ pooled: Tensor,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: 0)
    // What has not yet found its number.
    var left = Array(gradients)
    left.withUnsafeMutableBufferPointer { left in
      input.values.withUnsafeBufferPointer { numbers in
        pooled.values.withUnsafeBufferPointer { largest in
          guard let left = left.baseAddress, let numbers = numbers.baseAddress,
            let largest = largest.baseAddress, let out = out.baseAddress
          else { return }
          forEachCovered { from, to, _, _ in
            let (left, largest) = (left + to, largest + to)
            let (numbers, out) = (numbers + from, out + from)
            for channel in 0..<channels {
              // All or none of the gradient's bits: a branch would often be guessed wrong.
              let chosen: UInt32 = numbers[channel] == largest[channel] ? .max : 0
              let gradient = left[channel].bitPattern
              out[channel] += Float(bitPattern: gradient & chosen)
              left[channel] = Float(bitPattern: gradient & ~chosen)
            }
          }
        }
      }
    }
  }

  /// The way back from `poolAverages`.
  fileprivate func spreadEvenly(
    _ gradients: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>
  ) {
    out.initialize(repeating: 0)
    guard let gradients = gradients.baseAddress, let out = out.baseAddress else { return }
    forEachCovered { from, to, count, _ in
      let (gradients, out, share) = (gradients + to, out + from, 1 / Float(count))
      for channel in 0..<channels { out[channel] += gradients[channel] * share }
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

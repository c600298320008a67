extension PoolingLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0].channelsLast(options.dataFormat)
    var sizes = try outputSizes(for: inputs)[0]
    if options.dataFormat == .channelsFirst { sizes.append(sizes.remove(at: 1)) }
    let geometry = try options.window.geometry(on: input.sizes, for: className)
    let pooled = geometry.pooled(input, Self.pooling, into: sizes)
    let format = options.dataFormat
    return Pass(pooled.inFormat(format), in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      let gradient = geometry.pooledBack(
        gradient.channelsLast(format), from: pooled, of: input, Self.pooling)
      return Gradients(gradient.inFormat(format))
    }
  }
}

extension WindowGeometry {
  /// What pooling makes of each window, as a tensor of `sizes`.
  ///
  /// `input`: (batch, spatial…, channels). `sizes`: those of (batch, places…, channels).
  func pooled(_ input: Tensor, _ reduction: PoolingReduction, into sizes: [Int]) -> Tensor {
    Tensor(sizes) { out in
      input.values.withUnsafeBufferPointer { numbers in
        switch reduction {
        case .largest: poolLargest(numbers, into: out)
        case .average: poolAverages(numbers, into: out)
        }
      }
    }
  }

  /// The gradient of `input` from that of `pooled`, which was made of it.
  func pooledBack(
    _ gradient: Tensor, from pooled: Tensor, of input: Tensor, _ reduction: PoolingReduction
  ) -> Tensor {
    Tensor(input.sizes) { out in
      gradient.values.withUnsafeBufferPointer { gradients in
        switch reduction {
        case .largest: spreadToLargest(gradients, input, pooled, into: out)
        case .average: spreadEvenly(gradients, into: out)
        }
      }
    }
  }

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
    forEachLine(in: 0..<places) { first, places, rows in
      var to = first * channels
      for place in places {
        // A window of pooling has no gaps.
        let covered = line.covered(place)
        let start = line.start(place) + covered.lowerBound
        let count = rows.count * covered.count
        var seen = 0
        for row in rows {
          var from = (row.line * line.count + start) * channels
          for _ in covered {
            seen += 1
            body(from, to, count, seen == count)
            from += channels
          }
        }
        to += channels
      }
    }
  }
}

extension GlobalPoolingLayer {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let sizes = try outputSizes(for: inputs)[0]
    let input = inputs[0].channelsLast(options.dataFormat)
    let (batch, channels) = (input.sizes[0], input.sizes[input.rank - 1])
    let places = input.sizes[1..<(input.rank - 1)].reduce(1, *)
    // Only GlobalAveragePooling1D looks at masks.
    let mask = masking == .ends ? nil : context.mask
    if let mask, mask.sizes != [batch, places] {
      throw PassError(
        "\(className) has a mask of shape \(mask.shape) for an input of \(inputs[0].shape)",
        remedy: "a mask has a number for each sample and timestep")
    }
    let pooled = Tensor(sizes) { out in
      input.values.withUnsafeBufferPointer { numbers in
        for sample in 0..<batch {
          let to = UnsafeMutableBufferPointer(
            rebasing: out[(sample * channels)..<((sample + 1) * channels)])
          reduce(numbers, sample: sample, places: places, mask: mask, into: to)
        }
      }
    }
    let format = options.dataFormat
    return Pass(pooled, in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      let result =
        switch Self.pooling {
        case .largest: gradient.sharedByLargest(of: input, pooled, places: places)
        case .average: gradient.shared(among: mask, [batch, places, channels])
        }
      return Gradients(result.reshaped(input.sizes).inFormat(format))
    }
  }

  private func reduce(
    _ numbers: UnsafeBufferPointer<Float>, sample: Int, places: Int, mask: Tensor?,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    let channels = out.count
    switch Self.pooling {
    case .largest:
      out.initialize(repeating: -.infinity)
      for place in 0..<places {
        let from = (sample * places + place) * channels
        for channel in 0..<channels {
          let number = numbers[from + channel]
          if number > out[channel] || number.isNaN { out[channel] = number }
        }
      }
    case .average:
      var sums = Array(repeating: 0.0, count: channels)
      var count = 0.0
      for place in 0..<places where mask.map({ $0[sample, place] != 0 }) ?? true {
        let from = (sample * places + place) * channels
        count += 1
        for channel in 0..<channels { sums[channel] += Double(numbers[from + channel]) }
      }
      // None that counts: 0 ÷ 0 is NaN, as in Keras.
      for channel in 0..<channels { out[channel] = Float(sums[channel] / count) }
    }
  }
}

extension Tensor {
  /// Gradients of averages, each split evenly among the places that count.
  ///
  /// `sizes`: batch, places, channels.
  fileprivate func shared(among mask: Tensor?, _ sizes: [Int]) -> Tensor {
    let (batch, places, channels) = (sizes[0], sizes[1], sizes[2])
    return Tensor(sizes) { out in
      out.initialize(repeating: 0)
      values.withUnsafeBufferPointer { gradients in
        for sample in 0..<batch {
          let counts = mask.map { Array($0.values[(sample * places)..<((sample + 1) * places)]) }
          let count = counts?.reduce(Float(0)) { $0 + ($1 != 0 ? 1 : 0) } ?? Float(places)
          for place in 0..<places where counts.map({ $0[place] != 0 }) ?? true {
            let (from, to) = (sample * channels, (sample * places + place) * channels)
            for channel in 0..<channels { out[to + channel] = gradients[from + channel] / count }
          }
        }
      }
    }
  }

  /// Gradients of the largest numbers of all places: where several are equally large, each gets
  /// its share, as in Keras with JAX.
  fileprivate func sharedByLargest(of input: Tensor, _ pooled: Tensor, places: Int) -> Tensor {
    let channels = input.sizes.last ?? 1
    var counts = Array(repeating: Float(0), count: count)
    return Tensor(input.sizes) { out in
      out.initialize(repeating: 0)
      input.values.withUnsafeBufferPointer { numbers in
        pooled.values.withUnsafeBufferPointer { largest in
          for row in 0..<(input.sizes[0] * places) {
            let (from, to) = (row * channels, row / places * channels)
            for channel in 0..<channels where numbers[from + channel] == largest[to + channel] {
              out[from + channel] = values[to + channel]
              counts[to + channel] += 1
            }
          }
          for row in 0..<(input.sizes[0] * places) {
            let (from, to) = (row * channels, row / places * channels)
            for channel in 0..<channels where out[from + channel] != 0 {
              out[from + channel] /= counts[to + channel]
            }
          }
        }
      }
    }
  }
}

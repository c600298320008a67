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
    return Pass(
      Tensor(sizes) { out in
        input.values.withUnsafeBufferPointer { numbers in
          for sample in 0..<batch {
            let to = UnsafeMutableBufferPointer(
              rebasing: out[(sample * channels)..<((sample + 1) * channels)])
            reduce(numbers, sample: sample, places: places, mask: mask, into: to)
          }
        }
      })
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

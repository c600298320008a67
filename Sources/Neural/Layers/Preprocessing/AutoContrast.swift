/// Spreads the numbers of each image over all that is allowed: the least becomes the lower end of
/// `value_range`, the largest the upper one.
///
/// Input and output: (batch, height, width, channels). It works whenever the model runs, on each
/// channel by itself. With `channels_first` Keras looks at the same axes, 1 and 2.
/// Source: `keras/src/layers/preprocessing/image_preprocessing/auto_contrast.py`.
package struct AutoContrast: RandomImageLayer {
  package static let className = "AutoContrast"
  package static let summary = "spreads the numbers of each image over all that is allowed"
  package static let effect = "spreads the numbers of each image"
  package static let parameters: [ImageParameter] = [
    .valueRange, .format(isPositional: false), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    let input = inputs[0]
    guard input.rank == 4 else {
      throw PassError(
        "AutoContrast takes images of 4 axes, found \(input.shape)",
        remedy: "add an axis with Reshape")
    }
    let range = values["value_range"].listValue?.compactMap(\.doubleValue).map { Float($0) } ?? []
    guard range.count == 2 else { throw PassError("AutoContrast has no value_range") }
    let (least, width) = (range[0], range[1] - range[0])
    let sizes = [input.sizes[0], input.sizes[1] * input.sizes[2], input.sizes[3]]
    let lanes = ChannelRange(input.reshaped(sizes))
    let output = lanes.spread { Swift.min(Swift.max($0, 0), 1) * width + least }
    return Pass(output.reshaped(input.sizes), in: context) { gradient in
      guard context.needsInputGradients else { return Gradients(nil) }
      return Gradients(
        lanes.gradient(of: gradient.reshaped(sizes), width: width).reshaped(input.sizes))
    }
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    Explanation([
      .init(
        "What does it do?",
        ["(x − least) ÷ (largest − least), for each image and channel,", "spread over value_range"]),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }
}

/// Numbers (samples, positions, channels) whose least and largest are looked for along positions.
private struct ChannelRange: Sendable {
  let input: Tensor
  /// For each sample and channel.
  private var least: [Float]
  private var largest: [Float]

  init(_ input: Tensor) {
    self.input = input
    let (samples, positions, channels) = (input.sizes[0], input.sizes[1], input.sizes[2])
    least = Array(repeating: .infinity, count: samples * channels)
    largest = Array(repeating: -.infinity, count: samples * channels)
    input.values.withUnsafeBufferPointer { numbers in
      for sample in 0..<samples {
        for position in 0..<positions {
          for channel in 0..<channels {
            let number = numbers[(sample * positions + position) * channels + channel]
            let lane = sample * channels + channel
            // What is no number makes both ends none.
            if !(number >= least[lane]) { least[lane] = number }
            if !(number <= largest[lane]) { largest[lane] = number }
          }
        }
      }
    }
  }

  private func lane(of index: Int) -> Int {
    let (positions, channels) = (input.sizes[1], input.sizes[2])
    return index / (positions * channels) * channels + index % channels
  }

  /// The share of the way from the least to the largest, changed; a lane of one number stays.
  func spread(_ change: (Float) -> Float) -> Tensor {
    Tensor(input.sizes) { out in
      for index in 0..<out.count {
        let lane = lane(of: index)
        let share = (input.values[index] - least[lane]) / (largest[lane] - least[lane])
        out[index] = share.isNaN ? input.values[index] : change(share)
      }
    }
  }

  /// The way back: the ends have a share in all numbers of their lane.
  func gradient(of gradient: Tensor, width: Float) -> Tensor {
    var (low, high) = ([Float](repeating: 0, count: least.count), [Float](least.map { _ in 0 }))
    var (lows, highs) = (low, high)
    var back = gradient
    for index in 0..<gradient.count {
      let lane = lane(of: index)
      let (number, span) = (input.values[index], largest[lane] - least[lane])
      guard span > 0 else { continue }
      let slope = gradient.values[index] * width / span
      back.values[index] = slope
      low[lane] -= slope * (largest[lane] - number) / span
      high[lane] -= slope * (number - least[lane]) / span
      if number == least[lane] { lows[lane] += 1 }
      if number == largest[lane] { highs[lane] += 1 }
    }
    for index in 0..<gradient.count {
      let lane = lane(of: index)
      guard largest[lane] > least[lane] else { continue }
      if input.values[index] == least[lane] { back.values[index] += low[lane] / lows[lane] }
      if input.values[index] == largest[lane] { back.values[index] += high[lane] / highs[lane] }
    }
    return back
  }
}

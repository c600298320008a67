/// Cuts the middle out of each image; smaller images are made larger first.
///
/// Input: (batch, height, width, channels). Output: (batch, `height`, `width`, channels).
/// Source: `keras/src/layers/preprocessing/image_preprocessing/center_crop.py`.
package struct CenterCrop: ImageSizing {
  package static let className = "CenterCrop"
  package static let summary = "cuts the middle out of each image"

  package var height = 224
  package var width = 224
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<CenterCrop>] = [
    ImageSettings.size("height", \.height, help: "rows of the output"),
    ImageSettings.size("width", \.width, help: "columns of the output"),
    ImageSettings.format(\.dataFormat),
  ]

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let input = inputs[0]
    let places = zip(spatialAxes, [height, width])
    guard places.allSatisfy({ input.sizes[$0] >= $1 }) else {
      return Pass(input, resampledBy: cutAndResized(input, .linear), in: context)
    }
    let steps = places.map { axis, size in
      let start = (input.sizes[axis] - size) / 2
      return AxisResampling(axis: axis, count: input.sizes[axis], keeping: start..<(start + size))
    }
    return Pass(input, resampledBy: steps, in: context)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    sizeAnswers(
      inputs,
      [
        "larger images: cuts off as much on both sides",
        "smaller ones: cuts to the proportions, then makes them larger",
      ])
  }
}

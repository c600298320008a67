/// Cuts a part out of images: a random one in training, else their middle.
///
/// Where a model predicts, and for images smaller than the output, the largest part with the
/// proportions of the output is made as large as it. So Keras' documentation says; Keras 3.15
/// itself hands images on uncut where a model predicts, against the shape that it states.
/// Input: (batch, height, width, channels). Output: (batch, `height`, `width`, channels).
/// Source: `keras/src/layers/preprocessing/image_preprocessing/random_crop.py`.
package struct RandomCrop: ImageSizing {
  package static let className = "RandomCrop"
  package static let summary = "cuts a part out of each image, a random one in training"

  package var height = 224
  package var width = 224
  /// Seed of the random choice.
  package var seed: Int?
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<RandomCrop>] = [
    ImageSettings.size("height", \.height, help: "rows of the output"),
    ImageSettings.size("width", \.width, help: "columns of the output"),
    RegularizationSettings.seed(\.seed),
    ImageSettings.format(\.dataFormat),
  ]

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    let input = inputs[0]
    guard context.isTraining else {
      return Pass(input, resampledBy: cutAndResized(input, .linear), in: context)
    }
    let places = Array(zip(spatialAxes, [height, width]))
    let isLarger = places.allSatisfy { input.sizes[$0] > $1 }
    let largest = largestPart(
      ofHeight: input.sizes[places[0].0], width: input.sizes[places[1].0])
    var random = context.randomNumbers(seed)
    let steps = zip(places, largest).map { place, part in
      let (axis, size) = place
      let count = input.sizes[axis]
      // One place for all images of a batch.
      let start =
        isLarger ? Int(random.uniform() * Double(count - size + 1)) : part.lowerBound
      return AxisResampling(
        axis: axis, count: count, from: start..<min(start + size, count), to: size, .linear)
    }
    return Pass(input, resampledBy: steps, in: context)
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard let input = inputs.first, input.rank == 4 else { return [] }
    let sizes = spatialAxes.map { input[$0].size }
    guard sizes != [height, width] else { return [] }
    return ["Keras 3.15 does not cut images when a model predicts, whatever its summary says"]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    sizeAnswers(
      inputs,
      ["in training: cuts out a random part", "afterwards the middle, made to the right size"])
  }
}

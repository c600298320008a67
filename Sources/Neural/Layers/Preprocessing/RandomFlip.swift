/// Mirrors images in training.
///
/// An image that is mirrored both ways is so at once: half of the images are, as in Keras.
/// Source: `keras/src/layers/preprocessing/image_preprocessing/random_flip.py`.
package struct RandomFlip: RandomImageLayer {
  package static let className = "RandomFlip"
  package static let summary = "in training, mirrors half of the images"
  package static let effect = "mirrors half of the images"
  package static let parameters: [ImageParameter] = [
    ImageParameter(
      "mode", "horizontal_and_vertical",
      .choice(["horizontal", "vertical", "horizontal_and_vertical"]), help: "which way"),
    .seed, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}

  package func forwardInTraining(
    _ input: Tensor, in context: PassContext
  ) throws(PassError) -> Pass {
    guard input.rank == 4, let samples = input.sizes.first else {
      throw PassError(
        "RandomFlip takes images of 4 axes in training, found \(input.shape)",
        remedy: "add an axis with Reshape")
    }
    var random = context.randomNumbers(values["seed"].intValue)
    let isFlipped = (0..<samples).map { _ in random.uniform() <= 0.5 }
    let spatial = Array(dataFormat.spatialAxes(rank: 2))
    let mode = values["mode"].stringValue ?? ""
    let axes =
      (mode.contains("horizontal") ? [spatial[1]] : [])
      + (mode.contains("vertical") ? [spatial[0]] : [])
    return Pass(input.flipped(axes, where: isFlipped), in: context) { gradient in
      Gradients(context.needsInputGradients ? gradient.flipped(axes, where: isFlipped) : nil)
    }
  }
}

extension Tensor {
  /// The tensor with some of its samples in reverse order along axes.
  fileprivate func flipped(_ axes: [Int], where isFlipped: [Bool]) -> Tensor {
    let other = axes.reduce(self) { $0.reversed(axis: $1) }
    let each = sizes.dropFirst().reduce(1, *)
    var result = self
    result.values.withUnsafeMutableBufferPointer { out in
      other.values.withUnsafeBufferPointer { flipped in
        for (sample, flips) in isFlipped.enumerated() where flips {
          for index in (sample * each)..<((sample + 1) * each) { out[index] = flipped[index] }
        }
      }
    }
    return result
  }
}

// Layers that move the parts of images at random.

/// Turns images in training.
package struct RandomRotation: RandomImageLayer {
  package static let className = "RandomRotation"
  package static let summary = "in training, turns each image a little"
  package static let effect = "turns each image by a random share of a full turn"
  package static let parameters: [ImageParameter] = [
    .factor(0.1, -1...1, help: "shares of a full turn, at most"), .fillMode(), .interpolation,
    .seed, .fillValue, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Makes images larger or smaller in training.
package struct RandomZoom: RandomImageLayer {
  package static let className = "RandomZoom"
  package static let summary = "in training, makes each image a little larger or smaller"
  package static let effect = "makes each image larger or smaller by a random share"
  package static let parameters: [ImageParameter] = [
    ImageParameter(
      "height_factor", 0.1, .keptFactor(-1...1, isOptional: false), isRequired: true,
      help: "shares of the height, at most"),
    ImageParameter(
      "width_factor", nil, .keptFactor(-1...1, isOptional: true),
      help: "shares of the width; None: as the height"),
    .fillMode(), .interpolation, .seed, .fillValue, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Moves images in training.
package struct RandomTranslation: RandomImageLayer {
  package static let className = "RandomTranslation"
  package static let summary = "in training, moves each image a little"
  package static let effect = "moves each image by a random share of its size"
  package static let parameters: [ImageParameter] = [
    ImageParameter(
      "height_factor", 0.1, .keptFactor(-1...1, isOptional: false), isRequired: true,
      help: "shares of the height, at most"),
    ImageParameter(
      "width_factor", 0.1, .keptFactor(-1...1, isOptional: false), isRequired: true,
      help: "shares of the width, at most"),
    .fillMode(), .interpolation, .seed, .fillValue, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Leans images over in training.
///
/// Keras writes a range that it does not take itself, `[-0.2, 0.2]`; files get the one number that
/// it stands for, which Keras reads.
package struct RandomShear: RandomImageLayer {
  package static let className = "RandomShear"
  package static let summary = "in training, leans each image over a little"
  package static let effect = "leans each image over by a random angle"
  package static let parameters: [ImageParameter] = [
    ImageParameter("x_factor", 0.0, .shear, help: "how far rows move, at most"),
    ImageParameter("y_factor", 0.0, .shear, help: "how far columns move, at most"),
    .interpolation, .fillMode(), .fillValue, .format(), .seed, .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Moves the corners of images in training.
package struct RandomPerspective: RandomImageLayer {
  package static let className = "RandomPerspective"
  package static let summary = "in training, shows each image from another side"
  package static let effect = "moves the corners of each image at random"
  package static let parameters: [ImageParameter] = [
    .factor(1.0, 0...1, isRequired: false, help: "how often it happens"),
    ImageParameter("scale", 1.0, .number(0...1), help: "how far corners move, at most"),
    .interpolation, .fillValue, .seed, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Bends images in training.
package struct RandomElasticTransform: RandomImageLayer {
  package static let className = "RandomElasticTransform"
  package static let summary = "in training, bends each image like rubber"
  package static let effect = "bends each image at random"
  package static let parameters: [ImageParameter] = [
    .factor(1.0, 0...1, isRequired: false, help: "how often it happens"),
    ImageParameter("scale", 1.0, .factor(0...1, from: .negativeOrLeast), help: "how far"),
    .interpolation, .fillMode(["mirror"]), .fillValue, .valueRange, .seed, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Covers a part of images in training.
package struct RandomErasing: RandomImageLayer {
  package static let className = "RandomErasing"
  package static let summary = "in training, covers a part of each image"
  package static let effect = "covers a random part of each image"
  package static let parameters: [ImageParameter] = [
    .factor(1.0, 0...1, isRequired: false, help: "how often it happens"),
    ImageParameter(
      "scale", [0.02, 0.33], .factor(0...1, from: .negativeOrLeast),
      help: "which share of the image is covered"),
    ImageParameter("fill_value", nil, .optionalNumber, help: "what covers it; None: noise"),
    .valueRange, .seed, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

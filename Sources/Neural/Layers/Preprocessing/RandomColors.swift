// Layers that change the colours of images at random.

/// Makes images lighter or darker in training.
package struct RandomBrightness: RandomImageLayer {
  package static let className = "RandomBrightness"
  package static let summary = "in training, makes each image lighter or darker"
  package static let effect = "adds a random number to each image"
  package static let parameters: [ImageParameter] = [
    .factor(0.1, -1...1, help: "shares of value_range that are added"), .valueRange, .seed,
    .format(isPositional: false), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Makes the contrast of images stronger or weaker in training.
package struct RandomContrast: RandomImageLayer {
  package static let className = "RandomContrast"
  package static let summary = "in training, changes the contrast of each image"
  package static let effect = "changes the contrast of each image at random"
  package static let parameters: [ImageParameter] = [
    .factor(0.1, 0...1, help: "how far the contrast moves from 1"), .valueRange, .seed,
    .format(isPositional: false), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Changes the hue of images in training.
package struct RandomHue: RandomImageLayer {
  package static let className = "RandomHue"
  package static let summary = "in training, changes the hue of each image"
  package static let effect = "changes the hue of each image at random"
  package static let parameters: [ImageParameter] = [
    .factor(0.1, 0...1, help: "how far the hue moves"), .valueRange, .format(), .seed, .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Makes the colours of images stronger or weaker in training.
package struct RandomSaturation: RandomImageLayer {
  package static let className = "RandomSaturation"
  package static let summary = "in training, makes colours stronger or weaker"
  package static let effect = "makes the colours of each image stronger or weaker"
  package static let parameters: [ImageParameter] = [
    .factor(0.1, -1...1, help: "how far the strength of colours moves"), .valueRange, .format(),
    .seed, .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Takes colours towards grey in training.
package struct RandomColorDegeneration: RandomImageLayer {
  package static let className = "RandomColorDegeneration"
  package static let summary = "in training, takes colours towards grey"
  package static let effect = "takes the colours of each image towards grey"
  package static let parameters: [ImageParameter] = [
    .factor(0.1, -1...1, help: "how far colours go towards grey"), .valueRange, .format(), .seed,
    .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Changes brightness, contrast, colours and hue of images in training.
package struct RandomColorJitter: RandomImageLayer {
  package static let className = "RandomColorJitter"
  package static let summary = "in training, changes light and colours of each image"
  package static let effect = "changes light and colours of each image"
  package static let parameters: [ImageParameter] = [
    .valueRange, share("brightness_factor", -1...1), share("contrast_factor", 0...1),
    share("saturation_factor", -1...1), share("hue_factor", 0...1), .seed, .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}

  private static func share(_ key: String, _ bounds: ClosedRange<Int>) -> ImageParameter {
    let word = key.prefix { $0 != "_" }
    return ImageParameter(
      key, nil, .keptFactor(bounds, isOptional: true), help: "how far the \(word) moves")
  }
}

/// Makes some images grey in training.
package struct RandomGrayscale: RandomImageLayer {
  package static let className = "RandomGrayscale"
  package static let summary = "in training, makes some images grey"
  package static let effect = "makes some images grey"
  package static let parameters: [ImageParameter] = [
    ImageParameter("factor", 0.5, .number(0...1), help: "share of the images"), .format(), .seed,
    .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Leaves fewer shades in training.
package struct RandomPosterization: RandomImageLayer {
  package static let className = "RandomPosterization"
  package static let summary = "in training, leaves each image fewer shades"
  package static let effect = "takes low bits off the numbers of each image"
  package static let parameters: [ImageParameter] = [
    .factor(4, 1...8, help: "how many bits are taken off, at most"), .valueRange, .format(), .seed,
    .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Makes images sharper or softer in training.
package struct RandomSharpness: RandomImageLayer {
  package static let className = "RandomSharpness"
  package static let summary = "in training, makes each image sharper or softer"
  package static let effect = "makes each image sharper or softer"
  package static let parameters: [ImageParameter] = [
    .factor(0.1, 0...1, help: "how sharp; 0.5 changes nothing"), .valueRange, .format(), .seed,
    .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Softens images in training.
package struct RandomGaussianBlur: RandomImageLayer {
  package static let className = "RandomGaussianBlur"
  package static let summary = "in training, softens each image"
  package static let effect = "softens each image at random"
  package static let parameters: [ImageParameter] = [
    .factor(1.0, 0...1, isRequired: false, help: "how often it happens"),
    ImageParameter("kernel_size", 3, .kernel, help: "rows and columns that are averaged"),
    ImageParameter("sigma", 1.0, .factor(0...1, from: .negativeOrLeast), help: "how wide"),
    .valueRange, .format(), .seed, .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Turns light into dark for some images in training.
package struct RandomInvert: RandomImageLayer {
  package static let className = "RandomInvert"
  package static let summary = "in training, turns light into dark for some images"
  package static let effect = "turns light into dark for some images"
  package static let parameters: [ImageParameter] = [
    .factor(1.0, 0...1, isRequired: false, help: "how often it happens"), .valueRange, .seed,
    .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

/// Turns light into dark above a threshold in training.
package struct Solarization: RandomImageLayer {
  package static let className = "Solarization"
  package static let summary = "in training, turns light into dark above a threshold"
  package static let effect = "turns light into dark above a random threshold"
  package static let parameters: [ImageParameter] = [
    share("addition_factor", "how much is added first"),
    share("threshold_factor", "where it begins"), .valueRange, .seed,
    .format(isPositional: false), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}

  private static func share(_ key: String, _ help: String) -> ImageParameter {
    ImageParameter(key, 0.0, .factor(0...1, from: .zero), help: help)
  }
}

/// Spreads the shades of images evenly in training.
package struct Equalization: RandomImageLayer {
  package static let className = "Equalization"
  package static let summary = "in training, spreads the shades of each image evenly"
  package static let effect = "spreads the shades of each image evenly"
  package static let parameters: [ImageParameter] = [
    .valueRange, ImageParameter("bins", 256, .size, help: "how many shades are told apart"),
    .format(), .boxes,
  ]
  package static let settings = makeSettings()
  package var values = ImageValues(parameters)
  package init() {}
}

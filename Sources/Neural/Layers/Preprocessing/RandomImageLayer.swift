import OrderedCollections

/// A layer that changes images at random in training and leaves them as they are otherwise.
///
/// Input and output: (batch, height, width, channels), or one image, which Keras takes as it is.
/// What such a layer does in training is computed here for some of them; the others end a training
/// with one line. Source: `keras/src/layers/preprocessing/image_preprocessing`.
package protocol RandomImageLayer: ShapeKeepingLayer, ShortSettings {
  /// The settings, in the order of Keras' constructor.
  static var parameters: [ImageParameter] { get }
  /// What the layer does in training, for its explanation: `turns images by up to a share`.
  static var effect: String { get }
  /// The values of the settings.
  var values: ImageValues { get set }

  /// Runs the layer in training.
  ///
  /// - Throws: `PassError` where that is not computed here.
  func forwardInTraining(_ input: Tensor, in context: PassContext) throws(PassError) -> Pass
}

/// The values of an image layer's settings, by their keys.
package struct ImageValues: Hashable, Sendable {
  private var values: OrderedDictionary<String, ConfigValue> = [:]

  /// The defaults of these settings.
  init(_ parameters: [ImageParameter]) {
    for parameter in parameters { values[parameter.key] = parameter.defaultValue }
  }

  /// Whether the values are the same: 1 is 1.0.
  package static func == (one: ImageValues, other: ImageValues) -> Bool {
    one.numbers == other.numbers
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(numbers) }

  private var numbers: [ConfigValue] { values.values.map(Self.number) }

  private static func number(_ value: ConfigValue) -> ConfigValue {
    if let list = value.listValue { return .list(list.map(number)) }
    return value.doubleValue.map { .double($0) } ?? value
  }

  /// The value under a key.
  subscript(key: String) -> ConfigValue {
    get { values[key] ?? .null }
    set { values[key] = newValue }
  }
}

extension RandomImageLayer {
  /// The settings as the catalog has them.
  static func makeSettings() -> [Setting<Self>] {
    parameters.map { parameter in
      Setting(
        info: parameter.info,
        read: { $0.values[parameter.key] },
        write: { (layer: inout Self, value: ConfigValue) throws(SettingError) in
          layer.values[parameter.key] = try parameter.kind.read(value)
        })
    }
  }

  package var masking: Masking { .ends }

  /// Where the channels stand.
  var dataFormat: DataFormat {
    values["data_format"] == "channels_first" ? .channelsFirst : .channelsLast
  }

  package func inputRoles(rank: Int) -> [AxisRole]? { imageRoles(rank: rank, dataFormat) }

  package func shortValue(of key: String) -> ConfigValue? {
    guard let parameter = Self.parameters.first(where: { $0.key == key }),
      let largest = values[key].listValue?.last,
      (try? parameter.kind.read(largest)) == values[key]
    else { return nil }
    return largest
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    guard (3...4).contains(input.rank) else {
      throw ShapeError(
        "\(className) takes images of 4 axes (batch, height, width, channels), found \(input)",
        remedy: "add an axis with Reshape")
    }
    return [inputRoles(rank: input.rank).map { input.withRoles($0) } ?? input]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    guard context.isTraining else { return Pass(unchanging: inputs[0], in: context) }
    return try forwardInTraining(inputs[0], in: context)
  }

  package func forwardInTraining(
    _ input: Tensor, in context: PassContext
  ) throws(PassError) -> Pass {
    throw PassError(
      "\(className) changes images at random in training, which is not computed here",
      remedy: "leave it out to train; when the model predicts, it does nothing")
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    RegularizationSettings.explanation(Self.effect)
  }
}

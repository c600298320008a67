/// Makes all images as large as each other.
///
/// Input: (batch, height, width, channels). Output: (batch, `height`, `width`, channels).
/// Source: `keras/src/layers/preprocessing/image_preprocessing/resizing.py` and `resize` in
/// `keras/src/backend/jax/image.py`.
package struct Resizing: ImageSizing {
  package static let className = "Resizing"
  package static let summary = "makes all images as large as each other"

  package var height = 224
  package var width = 224
  /// How new numbers come from their neighbours.
  package var interpolation = UpSampling2D.Interpolation.bilinear
  /// Whether images are cut to the proportions of the output first.
  package var cropToAspectRatio = false
  /// Whether something is added around images until they have the proportions of the output.
  package var padToAspectRatio = false
  /// How that is filled: with a number, always.
  package var fillMode = "constant"
  /// The number.
  package var fillValue = 0.0
  /// Whether all numbers count where images become smaller.
  package var antialias = false
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<Resizing>] = [
    ImageSettings.size("height", \.height, help: "rows of the output"),
    ImageSettings.size("width", \.width, help: "columns of the output"),
    Setting(
      "interpolation", \.interpolation, .choice(UpSampling2D.Interpolation.choices),
      help: "how new numbers come from their neighbours"),
    Setting(
      "crop_to_aspect_ratio", \.cropToAspectRatio, .boolean,
      help: "true: images are cut to the proportions, not stretched"),
    Setting(
      "pad_to_aspect_ratio", \.padToAspectRatio, .boolean,
      help: "true: a border is added, so that images are not stretched"),
    Setting("fill_mode", \.fillMode, .choice(["constant"]), help: "what the border is made of"),
    Setting(
      "fill_value", \.fillValue, .number(-Double.infinity...Double.infinity),
      help: "the number of the border"),
    Setting(
      "antialias", \.antialias, .boolean, help: "true: all numbers count in smaller images"),
    ImageSettings.format(\.dataFormat),
  ]

  /// The most rows or columns that an image may have with its border.
  private static let mostPadded = 1 << 20

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    guard fillMode == "constant" else {
      throw PassError(
        "Resizing has fill_mode \(fillMode)", remedy: "Keras knows constant alone")
    }
    guard !cropToAspectRatio || !padToAspectRatio else {
      throw PassError(
        "Resizing can either crop or pad to the aspect ratio", remedy: "leave one of them out")
    }
    let input = inputs[0]
    let ranges = try ranges(of: input)
    let sizes = [height, width]
    var order = [0, 1]
    // What has a border comes first: then the border is as wide as the image.
    if ranges[1].lowerBound < 0 { order.reverse() }
    let steps = order.map { index in
      let axis = spatialAxes[index]
      return AxisResampling(
        axis: axis, count: input.sizes[axis], from: ranges[index], to: sizes[index],
        interpolation.kernel, isSmoothed: antialias, filling: Float(fillValue))
    }
    return Pass(input, resampledBy: steps, in: context)
  }

  /// The rows and the columns that the output is made of; beyond those of the image is its border.
  private func ranges(of input: Tensor) throws(PassError) -> [Range<Int>] {
    let (rows, columns) = (input.sizes[spatialAxes[0]], input.sizes[spatialAxes[1]])
    if cropToAspectRatio { return largestPart(ofHeight: rows, width: columns) }
    guard padToAspectRatio else { return [0..<rows, 0..<columns] }
    func border(_ size: Int, _ other: Int, _ target: Int, _ otherTarget: Int)
      throws(PassError) -> Int
    {
      let wanted = Double(other) * Double(target) / Double(otherTarget)
      guard wanted <= Double(Self.mostPadded) else {
        throw PassError(
          "Resizing would add a border until an image has \(wanted.pythonDescription) rows",
          remedy: "make height and width more alike")
      }
      return max(Int(wanted) - size, 0) / 2
    }
    let (above, before) = (
      try border(rows, columns, height, width), try border(columns, rows, width, height)
    )
    // Keras adds to the columns where it has nothing to add to the rows.
    return above > 0
      ? [-above..<(rows + above), 0..<columns] : [0..<rows, -before..<(columns + before)]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    let how =
      cropToAspectRatio
      ? ["cuts to the proportions first,", "then \(interpolation.rawValue) interpolation"]
      : padToAspectRatio
        ? [
          "adds a border of \(fillValue.pythonDescription) to the proportions first,",
          "then \(interpolation.rawValue) interpolation",
        ]
        : ["\(interpolation.rawValue) interpolation, rows and columns apart"]
    return sizeAnswers(inputs, how)
  }
}

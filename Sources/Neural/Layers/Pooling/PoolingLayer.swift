/// What pooling layers have in common: a window that slides, and gives one number a channel.
///
/// Input: (batch, spatial…, channels), or (batch, channels, spatial…) with `channels_first`.
package protocol PoolingLayer: Layer {
  /// 1 for sequences, 2 for images.
  static var spatialRank: Int { get }
  /// What the layer does with the numbers in a window.
  static var pooling: PoolingReduction { get }
  /// What every pooling layer can be told.
  var options: PoolingOptions { get set }
}

/// What every pooling layer can be told.
package struct PoolingOptions: Sendable {
  /// Positions that the window covers on each axis.
  package var poolSize: [Int]
  /// How far the window moves at a time; `nil`: by its own size.
  package var givenStrides: [Int]?
  /// What happens at the borders.
  package var padding = Padding.valid
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  /// Keras' defaults, with a window of 2 on each axis.
  package init(rank: Int) {
    poolSize = Array(repeating: 2, count: rank)
  }

  /// How far the window moves at a time, as Keras writes it.
  package var strides: [Int]? {
    get { givenStrides ?? poolSize }
    set { givenStrides = newValue }
  }

  var window: Window {
    Window(size: poolSize, strides: givenStrides ?? poolSize, isPadded: padding == .same)
  }
}

extension PoolingOptions: Hashable {
  /// Whether the windows are equal; strides that follow the size equal the same ones given.
  package static func == (lhs: PoolingOptions, rhs: PoolingOptions) -> Bool {
    lhs.window == rhs.window && lhs.dataFormat == rhs.dataFormat
  }

  /// Hashes the window.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(window)
    hasher.combine(dataFormat)
  }
}

extension PoolingLayer {
  /// The settings of every pooling layer.
  ///
  /// - Parameter isRequired: whether Keras asks for `pool_size`.
  /// - Returns: the settings in the order of Keras' constructor.
  static func poolingSettings(isRequired: Bool) -> [Setting<Self>] {
    [
      Setting(
        "pool_size", \.options.poolSize, .window(rank: spatialRank), isRequired: isRequired,
        help: "positions that become one"),
      Setting(
        "strides", \.options.strides, .window(rank: spatialRank),
        help: "how far the window moves at a time; None: by its size"),
      Setting(
        "padding", \.options.padding, .choice(Padding.choices),
        help: "valid: stays inside; same: also at the borders"),
      Setting(
        "data_format", \.options.dataFormat, .choice(DataFormat.choices),
        help: "channels_first pools the LAST axis"),
    ]
  }

  /// (batch, time, features) and (batch, height, width, channels).
  ///
  /// With `channels_first` a sequence keeps the meaning it has: the layer takes timesteps for
  /// channels, and its explanation says so.
  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank == Self.spatialRank + 2 else { return nil }
    if rank == 4 { return imageRoles(rank: 4, options.dataFormat) }
    return options.dataFormat == .channelsLast ? [.batch, .time, .features] : nil
  }

  package var keepsAxes: Bool { true }

  private var spatialAxes: Range<Int> { options.dataFormat.spatialAxes(rank: Self.spatialRank) }

  private func checkedInput(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try single(inputs)
    let roles = inputRoles(rank: Self.spatialRank + 2)
    let names = roles ?? [.batch, .channels, .time]
    let axes = names.map(\.rawValue).joined(separator: ", ")
    try input.requireRank(Self.spatialRank + 2, axes, for: className)
    return roles.map { input.withRoles($0) } ?? input
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try checkedInput(inputs)
    return [
      try options.window.slid(over: input, at: spatialAxes, layer: className, key: "pool_size")
    ]
  }

  /// Whether a sequence is pooled along its features, with its timesteps taken for channels.
  private func poolsFeatures(_ input: Shape) -> Bool {
    Self.spatialRank == 1 && options.dataFormat == .channelsFirst && input.rank == 3
      && input[1].role == .time
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first, let input = try? checkedInput(inputs) else {
      return Explanation([])
    }
    var answers: [Explanation.Answer] = []
    for (index, axis) in spatialAxes.enumerated() {
      let size = output[axis].size.map { $0.grouped } ?? "None"
      answers.append(
        .init(
          "Why \(size) \(input[axis].noun)?",
          ["the \(Self.pooling.rawValue) of \(options.poolSize[index]) \(input[axis].noun) each:"]
            + options.window.placesFormula(input[axis], index: index)))
    }
    if poolsFeatures(input) {
      answers.append(
        .init(
          "Why are the timesteps the same?",
          [
            "channels_first takes the timesteps for channels, so it pools the "
              + "\(input[2].sizeText) features; time stays \(input[1].sizeText)"
          ]))
    }
    return Explanation(answers + [.init("Why no parameters?", ["nothing here is trained"])])
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard let input = try? checkedInput(inputs), poolsFeatures(input),
      let output = try? outputShapes(for: inputs).first
    else { return [] }
    return [
      "channels_first pools the last axis: \(input[2].sizeText) features become "
        + "\(output[2].sizeText), the \(input[1].sizeText) timesteps stay; "
        + "channels_last pools timesteps"
    ]
  }
}

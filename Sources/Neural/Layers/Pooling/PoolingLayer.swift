/// What pooling layers have in common: a window that slides, and gives one number a channel.
///
/// Input: (batch, spatial…, channels), or (batch, channels, spatial…) with `channels_first`.
package protocol PoolingLayer: SpatialPooling {
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

  package var dataFormat: DataFormat { options.dataFormat }
  package var keepsAxes: Bool { true }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try checkedInput(inputs)
    return [
      try options.window.slid(over: input, at: spatialAxes, layer: className, key: "pool_size")
    ]
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
    answers += featuresAnswer(input)
    return Explanation(answers + [.init("Why no parameters?", ["nothing here is trained"])])
  }
}

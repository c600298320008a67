/// What adaptive pooling layers have in common: as many places as asked for, whatever the input.
///
/// Input: (batch, spatial…, channels), or (batch, channels, spatial…) with `channels_first`.
package protocol AdaptivePoolingLayer: SpatialPooling {
  /// What every adaptive pooling layer can be told.
  var options: AdaptivePoolingOptions { get set }
}

/// What every adaptive pooling layer can be told.
package struct AdaptivePoolingOptions: Hashable, Sendable {
  /// Positions of the output on each axis.
  package var outputSize: [Int]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  /// An output of 2 positions on each axis.
  package init(rank: Int) {
    outputSize = Array(repeating: 2, count: rank)
  }
}

extension AdaptivePoolingLayer {
  static var adaptiveSettings: [Setting<Self>] {
    [
      Setting(
        "output_size", \.options.outputSize, .window(rank: spatialRank), isRequired: true,
        help: "positions of the output"),
      Setting(
        "data_format", \.options.dataFormat, .choice(DataFormat.choices),
        help: "channels_first pools the LAST axes"),
    ]
  }

  package var dataFormat: DataFormat { options.dataFormat }
  package var keepsAxes: Bool { true }

  /// Any number of positions becomes that of the setting, a free one too.
  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try checkedInput(inputs)
    var output = input
    for (axis, size) in zip(spatialAxes, options.outputSize) {
      guard input[axis].size != 0 else {
        throw ShapeError("\(className) cannot divide an axis without positions: \(input)")
      }
      if input[axis].size != size { output.axes[axis] = Axis(input[axis].role, size) }
    }
    return [output]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first, let input = try? checkedInput(inputs) else {
      return Explanation([])
    }
    var answers: [Explanation.Answer] = []
    for (axis, size) in zip(spatialAxes, options.outputSize) {
      let noun = input[axis].noun
      answers.append(
        .init(
          "Why \(output[axis].sizeText) \(noun)?",
          ["output_size asks for \(size.grouped), whatever the input"]
            + divisionFormula(input[axis], into: size)))
    }
    answers += featuresAnswer(input)
    return Explanation(answers + [.init("Why no parameters?", ["nothing here is trained"])])
  }

  /// How many positions become one: formulas with the numbers in.
  private func divisionFormula(_ axis: Axis, into places: Int) -> [String] {
    let each = "each is the \(Self.pooling.rawValue) of"
    guard let count = axis.size, count > 0, places > 0 else {
      return ["\(each) an equal share of the \(axis.noun)"]
    }
    if count % places == 0 {
      return ["\(each) \(count.grouped) ÷ \(places.grouped) = \((count / places).grouped)"]
    }
    let least = count / places + 1
    return [
      "\(each) \(count.grouped) ÷ \(places.grouped), rounded up: "
        + "\(least.grouped), or one more; neighbours share some"
    ]
  }
}

/// The averages of equal parts of a sequence, as many as asked for, channel by channel.
///
/// Input: (batch, timesteps, features). Output: (batch, places, features).
/// Source: `keras/src/layers/pooling/adaptive_average_pooling1d.py`.
package struct AdaptiveAveragePooling1D: AdaptivePoolingLayer {
  package static let className = "AdaptiveAveragePooling1D"
  package static let summary = "averages a sequence of any length to a fixed one"
  package static let spatialRank = 1
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<AdaptiveAveragePooling1D>] = adaptiveSettings

  package var options = AdaptivePoolingOptions(rank: 1)

  package init() {}
}

/// The averages of equal parts of an image, as many as asked for, channel by channel.
///
/// Input: (batch, height, width, channels). Output: (batch, rows, columns, channels).
/// Source: `keras/src/layers/pooling/adaptive_average_pooling2d.py`.
package struct AdaptiveAveragePooling2D: AdaptivePoolingLayer {
  package static let className = "AdaptiveAveragePooling2D"
  package static let summary = "averages an image of any size to a fixed one"
  package static let spatialRank = 2
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<AdaptiveAveragePooling2D>] = adaptiveSettings

  package var options = AdaptivePoolingOptions(rank: 2)

  package init() {}
}

/// The averages of equal parts of a volume, as many as asked for, channel by channel.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, places…, channels).
/// Source: `keras/src/layers/pooling/adaptive_average_pooling3d.py`.
package struct AdaptiveAveragePooling3D: AdaptivePoolingLayer {
  package static let className = "AdaptiveAveragePooling3D"
  package static let summary = "averages a volume of any size to a fixed one"
  package static let spatialRank = 3
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<AdaptiveAveragePooling3D>] = adaptiveSettings

  package var options = AdaptivePoolingOptions(rank: 3)

  package init() {}
}

/// The largest numbers of equal parts of a sequence, as many as asked for, channel by channel.
///
/// Input: (batch, timesteps, features). Output: (batch, places, features).
/// Source: `keras/src/layers/pooling/adaptive_max_pooling1d.py`.
package struct AdaptiveMaxPooling1D: AdaptivePoolingLayer {
  package static let className = "AdaptiveMaxPooling1D"
  package static let summary = "keeps the largest of as many stretches as asked for"
  package static let spatialRank = 1
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<AdaptiveMaxPooling1D>] = adaptiveSettings

  package var options = AdaptivePoolingOptions(rank: 1)

  package init() {}
}

/// The largest numbers of equal parts of an image, as many as asked for, channel by channel.
///
/// Input: (batch, height, width, channels). Output: (batch, rows, columns, channels).
/// Source: `keras/src/layers/pooling/adaptive_max_pooling2d.py`.
package struct AdaptiveMaxPooling2D: AdaptivePoolingLayer {
  package static let className = "AdaptiveMaxPooling2D"
  package static let summary = "keeps the largest of as many patches as asked for"
  package static let spatialRank = 2
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<AdaptiveMaxPooling2D>] = adaptiveSettings

  package var options = AdaptivePoolingOptions(rank: 2)

  package init() {}
}

/// The largest numbers of equal parts of a volume, as many as asked for, channel by channel.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, places…, channels).
/// Source: `keras/src/layers/pooling/adaptive_max_pooling3d.py`.
package struct AdaptiveMaxPooling3D: AdaptivePoolingLayer {
  package static let className = "AdaptiveMaxPooling3D"
  package static let summary = "keeps the largest of as many blocks as asked for"
  package static let spatialRank = 3
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<AdaptiveMaxPooling3D>] = adaptiveSettings

  package var options = AdaptivePoolingOptions(rank: 3)

  package init() {}
}

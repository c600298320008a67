/// What global pooling layers have in common: one number a channel, from all positions.
///
/// Input: (batch, spatial…, channels), or (batch, channels, spatial…) with `channels_first`.
/// Output: (batch, channels), or the input's rank with sizes of 1 with `keepdims`.
package protocol GlobalPoolingLayer: SpatialPooling {
  /// What every global pooling layer can be told.
  var options: GlobalPoolingOptions { get set }
}

/// What every global pooling layer can be told.
package struct GlobalPoolingOptions: Hashable, Sendable {
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast
  /// Whether the pooled axes stay, with a size of 1.
  package var keepDims = false

  /// Keras' defaults.
  package init() {}
}

extension GlobalPoolingLayer {
  static var globalSettings: [Setting<Self>] {
    [
      Setting(
        "data_format", \.options.dataFormat, .choice(DataFormat.choices),
        help: "channels_first pools the LAST axes"),
      Setting("keepdims", \.options.keepDims, .boolean, help: "keeps the pooled axes, of size 1"),
    ]
  }

  package var dataFormat: DataFormat { options.dataFormat }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try checkedInput(inputs)
    let pooled = spatialAxes
    var output = input
    if options.keepDims {
      for axis in pooled { output.axes[axis] = Axis(input[axis].role, 1) }
      return [output]
    }
    output.axes.removeSubrange(pooled)
    if output[1].role == .channels { output.axes[1].role = .features }
    return [output]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first, let input = try? checkedInput(inputs) else {
      return Explanation([])
    }
    let pooled = spatialAxes.map { input[$0] }
    let channels = input[options.dataFormat.channelAxis(rank: Self.spatialRank)]
    let all = pooled.map { "\($0.sizeText) \($0.noun)" }.joined(separator: " × ")
    return Explanation([
      .init(
        "Why \(output)?",
        [
          "\(Self.pooling.rawValue) of \(all)", "for each of \(channels.sizeText) \(channels.noun)",
        ]),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard let input = try? checkedInput(inputs), poolsFeatures(input) else { return [] }
    return [
      "channels_first pools the last axis, the \(input[2].sizeText) features; "
        + "channels_last pools timesteps"
    ]
  }
}

/// The largest number of each feature over all timesteps.
///
/// Input: (batch, timesteps, features). Output: (batch, features).
/// Source: `keras/src/layers/pooling/global_max_pooling1d.py`.
package struct GlobalMaxPooling1D: GlobalPoolingLayer {
  package static let className = "GlobalMaxPooling1D"
  package static let aliases = ["GlobalMaxPool1D"]
  package static let summary = "keeps the largest of all timesteps, for each feature"
  package static let spatialRank = 1
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<GlobalMaxPooling1D>] = globalSettings

  package var options = GlobalPoolingOptions()

  package init() {}
}

/// The average of each feature over all timesteps; masked ones are left out.
///
/// Input: (batch, timesteps, features). Output: (batch, features).
/// Source: `keras/src/layers/pooling/global_average_pooling1d.py`.
package struct GlobalAveragePooling1D: GlobalPoolingLayer {
  package static let className = "GlobalAveragePooling1D"
  package static let aliases = ["GlobalAvgPool1D"]
  package static let summary = "averages all timesteps, for each feature"
  package static let spatialRank = 1
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<GlobalAveragePooling1D>] = globalSettings

  package var options = GlobalPoolingOptions()

  package init() {}

  package var masking: Masking { .uses(handsOn: false) }
}

/// The largest number of each channel over the whole image.
///
/// Input: (batch, height, width, channels). Output: (batch, channels).
/// Source: `keras/src/layers/pooling/global_max_pooling2d.py`.
package struct GlobalMaxPooling2D: GlobalPoolingLayer {
  package static let className = "GlobalMaxPooling2D"
  package static let aliases = ["GlobalMaxPool2D"]
  package static let summary = "keeps the largest of the whole image, for each channel"
  package static let spatialRank = 2
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<GlobalMaxPooling2D>] = globalSettings

  package var options = GlobalPoolingOptions()

  package init() {}
}

/// The average of each channel over the whole image.
///
/// Input: (batch, height, width, channels). Output: (batch, channels).
/// Source: `keras/src/layers/pooling/global_average_pooling2d.py`.
package struct GlobalAveragePooling2D: GlobalPoolingLayer {
  package static let className = "GlobalAveragePooling2D"
  package static let aliases = ["GlobalAvgPool2D"]
  package static let summary = "averages the whole image, for each channel"
  package static let spatialRank = 2
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<GlobalAveragePooling2D>] = globalSettings

  package var options = GlobalPoolingOptions()

  package init() {}
}

/// The largest number of each channel over the whole volume.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, channels).
/// Source: `keras/src/layers/pooling/global_max_pooling3d.py`.
package struct GlobalMaxPooling3D: GlobalPoolingLayer {
  package static let className = "GlobalMaxPooling3D"
  package static let aliases = ["GlobalMaxPool3D"]
  package static let summary = "keeps the largest of the whole volume, for each channel"
  package static let spatialRank = 3
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<GlobalMaxPooling3D>] = globalSettings

  package var options = GlobalPoolingOptions()

  package init() {}
}

/// The average of each channel over the whole volume.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, channels).
/// Source: `keras/src/layers/pooling/global_average_pooling3d.py`.
package struct GlobalAveragePooling3D: GlobalPoolingLayer {
  package static let className = "GlobalAveragePooling3D"
  package static let aliases = ["GlobalAvgPool3D"]
  package static let summary = "averages the whole volume, for each channel"
  package static let spatialRank = 3
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<GlobalAveragePooling3D>] = globalSettings

  package var options = GlobalPoolingOptions()

  package init() {}
}

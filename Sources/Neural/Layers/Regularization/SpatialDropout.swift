/// Dropout that drops a feature at all timesteps at once.
///
/// Input and output: (batch, timesteps, features).
/// Source: `keras/src/layers/regularization/spatial_dropout.py`.
package struct SpatialDropout1D: ShapeKeepingLayer {
  package static let className = "SpatialDropout1D"
  package static let summary = "in training, drops whole features at all timesteps"
  package static let requiredRank: Int? = 3

  /// Share of the features that is dropped.
  package var rate = 0.5
  /// Seed of the random choice.
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<SpatialDropout1D>] = [
    RegularizationSettings.rate(\.rate), RegularizationSettings.seed(\.seed),
  ]

  package func inputRoles(rank: Int) -> [AxisRole]? {
    rank == 3 ? [.batch, .time, .features] : nil
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    RegularizationSettings.explanation("drops \(percent(rate)) of the features")
  }
}

/// Dropout that drops whole channels of images.
///
/// Input and output: (batch, height, width, channels), or channels first.
/// Source: `keras/src/layers/regularization/spatial_dropout.py`.
package struct SpatialDropout2D: ShapeKeepingLayer {
  package static let className = "SpatialDropout2D"
  package static let summary = "in training, drops whole channels of images"
  package static let requiredRank: Int? = 4

  /// Share of the channels that is dropped.
  package var rate = 0.5
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast
  /// Seed of the random choice.
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<SpatialDropout2D>] = [
    RegularizationSettings.rate(\.rate),
    Setting(
      "data_format", \.dataFormat, .choice(DataFormat.choices), help: "where the channels stand"),
    RegularizationSettings.seed(\.seed),
  ]

  package func inputRoles(rank: Int) -> [AxisRole]? { imageRoles(rank: rank, dataFormat) }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    RegularizationSettings.explanation("drops \(percent(rate)) of the channels")
  }
}

/// What the axes of an input of 4 axes mean to layers for images.
func imageRoles(rank: Int, _ format: DataFormat) -> [AxisRole]? {
  guard rank == 4 else { return nil }
  return format == .channelsLast
    ? [.batch, .height, .width, .channels] : [.batch, .channels, .height, .width]
}

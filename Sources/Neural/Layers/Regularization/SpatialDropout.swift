/// Dropout that drops whole channels: each at all positions of a sample at once.
///
/// Input and output: (batch, spatial…, channels), or channels first.
/// Source: `keras/src/layers/regularization/spatial_dropout.py`.
protocol SpatialDropout: ShapeKeepingLayer {
  /// 1 for sequences, 2 for images, 3 for volumes.
  static var spatialRank: Int { get }
  /// Share of the channels that is dropped.
  var rate: Double { get set }
  /// Where the channels stand.
  var dataFormat: DataFormat { get }
  /// Seed of the random choice.
  var seed: Int? { get set }
}

extension SpatialDropout {
  package static var requiredRank: Int? { spatialRank + 2 }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank == Self.requiredRank else { return nil }
    return dataFormat.spatialRoles(rank: rank) ?? [.batch, .time, .features]
  }

  /// The sizes of the random choice; `nil` for an axis as the input has it.
  var noiseShape: [Int?] {
    let channel = dataFormat.channelAxis(rank: Self.spatialRank)
    return (0..<(Self.spatialRank + 2)).map { $0 == 0 || $0 == channel ? nil : 1 }
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    let noun = Self.spatialRank == 1 ? "features" : "channels"
    return RegularizationSettings.explanation("drops \(percent(rate)) of the \(noun)")
  }

  fileprivate static func settings(
    _ dataFormat: WritableKeyPath<Self, DataFormat> & Sendable
  ) -> [Setting<Self>] {
    [
      RegularizationSettings.rate(\.rate),
      Setting(
        "data_format", dataFormat, .choice(DataFormat.choices), help: "where the channels stand"),
      RegularizationSettings.seed(\.seed),
    ]
  }
}

/// Dropout that drops a feature at all timesteps at once.
///
/// Input and output: (batch, timesteps, features).
/// Source: `keras/src/layers/regularization/spatial_dropout.py`.
package struct SpatialDropout1D: SpatialDropout {
  package static let className = "SpatialDropout1D"
  package static let summary = "in training, drops whole features at all timesteps"
  static let spatialRank = 1

  package var rate = 0.5
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<SpatialDropout1D>] = [
    RegularizationSettings.rate(\.rate), RegularizationSettings.seed(\.seed),
  ]

  var dataFormat: DataFormat { .channelsLast }
}

/// Dropout that drops whole channels of images.
///
/// Input and output: (batch, height, width, channels), or channels first.
/// Source: `keras/src/layers/regularization/spatial_dropout.py`.
package struct SpatialDropout2D: SpatialDropout {
  package static let className = "SpatialDropout2D"
  package static let summary = "in training, drops whole channels of images"
  static let spatialRank = 2

  package var rate = 0.5
  package var dataFormat = DataFormat.channelsLast
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<SpatialDropout2D>] = settings(\.dataFormat)
}

/// Dropout that drops whole channels of volumes.
///
/// Input and output: (batch, depth, height, width, channels), or channels first.
/// Source: `keras/src/layers/regularization/spatial_dropout.py`.
package struct SpatialDropout3D: SpatialDropout {
  package static let className = "SpatialDropout3D"
  package static let summary = "in training, drops whole channels of volumes"
  static let spatialRank = 3

  package var rate = 0.5
  package var dataFormat = DataFormat.channelsLast
  package var seed: Int?

  package init() {}

  package static let settings: [Setting<SpatialDropout3D>] = settings(\.dataFormat)
}

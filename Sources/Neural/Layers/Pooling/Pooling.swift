/// The largest of each few neighbouring timesteps, feature by feature.
///
/// Input: (batch, timesteps, features). Output: (batch, places, features).
/// Source: `keras/src/layers/pooling/max_pooling1d.py`.
package struct MaxPooling1D: PoolingLayer {
  package static let className = "MaxPooling1D"
  package static let aliases = ["MaxPool1D"]
  package static let summary = "keeps the largest of each few timesteps: a shorter sequence"
  package static let spatialRank = 1
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<MaxPooling1D>] = poolingSettings(isRequired: false)

  package var options = PoolingOptions(rank: 1)

  package init() {}
}

/// The average of each few neighbouring timesteps, feature by feature.
///
/// Input: (batch, timesteps, features). Output: (batch, places, features).
/// Source: `keras/src/layers/pooling/average_pooling1d.py`.
package struct AveragePooling1D: PoolingLayer {
  package static let className = "AveragePooling1D"
  package static let aliases = ["AvgPool1D"]
  package static let summary = "averages each few timesteps: a shorter sequence"
  package static let spatialRank = 1
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<AveragePooling1D>] = poolingSettings(isRequired: true)

  package var options = PoolingOptions(rank: 1)

  package init() {}
}

/// The largest number of each patch of an image, channel by channel.
///
/// Input: (batch, height, width, channels). Output: (batch, rows, columns, channels).
/// Source: `keras/src/layers/pooling/max_pooling2d.py`.
package struct MaxPooling2D: PoolingLayer {
  package static let className = "MaxPooling2D"
  package static let aliases = ["MaxPool2D"]
  package static let summary = "keeps the largest of each patch: a smaller image"
  package static let spatialRank = 2
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<MaxPooling2D>] = poolingSettings(isRequired: false)

  package var options = PoolingOptions(rank: 2)

  package init() {}
}

/// The average of each patch of an image, channel by channel.
///
/// Input: (batch, height, width, channels). Output: (batch, rows, columns, channels).
/// Source: `keras/src/layers/pooling/average_pooling2d.py`.
package struct AveragePooling2D: PoolingLayer {
  package static let className = "AveragePooling2D"
  package static let aliases = ["AvgPool2D"]
  package static let summary = "averages each patch: a smaller image"
  package static let spatialRank = 2
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<AveragePooling2D>] = poolingSettings(isRequired: true)

  package var options = PoolingOptions(rank: 2)

  package init() {}
}

/// The largest number of each block of a volume, channel by channel.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, places…, channels).
/// Source: `keras/src/layers/pooling/max_pooling3d.py`.
package struct MaxPooling3D: PoolingLayer {
  package static let className = "MaxPooling3D"
  package static let aliases = ["MaxPool3D"]
  package static let summary = "keeps the largest of each block: a smaller volume"
  package static let spatialRank = 3
  package static let pooling = PoolingReduction.largest
  package static let settings: [Setting<MaxPooling3D>] = poolingSettings(isRequired: false)

  package var options = PoolingOptions(rank: 3)

  package init() {}
}

/// The average of each block of a volume, channel by channel.
///
/// Input: (batch, depth, height, width, channels). Output: (batch, places…, channels).
/// Source: `keras/src/layers/pooling/average_pooling3d.py`.
package struct AveragePooling3D: PoolingLayer {
  package static let className = "AveragePooling3D"
  package static let aliases = ["AvgPool3D"]
  package static let summary = "averages each block: a smaller volume"
  package static let spatialRank = 3
  package static let pooling = PoolingReduction.average
  package static let settings: [Setting<AveragePooling3D>] = poolingSettings(isRequired: true)

  package var options = PoolingOptions(rank: 3)

  package init() {}
}

/// What all pooling layers have in common: positions become fewer, each channel by itself.
///
/// Input: (batch, spatial…, channels), or (batch, channels, spatial…) with `channels_first`.
package protocol SpatialPooling: Layer {
  /// 1 for sequences, 2 for images, 3 for volumes.
  static var spatialRank: Int { get }
  /// What the layer does with the numbers of the positions that become one.
  static var pooling: PoolingReduction { get }
  /// Where the channels stand.
  var dataFormat: DataFormat { get }
}

/// What pooling makes of some numbers.
package enum PoolingReduction: String, Sendable {
  /// The largest number; NaN where there is one.
  case largest
  /// The average, padding left out.
  case average
}

extension SpatialPooling {
  /// (batch, time, features), or for images and volumes (batch, …, height, width, channels).
  ///
  /// With `channels_first` a sequence keeps the meaning it has: the layer takes timesteps for
  /// channels, and its explanation says so.
  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank == Self.spatialRank + 2 else { return nil }
    return dataFormat.spatialRoles(rank: rank)
      ?? (dataFormat == .channelsLast ? [.batch, .time, .features] : nil)
  }

  var spatialAxes: Range<Int> { dataFormat.spatialAxes(rank: Self.spatialRank) }

  /// The input with this layer's roles.
  func checkedInput(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try single(inputs)
    let roles = inputRoles(rank: Self.spatialRank + 2)
    let names = axisNames(roles ?? [.batch, .channels, .time])
    try input.requireRank(Self.spatialRank + 2, names, for: className)
    return roles.map { input.withRoles($0) } ?? input
  }

  /// Whether a sequence is pooled along its features, with its timesteps taken for channels.
  func poolsFeatures(_ input: Shape) -> Bool {
    Self.spatialRank == 1 && dataFormat == .channelsFirst && input.rank == 3
      && input[1].role == .time
  }

  /// Why a sequence that is pooled along its features keeps its length.
  func featuresAnswer(_ input: Shape) -> [Explanation.Answer] {
    guard poolsFeatures(input) else { return [] }
    return [
      .init(
        "Why are the timesteps the same?",
        [
          "channels_first takes the timesteps for channels, so it pools the "
            + "\(input[2].sizeText) features; time stays \(input[1].sizeText)"
        ])
    ]
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

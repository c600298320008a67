/// A layer that repeats each position of its spatial axes.
protocol UpSamplingLayer: Layer {
  static var spatialRank: Int { get }
  var factors: [Int] { get }
  var format: DataFormat { get }
  /// How new numbers come from their neighbours; `nil`: each position is repeated.
  var kernel: ResamplingKernel? { get }
}

extension UpSamplingLayer {
  package var keepsAxes: Bool { true }
  var kernel: ResamplingKernel? { nil }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank == Self.spatialRank + 2 else { return nil }
    return format.spatialRoles(rank: rank) ?? [.batch, .time, .features]
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var input = try single(inputs)
    let rank = Self.spatialRank + 2
    let roles = inputRoles(rank: rank) ?? Shape.defaultRoles(rank: rank)
    try input.requireRank(rank, axisNames(roles), for: className)
    input = input.withRoles(roles)
    var output = input
    for (factor, axis) in zip(factors, format.spatialAxes(rank: Self.spatialRank)) {
      guard let size = input[axis].size, factor != 1 else { continue }
      guard let result = multiplied(size, factor) else {
        throw ShapeError("\(className): \(size) × \(factor) \(input[axis].noun) are too many")
      }
      output.axes[axis] = Axis(input[axis].role, result)
    }
    return [output]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let output = outputs.first, input.rank == output.rank else {
      return Explanation([])
    }
    return Explanation(
      zip(factors, format.spatialAxes(rank: Self.spatialRank)).compactMap { factor, axis in
        guard axis < output.rank else { return nil }
        return .init(
          "Why \(output[axis].sizeText) \(output[axis].noun)?",
          ["\(input[axis].sizeText) × \(factor): each is repeated"])
      })
  }
}

/// Repeats each timestep.
///
/// Input: (batch, timesteps, features). Source: `keras/src/layers/reshaping/up_sampling1d.py`.
package struct UpSampling1D: UpSamplingLayer {
  package static let className = "UpSampling1D"
  package static let summary = "repeats each timestep: a longer sequence"
  static let spatialRank = 1

  /// How often each timestep stands.
  package var size = 2

  package init() {}

  package static let settings: [Setting<UpSampling1D>] = [
    Setting("size", \.size, .integer(1...largestSize), help: "how often each timestep stands")
  ]

  var factors: [Int] { [size] }
  var format: DataFormat { .channelsLast }
}

/// Repeats each row and column of an image.
///
/// Input: (batch, height, width, channels).
/// Source: `keras/src/layers/reshaping/up_sampling2d.py`.
package struct UpSampling2D: UpSamplingLayer {
  package static let className = "UpSampling2D"
  package static let summary = "repeats rows and columns: a larger image"
  static let spatialRank = 2

  /// How new numbers come from their neighbours.
  package enum Interpolation: String, SettingChoice {
    /// The nearest number.
    case nearest
    /// A weighted average of 4.
    case bilinear
    /// A weighted sum of 16.
    case bicubic
    /// A windowed sinc over 6 positions.
    case lanczos3
    /// A windowed sinc over 10 positions.
    case lanczos5
  }

  /// How often each row and each column stands.
  package var size = [2, 2]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast
  /// How new numbers come from their neighbours.
  package var interpolation = Interpolation.nearest

  package init() {}

  package static let settings: [Setting<UpSampling2D>] = [
    Setting("size", \.size, .window(rank: 2), help: "how often each row and column stands"),
    Setting(
      "data_format", \.dataFormat, .choice(DataFormat.choices), help: "where the channels stand"),
    Setting(
      "interpolation", \.interpolation, .choice(Interpolation.choices),
      help: "how new numbers come from their neighbours"),
  ]

  var factors: [Int] { size }
  var format: DataFormat { dataFormat }
  var kernel: ResamplingKernel? { interpolation.kernel }
}

/// Repeats each slice, row and column of a volume.
///
/// Input: (batch, depth, height, width, channels).
/// Source: `keras/src/layers/reshaping/up_sampling3d.py`.
package struct UpSampling3D: UpSamplingLayer {
  package static let className = "UpSampling3D"
  package static let summary = "repeats slices, rows and columns: a larger volume"
  static let spatialRank = 3

  /// How often each slice, each row and each column stands.
  package var size = [2, 2, 2]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<UpSampling3D>] = [
    Setting(
      "size", \.size, .window(rank: 3), help: "how often each slice, row and column stands"),
    Setting(
      "data_format", \.dataFormat, .choice(DataFormat.choices), help: "where the channels stand"),
  ]

  var factors: [Int] { size }
  var format: DataFormat { dataFormat }
}

/// A layer that adds or cuts positions at the ends of its spatial axes.
protocol BorderLayer: Layer {
  static var spatialRank: Int { get }
  /// Whether positions are added, not cut off.
  static var adds: Bool { get }
  var borders: [Border] { get }
  var format: DataFormat { get }
}

/// Settings that layers of borders share.
private enum BorderSettings {
  static func dataFormat<L: BorderLayer>(
    _ path: WritableKeyPath<L, DataFormat> & Sendable
  ) -> Setting<L> {
    Setting(
      "data_format", path, .choice(DataFormat.choices), help: "where the channels stand")
  }

  static func image<L: BorderLayer>(
    _ key: String, _ path: WritableKeyPath<L, [Border]> & Sendable
  ) -> Setting<L> {
    Setting(
      key, path, .value, rank: 2, help: "rows, columns; or (top, bottom), (left, right)")
  }

  static func volume<L: BorderLayer>(
    _ key: String, _ path: WritableKeyPath<L, [Border]> & Sendable
  ) -> Setting<L> {
    Setting(
      key, path, .value, rank: 3, help: "depth, rows, columns; or (before, after) of each")
  }
}

extension BorderLayer {
  package var keepsAxes: Bool { true }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank == Self.spatialRank + 2 else { return nil }
    return format.spatialRoles(rank: rank)
      ?? (format == .channelsLast ? [.batch, .time, .features] : nil)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var input = try single(inputs)
    let rank = Self.spatialRank + 2
    let roles = inputRoles(rank: rank)
    let names = axisNames(roles ?? Shape.defaultRoles(rank: rank))
    try input.requireRank(rank, names, for: className)
    if let roles { input = input.withRoles(roles) }
    var output = input
    for (border, axis) in zip(borders, format.spatialAxes(rank: Self.spatialRank)) {
      guard let size = input[axis].size, border.total > 0 else { continue }
      guard let result = Self.adds ? added(size, border.total) : subtracted(size, border.total),
        Self.adds || result > 0
      else {
        throw ShapeError(
          "\(className) cuts \(border.total) of \(size) \(input[axis].noun): nothing is left",
          remedy: "cut less")
      }
      output.axes[axis] = Axis(input[axis].role, result)
    }
    // An empty axis is too short even where nothing is cut off.
    if !Self.adds {
      for axis in format.spatialAxes(rank: Self.spatialRank) where input[axis].size == 0 {
        throw ShapeError("\(className) cannot cut an axis without positions: \(input)")
      }
    }
    return [output]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let output = outputs.first, input.rank == output.rank else {
      return Explanation([])
    }
    let spatial = format.spatialAxes(rank: Self.spatialRank)
    let sign = Self.adds ? "+" : "−"
    return Explanation(
      zip(borders, spatial).compactMap { border, axis in
        guard axis < output.rank else { return nil }
        return .init(
          "Why \(output[axis].sizeText) \(output[axis].noun)?",
          ["\(input[axis].sizeText) \(sign) \(border.before) \(sign) \(border.after)"])
      })
  }
}

/// Adds zeros before and after a sequence.
///
/// Input: (batch, timesteps, features). Source: `keras/src/layers/reshaping/zero_padding1d.py`.
package struct ZeroPadding1D: BorderLayer {
  package static let className = "ZeroPadding1D"
  package static let summary = "adds timesteps of zeros before and after a sequence"
  static let spatialRank = 1
  static let adds = true

  /// Timesteps added before and after.
  package var padding = Border(1, 1)
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<ZeroPadding1D>] = [
    Setting("padding", \.padding, .sizes, help: "timesteps before and after"),
    BorderSettings.dataFormat(\.dataFormat),
  ]

  var borders: [Border] { [padding] }
  var format: DataFormat { dataFormat }
}

/// Adds zeros around an image.
///
/// Input: (batch, height, width, channels).
/// Source: `keras/src/layers/reshaping/zero_padding2d.py`.
package struct ZeroPadding2D: BorderLayer {
  package static let className = "ZeroPadding2D"
  package static let summary = "adds rows and columns of zeros around an image"
  static let spatialRank = 2
  static let adds = true

  /// Rows and columns added.
  package var padding = [Border(1, 1), Border(1, 1)]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<ZeroPadding2D>] = [
    BorderSettings.image("padding", \.padding),
    BorderSettings.dataFormat(\.dataFormat),
  ]

  var borders: [Border] { padding }
  var format: DataFormat { dataFormat }
}

/// Adds zeros around a volume.
///
/// Input: (batch, depth, height, width, channels).
/// Source: `keras/src/layers/reshaping/zero_padding3d.py`.
package struct ZeroPadding3D: BorderLayer {
  package static let className = "ZeroPadding3D"
  package static let summary = "adds zeros around a volume, on all six sides"
  static let spatialRank = 3
  static let adds = true

  /// Slices, rows and columns added.
  package var padding = [Border(1, 1), Border(1, 1), Border(1, 1)]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<ZeroPadding3D>] = [
    BorderSettings.volume("padding", \.padding),
    BorderSettings.dataFormat(\.dataFormat),
  ]

  var borders: [Border] { padding }
  var format: DataFormat { dataFormat }
}

/// Cuts timesteps off both ends of a sequence.
///
/// Input: (batch, timesteps, features). Source: `keras/src/layers/reshaping/cropping1d.py`.
package struct Cropping1D: BorderLayer {
  package static let className = "Cropping1D"
  package static let summary = "cuts timesteps off both ends of a sequence"
  static let spatialRank = 1
  static let adds = false

  /// Timesteps cut off before and after.
  package var cropping = Border(1, 1)

  package init() {}

  package static let settings: [Setting<Cropping1D>] = [
    Setting("cropping", \.cropping, .sizes, help: "timesteps at the start and the end")
  ]

  var borders: [Border] { [cropping] }
  var format: DataFormat { .channelsLast }
}

/// Cuts rows and columns off an image.
///
/// Input: (batch, height, width, channels). Source: `keras/src/layers/reshaping/cropping2d.py`.
package struct Cropping2D: BorderLayer {
  package static let className = "Cropping2D"
  package static let summary = "cuts rows and columns off an image"
  static let spatialRank = 2
  static let adds = false

  /// Rows and columns cut off.
  package var cropping = [Border(0, 0), Border(0, 0)]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<Cropping2D>] = [
    BorderSettings.image("cropping", \.cropping),
    BorderSettings.dataFormat(\.dataFormat),
  ]

  var borders: [Border] { cropping }
  var format: DataFormat { dataFormat }
}

/// Cuts positions off the sides of a volume.
///
/// Input: (batch, depth, height, width, channels).
/// Source: `keras/src/layers/reshaping/cropping3d.py`.
package struct Cropping3D: BorderLayer {
  package static let className = "Cropping3D"
  package static let summary = "cuts slices, rows and columns off a volume"
  static let spatialRank = 3
  static let adds = false

  /// Slices, rows and columns cut off.
  package var cropping = [Border(1, 1), Border(1, 1), Border(1, 1)]
  /// Where the channels stand.
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<Cropping3D>] = [
    BorderSettings.volume("cropping", \.cropping),
    BorderSettings.dataFormat(\.dataFormat),
  ]

  var borders: [Border] { cropping }
  var format: DataFormat { dataFormat }
}

/// A layer that gives all images the same height and width.
protocol ImageSizing: Layer {
  /// Rows of the output.
  var height: Int { get }
  /// Columns of the output.
  var width: Int { get }
  /// Where the channels stand.
  var dataFormat: DataFormat { get }
}

extension ImageSizing {
  package var keepsAxes: Bool { true }

  package func inputRoles(rank: Int) -> [AxisRole]? { imageRoles(rank: rank, dataFormat) }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var output = try single(inputs)
    let names = (imageRoles(rank: 4, dataFormat) ?? []).map(\.rawValue).joined(separator: ", ")
    try output.requireRank(4, names, for: className)
    if let roles = inputRoles(rank: 4) { output = output.withRoles(roles) }
    for (axis, size) in zip(dataFormat.spatialAxes(rank: 2), [height, width]) {
      guard output[axis].size != 0 else {
        throw ShapeError("\(className) cannot make images of none: \(output)")
      }
      output.axes[axis] = Axis(output[axis].role, size)
    }
    return [output]
  }

  /// The axes of rows and columns.
  var spatialAxes: [Int] { Array(dataFormat.spatialAxes(rank: 2)) }

  /// The largest part of an image, in its middle, that has the proportions of the output.
  ///
  /// Source: `smart_resize` in `keras/src/utils/image_utils.py`.
  func largestPart(ofHeight rows: Int, width columns: Int) -> [Range<Int>] {
    func fitting(_ size: Int, _ other: Int, _ target: Int, _ otherTarget: Int) -> Range<Int> {
      let wanted = (Double(other) * Double(target) / Double(otherTarget)).rounded(.towardZero)
      let part = max(min(size, Int(exactly: wanted) ?? size), 1)
      let start = (size - part) / 2
      return start..<(start + part)
    }
    return [fitting(rows, columns, height, width), fitting(columns, rows, width, height)]
  }

  /// The largest part with the right proportions, made as large as the output.
  func cutAndResized(_ input: Tensor, _ kernel: ResamplingKernel?) -> [AxisResampling] {
    let axes = spatialAxes
    let ranges = largestPart(ofHeight: input.sizes[axes[0]], width: input.sizes[axes[1]])
    return zip(zip(axes, ranges), [height, width]).map { place, size in
      AxisResampling(
        axis: place.0, count: input.sizes[place.0], from: place.1, to: size, kernel)
    }
  }

  /// What an explanation says of the two sizes.
  func sizeAnswers(_ inputs: [Shape], _ how: [String]) -> Explanation {
    var lines = ["height is \(height.grouped), width is \(width.grouped)"]
    if let input = inputs.first, input.rank == 4 {
      let sizes = spatialAxes.map { input[$0].sizeText }
      lines.append("from \(sizes[0]) × \(sizes[1]) to \(height.grouped) × \(width.grouped)")
    }
    return Explanation([
      .init("Why \(height.grouped) rows and \(width.grouped) columns?", lines),
      .init("What does it do?", how),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }
}

/// The settings that image layers share.
enum ImageSettings {
  static func format<L: Layer>(
    _ path: WritableKeyPath<L, DataFormat> & Sendable
  ) -> Setting<L> {
    Setting(
      "data_format", path, .choice(DataFormat.choices), help: "where the channels stand")
  }

  static func size<L: Layer>(
    _ key: String, _ path: WritableKeyPath<L, Int> & Sendable, help: String
  ) -> Setting<L> {
    Setting(key, path, .integer(1...largestSize), isRequired: true, help: help)
  }
}

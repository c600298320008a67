/// Cuts all numbers up differently, the batch included.
///
/// Source: `Reshape` in
/// `keras/src/ops/numpy.py`.
package struct ReshapeOperation: GraphOperation {
  package static let className = "Reshape"

  /// The sizes, the batch included; −1: what is left.
  package var newShape: [Int?] = [-1]

  package init() {}

  package static let settings: [Setting<ReshapeOperation>] = [
    Setting(
      "newshape", \.newShape, .sizes, isRequired: true, help: "all sizes; -1: what is left")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    var target = newShape
    // A size that was free when the script named it follows from the others once all are known.
    if !input.sizes.contains(nil), !target.contains(-1), target.count(where: { $0 == nil }) == 1 {
      target = target.map { $0 ?? -1 }
    }
    let sizes = try ReshapeRule.sizes(of: input.sizes, reshapedTo: target, context: className)
    return [ReshapeRule.shape(of: sizes, from: input)]
  }
}

/// Puts all numbers into one row, the batch included.
///
/// Source: `Ravel` in
/// `keras/src/ops/numpy.py`.
package struct Ravel: GraphOperation {
  package static let className = "Ravel"
  package static let settings: [Setting<Ravel>] = []

  package init() {}

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    return [Shape([Axis(.other, try input.elements())])]
  }
}

extension Shape {
  /// The product of all sizes, the batch counted; `nil` where one is free.
  func elements() throws(ShapeError) -> Int? {
    try Shape([Axis(.other, nil)] + axes).elementsPerSample()
  }
}

/// Repeats the shape to a larger one.
///
/// Source: `BroadcastTo` in `keras/src/ops/numpy.py`.
package struct BroadcastTo: GraphOperation {
  package static let className = "BroadcastTo"

  /// The sizes, the batch included.
  package var shape: [Int?] = []

  package init() {}

  package static let settings: [Setting<BroadcastTo>] = [
    Setting("shape", \.shape, .sizes, isRequired: true, help: "all sizes")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    for case let size? in shape where size < 0 {
      throw ShapeError("BroadcastTo has a size of \(size)")
    }
    _ = try [input, Shape(sizes: shape)].broadcast(by: className)
    var result = Shape(sizes: shape)
    if result.rank == input.rank { result = result.withRoles(input.axes.map(\.role)) }
    return [result]
  }
}

/// Repeats each position of an axis.
///
/// Source: `Repeat` in `keras/src/ops/numpy.py`.
package struct Repeat: GraphOperation {
  package static let className = "Repeat"

  /// How often: once for all positions, or for each.
  package var repeats = AxisList(1)
  /// The axis; `nil`: all numbers in one row.
  package var axis: Int?

  package init() {}

  package static let settings: [Setting<Repeat>] = [
    Setting("repeats", \.repeats, .sizes, isRequired: true, help: "how often each stands"),
    Setting("axis", \.axis, .axes, help: "the axis; None: all numbers in one row"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    let counts = repeats.indices
    guard counts.allSatisfy({ $0 >= 0 }), let once = counts.first else {
      throw ShapeError("Repeat repeats \(counts) times")
    }
    var result = input
    var index = 0
    if let axis {
      index = try input.requireAxis(axis, for: className)
    } else {
      result = Shape([Axis(.other, try input.elements())])
    }
    guard let size = result[index].size else {
      result.axes[index].parts = []
      return [result]
    }
    var total: Int? = multiplied(size, once)
    if counts.count > 1 {
      guard counts.count == size else {
        throw ShapeError("Repeat has \(counts.count) numbers for \(size) positions")
      }
      total = counts.reduce(0) { sum, count in sum.flatMap { added($0, count) } }
    }
    guard let total else { throw ShapeError("Repeat: \(size) × \(once) positions are too many") }
    result.axes[index] = Axis(result[index].role, total)
    return [result]
  }
}

/// Puts copies side by side.
///
/// Source: `Tile` in `keras/src/ops/numpy.py`.
package struct Tile: GraphOperation {
  package static let className = "Tile"

  /// Copies along each axis, aligned at the ends.
  package var repeats = AxisList(1)

  package init() {}

  package static let settings: [Setting<Tile>] = [
    Setting("repeats", \.repeats, .sizes, isRequired: true, help: "copies along each axis")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var result = try single(inputs)
    let counts = repeats.indices
    while result.rank < counts.count { result.axes.insert(Axis(.other, 1), at: 0) }
    let offset = result.rank - counts.count
    for (index, count) in counts.enumerated() {
      guard let size = result[offset + index].size else { continue }
      guard count >= 0, let total = multiplied(size, count) else {
        throw ShapeError("Tile cannot make \(count) copies of \(size) positions")
      }
      if count != 1 { result.axes[offset + index] = Axis(result[offset + index].role, total) }
    }
    return [result]
  }
}

/// Positions before and after each axis; one pair stands for all.
package struct PadWidths: Hashable, SettingValue {
  /// The pairs.
  package var pairs: [Border]

  package init(pairs: [Border]) { self.pairs = pairs }

  /// Reads a number, a pair of numbers, or a list of pairs.
  package init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    guard let values = configValue.listValue, values.first?.listValue != nil else {
      pairs = [try Border(configValue: configValue, kind: kind)]
      return
    }
    var pairs: [Border] = []
    for value in values.prefix(64) {
      // A list of one number stands for both ends.
      let numbers = value.listValue ?? [value]
      pairs.append(
        try Border(configValue: numbers.count == 1 ? numbers[0] : value, kind: kind))
    }
    self.pairs = pairs
  }

  package var configValue: ConfigValue { pairs.configValue }
}

/// Adds positions at the ends of axes.
///
/// Source: `Pad` in `keras/src/ops/numpy.py`.
package struct Pad: GraphOperation {
  package static let className = "Pad"
  package static let callArguments: Set = ["constant_values"]

  /// Positions before and after, for each axis or one pair for all.
  package var padWidth = PadWidths(pairs: [Border(0, 0)])
  /// How they are filled.
  package var mode = "constant"
  /// What they are filled with.
  package var constantValues: ConfigValue = nil

  package init() {}

  package static let settings: [Setting<Pad>] = [
    Setting("pad_width", \.padWidth, .value, isRequired: true, help: "before and after each axis"),
    Setting("mode", \.mode, .value, help: "how they are filled"),
    Setting("constant_values", \.constantValues, .value, help: "what they are filled with"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var result = try single(inputs)
    let pairs = padWidth.pairs
    guard pairs.count == 1 || pairs.count == result.rank else {
      throw ShapeError("Pad has \(pairs.count) pairs for \(result)")
    }
    for index in result.axes.indices {
      let border = pairs.count == 1 ? pairs[0] : pairs[index]
      guard border.total > 0, let size = result[index].size else { continue }
      guard let total = added(size, border.total) else {
        throw ShapeError("Pad: \(size) + \(border.total) positions are too many")
      }
      result.axes[index] = Axis(result[index].role, total)
    }
    return [result]
  }
}

/// A row of zeros with a single 1 for each index.
///
/// Source: `OneHot` in `keras/src/ops/nn.py`.
package struct OneHot: GraphOperation {
  package static let className = "OneHot"

  /// Length of the rows.
  package var numClasses = 1
  /// Where the new axis stands.
  package var axis = -1
  /// The type of the numbers.
  package var dtype: ConfigValue = nil
  /// Whether the result is sparse.
  package var sparse = false

  package init() {}

  package static let settings: [Setting<OneHot>] = [
    Setting(
      "num_classes", \.numClasses, .integer(0...largestSize), isRequired: true,
      help: "length of the rows"),
    Setting("axis", \.axis, .axes, help: "where the new axis stands"),
    Setting("dtype", \.dtype, .value, help: "the type of the numbers"),
    Setting("sparse", \.sparse, .boolean, help: "whether the result is sparse"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var result = try single(inputs)
    guard axis == -1 || (axis >= 0 && axis < result.rank) else {
      throw ShapeError("OneHot puts axis \(axis) into \(result)")
    }
    if result.axes.map(\.role) == [.batch, .features], axis == -1 { result.axes[1].role = .time }
    result.axes.insert(Axis(.features, numClasses), at: axis == -1 ? result.rank : axis)
    return [result]
  }
}

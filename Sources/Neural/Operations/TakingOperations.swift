/// A part of a tensor: `x[:, -1]`, `x[..., None]`, `x[:, 1:, ::2]`.
///
/// A number takes its axis out; a slice keeps it.
///
/// Source: `GetItem` in `keras/src/ops/numpy.py`.
package struct GetItem: GraphOperation {
  package static let className = "GetItem"
  package static let callArguments: Set = ["key"]

  /// What stands between the brackets, as Keras' files have it: numbers, `null` for a new axis,
  /// objects of class `__slice__` and `__ellipsis__`; one of them or a list.
  package var key: ConfigValue = []
  /// Whether `key` is right for the shape only: a script's index was not known.
  package var isPositionUnknown = false

  package init() {}

  /// The part `key` of a tensor.
  package init(key: ConfigValue) { self.key = key }

  package static let settings: [Setting<GetItem>] = [
    Setting("key", \.key, .value, isRequired: true, help: "what stands between the brackets")
  ]

  /// One element between the brackets.
  package enum Index: Hashable, Sendable {
    /// One position: the axis goes.
    case position(Int)
    /// A run of positions: the axis stays.
    case slice(start: Int?, stop: Int?, step: Int?)
    /// A new axis of size 1.
    case newAxis
    /// All axes that the others do not name.
    case ellipsis

    /// The element as Keras' files have it.
    package var configValue: ConfigValue {
      switch self {
      case .position(let index): .int(index)
      case .slice(let start, let stop, let step):
        [
          "class_name": "__slice__",
          "config": [
            "start": start.configValue, "stop": stop.configValue, "step": step.configValue,
          ],
        ]
      case .newAxis: nil
      case .ellipsis: ["class_name": "__ellipsis__", "config": [:]]
      }
    }
  }

  /// A part of a tensor.
  package init(_ indices: [Index]) { key = .list(indices.map(\.configValue)) }

  /// The elements between the brackets.
  ///
  /// - Throws: `ShapeError` where one of them is not known.
  package func indices() throws(ShapeError) -> [Index] {
    let values = key.listValue ?? [key]
    guard values.count <= 64 else { throw ShapeError("GetItem has \(values.count) indices") }
    var result: [Index] = []
    for value in values { result.append(try index(value)) }
    return result
  }

  private func index(_ value: ConfigValue) throws(ShapeError) -> Index {
    if value.isNull { return .newAxis }
    if case .int(let position) = value { return .position(position) }
    switch value["class_name"]?.stringValue {
    case "__ellipsis__": return .ellipsis
    case "__slice__":
      let config = value["config"]
      func part(_ name: String) throws(ShapeError) -> Int? {
        guard let part = config?[name], !part.isNull else { return nil }
        guard let number = part.intValue else {
          throw ShapeError("a slice goes to \(part.shortDescription), which is no whole number")
        }
        return number
      }
      return .slice(start: try part("start"), stop: try part("stop"), step: try part("step"))
    default:
      throw ShapeError("a tensor has no part \(value.shortDescription)")
    }
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    var elements = try indices()
    guard elements.filter({ $0 == .ellipsis }).count <= 1 else {
      throw ShapeError("GetItem has more than one ellipsis")
    }
    if !elements.contains(.ellipsis) { elements.append(.ellipsis) }
    var rest = input.axes[...]
    var result = Shape([])
    for (place, element) in elements.enumerated() {
      switch element {
      case .newAxis:
        result.axes.append(Axis(.other, 1))
      case .ellipsis:
        let named = elements[(place + 1)...].filter { $0 != .newAxis }.count
        guard named <= rest.count else { throw tooMany(input) }
        result.axes += rest.prefix(rest.count - named)
        rest = rest.suffix(named)
      case .position(let position):
        guard let axis = rest.popFirst() else { throw tooMany(input) }
        if let size = axis.size, position < -size || position >= size {
          throw ShapeError("position \(position) is outside the \(size) \(axis.noun) of \(input)")
        }
      case .slice(let start, let stop, let step):
        guard let axis = rest.popFirst() else { throw tooMany(input) }
        guard step != 0 else { throw ShapeError("a slice with a step of 0") }
        result.axes.append(sliced(axis, start, stop, step ?? 1))
      }
    }
    return [named(result)]
  }

  private func tooMany(_ input: Shape) -> ShapeError {
    ShapeError("more indices than axes: \(input)")
  }

  /// The axis cut to a run of positions; it keeps its parts where it is whole.
  private func sliced(_ axis: Axis, _ start: Int?, _ stop: Int?, _ step: Int) -> Axis {
    guard let size = axis.size else {
      let isWhole = start == nil && stop == nil && step == 1
      return isWhole ? axis : Axis(axis.role, nil)
    }
    let count = GetItem.count(of: size, start, stop, step)
    return count == size && step == 1 ? axis : Axis(axis.role, count)
  }

  /// How many positions Python's `slice(start, stop, step)` takes of `size`.
  static func count(of size: Int, _ start: Int?, _ stop: Int?, _ step: Int) -> Int {
    run(of: size, start, stop, step).count
  }

  /// The first position that Python's `slice(start, stop, step)` takes of `size`, and how many.
  static func run(
    of size: Int, _ start: Int?, _ stop: Int?, _ step: Int
  ) -> (first: Int, count: Int) {
    let (low, high) = step > 0 ? (0, size) : (-1, size - 1)
    func bounded(_ index: Int?, _ otherwise: Int) -> Int {
      guard let index else { return otherwise }
      let positive = index < 0 ? added(index, size) ?? low : index
      return min(max(positive, low), high)
    }
    let first = bounded(start, step > 0 ? low : high)
    let last = bounded(stop, step > 0 ? high : low)
    let distance = step > 0 ? last - first : first - last
    guard distance > 0 else { return (first, 0) }
    return (first, (distance - 1) / Int(clamping: step.magnitude) + 1)
  }

  /// New axes named by their places, as `ExpandDims` names them.
  private func named(_ shape: Shape) -> Shape {
    guard let last = shape.axes.last, last.role == .other, last.size == 1, shape.rank > 1 else {
      return shape
    }
    var result = shape
    result.axes.removeLast()
    result.insertUnitAxis(at: result.rank)
    return result
  }
}

/// Positions of an axis by their indices.
///
/// Source: `Take` in `keras/src/ops/numpy.py`.
package struct Take: OperandOperation {
  package static let className = "Take"
  package static let callArguments: Set = ["operands"]

  /// The axis; `nil`: all numbers in one row.
  package var axis: Int?
  /// The indices, where they are constants.
  package var operands = Operands()

  package init() {}

  package static let settings: [Setting<Take>] = [
    Setting("axis", \.axis, .axes, help: "the axis; None: all numbers in one row"),
    Setting("operands", \.operands, .value, help: "constants in their places, None for tensors"),
  ]

  package var inputCount: ClosedRange<Int> {
    let count = max(operands.tensorCount(of: 2), 1)
    return count...count
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let shapes = try operands.shapes(inputs, count: 2, of: className)
    let (input, indices) = (shapes[0], shapes[1])
    guard let axis else { return [indices] }
    let index = try input.requireAxis(axis, for: className)
    let taken = indices.axes.map { Axis(input[index].role, $0.size) }
    return [Shape(input.axes[..<index] + taken + input.axes[(index + 1)...])]
  }
}

/// Cuts an axis into several outputs.
///
/// Source: `Split` in `keras/src/ops/numpy.py`.
package struct Split: GraphOperation {
  package static let className = "Split"

  /// How many equal parts, or the positions to cut at.
  package var sections = AxisList(1)
  /// The axis.
  package var axis = 0

  package init() {}

  package static let settings: [Setting<Split>] = [
    Setting(
      "indices_or_sections", \.sections, .sizes, isRequired: true,
      help: "how many parts, or where to cut"),
    Setting("axis", \.axis, .axes, help: "the axis"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    let index = try input.requireAxis(axis, for: className)
    let size = input[index].size
    var sizes: [Int?] = []
    if !sections.isList, let count = sections.indices.first {
      guard count > 0, count <= 4096 else { throw ShapeError("Split makes \(count) parts") }
      guard (size ?? 0) % count == 0 else {
        throw ShapeError(
          "Split cuts \(size ?? 0) \(input[index].noun) into \(count) parts: not equal ones")
      }
      sizes = Array(repeating: size.map { $0 / count }, count: count)
    } else {
      var start = 0
      for end in sections.indices {
        sizes.append(subtracted(end, start))
        start = end
      }
      sizes.append(size.flatMap { subtracted($0, start) })
    }
    for case let size? in sizes where size < 0 {
      throw ShapeError("Split cuts \(input) at \(sections.indices): a part of \(size)")
    }
    return sizes.map { size in
      var part = input
      if size != input[index].size || size == nil {
        part.axes[index] = Axis(input[index].role, size)
      }
      return part
    }
  }
}

/// Every position of an axis as an output of its own.
///
/// Source: `Unstack` in
/// `keras/src/ops/core.py`.
package struct Unstack: GraphOperation {
  package static let className = "Unstack"

  /// How many positions, where the axis is free.
  package var count: Int?
  /// The axis.
  package var axis = 0

  package init() {}

  package static let settings: [Setting<Unstack>] = [
    Setting("num", \.count, .optionalInteger(0...largestSize), help: "how many positions"),
    Setting("axis", \.axis, .axes, help: "the axis"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    var input = try single(inputs)
    let index = try input.requireAxis(axis, for: className)
    guard let count = count ?? input[index].size else {
      throw ShapeError("Unstack needs to know the number of \(input[index].noun)")
    }
    guard count <= 4096 else { throw ShapeError("Unstack makes \(count) outputs: at most 4096") }
    input.axes.remove(at: index)
    return Array(repeating: input, count: count)
  }
}

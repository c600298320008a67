/// Takes axes of size 1 out.
///
/// Source: `Squeeze` in `keras/src/ops/numpy.py`.
package struct Squeeze: GraphOperation {
  package static let className = "Squeeze"

  /// The axes; `nil`: all of size 1.
  package var axis: AxisList?

  package init() {}

  package static let settings: [Setting<Squeeze>] = [
    Setting("axis", \.axis, .axes, help: "the axes of size 1 that go; None: all")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    guard let axis else { return [Shape(input.axes.filter { $0.size != 1 }).asSequence] }
    var gone: Set<Int> = []
    for given in axis.indices {
      let index = try input.requireAxis(given, for: className)
      guard input[index].size == 1 else {
        let size = input[index].size.map(String.init) ?? "None"
        throw ShapeError(
          "Squeeze takes axis \(given) out, but its size is \(size), not 1: \(input)",
          remedy: "name an axis of size 1")
      }
      guard gone.insert(index).inserted else {
        throw ShapeError("Squeeze has axis \(given) twice")
      }
    }
    let kept = input.axes.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
    return [Shape(kept).asSequence]
  }
}

extension Shape {
  /// A picture that has lost its height or its width reads as a sequence; other shapes stay.
  ///
  /// What is left of it are timesteps, its channels are features.
  fileprivate var asSequence: Shape {
    let roles = axes.map(\.role)
    guard roles == [.batch, .height, .channels] || roles == [.batch, .width, .channels] else {
      return self
    }
    return withRoles([.batch, .time, .features])
  }
}

/// Puts axes of size 1 in.
///
/// Source: `ExpandDims` in `keras/src/ops/numpy.py`.
package struct ExpandDims: GraphOperation {
  package static let className = "ExpandDims"

  /// Where the new axes stand in the output.
  package var axis = AxisList(-1)

  package init() {}

  package static let settings: [Setting<ExpandDims>] = [
    Setting("axis", \.axis, .axes, isRequired: true, help: "where the new axis of size 1 stands")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    let rank = input.rank + axis.indices.count
    var places: Set<Int> = []
    for index in axis.indices {
      guard index >= -rank, index < rank else {
        throw ShapeError("ExpandDims puts axis \(index) into \(input)")
      }
      guard places.insert(index < 0 ? index + rank : index).inserted else {
        throw ShapeError("ExpandDims puts two axes at \(index)")
      }
    }
    var result = input
    for place in places.sorted() { result.insertUnitAxis(at: place) }
    return [result]
  }
}

extension Shape {
  /// Puts an axis of size 1 in, and names it by what its place means.
  ///
  /// Behind (batch, features) it makes single features of a sequence: (batch, time, features).
  mutating func insertUnitAxis(at place: Int) {
    var role = AxisRole.other
    if place == rank, rank > 1 {
      if axes.map(\.role) == [.batch, .features] { axes[1].role = .time }
      let roles = Set(axes.map(\.role))
      if roles.contains(.height), !roles.contains(.channels) {
        role = .channels
      } else if roles.contains(.time), !roles.contains(.features) {
        role = .features
      }
    } else if place == 1, axes.map(\.role) == [.batch, .features] {
      role = .time
    }
    axes.insert(Axis(role, 1), at: place)
  }
}

/// Puts the axes into another order.
///
/// Source: `Transpose` in `keras/src/ops/numpy.py`.
package struct Transpose: GraphOperation {
  package static let className = "Transpose"

  /// The axes in their new order, the batch counted; `nil`: backwards.
  package var axes: [Int]?

  package init() {}

  package static let settings: [Setting<Transpose>] = [
    Setting("axes", \.axes, .axes, help: "the axes in their new order; None: backwards")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    return [Shape(try order(of: input).map { input[$0] })]
  }

  /// Which axis of the input each axis of the output is.
  func order(of input: Shape) throws(ShapeError) -> [Int] {
    guard let axes else { return input.axes.indices.reversed() }
    guard axes.count == input.rank else {
      throw ShapeError("Transpose orders \(axes.count) axes, found \(input)")
    }
    var order: [Int] = []
    for given in axes {
      let index = try input.requireAxis(given, for: className)
      guard !order.contains(index) else {
        throw ShapeError("Transpose has axis \(given) twice in \(axes)")
      }
      order.append(index)
    }
    return order
  }
}

/// Swaps two axes.
///
/// Source: `Swapaxes` in `keras/src/ops/numpy.py`.
package struct SwapAxes: GraphOperation {
  package static let className = "Swapaxes"

  /// One axis.
  package var axis1 = 0
  /// The other.
  package var axis2 = 1

  package init() {}

  package static let settings: [Setting<SwapAxes>] = [
    Setting("axis1", \.axis1, .axes, isRequired: true, help: "one axis"),
    Setting("axis2", \.axis2, .axes, isRequired: true, help: "the other"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    return [Shape(try order(of: input).map { input[$0] })]
  }

  /// Which axis of the input each axis of the output is.
  func order(of input: Shape) throws(ShapeError) -> [Int] {
    let one = try input.requireAxis(axis1, for: className)
    let other = try input.requireAxis(axis2, for: className)
    var order = Array(input.axes.indices)
    order.swapAt(one, other)
    return order
  }
}

/// Moves axes to other places.
///
/// Source: `Moveaxis` in `keras/src/ops/numpy.py`.
package struct MoveAxis: GraphOperation {
  package static let className = "Moveaxis"

  /// The axes.
  package var source = AxisList(0)
  /// Where they stand in the output.
  package var destination = AxisList(0)

  package init() {}

  package static let settings: [Setting<MoveAxis>] = [
    Setting("source", \.source, .axes, isRequired: true, help: "the axes"),
    Setting("destination", \.destination, .axes, isRequired: true, help: "where they go"),
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    return [Shape(try order(of: input).map { input[$0] })]
  }

  /// Which axis of the input each axis of the output is.
  func order(of input: Shape) throws(ShapeError) -> [Int] {
    guard source.indices.count == destination.indices.count else {
      throw ShapeError("Moveaxis moves \(source.indices) to \(destination.indices)")
    }
    var order = [Int?](repeating: nil, count: input.rank)
    var moved: Set<Int> = []
    for (from, to) in zip(source.indices, destination.indices) {
      let origin = try input.requireAxis(from, for: className)
      let place = try input.requireAxis(to, for: className)
      guard order[place] == nil, moved.insert(origin).inserted else {
        throw ShapeError("Moveaxis moves \(source.indices) to \(destination.indices): one twice")
      }
      order[place] = origin
    }
    var rest = input.axes.indices.filter { !moved.contains($0) }[...]
    return order.compactMap { $0 ?? rest.popFirst() }
  }
}

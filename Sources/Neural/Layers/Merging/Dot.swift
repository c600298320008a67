/// Products of two inputs, summed along an axis of each: how alike their vectors are.
///
/// Inputs: (batch, …) twice. Output: the axes of both, without the summed ones and with one
/// batch. Source: `keras/src/layers/merging/dot.py`.
package struct Dot: Layer {
  package static let className = "Dot"
  package static let summary = "multiplies two inputs and sums along an axis: how alike they are"

  /// The axis of both inputs, or one of each.
  package var axes = AxisList(1)
  /// Whether the vectors get length 1 first: the cosine of their angle.
  package var normalize = false

  package init() {}

  package static let settings: [Setting<Dot>] = [
    Setting("axes", \.axes, .axes, isRequired: true, help: "summed: an axis, or one of each"),
    Setting("normalize", \.normalize, .boolean, help: "vectors get length 1 first: the cosine"),
  ]

  package var inputCount: ClosedRange<Int> { 2...2 }

  /// The summed axes, counted from 0.
  func summedAxes(_ a: Shape, _ b: Shape) throws(ShapeError) -> (Int, Int) {
    guard axes.indices.count == (axes.isList ? 2 : 1), let first = axes.indices.first,
      let second = axes.indices.last
    else {
      throw ShapeError("Dot sums one axis of each input, found axes \(axes.indices)")
    }
    // A single negative axis wraps as Python's % does; one from a pair must exist.
    func wrapped(_ index: Int, _ shape: Shape) -> Int {
      guard !axes.isList, index < 0, shape.rank > 0 else { return index }
      return ((index % shape.rank) + shape.rank) % shape.rank
    }
    let one = try a.requireAxis(wrapped(first, a), for: className)
    let other = try b.requireAxis(wrapped(second, b), for: className)
    guard one != 0, other != 0 else {
      throw ShapeError("Dot cannot sum along axis 0, the batch", remedy: "use axes=1 or -1")
    }
    return (one, other)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard inputs.count == 2, let a = inputs.first, let b = inputs.last else {
      throw ShapeError("Dot takes exactly 2 inputs, found \(inputs.count)")
    }
    let (one, other) = try summedAxes(a, b)
    guard a[one].size == b[other].size else {
      throw ShapeError(
        "Dot sums \(a[one].sizeText) \(a[one].noun) of \(a) "
          + "with \(b[other].sizeText) \(b[other].noun) of \(b)",
        remedy: "choose axes of equal size")
    }
    guard agreeing(a[0].size, b[0].size) != nil else {
      throw ShapeError("Dot cannot join \(a) and \(b): their batch sizes differ")
    }
    var result = a
    result.axes.remove(at: one)
    var rest = b
    rest.axes.remove(at: other)
    result.axes += rest.axes.dropFirst()
    if result.rank == 1 { result.axes.append(Axis(.features, 1)) }
    return [result]
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard inputs.count == 2, let output = outputs.first,
      let (one, _) = try? summedAxes(inputs[0], inputs[1])
    else { return 0 }
    return output.positions(dropLast: 0) * Count(inputs[0][one].size ?? 1)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard inputs.count == 2, let output = outputs.first,
      let (one, _) = try? summedAxes(inputs[0], inputs[1])
    else { return Explanation([]) }
    let axis = inputs[0][one]
    return Explanation([
      .init(
        "Why \(output)?",
        ["the \(axis.sizeText) \(axis.noun) of both are multiplied and summed: they go"])
    ])
  }
}

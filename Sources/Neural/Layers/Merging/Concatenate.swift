/// Puts inputs side by side along one axis; the others must agree.
///
/// Inputs: equal but for the axis. Output: the axis has the sum of their sizes, and remembers
/// its parts. Source: `keras/src/layers/merging/concatenate.py`.
package struct Concatenate: Layer {
  package static let className = "Concatenate"
  package static let summary = "puts inputs side by side: their features add up"

  /// The axis that grows.
  package var axis = -1

  package init() {}

  /// A concatenation along `axis`.
  package init(axis: Int) { self.axis = axis }

  package static let settings: [Setting<Concatenate>] = [
    Setting("axis", \.axis, .axes, help: "the axis that grows; -1: the features")
  ]

  package var inputCount: ClosedRange<Int> { 1...largestSize }
  package var keepsAxes: Bool { true }
  package var masking: Masking { .passes }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    [try inputs.concatenated(axis: axis, by: className)]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first, let index = try? output.requireAxis(axis, for: className)
    else { return Explanation([]) }
    let sizes = inputs.map { index < $0.rank ? $0[index].sizeText : "?" }
    return Explanation([
      .init(
        "Why \(output[index].size.map { $0.grouped } ?? "None") \(output[index].noun)?",
        [sizes.joined(separator: " + ") + ", side by side"]),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }
}

extension [Shape] {
  /// The shapes side by side along `axis`.
  ///
  /// Other axes keep the first shape's sizes; where one is free there it stays free.
  ///
  /// - Throws: `ShapeError` where ranks or other axes differ.
  func concatenated(axis: Int, by layer: String) throws(ShapeError) -> Shape {
    guard let first else { throw ShapeError("\(layer) takes at least 1 input, found none") }
    let index = try first.requireAxis(axis, for: layer)
    guard count > 1 else { return first }
    var total: Int? = 0
    var parts: [Part] = []
    for (position, shape) in enumerated() {
      guard shape.rank == first.rank else { throw mismatch(shape, index, layer) }
      for other in shape.axes.indices where other != index {
        for earlier in prefix(position)
        where agreeing(earlier[other].size, shape[other].size) == nil {
          throw mismatch(shape, index, layer)
        }
      }
      if let known = total, let size = shape[index].size {
        guard let sum = added(known, size) else {
          throw ShapeError("\(layer): \(known) + \(size) positions are too many")
        }
        total = sum
      } else {
        total = nil
      }
      parts += shape[index].partsWhenJoined(asInput: position)
    }
    var result = first
    result.axes[index] = Axis(first[index].role, total, parts: index == 0 ? [] : parts)
    return result
  }

  private func mismatch(_ shape: Shape, _ index: Int, _ layer: String) -> ShapeError {
    let shapes = prefix(4).map(\.description).joined(separator: " and ")
    return ShapeError(
      "\(layer) along axis \(index) cannot join \(shapes)",
      remedy: "all other axes must be equal")
  }
}

/// A layer that joins inputs number by number: their shapes must agree, or an axis be 1.
///
/// Inputs: (batch, …) each. Output: the largest of their sizes on each axis.
/// Source: `keras/src/layers/merging/base_merge.py`.
package protocol ElementwiseMerge: Layer {
  /// What is done, for explanations: `added`.
  static var verb: String { get }
  /// What becomes of two numbers at the same place.
  var join: MergeJoin { get }
}

extension ElementwiseMerge {
  package static var settings: [Setting<Self>] { [] }
  package var inputCount: ClosedRange<Int> { 1...largestSize }
  package var keepsAxes: Bool { true }
  package var masking: Masking { .passes }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard let first = inputs.first, inputCount.contains(inputs.count) else {
      let expected = inputCount == 2...2 ? "exactly 2 inputs" : "at least 1 input"
      throw ShapeError("\(className) takes \(expected), found \(inputs.count)")
    }
    for input in inputs { try input.requireRank(atLeast: 1, for: className) }
    var result = Array(first.axes.dropFirst())
    for input in inputs.dropFirst() {
      result = try joined(result, Array(input.axes.dropFirst()), inputs)
    }
    return [Shape([try commonBatch(of: inputs)] + result)]
  }

  private func commonBatch(of inputs: [Shape]) throws(ShapeError) -> Axis {
    var batch = Axis(.batch, nil)
    if let first = inputs.first { batch.role = first[0].role }
    for input in inputs {
      guard case .some(let size) = agreeing(batch.size, input[0].size) else {
        throw mismatch(inputs, "their batch sizes differ")
      }
      batch.size = size
    }
    return batch
  }

  /// Two runs of axes, aligned at their ends.
  private func joined(_ a: [Axis], _ b: [Axis], _ inputs: [Shape]) throws(ShapeError) -> [Axis] {
    if a.count < b.count { return try joined(b, a, inputs) }
    var result = Array(a.dropLast(b.count))
    for (one, other) in zip(a.suffix(b.count), b) {
      var axis = one
      switch (one.size, other.size) {
      case (nil, _), (_, nil): axis.size = nil
      case (1, let size): axis.size = size
      case (let size, 1): axis.size = size
      case (let size, let otherSize):
        guard size == otherSize else { throw mismatch(inputs, nil) }
      }
      if one.size == 1, other.size != 1 { axis.parts = other.parts }
      if axis.size != other.size || one.parts != other.parts, one.size != 1, other.size != 1 {
        axis.parts = []
      }
      result.append(axis)
    }
    return result
  }

  private func mismatch(_ inputs: [Shape], _ reason: String?) -> ShapeError {
    let shapes = inputs.prefix(4).map(\.description).joined(separator: " and ")
    return ShapeError(
      "\(className) cannot join \(shapes)" + (reason.map { ": \($0)" } ?? ""),
      remedy: reason == nil ? "make the axes equal, or one of them 1" : "")
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first else { return Explanation([]) }
    let same = Set(inputs.map(\.sizes)).count == 1
    return Explanation([
      .init(
        "Why \(output)?",
        [
          "\(inputs.count) inputs \(Self.verb),",
          same ? "number by number: the shape stays" : "axes of 1 are repeated to fit",
        ]),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }
}

/// The sum of all inputs.
///
/// Source: `keras/src/layers/merging/add.py`.
package struct Add: ElementwiseMerge {
  package static let className = "Add"
  package static let summary = "adds several inputs, number by number"
  package static let verb = "added"

  package init() {}

  package var join: MergeJoin { .sum }
}

/// The first input minus the second.
///
/// Source: `keras/src/layers/merging/subtract.py`.
package struct Subtract: ElementwiseMerge {
  package static let className = "Subtract"
  package static let summary = "first input minus second, number by number"
  package static let verb = "subtracted"

  package init() {}

  package var join: MergeJoin { .difference }

  package var inputCount: ClosedRange<Int> { 2...2 }
}

/// The product of all inputs.
///
/// Source: `keras/src/layers/merging/multiply.py`.
package struct Multiply: ElementwiseMerge {
  package static let className = "Multiply"
  package static let summary = "multiplies several inputs, number by number"
  package static let verb = "multiplied"

  package init() {}

  package var join: MergeJoin { .product }
}

/// The average of all inputs.
///
/// Source: `keras/src/layers/merging/average.py`.
package struct Average: ElementwiseMerge {
  package static let className = "Average"
  package static let summary = "averages several inputs, number by number"
  package static let verb = "averaged"

  package init() {}

  package var join: MergeJoin { .sum }
}

/// The largest of all inputs.
///
/// Source: `keras/src/layers/merging/maximum.py`.
package struct Maximum: ElementwiseMerge {
  package static let className = "Maximum"
  package static let summary = "keeps the largest of several inputs, number by number"
  package static let verb = "compared"

  package init() {}

  package var join: MergeJoin { .larger }
}

/// The smallest of all inputs.
///
/// Source: `keras/src/layers/merging/minimum.py`.
package struct Minimum: ElementwiseMerge {
  package static let className = "Minimum"
  package static let summary = "keeps the smallest of several inputs, number by number"
  package static let verb = "compared"

  package init() {}

  package var join: MergeJoin { .smaller }
}

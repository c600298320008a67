/// Puts tensors side by side along an axis.
///
/// Source: `Concatenate` in `keras/src/ops/numpy.py`.
package struct ConcatenateOperation: GraphOperation {
  package static let className = "Concatenate"

  /// The axis that grows.
  package var axis = 0

  package init() {}

  package static let settings: [Setting<ConcatenateOperation>] = [
    Setting("axis", \.axis, .axes, help: "the axis that grows")
  ]

  package var inputCount: ClosedRange<Int> { 1...largestSize }
  package var keepsAxes: Bool { true }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    [try inputs.concatenated(axis: axis, by: className)]
  }
}

/// Puts tensors on top of each other along a new axis.
///
/// Source: `Stack` in
/// `keras/src/ops/numpy.py`.
package struct Stack: GraphOperation {
  package static let className = "Stack"

  /// Where the new axis stands.
  package var axis = 0

  package init() {}

  package static let settings: [Setting<Stack>] = [
    Setting("axis", \.axis, .axes, help: "where the new axis stands")
  ]

  package var inputCount: ClosedRange<Int> { 1...largestSize }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard var result = inputs.first else { throw ShapeError("Stack takes at least 1 input") }
    for input in inputs.dropFirst() {
      let fits =
        input.rank == result.rank
        && zip(input.sizes, result.sizes).allSatisfy { agreeing($0, $1) != nil }
      guard fits else { throw ShapeError("Stack needs equal shapes, found \(result) and \(input)") }
    }
    let rank = result.rank + 1
    guard axis >= -rank, axis < rank else {
      throw ShapeError("Stack puts axis \(axis) into \(result)")
    }
    result.insertUnitAxis(at: axis < 0 ? axis + rank : axis)
    result[axis].size = inputs.count
    return [result]
  }
}

/// A product of matrices over the last two axes.
///
/// Source: `Matmul` in `keras/src/ops/numpy.py`.
package struct Matmul: OperandOperation {
  package static let className = "Matmul"
  package static let callArguments: Set = ["operands"]

  /// Its constants.
  package var operands = Operands()

  package init() {}

  package static let settings: [Setting<Matmul>] = [
    Setting("operands", \.operands, .value, help: "constants in their places, None for tensors")
  ]

  package var inputCount: ClosedRange<Int> {
    let count = max(operands.tensorCount(of: 2), 1)
    return count...count
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let shapes = try operands.shapes(inputs, count: 2, of: className)
    var (a, b) = (shapes[0], shapes[1])
    guard a.rank > 0, b.rank > 0 else {
      throw ShapeError("Matmul takes matrices, found \(a) and \(b)")
    }
    let (isRow, isColumn) = (a.rank == 1, b.rank == 1)
    if isRow { a.axes.insert(Axis(.other, 1), at: 0) }
    if isColumn { b.axes.append(Axis(.other, 1)) }
    guard agreeing(a[-1].size, b[-2].size) != nil else {
      throw ShapeError(
        "Matmul of \(a) and \(b): \(a[-1].sizeText) is not \(b[-2].sizeText)",
        remedy: "the last axis of the first must be as long as the last but one of the second")
    }
    var result = try [Shape(a.axes.dropLast(2)), Shape(b.axes.dropLast(2))].broadcast(by: className)
    if !isRow { result.axes.append(a[-2]) }
    if !isColumn { result.axes.append(b[-1]) }
    return [result]
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let output = outputs.first, let first = inputs.first else { return 0 }
    return output.positions(dropLast: 0) * Count(first.axes.last?.size ?? 1)
  }
}

/// A product over the last axis of one and the last but one of the other.
///
/// Source: `Dot` in
/// `keras/src/ops/numpy.py`.
package struct DotOperation: OperandOperation {
  package static let className = "Dot"
  package static let callArguments: Set = ["operands"]

  /// Its constants.
  package var operands = Operands()

  package init() {}

  package static let settings: [Setting<DotOperation>] = [
    Setting("operands", \.operands, .value, help: "constants in their places, None for tensors")
  ]

  package var inputCount: ClosedRange<Int> {
    let count = max(operands.tensorCount(of: 2), 1)
    return count...count
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let shapes = try operands.shapes(inputs, count: 2, of: className)
    var (a, b) = (shapes[0], shapes[1])
    if a.rank == 0 || b.rank == 0 { return [try shapes.broadcast(by: className)] }
    let summed = b.rank == 1 ? 0 : b.rank - 2
    let fits =
      b.rank == 1
      ? a.rank == 1 || a[-1].size == b[0].size : agreeing(a[-1].size, b[summed].size) != nil
    guard fits else {
      throw ShapeError("Dot of \(a) and \(b): \(a[-1].sizeText) is not \(b[summed].sizeText)")
    }
    a.axes.removeLast()
    b.axes.remove(at: summed)
    return [Shape(a.axes + b.axes)]
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let output = outputs.first, let first = inputs.first else { return 0 }
    return output.positions(dropLast: 0) * Count(first.axes.last?.size ?? 1)
  }
}

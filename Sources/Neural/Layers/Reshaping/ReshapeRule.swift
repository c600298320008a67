/// What reshaping makes of axes: the same numbers in the same order, cut up differently.
enum ReshapeRule {
  /// The sizes after reshaping `sizes` to `target`.
  ///
  /// One size of `target` may be −1: what is left. Where a size on either side is free, so is
  /// that one. Source: `compute_reshape_output_shape` in `keras/src/ops/operation_utils.py`.
  ///
  /// - Parameters:
  ///   - sizes: the sizes before.
  ///   - target: the sizes wanted.
  ///   - context: what is reshaped, for messages: `Reshape of (None, 120)`.
  /// - Returns: the sizes, −1 worked out; `nil` where one is free.
  /// - Throws: `ShapeError` where the numbers of elements differ.
  static func sizes(
    of sizes: [Int?], reshapedTo target: [Int?], context: String
  ) throws(ShapeError) -> [Int?] {
    for case let size? in target where size < -1 {
      throw ShapeError("\(context): a size of \(size)", remedy: "use -1 for what is left")
    }
    let rest = target.filter { $0 == -1 }.count
    guard rest <= 1 else {
      throw ShapeError("\(context): -1 stands \(rest) times", remedy: "use -1 at most once")
    }
    guard !sizes.contains(nil), !target.contains(nil) else {
      return target.map { $0 == -1 ? nil : $0 }
    }
    let found = try elements(sizes, context)
    let wanted = try elements(target.filter { $0 != -1 }, context)
    let text = Shape(sizes: target).description
    guard rest == 1 else {
      guard found == wanted else {
        throw ShapeError(
          "\(context): \(text) has \(wanted) elements, found \(found) in \(Shape(sizes: sizes))",
          remedy: "use -1 for one size")
      }
      return target
    }
    guard wanted > 0, found % wanted == 0 else {
      throw ShapeError(
        "\(context): \(text) has a multiple of \(wanted) elements, "
          + "found \(found) in \(Shape(sizes: sizes))")
    }
    return target.map { $0 == -1 ? found / wanted : $0 }
  }

  private static func elements(_ sizes: [Int?], _ context: String) throws(ShapeError) -> Int {
    var product = 1
    for case let size? in sizes {
      guard let next = multiplied(product, size) else {
        throw ShapeError("\(context): more elements than a computer can address")
      }
      product = next
    }
    return product
  }

  /// A shape of `sizes` that the numbers of `input` were cut into: what the axes mean.
  ///
  /// The same sizes keep their axes; a last axis of the same size is the same axis, for rows
  /// are cut up from the outside.
  static func shape(of sizes: [Int?], from input: Shape) -> Shape {
    if sizes == input.sizes { return input }
    var output = Shape(sizes: sizes)
    if let last = input.axes.last, let size = last.size, sizes.count > 1, sizes.last == size {
      output.axes[sizes.count - 1].parts = last.parts
    }
    return output
  }
}

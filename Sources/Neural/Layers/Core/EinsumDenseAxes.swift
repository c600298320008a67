/// The three terms of an `EinsumDense`'s equation.
struct EinsumDenseTerms: Hashable, Sendable {
  /// Where the axes stand that the equation does not name.
  enum Rest: Hashable, Sendable {
    case none, left, right
  }

  /// The letters of the input.
  let input: [Character]
  /// The letters of the kernel.
  let kernel: [Character]
  /// The letters of the output.
  let output: [Character]
  /// Where `...` stands, in input and output alike.
  let rest: Rest

  /// Reads `ab,bc->ac`, `...ab,bc->...ac` or `ab...,bc->ac...`.
  ///
  /// - Throws: `ShapeError` where the equation has another form.
  init(_ text: String) throws(ShapeError) {
    let equation = try EinsumEquation(text)
    guard equation.operands.count == 2, text.contains("->"), !text.contains(" ") else {
      throw Self.malformed(text)
    }
    let (first, second) = (equation.operands[0], equation.operands[1])
    (input, kernel, output) = (first.letters, second.letters, equation.result.letters)
    switch (first.hasRest, equation.result.hasRest) {
    case (false, false): rest = .none
    case (true, true) where first.before.isEmpty && equation.result.before.isEmpty: rest = .left
    case (true, true)
    where first.after.isEmpty && equation.result.after.isEmpty && first.before.count > 1:
      rest = .right
    default: throw Self.malformed(text)
    }
    guard !second.hasRest, ![input, kernel, output].contains([]) else { throw Self.malformed(text) }
  }

  private static func malformed(_ text: String) -> ShapeError {
    ShapeError(
      "EinsumDense does not take the equation '\(text.prefix(40))'",
      remedy: "write it as ab,bc->ac, ...ab,bc->...ac or ab...,bc->ac...")
  }
}

/// What an `EinsumDense` makes of an input of some shape.
struct EinsumDenseAxes: Hashable, Sendable {
  /// The sizes of the kernel.
  var kernel: [Int] = []
  /// The axes of the kernel that the output has not.
  var kernelInputs: [Int] = []
  /// Those that it has.
  var kernelOutputs: [Int] = []
  /// The sizes of the bias; `nil`: none.
  var bias: [Int]?
  /// The shape of the output.
  var output = Shape([])
}

extension EinsumDense {
  /// The axes on an input of this shape.
  ///
  /// - Throws: `ShapeError` where equation, sizes and input do not fit.
  func axes(on input: Shape) throws(ShapeError) -> EinsumDenseAxes {
    let terms = try EinsumDenseTerms(equation)
    let elided = input.rank - terms.input.count
    guard terms.rest == .none ? elided == 0 : elided >= 0 else {
      throw ShapeError(
        "EinsumDense's equation \(equation) names \(terms.input.count) axes of its input, "
          + "found \(input)",
        remedy: "write one letter for each axis, or ... for those that stay")
    }
    let given = try givenSizes(terms, input, elided)
    try check(terms, input, given, elided)
    var result = EinsumDenseAxes()
    for (place, letter) in terms.kernel.enumerated() {
      if let index = terms.output.firstIndex(of: letter) {
        result.kernel.append(try known(given[index], letter, "kernel"))
        result.kernelOutputs.append(place)
      } else if let index = terms.input.lastIndex(of: letter) {
        let axis = terms.rest == .left ? index + elided : index
        result.kernel.append(
          try input.requireSize(axis, "positions of axis \(letter)", for: Self.className))
        result.kernelInputs.append(place)
      } else {
        throw ShapeError(
          "EinsumDense's equation \(equation) has \(letter) in the kernel alone",
          remedy: "name it in the input or in the output too")
      }
    }
    result.bias = try biasSizes(terms, given, elided)
    result.output = output(terms, input, given, elided)
    return result
  }

  /// The size that `output_shape` says for each letter of the output.
  private func givenSizes(
    _ terms: EinsumDenseTerms, _ input: Shape, _ elided: Int
  ) throws(ShapeError) -> [Int?] {
    // Where ... stands for the batch too, every letter has its size.
    let namesBatch = terms.rest != .left || elided == 0
    let count = terms.output.count - (namesBatch ? 1 : 0)
    guard outputShape.count == count else {
      throw ShapeError(
        "EinsumDense's output_shape has \(outputShape.count) sizes, its equation \(equation) "
          + "asks for \(count)", remedy: "give one for each axis behind the batch, or None")
    }
    for size in outputShape {
      if let size, size < 0 {
        throw ShapeError("EinsumDense's output_shape has a size of \(size)")
      }
    }
    guard namesBatch else { return outputShape }
    guard terms.output.first == terms.input.first else {
      throw ShapeError(
        "EinsumDense's equation \(equation) does not keep the batch first",
        remedy: "let input and output begin with the same letter")
    }
    return [input.axes.first?.size] + outputShape
  }

  /// Checks that axes which stay have the sizes that `output_shape` says.
  private func check(
    _ terms: EinsumDenseTerms, _ input: Shape, _ given: [Int?], _ elided: Int
  ) throws(ShapeError) {
    let offset = terms.rest == .left ? elided : 0
    for (index, letter) in terms.input.enumerated() {
      guard let place = terms.output.firstIndex(of: letter), let size = given[place],
        input[index + offset].size != size
      else { continue }
      throw ShapeError(
        "EinsumDense's output_shape says \(size) for axis \(letter), the input has "
          + "\(input[index + offset].sizeText)",
        remedy: "give the input's size, or None")
    }
  }

  private func known(
    _ size: Int?, _ letter: Character, _ weight: String
  ) throws(ShapeError) -> Int {
    guard let size else {
      throw ShapeError(
        "EinsumDense needs to know the size of axis \(letter) for its \(weight)",
        remedy: "give it in output_shape instead of None")
    }
    return size
  }

  /// The bias has axes from its first letter to the end of the output, those it lacks being 1.
  private func biasSizes(
    _ terms: EinsumDenseTerms, _ given: [Int?], _ elided: Int
  ) throws(ShapeError) -> [Int]? {
    guard let biasAxes else { return nil }
    let letters = Set(biasAxes)
    guard let first = terms.output.firstIndex(where: { letters.contains($0) }),
      letters.isSubset(of: terms.output)
    else {
      throw ShapeError(
        "EinsumDense's bias_axes '\(biasAxes.prefix(20))' are not axes of its output "
          + String(terms.output), remedy: "name letters of the output")
    }
    var sizes: [Int] = []
    for (index, letter) in terms.output.enumerated().dropFirst(first) {
      sizes.append(letters.contains(letter) ? try known(given[index], letter, "bias") : 1)
    }
    return terms.rest == .left ? sizes : sizes + Array(repeating: 1, count: elided)
  }

  /// The shape of the output.
  ///
  /// Keras leaves an axis free that `output_shape` leaves open, though the input may say its
  /// size. On numbers, whose batch is known, it is the input's.
  private func output(
    _ terms: EinsumDenseTerms, _ input: Shape, _ given: [Int?], _ elided: Int
  ) -> Shape {
    let isKnown = !input.sizes.contains(nil)
    let offset = terms.rest == .left ? elided : 0
    let named = terms.output.enumerated().map { index, letter in
      guard let place = terms.input.lastIndex(of: letter) else {
        let isLast = index == terms.output.count - 1 && terms.rest != .right
        return Axis(isLast ? .features : .other, given[index])
      }
      var axis = input[place + offset]
      axis.size = given[index] ?? (isKnown ? axis.size : nil)
      return axis
    }
    // Keras tells axes left of the equation's in reverse where there are more than two.
    switch terms.rest {
    case .none: return Shape(named)
    case .left: return Shape(input.axes.prefix(elided) + named)
    case .right: return Shape(named + input.axes.suffix(elided))
    }
  }
}

extension Initializer {
  /// The initializer for a kernel of these axes: Keras tells those that scale by the number of
  /// inputs and outputs which is which, unless they were told.
  func scaled(by axes: EinsumDenseAxes) -> Initializer {
    guard original == nil, config.keys.contains("input_axes"),
      config["input_axes"]?.isNull != false || config["output_axes"]?.isNull != false
    else { return self }
    var result = self
    result.config["input_axes"] = .list(axes.kernelInputs.map { .int($0) })
    result.config["output_axes"] = .list(axes.kernelOutputs.map { .int($0) })
    return result
  }
}

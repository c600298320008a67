/// An equation of `einsum`: which axes of its operands stand for the same, and which stay.
///
/// `ab,bc->ac` is a product of matrices: each letter is an axis, letters behind the arrow are the
/// axes of the result, and what they leave out is summed. `...` stands for any number of axes,
/// aligned at their ends. Without an arrow the result has the letters that occur once, in the
/// order of the alphabet. Axes of size 1 are repeated. Source: `einsum` in
/// `keras/src/backend/jax/numpy.py`.
package struct EinsumEquation: Hashable, Sendable {
  /// The axes of one operand or of the result.
  struct Term: Hashable, Sendable {
    /// The letters before `...`, or all of them.
    var before: [Character] = []
    /// The letters behind `...`.
    var after: [Character] = []
    /// Whether there is a `...`.
    var hasRest = false

    /// All letters.
    var letters: [Character] { before + after }
  }

  /// An axis that several operands may have.
  enum Label: Hashable, Sendable {
    /// A letter of the equation.
    case letter(Character)
    /// One of the axes that `...` stands for, counted from the last one.
    case rest(Int)
  }

  /// The axes of each operand.
  let operands: [Term]
  /// The axes of the result.
  let result: Term
  /// The equation as it was written.
  package let text: String

  /// Reads an equation; blanks do not count.
  ///
  /// - Throws: `ShapeError` where it is none.
  package init(_ text: String) throws(ShapeError) {
    self.text = text
    let halves = Array(text.filter { $0 != " " }).split(
      separator: ">", omittingEmptySubsequences: false)
    guard halves.count <= 2, halves.count == 1 || halves[0].last == "-" else {
      throw Self.malformed(text)
    }
    let left = halves.count == 2 ? halves[0].dropLast() : halves[0]
    var operands: [Term] = []
    for term in left.split(separator: ",", omittingEmptySubsequences: false) {
      operands.append(try Self.term(term, of: text))
    }
    self.operands = operands
    let letters = operands.flatMap(\.letters)
    guard halves.count == 2 else {
      let counts = letters.reduce(into: [:]) { $0[$1, default: 0] += 1 }
      result = Term(
        after: counts.filter { $0.value == 1 }.keys.sorted(),
        hasRest: operands.contains(where: \.hasRest))
      return
    }
    result = try Self.term(halves[1], of: text)
    for (index, letter) in result.letters.enumerated() {
      guard letters.contains(letter) else {
        throw ShapeError(
          "the equation '\(Self.short(text))' has \(letter) in its result and in no operand",
          remedy: "write it on the left of the arrow too")
      }
      guard !result.letters[..<index].contains(letter) else {
        throw ShapeError(
          "the equation '\(Self.short(text))' has \(letter) twice in its result",
          remedy: "name each axis once behind the arrow")
      }
    }
  }

  private static func term(
    _ characters: ArraySlice<Character>, of text: String
  ) throws(ShapeError) -> Term {
    var term = Term()
    var rest = characters
    while let next = rest.first {
      if next == "." {
        guard !term.hasRest, rest.prefix(3) == ["." as Character, ".", "."][...] else {
          throw malformed(text)
        }
        term.hasRest = true
        rest = rest.dropFirst(3)
        continue
      }
      guard next.isASCII, next.isLetter else { throw malformed(text) }
      if term.hasRest { term.after.append(next) } else { term.before.append(next) }
      rest = rest.dropFirst()
    }
    return term
  }

  private static func malformed(_ text: String) -> ShapeError {
    ShapeError(
      "'\(short(text))' is no equation of einsum",
      remedy: "write one letter for each axis: ab,bc->ac")
  }

  private static func short(_ text: String) -> String {
    text.count > 40 ? text.prefix(39) + "…" : text
  }
}

extension EinsumEquation {
  /// The axes of each operand and of the result.
  struct Axes: Hashable, Sendable {
    var operands: [[Label]]
    var result: [Label]
  }

  /// The axes where the operands have these ranks.
  ///
  /// - Throws: `ShapeError` where there are more or fewer operands, or axes, than the equation has.
  func axes(of shapes: [Shape]) throws(ShapeError) -> Axes {
    guard shapes.count == operands.count else {
      throw ShapeError(
        "the equation '\(Self.short(text))' takes \(operands.count) operands, "
          + "found \(shapes.count)")
    }
    var longest = 0
    var labels: [[Label]] = []
    for (term, shape) in zip(operands, shapes) {
      let count = shape.rank - term.letters.count
      guard term.hasRest ? count >= 0 : count == 0 else {
        let letters = String(term.before) + (term.hasRest ? "..." : "") + String(term.after)
        throw ShapeError(
          "the equation '\(Self.short(text))' has \(letters) for an operand of \(shape)",
          remedy: "write one letter for each of its \(shape.rank) axes")
      }
      longest = max(longest, count)
      labels.append(Self.labels(term, rest: count))
    }
    return Axes(operands: labels, result: Self.labels(result, rest: result.hasRest ? longest : 0))
  }

  private static func labels(_ term: Term, rest: Int) -> [Label] {
    term.before.map { .letter($0) } + (0..<rest).reversed().map { .rest($0) }
      + term.after.map { .letter($0) }
  }

  /// The axis that each label stands for in these operands.
  ///
  /// An axis of 1 is repeated beside a longer one, and a free axis beside a known one is that one.
  ///
  /// - Throws: `ShapeError` where two sizes differ and neither is 1.
  func sizes(of labels: Axes, in shapes: [Shape]) throws(ShapeError) -> [Label: Axis] {
    var known: [Label: Axis] = [:]
    for (labels, shape) in zip(labels.operands, shapes) {
      for (place, (label, axis)) in zip(labels, shape.axes).enumerated() {
        guard let before = known[label] else {
          known[label] = axis
          continue
        }
        // What stands twice in one operand is its diagonal.
        let isDiagonal = labels[..<place].contains(label)
        switch (before.size, axis.size) {
        case (let size?, let other?) where size != other:
          guard !isDiagonal, size == 1 || other == 1 else { throw mismatch(label, size, other) }
          if size == 1 { known[label] = axis }
        case (nil, _?) where axis.size != 1, (1?, nil): known[label]?.size = axis.size
        default: break
        }
      }
    }
    return known
  }

  private func mismatch(_ label: Label, _ size: Int, _ other: Int) -> ShapeError {
    let name = if case .letter(let letter) = label { "\(letter)" } else { "..." }
    return ShapeError(
      "the equation '\(Self.short(text))' joins axes of \(size) and of \(other) under \(name)",
      remedy: "axes of the same letter must be as long as each other, or 1")
  }

  /// The shape of the result.
  ///
  /// - Throws: `ShapeError` where the operands do not fit the equation.
  package func shape(of shapes: [Shape]) throws(ShapeError) -> Shape {
    let axes = try axes(of: shapes)
    let sizes = try sizes(of: axes, in: shapes)
    return Shape(axes.result.compactMap { sizes[$0] })
  }

  /// Multiplications with an addition, operands joined one after the other; free axes count as 1.
  package func multiplyAdds(of shapes: [Shape]) -> Count {
    guard let axes = try? axes(of: shapes), let sizes = try? sizes(of: axes, in: shapes) else {
      return 0
    }
    var total: Count = 0
    var joined = Set(axes.operands.first ?? [])
    for index in axes.operands.indices.dropFirst() {
      joined.formUnion(axes.operands[index])
      total += joined.reduce(Count(1)) { $0 * Count(sizes[$1]?.size ?? 1) }
      let needed = Set(axes.result + axes.operands[(index + 1)...].joined())
      joined.formIntersection(needed)
    }
    return total
  }
}

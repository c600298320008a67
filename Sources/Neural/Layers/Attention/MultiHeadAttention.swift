/// Attention of several heads, each with a projection of its own of queries, keys and values.
///
/// Query: (batch, T, features). Value, key: (batch, S, features). Output: (batch, T, features of
/// the query), or `output_shape` behind (batch, T). With further axes `attention_axes` says along
/// which of them queries look at keys; all others are independent of each other.
/// Source: `keras/src/layers/attention/multi_head_attention.py`.
package struct MultiHeadAttention: HeadedAttention {
  package static let className = "MultiHeadAttention"
  package static let summary = "each timestep looks at all others, in several ways at once"

  /// How many heads there are.
  package var numHeads = 2
  /// Features of a query and a key in each head.
  package var keyDim = 16
  /// Features of a value in each head; `nil`: as of a key.
  package var valueDim: Int?
  /// Sizes behind those of the query's axes; `nil`: as many features as the query has.
  package var outputShape: [Int]?
  /// The axes along which queries look at keys; `nil`: all between batch and features.
  package var attentionAxes: [Int]?
  package var options = HeadOptions()
  package var call = LayerCall()

  package init() {}

  package static let settings: [Setting<MultiHeadAttention>] =
    [
      Setting(
        "num_heads", \.numHeads, .integer(1...largestSize), isRequired: true,
        help: "how many ways of looking there are"),
      Setting(
        "key_dim", \.keyDim, .integer(1...largestSize), isRequired: true,
        help: "features of a query and a key in each head"),
      Setting(
        "value_dim", \.valueDim, .optionalInteger(1...largestSize),
        help: "features of a value in each head; None: key_dim"),
    ] + HeadSettings.first(of: MultiHeadAttention.self) + [
      Setting(
        "output_shape", \.outputShape, .sizes,
        help: "features of the output; None: those of the query"),
      Setting(
        "attention_axes", \.attentionAxes, .axes,
        help: "axes along which queries look at keys; None: all but batch and features"),
    ] + HeadSettings.last(of: MultiHeadAttention.self)

  package static func attribute(of part: HeadPart.Role) -> String {
    switch part {
    case .query: "query_dense"
    case .key: "key_dense"
    case .gate: "_gate_dense"
    case .value: "value_dense"
    case .output: "output_dense"
    }
  }

  /// Those of query, value and key: Keras takes masks for done with once the layer has seen them.
  package func inputsLosingMasks(of count: Int) -> [Int] {
    ["query", "value", "key"].compactMap { input($0, of: count) }
  }

  package func plan(
    query: Shape, value: Shape, key: Shape
  ) throws(ShapeError) -> HeadPlan {
    let rank = value.rank
    try value.requireRank(atLeast: 3, for: Self.className)
    guard query.rank == rank, key.rank == rank, rank <= 16 else {
      throw ShapeError(
        "MultiHeadAttention has a query of \(query), a value of \(value) and a key of \(key)",
        remedy: "give all of them the same number of axes, at most 16")
    }
    let axes = try resolvedAxes(rank: rank)
    let features = try query.requireSize(-1, "features", for: Self.className)
    let heads = [Axis(.other, numHeads), Axis(.features, valueDim ?? keyDim)]
    let project = AttentionLetters.projection(of: rank)
    func projection(_ role: HeadPart.Role, _ size: Int, _ input: Shape) -> HeadPart {
      part(role, project, [numHeads, size], of: rank + 1, on: input)
    }
    var parts = [projection(.query, keyDim, query), projection(.key, keyDim, key)]
    if options.useGate { parts.append(projection(.gate, valueDim ?? keyDim, query)) }
    parts.append(projection(.value, valueDim ?? keyDim, value))
    let sizes = outputShape.flatMap { $0.isEmpty ? nil : $0 } ?? [features]
    parts.append(
      part(
        .output, AttentionLetters.joining(of: rank, outputs: sizes.count), sizes,
        of: rank - 1 + sizes.count, on: Shape(query.axes.dropLast() + heads)))
    let isFused = options.dropout == 0 && !returnsScores && rank == 3
    // The fused operation knows one axis of attention.
    let letters = AttentionLetters(rank: rank + 1, axes: isFused ? [1] : axes)
    try checkOthers(query, value, attending: isFused ? [1] : axes)
    return HeadPlan(
      parts: parts, scoring: letters.scoring, combining: letters.combining,
      scale: Float(1 / Double(keyDim).squareRoot()),
      scores: scores(query, value, isFused ? [1] : axes), keyAxes: isFused ? 1 : axes.count,
      maskAxes: 2 * axes.count, isFused: isFused,
      output: sizes == [features] ? query : output(query, sizes))
  }

  private func output(_ query: Shape, _ sizes: [Int]) -> Shape {
    let first = query.withFeatures(sizes.last ?? nil)
    return Shape(
      query.axes.dropLast() + sizes.dropLast().map { Axis(.other, $0) } + first.axes.suffix(1))
  }

  /// The axes of attention, counted from 0, for tensors of this rank.
  ///
  /// - Throws: `ShapeError` where the tensors have no such axes.
  func resolvedAxes(rank: Int) throws(ShapeError) -> [Int] {
    guard let attentionAxes else { return Array(1..<max(rank - 1, 1)) }
    var axes: [Int] = []
    for index in attentionAxes {
      // The heads stand before the features, so that Keras counts from behind them.
      let axis = index < 0 ? added(index, rank) ?? index : index
      guard (0..<rank).contains(axis), !axes.contains(axis) else {
        throw ShapeError(
          "MultiHeadAttention has attention_axes \(attentionAxes), its inputs have \(rank) axes",
          remedy: "name axes from 1 to \(rank - 2), each once")
      }
      axes.append(axis)
    }
    guard !axes.isEmpty || (rank == 3 && options.dropout == 0 && !returnsScores) else {
      throw ShapeError(
        "MultiHeadAttention has no attention_axes", remedy: "name one, or leave them out")
    }
    return axes
  }

  /// Checks that axes along which nobody looks at others are as long in query and value.
  private func checkOthers(
    _ query: Shape, _ value: Shape, attending axes: [Int]
  ) throws(ShapeError) {
    for axis in 0..<(query.rank - 1) where !axes.contains(axis) {
      guard agreeing(query[axis].size, value[axis].size) == nil else { continue }
      throw ShapeError(
        "MultiHeadAttention has a query of \(query) and a value of \(value)",
        remedy: "they may differ in their features and along attention_axes")
    }
  }

  /// The scores' axes: those that stay, the heads among them, then the queries' and the keys'.
  private func scores(_ query: Shape, _ value: Shape, _ axes: [Int]) -> Shape {
    let projected = query.axes.dropLast() + [Axis(.other, numHeads)]
    let others = value.axes.dropLast() + [Axis(.other, numHeads)]
    let kept = projected.indices.filter { !axes.contains($0) }
    return Shape(
      kept.map { projected[$0] }
        + axes.map { Axis(.other, projected[$0].size) } + axes.map { Axis(.other, others[$0].size) }
    )
  }
}

/// The letters of the equations in Keras' attention.
struct AttentionLetters {
  /// Which axes keys and queries have in common, and which each has for itself.
  let scoring: String
  let combining: String

  /// The equations for projected tensors of this rank, heads and features last.
  init(rank: Int, axes: [Int]) {
    let target = Self.letters(0..<rank)
    var source = target
    for (place, axis) in axes.sorted().enumerated() { source[axis] = Self.letter(rank + place) }
    let kept = (0..<(rank - 1)).filter { !axes.contains($0) }
    let scores = kept.map { target[$0] } + axes.map { target[$0] } + axes.map { source[$0] }
    scoring = "\(String(source)),\(String(target))->\(String(scores))"
    combining = "\(String(scores)),\(String(source))->\(String(target))"
  }

  /// From (…, features) to (…, heads, features of a head).
  static func projection(of rank: Int) -> String {
    let (kept, last) = (String(letters(0..<(rank - 1))), letter(rank - 1))
    let heads = String(letters(rank..<(rank + 2)))
    return "\(kept)\(last),\(last)\(heads)->\(kept)\(heads)"
  }

  /// From (…, heads, features of a head) to (…, the axes of the output).
  static func joining(of rank: Int, outputs: Int) -> String {
    let kept = String(letters(0..<(rank - 1)))
    let heads = String(letters((rank - 1)..<(rank + 1)))
    let made = String(letters((rank + 1)..<(rank + 1 + outputs)))
    return "\(kept)\(heads),\(heads)\(made)->\(kept)\(made)"
  }

  private static func letters(_ places: Range<Int>) -> [Character] { places.map { letter($0) } }

  /// The letters of the alphabet, small ones first; behind them none that an equation takes.
  private static func letter(_ place: Int) -> Character {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return place < alphabet.count ? alphabet[place] : "?"
  }
}

extension MultiHeadAttention {
  /// The layer with the settings that Keras finds out by itself: with the features of a value,
  /// and, once it is built, with its axes of attention.
  ///
  /// - Parameter inputs: the shapes that it is called on; `nil` where they are not known.
  /// - Returns: the layer as Keras writes it.
  package func built(on inputs: [Shape]?) -> MultiHeadAttention {
    var result = self
    result.valueDim = valueDim ?? keyDim
    guard let inputs, let value = shape(of: "value", in: inputs) ?? inputs.first,
      let axes = try? resolvedAxes(rank: value.rank)
    else { return result }
    result.attentionAxes = axes
    return result
  }

  /// The layer without what Keras finds out by itself.
  ///
  /// - Parameter outputRank: how many axes its output has; `nil` where that is not known.
  /// - Returns: the layer as a person writes it.
  package func withoutImpliedSettings(outputRank: Int?) -> MultiHeadAttention {
    var result = self
    if valueDim == keyDim { result.valueDim = nil }
    guard let outputRank else { return result }
    let rank = outputRank - max(outputShape?.count ?? 1, 1) + 1
    if attentionAxes == Array(1..<max(rank - 1, 1)) { result.attentionAxes = nil }
    return result
  }
}

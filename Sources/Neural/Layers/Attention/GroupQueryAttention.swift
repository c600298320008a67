/// Attention whose query has more heads than key and value, which several heads share.
///
/// Query: (batch, T, features). Value, key: (batch, S, features). Output: (batch, T, features).
/// Source: `GroupedQueryAttention` in `keras/src/layers/attention/grouped_query_attention.py`.
package struct GroupQueryAttention: HeadedAttention {
  package static let className = "GroupQueryAttention"
  package static let summary = "attention of many heads, several of which share keys and values"

  /// Features of each head.
  package var headDim = 16
  /// Heads of the query.
  package var numQueryHeads = 4
  /// Heads of key and value.
  package var numKeyValueHeads = 2
  package var options = HeadOptions()
  package var call = LayerCall()

  package init() {}

  package static let settings: [Setting<GroupQueryAttention>] =
    [
      Setting(
        "head_dim", \.headDim, .integer(1...largestSize), isRequired: true,
        help: "features of each head"),
      Setting(
        "num_query_heads", \.numQueryHeads, .integer(1...largestSize), isRequired: true,
        help: "heads of the query"),
      Setting(
        "num_key_value_heads", \.numKeyValueHeads, .integer(1...largestSize), isRequired: true,
        help: "heads of key and value; divides num_query_heads"),
    ] + HeadSettings.first(of: GroupQueryAttention.self)
    + HeadSettings.last(of: GroupQueryAttention.self)

  package static func attribute(of part: HeadPart.Role) -> String {
    part == .output ? "_output_dense" : "_\(part.rawValue)_dense"
  }

  /// Keras takes the regularizer for that of the layer too, beside those of the dense layers.
  package var activityRegularizer: Regularizer? { options.activityRegularizer }

  package func plan(
    query: Shape, value: Shape, key: Shape
  ) throws(ShapeError) -> HeadPlan {
    for input in [query, value, key] {
      try input.requireRank(3, "batch, time, features", for: Self.className)
    }
    guard numQueryHeads.isMultiple(of: numKeyValueHeads) else {
      throw ShapeError(
        "GroupQueryAttention has \(numQueryHeads) query heads for \(numKeyValueHeads) of the key",
        remedy: "let num_key_value_heads divide num_query_heads")
    }
    let features = try query.requireSize(-1, "features", for: Self.className)
    guard value[-1].size == features else {
      throw ShapeError(
        "GroupQueryAttention has a query of \(query) and a value of \(value)",
        remedy: "give them as many features as each other")
    }
    let (many, few) = ("bqm,muh->bquh", "bkm,mvh->bkvh")
    var parts = [
      part(.query, many, [numQueryHeads, headDim], of: 4, on: query),
      part(.key, few, [numKeyValueHeads, headDim], of: 4, on: key),
    ]
    if options.useGate {
      parts.append(part(.gate, many, [numQueryHeads, headDim], of: 4, on: query))
    }
    parts.append(part(.value, few, [numKeyValueHeads, headDim], of: 4, on: value))
    let heads = [Axis(.other, numQueryHeads), Axis(.features, headDim)]
    parts.append(
      part(.output, "bquh,uhm->bqm", [features], of: 3, on: Shape(query.axes.dropLast() + heads)))
    return HeadPlan(
      parts: parts, scoring: "bkvh,bqvgh->bvgqk", combining: "bvgqk,bkvh->bqvgh",
      sharing: numQueryHeads / numKeyValueHeads, scale: Float(1 / Double(headDim).squareRoot()),
      scores: Shape([
        query[0], Axis(.other, numQueryHeads), Axis(.other, query[1].size),
        Axis(.other, value[1].size),
      ]),
      isFused: options.dropout == 0 && !returnsScores, output: query)
  }
}

extension HeadedAttention {
  /// The shape of the scores as Keras says it.
  ///
  /// While samples are not yet counted, Keras' `MultiHeadAttention` takes the keys to be as many
  /// as the queries; on numbers it gives one score for each pair.
  func said(_ scores: Shape, _ inputs: [Shape]) -> Shape {
    guard self is MultiHeadAttention, scores.rank == 4, scores[0].size == nil else { return scores }
    var scores = scores
    scores[3].size = scores[2].size
    return scores
  }
}

import OrderedCollections

/// Attention of several heads: queries, keys and values go through dense layers, each query gets
/// the mean of the values weighted by how well their keys fit it, and a last dense layer joins
/// the heads.
///
/// Query: (batch, T, features). Value, key: (batch, S, features). Output: (batch, T, features).
package protocol HeadedAttention: CalledLayer, PartedLayer {
  /// What all attention of several heads can be told.
  var options: HeadOptions { get set }
  /// What the layer makes of tensors of these shapes.
  ///
  /// - Throws: `ShapeError` where they do not fit.
  func plan(query: Shape, value: Shape, key: Shape) throws(ShapeError) -> HeadPlan
  /// The attribute of Keras' layer that holds a part.
  static func attribute(of part: HeadPart.Role) -> String
}

/// A dense layer inside.
package struct HeadPart: Hashable, Sendable {
  /// What it makes, by Keras' name for it.
  package enum Role: String, Hashable, Sendable {
    case query, key, gate, value
    case output = "attention_output"
  }

  /// What it makes.
  package var role: Role
  /// The layer.
  package var layer: EinsumDense
  /// The shape that it is called on.
  package var input: Shape
}

/// How the heads of a layer work on tensors of some shapes.
package struct HeadPlan: Hashable, Sendable {
  /// The dense layers, in the order of their weights; the last one joins the heads.
  var parts: [HeadPart]
  /// How keys and queries make scores: an equation of `einsum`.
  var scoring: String
  /// How scores and values make what a head gives.
  var combining: String
  /// How many heads of the query share one of the key; `nil` where each has its own.
  var sharing: Int?
  /// Each query is multiplied by it.
  var scale: Float
  /// The shape of the scores: (batch, heads, T, S), or with more axes.
  var scores: Shape
  /// How many axes at the end of the scores are the keys'.
  var keyAxes = 1
  /// How many axes of a mask, counted from its end, stand behind that of the heads.
  var maskAxes = 2
  /// Whether one operation of Keras does it all: dropped or returned scores need several.
  var isFused: Bool
  /// The shape of the output.
  var output: Shape
}

extension HeadedAttention {
  package static var callParameters: [String] {
    [
      "query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask",
      "return_attention_scores", "training", "use_causal_mask",
    ]
  }
  package static var listsInputs: Bool { false }
  package var inputCount: ClosedRange<Int> { 1...7 }
  package var masking: Masking { .uses(handsOn: true) }

  package func maskedInput(of count: Int) -> Int? { input("query", of: count) }

  package var partAttributes: OrderedDictionary<String, String> {
    var roles: [HeadPart.Role] = [.query, .key, .value, .output]
    if options.useGate { roles.insert(.gate, at: 2) }
    return OrderedDictionary(
      uniqueKeysWithValues: roles.map { ($0.rawValue, Self.attribute(of: $0)) })
  }

  package func buildShapes(_ inputs: [Shape]) -> [(name: String, shape: Shape)]? {
    ["query", "value", "key"].compactMap { name in
      shape(of: name, in: inputs).map { ("\(name)_shape", $0) }
    }
  }

  /// Whether the call asks for the scores, too.
  var returnsScores: Bool { call.flag("return_attention_scores") }

  /// The shape of an argument: of a tensor, or of an array that stands in the call.
  func shape(of name: String, in inputs: [Shape]) -> Shape? {
    if let place = input(name, of: inputs.count) { return inputs[place] }
    return constant(name).map { Shape(sizes: $0.arrayShape) }
  }

  /// An array that stands in the call.
  func constant(_ name: String) -> ConfigValue? {
    guard let value = call.values[name], value.listValue != nil || value["config"]?["value"] != nil
    else { return nil }
    return value
  }

  /// The plan for a call on these inputs.
  ///
  /// - Throws: `ShapeError` where they do not fit.
  func plan(_ inputs: [Shape]) throws(ShapeError) -> HeadPlan {
    guard let query = shape(of: "query", in: inputs), let value = shape(of: "value", in: inputs)
    else {
      throw ShapeError(
        "\(className) takes a query and a value, found \(inputs.count) "
          + (inputs.count == 1 ? "input" : "inputs"),
        remedy: "call it on two tensors; on the same one twice for self-attention")
    }
    if options.flashAttention == true, options.dropout > 0 || returnsScores {
      throw ShapeError(
        "\(className) with flash_attention has no "
          + (returnsScores ? "scores to give" : "dropout"), remedy: "leave out flash_attention")
    }
    let key = shape(of: "key", in: inputs) ?? value
    guard value.sizes.dropFirst().dropLast() == key.sizes.dropFirst().dropLast() else {
      throw ShapeError(
        "\(className) has a key of \(key) for each value of \(value)",
        remedy: "key and value may differ in their features only")
    }
    guard agreeing(query.axes.first?.size, value.axes.first?.size) != nil,
      agreeing(value.axes.first?.size, key.axes.first?.size) != nil
    else {
      throw ShapeError(
        "\(className) has a query of \(query) and a value of \(value): as many samples")
    }
    return try plan(query: query, value: value, key: key)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let plan = try plan(inputs)
    // Each part says what does not fit it.
    for part in plan.parts { _ = try part.layer.axes(on: part.input) }
    var output = plan.output
    // Every feature is made of all of the query's: none belongs to a direction any more.
    if let last = output.axes.indices.last { output.axes[last].parts = [] }
    return returnsScores ? [output, said(plan.scores, inputs)] : [output]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    var specs: [WeightSpec] = []
    for part in try plan(inputs).parts {
      specs += try part.layer.weights(for: [part.input]).map { $0.owned(by: part.role.rawValue) }
    }
    return specs
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let plan = try? plan(inputs), let query = plan.parts.first,
      let value = plan.parts.last(where: { $0.role == .value })
    else { return 0 }
    let dense = plan.parts.reduce(Count(0)) {
      $0 + $1.layer.multiplyAdds(for: [$1.input], outputs: [])
    }
    let widths = [query, value].map { Count(($0.layer.outputShape.last ?? nil) ?? 1) }
    return dense + plan.scores.positions(dropLast: 0) * (widths[0] + widths[1])
  }
}

extension HeadedAttention {
  /// A dense layer inside.
  ///
  /// - Parameters:
  ///   - role: what it makes.
  ///   - equation: its equation.
  ///   - sizes: the last axes of what it makes.
  ///   - count: how many axes of its output the equation names.
  ///   - input: the shape that it is called on.
  /// - Returns: the layer, with the settings that all parts share.
  func part(
    _ role: HeadPart.Role, _ equation: String, _ sizes: [Int], of count: Int, on input: Shape
  ) -> HeadPart {
    var layer = EinsumDense()
    layer.equation = equation
    layer.outputShape = Array(repeating: nil, count: max(count - 1 - sizes.count, 0)) + sizes
    layer.biasAxes = options.useBias ? String(equation.suffix(sizes.count)) : nil
    if role == .gate { layer.activation = .sigmoid }
    layer.kernelInitializer = options.kernelInitializer
    layer.biasInitializer = options.biasInitializer
    layer.kernelRegularizer = options.kernelRegularizer
    layer.biasRegularizer = options.biasRegularizer
    layer.kernelConstraint = options.kernelConstraint
    layer.biasConstraint = options.biasConstraint
    return HeadPart(role: role, layer: layer, input: input)
  }
}

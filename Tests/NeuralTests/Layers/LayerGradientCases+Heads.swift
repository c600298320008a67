import OrderedCollections

@testable import Neural

extension LayerGradientCase {
  /// Attention of several heads, and dense layers by an equation.
  static func heads() throws -> [LayerGradientCase] {
    try einsumDense() + attention("MultiHeadAttention", ["num_heads": 2, "key_dim": 3])
      + attention(
        "GroupQueryAttention", ["head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2])
      + [
        called(
          "MultiHeadAttention", ["num_heads": 1, "key_dim": 2, "output_shape": [2, 3]], [2, 2, 3]),
        called(
          "MultiHeadAttention",
          ["num_heads": 2, "key_dim": 2, "value_dim": 3, "attention_axes": [1, 2]], [2, 2, 3, 2]),
        called(
          "MultiHeadAttention", ["num_heads": 2, "key_dim": 2, "attention_axes": [2]],
          [1, 2, 3, 2], ["return_attention_scores": true]),
      ]
  }

  private static func attention(
    _ className: String, _ sizes: OrderedDictionary<String, ConfigValue>
  ) throws -> [LayerGradientCase] {
    let shape = [2, 3, 4]
    let mask: [Float] = [1, 1, 0, 0, 0, 1]
    func one(
      _ settings: OrderedDictionary<String, ConfigValue> = [:],
      _ call: OrderedDictionary<String, ConfigValue> = [:], training: Bool = false,
      masks: [[Float]?] = []
    ) throws -> LayerGradientCase {
      var result = try called(
        className, .object(sizes.merging(settings) { $1 }), shape, call)
      result.context.isTraining = training
      result.context.masks = masks.map { $0.map { Tensor([2, 3], $0) } }
      return result
    }
    var penalized = try one(["activity_regularizer": "l2"])
    penalized.regularizer = penalized.layer.activityRegularizer
    return [
      try one(), try one(["use_bias": false, "use_gate": true]),
      try one([:], ["use_causal_mask": true]),
      try one([:], ["return_attention_scores": true]),
      try one(["sliding_window": 1, "use_gate": true], ["return_attention_scores": true]),
      try one(["dropout": 0.4, "seed": 2], training: true),
      // A bias of the keys changes nothing, but for the rounding.
      try one(
        ["dropout": 0.4, "use_bias": false], ["return_attention_scores": true], training: true),
      try one(masks: [mask, nil]), try one(["dropout": 0.2], masks: [mask, mask]),
      try one([:], ["use_causal_mask": true], masks: [nil, mask]), penalized,
    ]
  }

  /// A layer called on a query and a value of these sizes.
  private static func called(
    _ className: String, _ settings: ConfigValue, _ sizes: [Int],
    _ call: OrderedDictionary<String, ConfigValue> = [:]
  ) throws -> LayerGradientCase {
    var result = try LayerGradientCase(className, settings, sizes, sizes)
    guard var layer = result.layer as? any CalledLayer else { return result }
    layer.call = LayerCall(
      [
        CallArgumentsTemplate.key: CallArgumentsTemplate(
          positional: [CallArgumentsTemplate.place(0), CallArgumentsTemplate.place(1)],
          keywords: call
        ).configValue
      ], count: 2, parameters: type(of: layer).callParameters)
    result.layer = layer
    result.description += " \(call)"
    return result
  }

  private static func einsumDense() throws -> [LayerGradientCase] {
    func one(
      _ equation: String, _ output: ConfigValue, _ bias: ConfigValue, _ sizes: [Int],
      _ activation: ConfigValue = nil
    ) throws -> LayerGradientCase {
      try LayerGradientCase(
        "EinsumDense",
        [
          "equation": .string(equation), "output_shape": output, "bias_axes": bias,
          "activation": activation,
        ], sizes)
    }
    return [
      try one("ab,bc->ac", 3, "c", [2, 4]),
      try one("abc,cd->abd", [nil, 3], nil, [2, 3, 4], "tanh"),
      try one("abc,cd->abd", [3, 2], "b", [2, 3, 4], "softmax"),
      try one("abc,cd->abd", [3, 2], "bd", [2, 3, 4], "gelu"),
      try one("abc,cde->abde", [nil, 2, 3], "d", [2, 2, 3]),
      try one("abc,bcd->ad", 3, "d", [2, 3, 2]), try one("abc,bc->abc", [3, 2], "c", [2, 3, 2]),
      try one("abc,bd->acd", [nil, 3], nil, [2, 4, 3]),
      try one("...x,xy->...y", 2, "y", [2, 3, 4]), try one("...x,xy->...y", 2, "y", [2, 2, 2, 3]),
      try one("ab...,bc->ac...", 3, "c", [2, 4, 3]),
    ]
  }
}

import Neural

/// The types of a model's tensors, as Keras writes them into a file.
struct TensorTypes {
  private var types: [NodeID: String] = [:]

  init(_ model: Model) {
    for node in model.nodes.values {
      guard let layer = model.layers[node.layer] else { continue }
      types[node.id] = TensorTypes.type(
        of: layer, first: node.inputs.first.flatMap { types[$0.node] })
    }
  }

  subscript(tensor: TensorRef) -> String { types[tensor.node] ?? "float32" }

  private static func type(of layer: NamedLayer, first: String?) -> String {
    if let input = layer.layer as? InputLayer { return input.dtype }
    if layer.layer.isOperation {
      if comparisons.contains(layer.className) { return "bool" }
      let given =
        layer.layer.value(of: "dtype")
        ?? (layer.layer as? any OpaqueNode)?.original["config"]?["dtype"]
      return given?.stringValue ?? first ?? "float32"
    }
    if layer.layer.value(of: "output_mode") == "int" {
      // Categories are whole numbers.
      if layer.layer is Discretization { return "int32" }
      if layer.layer is IntegerLookup { return "int64" }
      if let type = LayerWriter.dtype(of: layer).stringValue { return type }
    }
    // Layers without weights hand whole numbers on as they are.
    if let first, !first.contains("float"), keeping.contains(layer.className) { return first }
    let policy = layer.dtype.stringValue ?? layer.dtype["config"]?["name"]?.stringValue ?? "float32"
    return policy.hasPrefix("mixed_") ? String(policy.dropFirst("mixed_".count)) : policy
  }

  private static let comparisons: Set = [
    "NotEqual", "Any", "All", "LogicalOr", "LogicalAnd", "LogicalNot", "LogicalXor", "OnesLike",
    "ZerosLike", "Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "Isfinite", "Isinf",
    "Isnan",
  ]

  private static let keeping: Set = [
    "Add", "Concatenate", "Flatten", "Identity", "Lambda", "Masking", "Maximum", "Minimum",
    "Multiply", "Permute", "RepeatVector", "Reshape", "Subtract",
  ]
}

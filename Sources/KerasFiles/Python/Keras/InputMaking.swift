import Neural

/// `keras.Input` and `keras.layers.InputLayer`.
enum InputMaking {
  static var layer: Builtin {
    Builtin("InputLayer", takesUnknown: true) { evaluator, arguments in
      .native(try evaluator.makeInput(arguments, isLayer: true))
    }
  }

  static var tensor: Builtin {
    Builtin("Input", takesUnknown: true) { evaluator, arguments in
      let layer = try evaluator.makeInput(arguments, isLayer: false)
      guard let tensor = layer.calls.first?.outputs.first else { return .none }
      return .native(tensor)
    }
  }
}

extension Evaluator {
  private static let inputKeywords = [
    "shape", "batch_size", "dtype", "sparse", "ragged", "batch_shape", "name", "tensor",
    "optional", "input_shape", "batch_input_shape", "input_tensor", "type_spec",
  ]

  func makeInput(_ arguments: CallArguments, isLayer: Bool) throws -> LayerObject {
    try charge(100)
    for (keyword, _) in arguments.keywords where !Self.inputKeywords.contains(keyword) {
      let near = nearest(to: keyword, in: Self.inputKeywords)
      throw fault(
        "Input has no argument '\(keyword)'", remedy: near.map { "did you mean \($0)?" } ?? "",
        type: "TypeError")
    }
    func given(_ keyword: String) -> Value? {
      arguments[keyword].flatMap { $0.isNone ? nil : $0 }
    }
    let shape: [Int?]
    if let value = given("batch_shape") ?? given("batch_input_shape") {
      shape = try sizes(from: value, for: "batch_shape")
    } else if let value = arguments.value(0, "shape") ?? given("input_shape"), !value.isNone {
      var batch: Int?
      if let size = arguments.value(1, "batch_size"), !size.isNone {
        if let unknown = size.unknown { throw fault(needing: "batch_size", unknown) }
        batch = size.intValue
      }
      shape = [batch] + (try sizes(from: value, for: "shape"))
    } else if given("tensor") ?? given("input_tensor") != nil {
      throw fault("an Input made from a tensor has no shape here", remedy: "give it shape=")
    } else {
      throw fault("Input needs a shape", remedy: "write Input(shape=(128, 20))", type: "TypeError")
    }
    let dtype = try given("dtype").map {
      try config(from: $0, for: "dtype").stringValue ?? "float32"
    }
    var layer = InputLayer(batchShape: shape, dtype: dtype ?? "float32")
    layer.sparse = try given("sparse").flatMap { try truth(of: $0) } ?? false
    layer.ragged = try given("ragged").flatMap { try truth(of: $0) } ?? false
    layer.optional = try given("optional").flatMap { try truth(of: $0) } ?? false
    return try inputLayer(layer, name: arguments["name"]?.stringValue)
  }

  /// An input layer with its one tensor.
  func inputLayer(_ layer: InputLayer, name: String?) throws -> LayerObject {
    let named = NamedLayer(name ?? keras.name(for: "InputLayer"), layer)
    let object = try keep(LayerObject(named, at: location))
    _ = try keras.record(object, on: [], in: self)
    return object
  }
}

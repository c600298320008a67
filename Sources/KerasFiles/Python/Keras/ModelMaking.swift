import Neural

/// `keras.Sequential(…)` and `keras.Model(…)`.
enum ModelMaking {
  static var sequential: Builtin {
    Builtin("Sequential", takesUnknown: true) { evaluator, arguments in
      .native(try evaluator.makeSequential(arguments))
    }
  }

  static var functional: Builtin {
    Builtin("Model", takesUnknown: true) { evaluator, arguments in
      .native(try evaluator.makeFunctional(arguments))
    }
  }
}

extension Evaluator {
  func makeSequential(_ arguments: CallArguments) throws -> ModelObject {
    try charge(100)
    for (keyword, _) in arguments.keywords
    where !["layers", "name", "trainable"].contains(keyword) {
      let near = nearest(to: keyword, in: ["layers", "name", "trainable"])
      throw fault(
        "Sequential has no argument '\(keyword)'",
        remedy: near.map { "did you mean \($0)?" } ?? "it takes layers and name",
        type: "TypeError")
    }
    let name = arguments.value(2, "name")?.stringValue ?? arguments["name"]?.stringValue
    let model = ModelObject(
      name: name ?? keras.name(for: "Sequential"), kind: .sequential, at: location)
    keras.register(model)
    guard let source = arguments.value(0, "layers"), !source.isNone else { return model }
    guard let elements = try elements(of: source) else {
      throw fault(
        needing: "the list of layers",
        doubt(about: source).unknown ?? Unknown(nil, reason: "it is open", at: location))
    }
    for element in elements { try add(element, to: model) }
    if model.input != nil, !model.inputIsHinted, !model.stack.isEmpty {
      _ = keras.name(for: "Functional")
    }
    return model
  }

  /// `model.add(layer)`.
  func add(_ value: Value, to model: ModelObject) throws {
    guard let layer = try keras.layer(from: value, in: self) else {
      if let unknown = value.unknown { throw fault(needing: "the layer to add", unknown) }
      throw fault(
        "a Sequential holds layers, found '\(typeName(of: value))'",
        remedy: "add a layer such as Dense(8)", type: "TypeError")
    }
    if layer.named.layer is InputLayer {
      if model.stack.isEmpty, model.input == nil {
        model.input = layer
        return
      }
      throw fault("an input must be the first layer of a Sequential", remedy: "move it to the top")
    }
    try model.push(layer, in: self)
  }

  func makeFunctional(_ arguments: CallArguments) throws -> ModelObject {
    try charge(100)
    let known = ["inputs", "outputs", "input", "output", "name", "trainable", "dtype"]
    for (keyword, _) in arguments.keywords where !known.contains(keyword) {
      let near = nearest(to: keyword, in: known)
      throw fault(
        "Model has no argument '\(keyword)'",
        remedy: near.map { "did you mean \($0)?" } ?? "it takes inputs, outputs and name",
        type: "TypeError")
    }
    guard let inputs = arguments.value(0, "inputs") ?? arguments["input"],
      let outputs = arguments.value(1, "outputs") ?? arguments["output"]
    else {
      throw fault(
        "Model needs inputs and outputs", remedy: "write Model(inputs, outputs)", type: "TypeError")
    }
    let name = arguments.value(2, "name")?.stringValue ?? keras.name(for: "Functional")
    let model = ModelObject(name: name, kind: .functional, at: location)
    model.inputs = try tensors(inputs, "inputs")
    model.outputs = try tensors(outputs, "outputs")
    model.listsInputs = isList(inputs)
    model.listsOutputs = isList(outputs)
    model.extra[EndStructure.inputs] = keras.structure(of: inputs)
    model.extra[EndStructure.outputs] = keras.structure(of: outputs)
    try model.connect(in: self)
    keras.register(model)
    return model
  }

  private func isList(_ value: Value) -> Bool {
    switch value {
    case .list, .tuple: true
    default: false
    }
  }

  private func tensors(_ value: Value, _ what: String) throws -> [SymbolicTensor] {
    var tensors: [SymbolicTensor] = []
    let isFitting: Bool
    do {
      isFitting = try keras.collect(value, into: &tensors, self)
    } catch Interruption.raised(let raised) where value.isUnknown {
      throw Interruption.raised(raised)
    }
    guard isFitting, !tensors.isEmpty else {
      throw fault(
        "the \(what) of a Model are tensors, found '\(typeName(of: value))'",
        remedy: "give what Input(…) or a layer call returned", type: "TypeError")
    }
    return tensors
  }
}

extension KerasSession {
  /// The model that a fragment stops short of making: from its inputs to all that nothing takes.
  func implyModel(in evaluator: Evaluator) throws {
    let taken = Set(calls.flatMap(\.inputs).map { ObjectIdentifier($0.call) })
    let ends = calls.filter { !$0.inputs.isEmpty && !taken.contains(ObjectIdentifier($0)) }
    guard let first = ends.first else { return }
    let model = ModelObject(
      name: name(for: "Functional"), kind: .functional, at: first.location)
    let starts = calls.filter { $0.inputs.isEmpty && taken.contains(ObjectIdentifier($0)) }
    model.inputs = starts.flatMap(\.outputs)
    model.outputs = ends.flatMap(\.outputs)
    model.listsInputs = model.inputs.count > 1
    model.listsOutputs = model.outputs.count > 1
    try model.connect(in: evaluator)
    evaluator.warn(
      "no Model is made; this is what the layers make of the inputs", at: first.location)
    register(model)
  }
  /// The layer that a value is or stands for; `nil` where it is none.
  func layer(from value: Value, in evaluator: Evaluator) throws -> LayerObject? {
    switch value {
    case .native(let object):
      if let layer = object as? LayerObject { return layer }
      if let model = object as? ModelObject { return try model.asLayer(in: evaluator) }
      if let tensor = object as? SymbolicTensor, tensor.call.layer.named.layer is InputLayer {
        return tensor.call.layer
      }
      return nil
    case .instance(let instance): return try scriptedLayer(instance, in: evaluator)
    default: return nil
    }
  }
}

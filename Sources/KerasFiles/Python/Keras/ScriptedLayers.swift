import Neural
import OrderedCollections

extension KerasSession {
  /// What the bases `Layer` and `Model` give to classes of a script.
  func defineBases() {
    let initializer = Builtin("__init__", takesUnknown: true) { evaluator, arguments in
      try evaluator.keras.initialize(arguments, in: evaluator)
      return .none
    }
    layerClass.attributes["__init__"] = .builtin(initializer)
    layerClass.attributes["build"] = .builtin(
      Builtin("build", takesUnknown: true) { _, _ in .none })
    layerClass.attributes["add_weight"] = .builtin(
      Builtin("add_weight", takesUnknown: true) { evaluator, arguments in
        guard case .instance(let instance)? = arguments.positional.first else { return .none }
        throw evaluator.fault(
          "\(instance.type.name) makes weights of its own, which is not understood",
          remedy: "build it from Keras' layers")
      })
    modelClass.attributes["build"] = .builtin(
      Builtin("build", takesUnknown: true) { evaluator, arguments in
        guard case .instance(let instance)? = arguments.positional.first else { return .none }
        guard let shape = arguments.value(1, "input_shape") else { return .none }
        let sizes = try evaluator.sizes(from: shape, for: "input_shape")
        _ = try evaluator.keras.trace(
          instance, shapes: [Shape(sizes: sizes)], isList: false, in: evaluator)
        return .none
      })
  }

  /// `super().__init__(name=…)` of a class that extends `Layer` or `Model`; with inputs and
  /// outputs it makes a functional model, as `Model(inputs, outputs)` does.
  private func initialize(_ arguments: CallArguments, in evaluator: Evaluator) throws {
    guard case .instance(let instance)? = arguments.positional.first else { return }
    var rest = arguments
    rest.positional.removeFirst()
    if instance.type.isSubclass(ofNamed: "Sequential") {
      instance.native = try evaluator.makeSequential(rest)
    } else if instance.type.isSubclass(of: modelClass),
      arguments["inputs"] != nil || rest.positional.count >= 2
    {
      instance.native = try evaluator.makeFunctional(rest)
    } else {
      let className = instance.type.name
      let name = arguments["name"]?.stringValue ?? name(for: className)
      instance.attributes["__keras_name__"] = .string(name)
      instance.attributes["name"] = .string(name)
      if let flag = arguments["trainable"] { instance.attributes["trainable"] = flag }
    }
  }

  private func name(of instance: Instance) -> String {
    if let known = instance.attributes["__keras_name__"]?.stringValue { return known }
    let made = name(for: instance.type.name)
    instance.attributes["__keras_name__"] = .string(made)
    return made
  }

  /// A call of an object whose class extends `Layer` or `Model`; `nil` if it extends neither.
  func callScripted(
    _ instance: Instance, _ arguments: CallArguments, in evaluator: Evaluator
  ) throws -> Value? {
    guard instance.type.isSubclass(of: layerClass), instance.native == nil else { return nil }
    guard let first = arguments.positional.first ?? arguments["inputs"] else { return nil }
    var tensors: [SymbolicTensor] = []
    if run != nil, !evaluator.holdsSymbol(first) {
      return try traced(instance, onto: first, in: evaluator).callOnArrays(
        arguments, in: evaluator)
    }
    if case .array(let array) = first, !array.shape.dropFirst().contains(nil) {
      if scriptedModels[ObjectIdentifier(instance)] == nil {
        _ = try trace(instance, shapes: [Shape(sizes: array.shape)], isList: false, in: evaluator)
      }
      return evaluator.unknown(nil, "the model is not run here")
    }
    guard try collect(first, into: &tensors, evaluator), !tensors.isEmpty else {
      return evaluator.unknown(nil, "the model is not run here")
    }
    let isList = first.sequence != nil
    let model = try trace(instance, shapes: tensors.map(\.shape), isList: isList, in: evaluator)
    let layer = try model.asLayer(in: evaluator)
    let call = try record(layer, on: tensors, in: evaluator)
    if let keys = model.outputKeys {
      return try evaluator.dict(zip(keys, call.outputs).map { ($0, .native($1)) })
    }
    return try result(call, in: evaluator)
  }

  /// The object as a layer of a Sequential; its shapes follow when it is called.
  func scriptedLayer(_ instance: Instance, in evaluator: Evaluator) throws -> LayerObject? {
    if let model = instance.native as? ModelObject { return try model.asLayer(in: evaluator) }
    guard instance.type.isSubclass(of: layerClass) else { return nil }
    if let model = scriptedModels[ObjectIdentifier(instance)] {
      return try model.asLayer(in: evaluator)
    }
    let layer = try evaluator.keep(
      LayerObject(NamedLayer(name(of: instance), Identity()), at: evaluator.location))
    layer.scripted = instance
    return layer
  }

  /// Follows an object's `call` on symbolic inputs and takes the layers it calls as a model.
  func trace(
    _ instance: Instance, shapes: [Shape], isList: Bool, in evaluator: Evaluator
  ) throws -> ModelObject {
    let identity = ObjectIdentifier(instance)
    if let known = scriptedModels[identity],
      known.inputs.map(\.shape.sizes) == shapes.map(\.sizes)
        || run != nil && known.inputs.map(\.shape.rank) == shapes.map(\.rank)
    {
      return known
    }
    guard let method = instance.type.lookUp("call") else {
      throw evaluator.fault(
        "\(instance.type.name) has no call method, so its shapes are not known",
        remedy: "write def call(self, inputs)")
    }
    let model = ModelObject(name: name(of: instance), kind: .functional, at: evaluator.location)
    model.inputs = try shapes.enumerated().map { index, shape in
      let suffix = shapes.count == 1 ? "" : "_\(index)"
      let layer = try evaluator.inputLayer(
        InputLayer(batchShape: shape.sizes), name: "input_layer\(suffix)")
      guard let tensor = layer.calls.first?.outputs.first else {
        throw evaluator.fault("the input of \(instance.type.name) has no shape")
      }
      return tensor
    }
    let receiver = Value.instance(instance)
    try build(instance, shapes, in: evaluator)
    let argument: Value =
      isList ? try evaluator.list(model.inputs.map { .native($0) }) : .native(model.inputs[0])
    let result = try evaluator.call(method, CallArguments(positional: [receiver, argument]))
    try takeOutputs(result, of: model, instance, in: evaluator)
    try model.connect(in: evaluator)
    for mark in pendingMarks[identity] ?? [] {
      if mark == "compile" { model.isCompiled = true }
      if mark == "fit" || mark == "train_on_batch" { model.isFitted = true }
    }
    if scriptedModels[identity] == nil, instance.type.isSubclass(of: modelClass) { register(model) }
    scriptedModels[identity] = model
    if let arguments = pendingCompiles.removeValue(forKey: identity) {
      try model.compile(arguments, in: evaluator)
    }
    return model
  }

  /// The model that an object of the script's own class makes of arrays.
  private func traced(
    _ instance: Instance, onto data: Value, in evaluator: Evaluator
  ) throws -> ModelObject {
    if let known = scriptedModels[ObjectIdentifier(instance)] { return known }
    let parts = data.sequence.flatMap { elements in
      elements.contains { evaluator.holdsArray($0) } ? elements : nil
    }
    let shapes = try (parts ?? [data]).map { part in
      let sizes: [Int?] = try evaluator.tensor(from: part, for: "x").sizes
      return Shape(sizes: [nil] + sizes.dropFirst())
    }
    return try trace(instance, shapes: shapes, isList: parts != nil, in: evaluator)
  }

  /// A method of a model in a script that is run: the model follows from the data it is given.
  private func runningMethod(_ name: String, of instance: Instance) -> Value? {
    switch name {
    case "compile":
      return .builtin(
        Builtin(name, takesUnknown: true) { [unowned self] _, arguments in
          pendingCompiles[ObjectIdentifier(instance)] = arguments
          return .none
        })
    case "fit", "predict", "evaluate", "train_on_batch", "test_on_batch", "predict_on_batch":
      return .builtin(
        Builtin(name, takesUnknown: true) { [unowned self] evaluator, arguments in
          guard let x = arguments.value(0, "x") else {
            throw evaluator.fault("\(name)() needs x", type: "TypeError")
          }
          let model = try traced(instance, onto: x, in: evaluator)
          guard let method = try model.attribute(name, in: evaluator) else { return .none }
          return try evaluator.call(method, arguments)
        })
    default: return nil
    }
  }

  private func build(_ instance: Instance, _ shapes: [Shape], in evaluator: Evaluator) throws {
    guard instance.attributes["__keras_built__"] == nil else { return }
    instance.attributes["__keras_built__"] = .bool(true)
    guard case .function(let method)? = instance.type.lookUp("build") else { return }
    let values = try shapes.map { shape in
      try evaluator.tuple(shape.sizes.map { $0.map { .int($0) } ?? .none })
    }
    let argument = values.count == 1 ? values[0] : try evaluator.list(values)
    _ = try evaluator.call(
      method, CallArguments(positional: [.instance(instance), argument]))
  }

  private func takeOutputs(
    _ result: Value, of model: ModelObject, _ instance: Instance, in evaluator: Evaluator
  ) throws {
    if case .dict(let dict) = result {
      model.outputKeys = dict.members.values.compactMap(\.key.stringValue)
    }
    guard try collect(result, into: &model.outputs, evaluator), !model.outputs.isEmpty else {
      throw evaluator.fault(
        "what \(instance.type.name).call returns is not understood: "
          + "'\(evaluator.typeName(of: result))'",
        remedy: "return the tensors that its layers give")
    }
    model.listsOutputs = result.sequence != nil
  }

  /// `model.compile`, `model.layers` and the like on an object whose class extends `Model`.
  func attribute(
    _ name: String, ofScripted instance: Instance, in evaluator: Evaluator
  ) throws -> Value? {
    guard instance.type.isSubclass(of: layerClass) else { return nil }
    if name == "name" { return .string(self.name(of: instance)) }
    let identity = ObjectIdentifier(instance)
    if let model = scriptedModels[identity] { return try model.attribute(name, in: evaluator) }
    if run != nil, let method = runningMethod(name, of: instance) { return method }
    switch name {
    case "fit", "predict", "evaluate", "train_on_batch", "compile":
      return .builtin(
        Builtin(name, takesUnknown: true) { [unowned self] evaluator, arguments in
          pendingMarks[identity, default: []].insert(name)
          if case .array(let array)? = arguments.value(0, "x"),
            !array.shape.dropFirst().contains(nil), !array.shape.isEmpty
          {
            let shape = Shape(sizes: [nil] + array.shape.dropFirst())
            _ = try trace(instance, shapes: [shape], isList: false, in: evaluator)
          }
          return evaluator.unknown(nil, "the model is not run here")
        })
    default:
      if KerasNames.quietMethods.contains(name) {
        return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
      }
      return evaluator.unknown(nil, "\(instance.type.name).\(name) is not evaluated")
    }
  }
}

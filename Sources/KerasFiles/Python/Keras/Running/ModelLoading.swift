import Neural
import OrderedCollections

/// `keras.models.load_model(…)` and `model_from_json(…)` of a script that is run.
///
/// A script that is only read opens no file beside itself.
enum ModelLoading {
  static var file: Builtin {
    Builtin("load_model", takesUnknown: true) { evaluator, arguments in
      guard let run = evaluator.keras.run else {
        evaluator.keras.wouldLoadModels = true
        return evaluator.unknown(
          nil, "a script that is only read opens no other file: unroll run runs it")
      }
      guard let path = arguments.value(0, "filepath")?.stringValue else {
        throw evaluator.fault("load_model() needs the name of a file", type: "TypeError")
      }
      let compiles = try arguments.value(2, "compile").flatMap { try evaluator.truth(of: $0) }
      let contents: ModelContents
      do throws(FileError) {
        contents = try ModelFile.archive(OpenedFile(path)).contents(limit: run.memoryLimit)
      } catch {
        throw evaluator.fault(error)
      }
      return .native(
        try evaluator.model(contents, compiles: compiles ?? true, from: path))
    }
  }

  static var json: Builtin {
    let name = "model_from_json"
    return Builtin(name, takesUnknown: true) { evaluator, arguments in
      guard let text = arguments.value(0, "json_string"), !text.isUnknown else {
        return evaluator.unknown(nil, "the text is not known here")
      }
      guard let text = text.stringValue else {
        throw evaluator.fault("model_from_json() takes text, as to_json() gives", type: "TypeError")
      }
      let model: Model
      do throws(FileError) {
        model = try KerasConfig.read(Array(text.utf8), path: name)
      } catch {
        throw evaluator.fault(error.message, remedy: error.remedy)
      }
      return .native(try evaluator.model(ModelContents(model), compiles: true, from: name))
    }
  }
}

extension Evaluator {
  /// The script's object for a model that was read, with its weights and its training.
  func model(
    _ contents: ModelContents, compiles: Bool, from path: String
  ) throws -> ModelObject {
    var loader = ModelLoader(self)
    let model = try loader.object(for: contents.model)
    keras.register(model)
    try loader.fill(model, contents)
    guard compiles, let config = contents.model.compileConfig?.objectValue else {
      return model
    }
    do throws(PassError) {
      let optimizer = OptimizerObject(
        try Optimizer(configValue: (config["optimizer"] ?? .null).withoutWrappers))
      optimizer.model = model
      var config = config
      config["optimizer"] = nil
      model.isCompiled = true
      model.compileArguments = config
      model.compileArguments["optimizer"] = optimizer.configValue
      if keras.run != nil {
        let training = ModelTraining(config, optimizer)
        training.kept = contents.optimizer
        training.source = path
        model.training = training
      }
    } catch {
      warn("\(path): the model is not compiled: \(error.message)")
    }
    return model
  }
}

/// Makes a script's objects of a model that was read.
private struct ModelLoader {
  let evaluator: Evaluator
  /// The objects of the layers of each model.
  private var objects: [ObjectIdentifier: [LayerID: LayerObject]] = [:]

  init(_ evaluator: Evaluator) { self.evaluator = evaluator }

  /// The object for a model, weights not filled in.
  mutating func object(for model: Model) throws -> ModelObject {
    let made = ModelObject(name: model.name, kind: model.kind, at: evaluator.location)
    made.isTrainable = model.trainable
    made.extra = model.extra
    made.extra["compile_config"] = nil
    var layers: [LayerID: LayerObject] = [:]
    if model.kind == .sequential {
      if let layer = model.inputs.first.flatMap({ model.layer(of: $0.node) }),
        let input = layer.layer as? InputLayer, input.batchShape != nil
      {
        made.input = try evaluator.inputLayer(input, name: layer.name)
      }
      for (id, node) in model.nodes.values.map({ ($0.layer, $0) }) where !node.inputs.isEmpty {
        let layer = try layer(id, of: model, &layers)
        try made.push(layer, in: evaluator)
      }
    } else {
      try connect(model, made, &layers)
    }
    objects[ObjectIdentifier(made)] = layers
    return made
  }

  private mutating func connect(
    _ model: Model, _ made: ModelObject, _ layers: inout [LayerID: LayerObject]
  ) throws {
    var outputs: [NodeID: [SymbolicTensor]] = [:]
    func tensor(_ reference: TensorRef) throws -> SymbolicTensor {
      guard let tensors = outputs[reference.node], tensors.indices.contains(reference.output)
      else { throw evaluator.fault("the graph of '\(model.name)' is not in order") }
      return tensors[reference.output]
    }
    for node in model.nodes.values {
      if let named = model.layers[node.layer], let input = named.layer as? InputLayer,
        node.inputs.isEmpty
      {
        let object = try evaluator.inputLayer(input, name: named.name)
        object.named = named
        layers[node.layer] = object
        outputs[node.id] = object.calls.first?.outputs
        continue
      }
      let layer = try layer(node.layer, of: model, &layers)
      let call = try evaluator.keras.record(
        layer, on: try node.inputs.map { try tensor($0) },
        mask: try node.mask.map { try tensor($0) }, keywords: node.keywords, in: evaluator)
      if !node.maskNames.isEmpty { call.maskNames = node.maskNames }
      outputs[node.id] = call.outputs
    }
    made.inputs = try model.inputs.map { try tensor($0) }
    made.outputs = try model.outputs.map { try tensor($0) }
    made.listsInputs = model.listsInputs
    made.listsOutputs = model.listsOutputs
    try made.connect(in: evaluator)
  }

  private mutating func layer(
    _ id: LayerID, of model: Model, _ layers: inout [LayerID: LayerObject]
  ) throws -> LayerObject {
    if let known = layers[id] { return known }
    guard let named = model.layers[id] else {
      throw evaluator.fault("the graph of '\(model.name)' is not in order")
    }
    try evaluator.charge(100)
    let made: LayerObject
    if let submodel = named.layer as? Submodel {
      let inner = try evaluator.nested { try object(for: submodel.model) }
      made = try inner.asLayer(in: evaluator)
      made.named.name = named.name
      made.named.trainable = named.trainable
    } else {
      made = try evaluator.keep(LayerObject(named, at: evaluator.location))
    }
    layers[id] = made
    return made
  }

  // MARK: Weights

  /// Gives the layers their weights, and the model what nobody here knows.
  func fill(_ model: ModelObject, _ contents: ModelContents) throws {
    let layers = objects[ObjectIdentifier(model)] ?? [:]
    try fill(model, contents.model, Analysis(of: contents.model)) { contents.weights[$0].tensors }
    model.leftovers = contents.leftovers.map { leftover in
      (leftover.place.layer.flatMap { layers[$0] }, leftover)
    }
  }

  private func fill(
    _ object: ModelObject, _ model: Model, _ analysis: Analysis,
    _ tensors: (LayerID) -> [Tensor]
  ) throws {
    let layers = objects[ObjectIdentifier(object)] ?? [:]
    for (id, layer) in layers {
      let own = tensors(id)
      guard !own.isEmpty else { continue }
      guard let inner = layer.model, let submodel = model.layers[id]?.layer as? Submodel else {
        layer.noteInput(model.calls(of: id).first.flatMap { analysis.reports[$0]?.inputs })
        layer.tensors = own
        continue
      }
      // The weights of a model inside stand in the order of its own layers.
      let inputs = model.calls(of: id).first.flatMap { analysis.reports[$0]?.inputs }
      let innerAnalysis = Analysis(of: submodel.model, inputShapes: inputs)
      var parts: [LayerID: [Tensor]] = [:]
      var rest = own[...]
      for part in submodel.model.layers.keys {
        let count = innerAnalysis.weights[part]?.count ?? 0
        parts[part] = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      try evaluator.nested {
        try fill(inner, submodel.model, innerAnalysis) { parts[$0] ?? [] }
      }
    }
  }
}

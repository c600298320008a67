import Neural

extension ModelObject {
  /// A model as a value, with the script's objects behind its layers.
  struct Assembled {
    var model: Model
    var objects: [LayerID: LayerObject] = [:]
  }

  /// The model as a value.
  ///
  /// - Throws: An exception where the graph does not lead from the inputs to the outputs.
  func model(in evaluator: Evaluator) throws -> Model {
    try assembled(in: evaluator).model
  }

  /// The model as a value, and which of the script's objects each layer is.
  ///
  /// - Throws: An exception where the graph does not lead from the inputs to the outputs.
  func assembled(in evaluator: Evaluator) throws -> Assembled {
    kind == .sequential ? try sequentialModel(in: evaluator) : try functionalModel(in: evaluator)
  }

  private func sequentialModel(in evaluator: Evaluator) throws -> Assembled {
    var model = Model(name: name, kind: .sequential)
    model.trainable = isTrainable
    model.extra = extra
    let open = NamedLayer("input_layer", InputLayer(batchShape: nil))
    let source = inputIsOpen ? open : input?.named ?? open
    var tensor = model.addInput(source)
    var objects: [LayerID: LayerObject] = [:]
    for layer in stack {
      let id = model.addLayer(try layer.value(in: evaluator))
      objects[id] = layer
      tensor = TensorRef(model.call(id, on: [tensor]))
    }
    model.outputs = [tensor]
    if stack.count > 0, stackOutputs.count > 1 {
      model.outputs = stackOutputs.indices.map { TensorRef(tensor.node, $0) }
    }
    return Assembled(model: model, objects: objects)
  }

  private func functionalModel(in evaluator: Evaluator) throws -> Assembled {
    var model = Model(name: name, kind: .functional)
    model.trainable = isTrainable
    model.extra = extra
    model.listsInputs = listsInputs
    model.listsOutputs = listsOutputs
    var layers: [ObjectIdentifier: LayerID] = [:]
    var nodes: [ObjectIdentifier: NodeID] = [:]
    var objects: [LayerID: LayerObject] = [:]
    func reference(_ tensor: SymbolicTensor) -> TensorRef? {
      nodes[ObjectIdentifier(tensor.call)].map { TensorRef($0, tensor.output) }
    }
    for input in inputs where nodes[ObjectIdentifier(input.call)] == nil {
      let reference = model.addInput(try inputLayer(for: input, in: evaluator))
      nodes[ObjectIdentifier(input.call)] = reference.node
    }
    for call in graph where nodes[ObjectIdentifier(call)] == nil {
      let identity = ObjectIdentifier(call.layer)
      let id = try layers[identity] ?? model.addLayer(try call.layer.value(in: evaluator))
      layers[identity] = id
      objects[id] = call.layer
      nodes[ObjectIdentifier(call)] = model.call(
        id, on: call.inputs.compactMap { reference($0) }, mask: call.mask.flatMap { reference($0) },
        keywords: call.keywords, maskNames: call.maskNames,
        callIndex: call.layer.calls.firstIndex { $0 === call }, remarks: call.remarks)
    }
    model.outputs = outputs.compactMap { reference($0) }
    return Assembled(model: model, objects: objects)
  }

  /// The layer behind an input; for a tensor inside a graph Keras makes a new one.
  private func inputLayer(for tensor: SymbolicTensor, in evaluator: Evaluator) throws -> NamedLayer
  {
    if tensor.call.layer.named.layer is InputLayer { return tensor.call.layer.named }
    return NamedLayer(
      "\(tensor.call.layer.named.name)_input", InputLayer(batchShape: tensor.shape.sizes))
  }

  /// Finds the calls between inputs and outputs.
  ///
  /// - Throws: An exception where an output needs an input that is not among the model's.
  func connect(in evaluator: Evaluator) throws {
    let ends = Set(inputs.map { ObjectIdentifier($0.call) })
    var seen = ends
    var found: [CallNode] = []
    var waiting = outputs.map(\.call)
    while let call = waiting.popLast() {
      guard seen.insert(ObjectIdentifier(call)).inserted else { continue }
      found.append(call)
      if call.inputs.isEmpty {
        throw evaluator.fault(
          "the output needs the input '\(call.layer.named.name)', which is not among the inputs "
            + "of this model",
          remedy: "add it to inputs=, or take another output")
      }
      waiting.append(contentsOf: call.inputs.map(\.call))
      if let mask = call.mask { waiting.append(mask.call) }
    }
    var unique: Set<ObjectIdentifier> = []
    let starts = inputs.map(\.call).filter { unique.insert(ObjectIdentifier($0)).inserted }
    graph = starts + found.sorted { $0.serial < $1.serial }
    try requireUniqueNames(in: evaluator)
  }

  private func requireUniqueNames(in evaluator: Evaluator) throws {
    var owners: [String: LayerObject] = [:]
    for call in graph {
      let name = call.layer.named.name
      if let owner = owners[name], owner !== call.layer {
        throw evaluator.fault(
          "the name '\(name)' is used twice in this model",
          remedy: "give one of the two another name=")
      }
      owners[name] = call.layer
    }
  }
}

extension LayerObject {
  /// The layer as a value, a model in it as it is now.
  func value(in evaluator: Evaluator) throws -> NamedLayer {
    guard let model else { return named }
    var copy = named
    copy.name = model.name
    copy.layer = Submodel(try model.model(in: evaluator))
    copy.trainable = model.isTrainable
    return copy
  }
}

import Neural
import OrderedCollections

/// Writes the calls of a functional model's layers.
struct CallWriter {
  private let model: Model
  private let whole: Model
  private let analysis: Analysis
  private let types: TensorTypes
  private let listed: Set<NodeID>
  /// Which call of its layer a node is, counting those of the model only.
  private var numbers: [NodeID: Int] = [:]
  private var calls: [LayerID: [Node]] = [:]

  init(_ model: Model, _ whole: Model, _ analysis: Analysis, _ order: KerasOrder) {
    self.model = model
    self.whole = whole
    self.analysis = analysis
    types = TensorTypes(whole)
    listed = Set(order.nodesByDepth.values.joined())
    for node in whole.nodes.values where listed.contains(node.id) {
      numbers[node.id] = calls[node.layer]?.count ?? 0
      calls[node.layer, default: []].append(node)
    }
  }

  func number(of node: NodeID) -> Int { numbers[node] ?? 0 }

  /// The calls of a layer, first to last; an input has none.
  func inboundNodes(of id: LayerID) -> [ConfigValue] {
    guard let layer = whole.layers[id] else { return [] }
    return (calls[id] ?? []).filter { !$0.kerasInputs.isEmpty }.map { node in
      let (args, kwargs) = arguments(of: node, layer.layer)
      return ["args": args, "kwargs": kwargs]
    }
  }

  private func arguments(
    of node: Node, _ layer: any Layer
  ) -> (args: ConfigValue, kwargs: ConfigValue) {
    if let template = CallArgumentsTemplate(in: node.keywords, count: node.inputs.count) {
      return template.filled { tensor(node.inputs[$0]) }
    }
    let tensors = node.inputs.map { tensor($0) }
    if let operation = layer as? MaskOperation { return (operation.arguments(tensors), [:]) }
    if layer.isOperation { return OperationWriter.arguments(of: layer, tensors) }
    var kwargs = node.keywords
    kwargs[CallArgumentsTemplate.key] = nil
    var args: [ConfigValue] = [.list(tensors)]
    if layer.readsOneSequence {
      args = Array(tensors.prefix(1))
      let states = Array(tensors.dropFirst())
      if !states.isEmpty { kwargs["initial_state"] = StateLists.value(of: states, for: layer) }
    } else if layer is any CellLayer {
      args = [tensors[0], StateLists.value(of: Array(tensors.dropFirst()), for: layer)]
    } else if !CallForm.takesList(layer, count: tensors.count) {
      args = tensors
    }
    let training = CallForm.standardTraining(of: layer)
    if let original = model.nodes[node.id], model.takesMaskByItself(original) {
      kwargs["training"] = training
      kwargs["mask"] = node.mask.map { tensor($0) } ?? .null
    } else {
      if !CallForm.usesMask(layer), kwargs["training"] == nil { kwargs["training"] = training }
      if let mask = node.mask { kwargs["mask"] = tensor(mask) }
    }
    return (.list(args), .object(kwargs))
  }

  private func tensor(_ tensor: TensorRef) -> ConfigValue {
    let shape = analysis.shape(of: tensor).map(ConfigShape.value) ?? [nil]
    return [
      "class_name": "__keras_tensor__",
      "config": [
        "shape": shape, "dtype": .string(types[tensor]),
        "keras_history": [
          .string(whole.layer(of: tensor.node)?.name ?? ""), .int(number(of: tensor.node)),
          .int(tensor.output),
        ],
      ],
    ]
  }
}

extension MaskOperation {
  /// The operation's settings as a file has them.
  var config: OrderedDictionary<String, ConfigValue> {
    switch kind {
    case .notEqual, .logicalOr: [:]
    case .any: ["axis": -1, "keepdims": false]
    case .onesLike, .zerosLike: ["dtype": "bool"]
    case .expandDims: ["axis": -1]
    case .concatenate(let axis): ["axis": .int(axis)]
    case .convertToTensor: ["dtype": nil, "sparse": nil, "ragged": nil]
    }
  }

  fileprivate func arguments(_ tensors: [ConfigValue]) -> ConfigValue {
    switch kind {
    case .notEqual(let value):
      .list(tensors + [Int(exactly: value).map { .int($0) } ?? .double(value)])
    case .concatenate: [.list(tensors)]
    default: .list(tensors)
    }
  }
}

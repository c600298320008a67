import OrderedCollections

/// A Keras model as a value: layers, the calls that connect them, inputs and outputs.
///
/// A sequential model is the case of one input and a chain of calls. Edits give a new model;
/// undo is a list of models.
public struct Model: Hashable, Sendable {
  /// Which of Keras' two classes of models it is.
  public enum Kind: String, Hashable, Sendable {
    /// A chain: `keras.Sequential`.
    case sequential = "Sequential"
    /// A graph: `keras.Model(inputs, outputs)`.
    case functional = "Functional"
  }

  /// The model's name.
  public var name: String
  /// Which of Keras' two classes it is.
  public var kind: Kind
  /// Whether training changes any weight.
  public var trainable = true
  /// The layers, each once, in the order in which they were added.
  public internal(set) var layers: OrderedDictionary<LayerID, NamedLayer> = [:]
  /// The calls, each behind those whose tensors it takes.
  public internal(set) var nodes: OrderedDictionary<NodeID, Node> = [:]
  /// Where data comes in: outputs of input layers.
  public var inputs: [TensorRef] = []
  /// What the model gives.
  public var outputs: [TensorRef] = []
  /// Whether a single input or output was given as itself, not as a list of one; Keras' files
  /// tell the two apart.
  public var listsInputs = false
  /// The same for outputs.
  public var listsOutputs = false
  /// What a file says of the model beyond its layers, kept for saving: `compile_config`.
  public var extra: OrderedDictionary<String, ConfigValue> = [:]

  private var lastNumber = 0

  /// A model without layers.
  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// A stack of layers on one input.
  package init(name: String = "sequential", input: InputLayer, layers: [NamedLayer]) {
    self.init(name: name, kind: .sequential)
    var tensor = addInput(NamedLayer("input_layer", input))
    for layer in layers {
      tensor = TensorRef(call(addLayer(layer), on: [tensor]))
    }
    outputs = [tensor]
  }
}

extension Model {
  /// Adds a layer that no call uses yet.
  public mutating func addLayer(_ layer: NamedLayer) -> LayerID {
    lastNumber += 1
    let id = LayerID(number: lastNumber)
    layers[id] = layer
    return id
  }

  /// Calls a layer on tensors.
  ///
  /// - Returns: the node; its outputs are `TensorRef(node, 0)`, ….
  @discardableResult
  public mutating func call(
    _ layer: LayerID, on inputs: [TensorRef], mask: TensorRef? = nil,
    keywords: OrderedDictionary<String, ConfigValue> = [:], maskNames: [String] = [],
    callIndex: Int? = nil, remarks: [String] = []
  ) -> NodeID {
    lastNumber += 1
    let id = NodeID(number: lastNumber)
    nodes[id] = Node(
      id: id, layer: layer, inputs: inputs, mask: mask, keywords: keywords, maskNames: maskNames,
      callIndex: callIndex, remarks: remarks)
    return id
  }

  /// Adds an input layer, calls it, and takes its tensor as the model's next input.
  public mutating func addInput(_ layer: NamedLayer) -> TensorRef {
    let tensor = TensorRef(call(addLayer(layer), on: []))
    inputs.append(tensor)
    return tensor
  }

  /// The layer that `node` calls.
  public func layer(of node: NodeID) -> NamedLayer? {
    nodes[node].flatMap { layers[$0.layer] }
  }

  /// Replaces a layer, in every call.
  public mutating func replaceLayer(_ id: LayerID, with layer: NamedLayer) {
    if layers[id] != nil { layers[id] = layer }
  }

  /// The calls of a layer, first to last.
  public func calls(of layer: LayerID) -> [NodeID] {
    nodes.values.filter { $0.layer == layer }.map(\.id)
  }

  /// The nodes that take any output of each node, in order.
  public func consumers() -> [NodeID: [NodeID]] {
    var result: [NodeID: [NodeID]] = [:]
    for node in nodes.values {
      for input in node.inputs + (node.mask.map { [$0] } ?? [])
      where result[input.node]?.last != node.id {
        result[input.node, default: []].append(node.id)
      }
    }
    return result
  }

  /// A name for a layer of class `className` that no other layer of the model has, as Keras
  /// counts: `dense`, `dense_1`, ….
  public func freshName(for className: String) -> String {
    freshName(from: snakeCase(className))
  }

  /// `base`, or `base_1`, `base_2`, … where the model has that name already.
  public func freshName(from base: String) -> String {
    let taken = Set(layers.values.map(\.name))
    guard taken.contains(base) else { return base }
    var number = 1
    while taken.contains("\(base)_\(number)") { number += 1 }
    return "\(base)_\(number)"
  }

  /// The model without nodes that neither inputs nor outputs need, and without layers that no
  /// node calls.
  public func pruned() -> Model {
    var needed = Set(inputs.map(\.node))
    var pending = outputs.map(\.node)
    while let next = pending.popLast() {
      guard needed.insert(next).inserted || inputs.contains(where: { $0.node == next }),
        let node = nodes[next]
      else { continue }
      for input in node.inputs + (node.mask.map { [$0] } ?? []) where !needed.contains(input.node) {
        pending.append(input.node)
      }
    }
    var result = self
    result.nodes.removeAll { !needed.contains($0.key) }
    let used = Set(result.nodes.values.map(\.layer))
    result.layers.removeAll { !used.contains($0.key) }
    return result
  }
}

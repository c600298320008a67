import OrderedCollections

/// The order in which Keras lists the nodes of a functional model.
///
/// Layers stand by depth (how far from the outputs), deepest first, and at one depth in the order
/// in which a walk from the outputs meets them. A shared layer stands at the greatest depth of
/// its calls. Source: `keras/src/ops/function.py` (`map_graph`).
public struct KerasOrder: Sendable {
  /// The layers in Keras' order, operations among them.
  public private(set) var layers: [LayerID] = []
  /// The nodes of each depth, in the order in which Keras calls them.
  public private(set) var nodesByDepth: [Int: [NodeID]] = [:]

  /// The order for `model`.
  public init(_ model: Model) {
    var walk = Walk(model)
    for output in model.outputs { walk.visit(output.node) }
    // At one depth Keras calls nodes in the order in which they got a depth at all.
    var nodeDepths: OrderedDictionary<NodeID, Int> = [:]
    var layerDepths: [LayerID: Int] = [:]
    for id in walk.finished.reversed() {
      guard let node = model.nodes[id] else { continue }
      let depth = max(nodeDepths[id] ?? 0, layerDepths[node.layer] ?? 0)
      layerDepths[node.layer] = depth
      nodeDepths[id] = depth
      for input in node.kerasInputs {
        nodeDepths[input.node] = max(depth + 1, nodeDepths[input.node] ?? 0)
      }
    }
    for input in model.inputs {
      guard let layer = model.nodes[input.node]?.layer, layerDepths[layer] == nil else { continue }
      layerDepths[layer] = 0
      nodeDepths[input.node] = 0
      walk.order[layer] = -1
    }
    layers = layerDepths.keys.sorted { a, b in
      let (x, y) = (layerDepths[a] ?? 0, layerDepths[b] ?? 0)
      if x != y { return x > y }
      let (first, second) = (walk.order[a] ?? 0, walk.order[b] ?? 0)
      return first != second ? first < second : a.number < b.number
    }
    for (node, depth) in nodeDepths { nodesByDepth[depth, default: []].append(node) }
  }

  /// Whether Keras shows the model as a plain list: at every depth one node with at most one
  /// input, and no layer called twice.
  public func isChain(_ model: Model) -> Bool {
    var seen: Set<LayerID> = []
    for nodes in nodesByDepth.values {
      guard nodes.count == 1, let node = nodes.first.flatMap({ model.nodes[$0] }),
        node.kerasInputs.count <= 1, seen.insert(node.layer).inserted
      else { return false }
    }
    return true
  }

  /// A depth-first walk from the outputs, on a list of its own: a model may be deep.
  private struct Walk {
    let model: Model
    var order: [LayerID: Int] = [:]
    var finished: [NodeID] = []
    private var done: Set<NodeID> = []

    init(_ model: Model) { self.model = model }

    mutating func visit(_ start: NodeID) {
      var stack: [(node: NodeID, next: Int)] = []
      enter(start, &stack)
      while let (id, next) = stack.last {
        let inputs = model.nodes[id]?.kerasInputs ?? []
        if next < inputs.count {
          stack[stack.count - 1].next += 1
          enter(inputs[next].node, &stack)
        } else {
          finished.append(id)
          stack.removeLast()
        }
      }
    }

    private mutating func enter(_ id: NodeID, _ stack: inout [(node: NodeID, next: Int)]) {
      guard let node = model.nodes[id], done.insert(id).inserted else { return }
      if order[node.layer] == nil { order[node.layer] = order.count }
      stack.append((id, 0))
    }
  }
}

extension Node {
  /// The tensors of the call in Keras' order: positional ones, then the mask.
  public var kerasInputs: [TensorRef] {
    inputs + (mask.map { [$0] } ?? [])
  }
}

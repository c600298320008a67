import Neural

/// A call of a recurrent layer in a model, or in a model that stands as a layer of it.
public struct RecurrentCall: Sendable {
  /// The call in the model itself: the layer, or what it stands in.
  public var node: NodeID
  /// Its place in words: `bidirectional`; `encoder/lstm` in the model `encoder`; `lstm#2` for
  /// the second call of a shared layer.
  public var name: String
  /// The class of the layer: `Bidirectional`.
  public var className: String
}

extension Model {
  /// The calls of recurrent layers, in the order in which they run.
  public var recurrentCalls: [RecurrentCall] {
    var counts: [LayerID: Int] = [:]
    var result: [RecurrentCall] = []
    for node in nodes.values {
      guard let layer = layers[node.layer] else { continue }
      counts[node.layer, default: 0] += 1
      let count = counts[node.layer] ?? 1
      let name = layer.name + (count > 1 ? "#\(count)" : "")
      result += layer.recurrentCalls(named: name).map { name, className in
        RecurrentCall(node: node.id, name: name, className: className)
      }
    }
    return result
  }
}

extension NamedLayer {
  /// The recurrent layers that one call of this layer runs, with their names and classes.
  fileprivate func recurrentCalls(named name: String) -> [(name: String, className: String)] {
    switch layer {
    case is any RecurrentLayer, is Bidirectional: [(name, className)]
    case let submodel as Submodel:
      submodel.model.recurrentCalls.map { ("\(name)/\($0.name)", $0.className) }
    case let wrapper as any WrapperLayer:
      wrapper.inner.recurrentCalls(named: "\(name)/\(wrapper.inner.name)")
    default: []
    }
  }
}

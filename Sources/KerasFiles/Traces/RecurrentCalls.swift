import Neural

/// A call of a recurrent layer in a model, or in a model that stands as a layer of it; of a cell
/// where several cells stand on top of each other in an `RNN`.
public struct RecurrentCall: Sendable {
  /// The call in the model itself: the layer, or what it stands in.
  public var node: NodeID
  /// Its place in words: `bidirectional`; `encoder/lstm` in the model `encoder`; `lstm#2` for
  /// the second call of a shared layer; `rnn/stacked_rnn_cells/gru_cell` of a cell.
  public var name: String
  /// The class of the layer: `Bidirectional`; of a cell in a stack of cells that of the cell.
  public var className: String
  /// The layers that walk, each in its direction; empty in a model that stands as a layer.
  var directions: [any RecurrentLayer]
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
      result += layer.recurrentCalls(named: name).map { part in
        RecurrentCall(
          node: node.id, name: part.name, className: part.className, directions: part.directions)
      }
    }
    return result
  }
}

extension NamedLayer {
  fileprivate typealias Part = (
    name: String, className: String, directions: [any RecurrentLayer]
  )

  /// The recurrent layers that one call of this layer runs, with their names and classes, in the
  /// order in which they are recorded.
  fileprivate func recurrentCalls(named name: String) -> [Part] {
    switch layer {
    case let recurrent as any RecurrentLayer: return [(name, className, [recurrent])]
    case let rnn as RNN:
      if let plain = rnn.plainLayer { return [(name, className, [plain])] }
      return (rnn.inner.levels ?? []).map { level in
        let path = ([name] + level.owner).joined(separator: "/")
        return (path, level.layer.className + "Cell", [level.layer])
      }
    case let bidirectional as Bidirectional:
      if let forward = bidirectional.forwardLayer?.plainLayer,
        let backward = bidirectional.backwardLayer?.plainLayer
      {
        return [(name, className, [forward, backward])]
      }
      return bidirectional.inner.recurrentCalls(named: "\(name)/\(bidirectional.forwardName)")
        + (bidirectional.backward ?? bidirectional.inner)
        .recurrentCalls(named: "\(name)/\(bidirectional.backwardName)")
    case let submodel as Submodel:
      return submodel.model.recurrentCalls.map { ("\(name)/\($0.name)", $0.className, []) }
    case let wrapper as any WrapperLayer:
      return wrapper.inner.recurrentCalls(named: "\(name)/\(wrapper.inner.name)")
    default: return []
    }
  }
}

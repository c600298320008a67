/// What the axes of a model's inputs mean: what the first layers that care about it say.
///
/// An input of shape (None, 80) is a sequence of 80 timesteps where an Embedding reads it, and
/// 80 features where a Dense layer does.
struct InputRoles {
  private var found: [NodeID: [AxisRole]] = [:]

  init(_ model: Model) {
    // Inputs whose meaning nobody has said yet, and the nodes that still have their axes.
    var ranks: [NodeID: Int] = [:]
    var carriers: [NodeID: NodeID] = [:]
    let inputCount = model.layers.values.count { $0.layer is InputLayer }
    var seen = 0
    for node in model.nodes.values {
      // Calls stand behind what they take: once every input is understood, nothing changes.
      if seen == inputCount && ranks.isEmpty { break }
      guard let layer = model.layers[node.layer]?.layer else { continue }
      if let input = layer as? InputLayer {
        seen += 1
        guard let shape = input.batchShape else { continue }
        ranks[node.id] = shape.count
        carriers[node.id] = node.id
        continue
      }
      for (place, tensor) in node.inputs.enumerated() {
        guard let input = carriers[tensor.node], let rank = ranks[input] else { continue }
        if let roles = InputRoles.said(by: layer, at: place, rank: rank) {
          found[input] = roles
          ranks.removeValue(forKey: input)
        } else if layer.keepsAxes {
          carriers[node.id] = input
        }
      }
    }
  }

  func roles(of node: NodeID) -> [AxisRole]? { found[node] }

  private static func said(by layer: any Layer, at place: Int, rank: Int) -> [AxisRole]? {
    if let submodel = layer as? Submodel {
      guard place < submodel.model.inputs.count else { return nil }
      return InputRoles(submodel.model).roles(of: submodel.model.inputs[place].node)
    }
    return place == 0 ? layer.inputRoles(rank: rank) : nil
  }
}

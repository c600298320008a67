import OrderedCollections

extension Model {
  /// Puts a layer that joins two towers behind `second`: what took its output takes the join's.
  ///
  /// Attention looks from `second`, its query, at `first`. A stack becomes a functional model by it. An end of a tower that was an output only because
  /// nothing took it is one no longer.
  ///
  /// - Parameters:
  ///   - layer: the join, such as `Add`.
  ///   - first: its first input.
  ///   - second: its second input.
  /// - Returns: the model and the new node.
  /// - Throws: `EditError` where `first` stands below `second`, or they are the same.
  public func joining(
    _ layer: NamedLayer, _ first: NodeID, _ second: NodeID
  ) throws(EditError) -> (model: Model, node: NodeID) {
    guard let one = self.layer(of: first), let other = self.layer(of: second), first != second
    else { throw EditError("a join takes two different layers") }
    guard !isBelow(first, second) else {
      throw EditError(
        "\(one.name) stands below \(other.name): copy \(other.name), then join at \(one.name)")
    }
    var result = self
    result.kind = .functional
    let id = result.addLayer(layer)
    let inputs = [TensorRef(first), TensorRef(second)]
    let new = result.call(id, on: layer.layer is any CalledLayer ? inputs.reversed() : inputs)
    result.redirect(inputs[1], to: TensorRef(new), except: new)
    if result.outputs.count > 1 { result.outputs.removeAll { $0 == inputs[0] } }
    result.sortCalls()
    return (result, new)
  }

  /// Adds an input that nothing takes yet: the start of a tower of its own.
  ///
  /// - Returns: the model, a functional one, and the new node.
  public func addingTower(_ input: NamedLayer) -> (model: Model, node: NodeID) {
    var result = self
    result.kind = .functional
    let tensor = result.addInput(input)
    result.outputs.append(tensor)
    return (result, tensor.node)
  }

  /// Whether `node` needs what `other` gives, at whatever distance.
  public func isBelow(_ node: NodeID, _ other: NodeID) -> Bool {
    var pending = [node]
    var seen: Set<NodeID> = []
    while let next = pending.popLast() {
      for input in nodes[next]?.kerasInputs ?? [] where seen.insert(input.node).inserted {
        if input.node == other { return true }
        pending.append(input.node)
      }
    }
    return false
  }

  /// Puts every call behind those whose tensors it takes, the order of the others kept.
  mutating func sortCalls() {
    var sorted: OrderedDictionary<NodeID, Node> = [:]
    var waiting = Array(nodes.values)
    while !waiting.isEmpty {
      let count = waiting.count
      waiting.removeAll { node in
        guard node.kerasInputs.allSatisfy({ sorted[$0.node] != nil }) else { return false }
        sorted[node.id] = node
        return true
      }
      // A circle cannot come from edits; what is left then stays where it was.
      if waiting.count == count {
        for node in waiting { sorted[node.id] = node }
        break
      }
    }
    nodes = sorted
  }
}

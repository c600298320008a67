import OrderedCollections

/// Why an edit is not possible: one line for the status line.
public struct EditError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is in the way, and what to do about it.
  public var message: String

  /// An error with this message.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}

extension Model {
  /// Puts a layer behind `node`: it takes the node's first output, and all that took that output
  /// take the new layer's instead.
  ///
  /// - Returns: the model and the new node.
  public func inserting(_ layer: NamedLayer, below node: NodeID) -> (model: Model, node: NodeID) {
    var result = self
    let source = TensorRef(node)
    let new = result.callAlone(layer, on: source)
    result.redirect(source, to: TensorRef(new), except: new)
    result.moveCall(new, behind: node)
    return (result, new)
  }

  /// Puts a layer before `node`, on its first input.
  ///
  /// - Returns: the model and the new node.
  /// - Throws: `EditError` where the node is an input.
  public func inserting(_ layer: NamedLayer, above node: NodeID) throws(EditError) -> (
    model: Model, node: NodeID
  ) {
    guard let source = nodes[node]?.inputs.first else {
      throw EditError("nothing can stand above an input")
    }
    var result = self
    let new = result.callAlone(layer, on: source)
    result.nodes[node]?.inputs[0] = TensorRef(new)
    result.moveCall(new, behind: source.node)
    return (result, new)
  }

  /// Calls a new layer on one tensor; attention looks from the tensor at the tensor itself.
  private mutating func callAlone(_ layer: NamedLayer, on source: TensorRef) -> NodeID {
    let isAttention = layer.layer is any CalledLayer
    // A stack hands each layer one tensor, once.
    if isAttention { kind = .functional }
    return call(addLayer(layer), on: isAttention ? [source, source] : [source])
  }

  /// Takes a call out: what took its outputs takes its first input instead.
  ///
  /// The further inputs of a join become outputs of the model, so that nothing above is lost.
  ///
  /// - Throws: `EditError` where the node is an input that is needed.
  public func removing(_ node: NodeID) throws(EditError) -> Model {
    guard let old = nodes[node] else { return self }
    guard let source = old.inputs.first else {
      throw EditError("the input stays: a model needs one; change its shape with e")
    }
    var result = self
    for output in result.outputTensors(of: node) {
      result.redirect(output, to: source, except: node)
    }
    result.nodes.removeValue(forKey: node)
    if result.calls(of: old.layer).isEmpty { result.layers.removeValue(forKey: old.layer) }
    let consumed = result.consumers()
    for further in old.inputs.dropFirst()
    where consumed[further.node] == nil && !result.outputs.contains(further) {
      result.outputs.append(further)
    }
    var seen: Set<TensorRef> = []
    result.outputs.removeAll { !seen.insert($0).inserted }
    return result
  }

  /// Swaps a call with the one above it in its chain.
  ///
  /// - Throws: `EditError` where there is none, or one of the two joins or branches.
  public func movingUp(_ node: NodeID) throws(EditError) -> Model {
    guard let above = nodes[node]?.inputs.first?.node, nodes[above]?.inputs.isEmpty == false else {
      throw EditError("it is already the first layer behind the input")
    }
    return try swapping(above, node)
  }

  /// Swaps a call with the one below it in its chain.
  ///
  /// - Throws: `EditError` where there is none, or one of the two joins or branches.
  public func movingDown(_ node: NodeID) throws(EditError) -> Model {
    guard nodes[node]?.inputs.isEmpty == false else {
      throw EditError("the input stays first")
    }
    let below = consumers()[node] ?? []
    guard let next = below.first else { throw EditError("it is already the last layer") }
    guard below.count == 1 else {
      throw EditError("several layers take this one's output: move those instead")
    }
    return try swapping(node, next)
  }

  private func swapping(_ upper: NodeID, _ lower: NodeID) throws(EditError) -> Model {
    guard let first = nodes[upper], let second = nodes[lower],
      first.inputs.count == 1, second.inputs.count == 1, second.inputs[0].node == upper
    else { throw EditError("a layer that joins several inputs cannot be moved past another") }
    guard consumers()[upper] == [lower], !outputs.contains(where: { $0.node == upper }) else {
      throw EditError("a layer whose output is used twice cannot be moved past another")
    }
    var result = self
    result.nodes[upper]?.layer = second.layer
    result.nodes[lower]?.layer = first.layer
    return result
  }

  private func outputTensors(of node: NodeID) -> Set<TensorRef> {
    var tensors = Set(outputs.filter { $0.node == node })
    for other in nodes.values {
      tensors.formUnion(other.inputs.filter { $0.node == node })
      if let mask = other.mask, mask.node == node { tensors.insert(mask) }
    }
    return tensors
  }

  /// Everything that takes `old` takes `new` instead.
  mutating func redirect(_ old: TensorRef, to new: TensorRef, except node: NodeID) {
    for (id, value) in nodes where id != node {
      if value.inputs.contains(old) {
        nodes[id]?.inputs = value.inputs.map { $0 == old ? new : $0 }
      }
      if value.mask == old { nodes[id]?.mask = new }
    }
    outputs = outputs.map { $0 == old ? new : $0 }
  }

  /// Puts a call right behind another in the order of calls, which stays topological.
  private mutating func moveCall(_ node: NodeID, behind other: NodeID) {
    guard let from = nodes.index(forKey: node), let to = nodes.index(forKey: other),
      let value = nodes[node]
    else { return }
    nodes.remove(at: from)
    nodes.updateValue(value, forKey: node, insertingAt: min(to + 1, nodes.count))
    if let moved = layers[value.layer] {
      let target = nodes[other].flatMap { layers.index(forKey: $0.layer) } ?? layers.count - 1
      layers.removeValue(forKey: value.layer)
      layers.updateValue(moved, forKey: value.layer, insertingAt: min(target + 1, layers.count))
    }
  }
}

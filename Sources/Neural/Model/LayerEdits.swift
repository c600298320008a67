extension NamedLayer {
  /// The layer that walks over timesteps which this is or wraps.
  package var recurrent: (any SequenceLayer)? {
    layer as? any SequenceLayer
      ?? (layer as? any WrapperLayer)?.inner.recurrent
  }

  /// The layer with `return_sequences` turned round, in both directions.
  ///
  /// - Throws: `EditError` where neither the layer nor what it wraps is recurrent.
  public func togglingReturnSequences() throws(EditError) -> NamedLayer {
    guard let recurrent else {
      throw EditError("\(className) has no return_sequences: only recurrent layers have")
    }
    let value = ConfigValue.bool(!recurrent.sequence.returnSequences)
    do {
      return try setting("return_sequences", at: pathToRecurrent, to: value)
    } catch {
      throw EditError(error.message)
    }
  }

  /// The way through wrappers to the recurrent layer.
  private var pathToRecurrent: [SettingField.Step] {
    guard !(layer is any SequenceLayer), let wrapper = layer as? any WrapperLayer else {
      return []
    }
    return [.inner] + wrapper.inner.pathToRecurrent
  }

  /// The layer with Bidirectional's next merge mode: concat, sum, mul, ave, None.
  ///
  /// - Throws: `EditError` where the layer is not Bidirectional.
  public func withNextMergeMode() throws(EditError) -> NamedLayer {
    guard var bidirectional = layer as? Bidirectional else {
      throw EditError("\(className) has no merge_mode: press b on a recurrent layer first")
    }
    let modes = Bidirectional.MergeMode.allCases
    let next = ((modes.firstIndex(of: bidirectional.mergeMode) ?? 0) + 1) % modes.count
    bidirectional.mergeMode = modes[next]
    var result = self
    result.layer = bidirectional
    return result
  }
}

extension Model {
  /// Wraps a recurrent layer in Bidirectional, or takes the wrapper off again.
  ///
  /// - Throws: `EditError` where the layer is not recurrent.
  public func togglingBidirectional(_ id: LayerID) throws(EditError) -> Model {
    guard let named = layers[id] else { return self }
    if named.layer is any SequenceLayer {
      return wrapping(id, in: Bidirectional.self)
    }
    guard named.layer is Bidirectional else {
      throw EditError("\(named.className) cannot read backward: only recurrent layers can")
    }
    return unwrapping(id)
  }

  /// Wraps a layer in TimeDistributed, or takes the wrapper off again.
  ///
  /// - Throws: `EditError` where the layer is an input or an operation.
  public func togglingTimeDistributed(_ id: LayerID) throws(EditError) -> Model {
    guard let named = layers[id] else { return self }
    if named.layer is TimeDistributed { return unwrapping(id) }
    guard !(named.layer is InputLayer), !named.layer.isOperation else {
      throw EditError("\(named.className) cannot stand in TimeDistributed")
    }
    return wrapping(id, in: TimeDistributed.self)
  }

  private func wrapping<Wrapper: WrapperLayer>(_ id: LayerID, in type: Wrapper.Type) -> Model {
    guard let named = layers[id] else { return self }
    var result = self
    // Automatic names follow the class; a name that a person chose stays with the layer.
    let automatic = isAutomatic(named)
    let name = automatic ? result.freshName(for: type.className) : named.name
    var inner = named
    if !automatic { inner.name = snakeCase(named.className) }
    result.layers[id] = NamedLayer(name, Wrapper(inner), trainable: named.trainable)
    return result
  }

  private func unwrapping(_ id: LayerID) -> Model {
    guard let named = layers[id], let wrapper = named.layer as? any WrapperLayer else {
      return self
    }
    var result = self
    var inner = wrapper.inner
    inner.name = named.name
    if isAutomatic(named) {
      var others = result
      others.layers.removeValue(forKey: id)
      inner.name = others.freshName(for: inner.className)
    }
    inner.trainable = inner.trainable && named.trainable
    result.layers[id] = inner
    return result
  }

  /// Whether the layer has a name that Keras could have given it: `lstm`, `lstm_3`.
  public func isAutomatic(_ layer: NamedLayer) -> Bool {
    let base = snakeCase(layer.className)
    guard layer.name.hasPrefix(base) else { return false }
    let rest = layer.name.dropFirst(base.count)
    return rest.isEmpty || (rest.first == "_" && Int(rest.dropFirst()) != nil)
  }

  /// The model with one axis of its inputs set: every input that has an axis of that role.
  ///
  /// - Parameters:
  ///   - role: batch, time or features.
  ///   - size: the new size; `nil` makes the axis free.
  /// - Returns: the model after the edit.
  /// - Throws: `EditError` where no input has such an axis.
  public func settingInputAxis(_ role: AxisRole, to size: Int?) throws(EditError) -> Model {
    var result = self
    var changed = false
    let roles = InputRoles(self)
    for input in inputs {
      guard let id = nodes[input.node]?.layer, var named = layers[id],
        var layer = named.layer as? InputLayer
      else { continue }
      var shape = layer.batchShape ?? openShape(of: input.node)
      let meanings = roles.roles(of: input.node) ?? Shape.defaultRoles(rank: shape.count)
      guard let axis = meanings.firstIndex(of: role), axis < shape.count else { continue }
      shape[axis] = size
      layer.batchShape = shape
      named.layer = layer
      result.layers[id] = named
      changed = true
    }
    guard changed else {
      throw EditError("no input of this model has an axis of \(role.rawValue)")
    }
    return result
  }

  /// The shape to start from where nobody has said what comes in: that of a sequence, or of
  /// indices where an Embedding reads them.
  private func openShape(of input: NodeID) -> [Int?] {
    let first = nodes.values.first { $0.inputs.first?.node == input }
    let readsIndices = first.flatMap { layers[$0.layer]?.layer } is Embedding
    return Array(repeating: nil, count: readsIndices ? 2 : 3)
  }
}

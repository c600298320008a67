import Neural
import OrderedCollections

extension LayerReader {
  /// The settings under the names that Keras 3 has for them.
  func translated(
    _ config: OrderedDictionary<String, ConfigValue>, className: String, writtenAs former: String
  ) -> OrderedDictionary<String, ConfigValue> {
    guard !isKeras3 else { return config }
    var result = config
    switch className {
    case "LeakyReLU":
      if result["negative_slope"] == nil { result["negative_slope"] = result["alpha"] }
    case "GRU":
      // Before it became a setting there was one bias, but for cuDNN's GRU, which has always had two.
      if result["reset_after"] == nil { result["reset_after"] = .bool(former == "CuDNNGRU") }
    case "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D":
      if result["rate"] == nil { result["rate"] = result["p"] }
    default: break
    }
    return result
  }

  /// Reads the layers that a wrapper applies.
  func readInner(
    of wrapper: inout any WrapperLayer, _ config: OrderedDictionary<String, ConfigValue>
  ) throws(ConfigError) {
    let key = type(of: wrapper).innerKey
    guard let object = config[key] else {
      throw ConfigError("\(wrapper.className) lacks \(key)")
    }
    wrapper.inner = try layer(from: object)
    guard wrapper is Bidirectional else { return }
    let backward = try config["backward_layer"].flatMap { value throws(ConfigError) in
      value.isNull ? nil : try layer(from: value)
    }
    wrapper.inner.name = String(wrapper.inner.name.withoutPrefix("forward_"))
    guard var bidirectional = wrapper as? Bidirectional else { return }
    // Keras writes what follows from the wrapper into both directions.
    bidirectional.inner = withoutForcedMaskOutput(bidirectional.inner)
    if let backward {
      let plain = withoutForcedMaskOutput(backward)
      if !isCopy(plain, of: bidirectional) { bidirectional.backward = plain }
    }
    wrapper = bidirectional
  }

  /// Reads the cells of a stack.
  func cells(
    _ config: OrderedDictionary<String, ConfigValue>
  ) throws(ConfigError) -> [NamedLayer] {
    guard let objects = config["cells"]?.listValue else {
      throw ConfigError("StackedRNNCells lacks cells")
    }
    var cells: [NamedLayer] = []
    for object in objects { cells.append(try layer(from: object)) }
    return cells
  }

  /// Whether the backward layer is the one that Keras makes from the forward one by itself.
  private func isCopy(_ backward: NamedLayer, of bidirectional: Bidirectional) -> Bool {
    guard let made = bidirectional.backwardLayer else { return false }
    return backward.name == bidirectional.backwardName
      && backward.trainable == bidirectional.inner.trainable
      && made.isEqual(to: backward.layer)
  }

  private func withoutForcedMaskOutput(_ layer: NamedLayer) -> NamedLayer {
    guard var recurrent = layer.layer as? any SequenceLayer,
      recurrent.sequence.returnSequences, isKeras3
    else { return layer }
    recurrent.sequence.zeroOutputForMask = false
    var result = layer
    result.layer = recurrent
    return result
  }
}

extension String {
  func withoutPrefix(_ prefix: String) -> Substring {
    hasPrefix(prefix) ? dropFirst(prefix.count) : self[...]
  }
}

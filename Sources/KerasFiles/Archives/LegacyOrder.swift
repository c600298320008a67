import Neural

/// The orders in which a file of Keras 2's format lists the weights of a layer.
///
/// Such files have what is trained first and the rest behind it. For a model in a model that goes
/// through all of its layers: what is trained of any stands before what is not trained of any.
/// Source: `_legacy_weights` in `keras/src/legacy/saving/legacy_h5_format.py`.
struct LegacyOrder {
  /// A weight of a layer, or of a layer inside it.
  struct Weight {
    /// The place in `Layer.weights(for:)`.
    var index: Int
    /// Keras' name, and the parts that own it.
    var spec: WeightSpec
    /// Whose it is.
    var place: WeightPaths.Place
    /// The innermost layer whose it is, a direction of a bidirectional one or a cell among them.
    var owner: NamedLayer
    /// Whether it is trained in Keras 3: a variable knows only the flag of its own layer.
    var isTrained: Bool
  }

  /// The layer.
  let layer: NamedLayer
  /// Its weights, in the order of its parts.
  let weights: [Weight]

  /// The orders of the layer `id`'s weights.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - entries: where its weights stand in a file of Keras 3.
  ///   - specs: its weights, in the order of `Layer.weights(for:)`.
  init(_ layer: NamedLayer, _ entries: [WeightPaths.Entry], _ specs: [WeightSpec]) {
    self.layer = layer
    var seen: Set<Int> = []
    weights = entries.compactMap { entry in
      // A wrapper that holds a weight of the layer inside lists it once.
      guard specs.indices.contains(entry.index), seen.insert(entry.index).inserted else {
        return nil
      }
      let spec = specs[entry.index]
      let owner = layer.innermost(entry.place.inner[...]).direction(spec.owner.last)
      // Of the layers known here only these have weights that nothing trains.
      let isFixed =
        owner.layer is BatchNormalization && spec.name.hasPrefix("moving_")
        || owner.layer is Normalization
        || owner.layer is SpectralNormalization && spec.name == "vector_u"
      return Weight(
        index: entry.index, spec: spec, place: entry.place, owner: owner,
        isTrained: owner.trainable && !isFixed)
    }
  }

  /// The order of Keras 3.
  var ofKeras3: [Weight] { layer.trainable ? trainedFirst(\.isTrained) : weights }

  /// The order of Keras 2, where a layer is not trained if any around it is not.
  var ofKeras2: [Weight] { layer.trainable ? trainedFirst(\.spec.isTrainable) : weights }

  /// The orders that a file may have, the likeliest first.
  ///
  /// Before 2.4 the flag of a model did not reach its layers, so that theirs alone counted.
  func orders(isKeras3: Bool) -> [[Weight]] {
    isKeras3
      ? [ofKeras3, ofKeras2, weights]
      : [ofKeras2, trainedFirst(\.spec.isTrainable), weights, ofKeras3]
  }

  private func trainedFirst(_ isTrained: (Weight) -> Bool) -> [Weight] {
    weights.filter(isTrained) + weights.filter { !isTrained($0) }
  }
}

extension LegacyOrder.Weight {
  /// Whether the last part of a name in a file is the weight's: `lstm/kernel:0`, `kernel_1:0`.
  func isCalled(_ name: String) -> Bool {
    var last = (name.split(separator: "/").last ?? "").prefix { $0 != ":" }
    if last == spec.name { return true }
    while let digit = last.last, digit.isNumber { last.removeLast() }
    return last == spec.name + "_"
  }

  /// The weight's path in Keras 3: `bidirectional/forward_lstm/lstm_cell/kernel`.
  func path(in layer: NamedLayer) -> String {
    var parts = [layer.name] + spec.owner
    if owner.layer is any SequenceLayer { parts.append(WeightPaths.cellName(of: owner.layer)) }
    return (parts + [spec.name]).joined(separator: "/")
  }
}

extension NamedLayer {
  /// The layer at the end of a way of names; itself where the way ends.
  fileprivate func innermost(_ names: ArraySlice<String>) -> NamedLayer {
    guard let name = names.first else { return self }
    if let bidirectional = layer as? Bidirectional {
      let direction =
        name == bidirectional.backwardName
        ? bidirectional.backward ?? bidirectional.inner : bidirectional.inner
      return direction.innermost(names.dropFirst())
    }
    if let wrapper = layer as? any WrapperLayer {
      return wrapper.inner.innermost(names.dropFirst())
    }
    if let stack = layer as? StackedRNNCells {
      return stack.cells.first { $0.name == name }?.innermost(names.dropFirst()) ?? self
    }
    let inside = (layer as? Submodel)?.model.layers.values.first { $0.name == name }
    return inside?.innermost(names.dropFirst()) ?? self
  }

  /// The direction of a bidirectional layer that has this name; other layers are what they are.
  fileprivate func direction(_ name: String?) -> NamedLayer {
    guard let bidirectional = layer as? Bidirectional else { return self }
    return name == bidirectional.backwardName
      ? bidirectional.backward ?? bidirectional.inner : bidirectional.inner
  }
}

import Neural

extension LegacyConversion {
  /// What is worth knowing of a function that Keras 3 computes otherwise.
  static func notes(_ model: Model, _ file: LegacyFile, _ path: String) -> [String] {
    guard !file.isKeras3 else { return [] }
    let layers = model.allLayers
    let scaled = layers.filter(scales).map(\.name)
    let different = layers.filter(differs).map(\.name)
    var notes: [String] = []
    if !scaled.isEmpty {
      notes.append(
        "\(path): Keras 2's hard_sigmoid is 1.2 times as steep as Keras 3's: the weights before it "
          + "are 1.2 times as large here, so that \(scaled.joined(separator: ", ")) "
          + (scaled.count == 1 ? "gives" : "give") + " the same outputs")
    }
    if !different.isEmpty {
      notes.append(
        "\(path): \(different.joined(separator: ", ")): Keras 2's hard_sigmoid is 1.2 times as "
          + "steep as Keras 3's: outputs differ")
    }
    return notes
  }
}

extension Model {
  /// The layers, those inside others among them.
  fileprivate var allLayers: [NamedLayer] {
    layers.values.flatMap { $0.withParts }
  }
}

extension NamedLayer {
  /// The layer and those inside it.
  fileprivate var withParts: [NamedLayer] {
    if let submodel = layer as? Submodel {
      return submodel.model.layers.values.flatMap(\.withParts)
    }
    if let bidirectional = layer as? Bidirectional {
      return bidirectional.inner.withParts + (bidirectional.backward?.withParts ?? [])
    }
    if let stack = layer as? StackedRNNCells { return stack.cells.flatMap(\.withParts) }
    if let wrapper = layer as? any WrapperLayer { return wrapper.inner.withParts }
    return [self]
  }
}

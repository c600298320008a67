import Neural
import OrderedCollections

/// Where the weights of a model stand in a file of Keras 3.
///
/// A container lists its layers by their classes in snake case, numbered where a class comes
/// again; a layer keeps its own weights under `vars`, those of its parts under the attributes
/// that hold the parts. Source: `keras/src/saving/saving_lib.py` (`_save_state`,
/// `_save_container_state`).
struct WeightPaths {
  /// A place that a layer or one of its parts has.
  struct Group {
    /// `layers/bidirectional/forward_layer/cell/vars`.
    var path: String
    /// The name of the layer, which Keras notes beside it.
    var name: String
  }

  /// The place of a layer, or of one inside it.
  struct Place: Hashable {
    /// The layer of the model; `nil`: the place of the model itself.
    var layer: LayerID?
    /// The names of the layers on the way to the one that is meant, inside that layer.
    var inner: [String] = []
  }

  /// A weight of the file: which of the model's it is, where it stands, and its sizes.
  struct Entry {
    var layer: LayerID
    /// Whose it is.
    var place: Place
    /// The place in `Layer.weights(for:)`.
    var index: Int
    var path: String
    var sizes: [Int]
    /// Whether Keras keeps it as a whole number: what `adapt` has counted.
    var isCount = false
    /// Whether it stands there once more, as a wrapper's own.
    var isCopy = false
  }

  /// The groups, in Keras' order.
  private(set) var groups: [Group] = []
  /// Whether the weights of the layer that is being placed are known.
  private var isAnalysed = true
  /// Where each layer stands, and whether its weights are known.
  private(set) var places: [(place: Place, path: String, isKnown: Bool)] = []
  /// The weights, in Keras' order.
  private(set) var entries: [Entry] = []

  /// The places of `model`'s weights.
  init(of model: Model) {
    let analysis = Analysis(of: model)
    groups.append(Group(path: "vars", name: model.name))
    places.append((Place(), "", false))
    for (id, name) in Self.children(of: model) {
      guard let layer = model.layers[id] else { continue }
      isAnalysed = analysis.weights[id] != nil
      var specs = (analysis.weights[id] ?? [])[...]
      var index = 0
      visit(layer, at: "layers/\(name)", Place(layer: id), &specs, &index)
    }
  }

  /// The layers that a model's container lists, each with its name there.
  private static func children(of model: Model) -> [(LayerID, String)] {
    let whole = model.kind == .functional ? model.withMaskOperations() : model
    var counts: [String: Int] = [:]
    var result: [(LayerID, String)] = []
    for id in KerasOrder(whole).layers {
      guard let layer = model.layers[id], !layer.layer.isOperationNode else { continue }
      if model.kind == .sequential, layer.layer is InputLayer { continue }
      let base = snakeCase(layer.className)
      let count = counts[base, default: 0]
      counts[base] = count + 1
      result.append((id, count == 0 ? base : "\(base)_\(count)"))
    }
    return result
  }

  /// Places a layer and its parts, and takes its weights off `specs`.
  private mutating func visit(
    _ layer: NamedLayer, at path: String, _ place: Place, _ specs: inout ArraySlice<WeightSpec>,
    _ index: inout Int
  ) {
    let innermost = (layer.layer as? SpectralNormalization)?.inner.layer ?? layer.layer
    places.append((place, path, isAnalysed && !(innermost is any OpaqueNode)))
    switch layer.layer {
    case let bidirectional as Bidirectional:
      groups.append(Group(path: "\(path)/vars", name: layer.name))
      for (part, name, direction) in [
        ("forward_layer", bidirectional.forwardName, bidirectional.inner),
        (
          "backward_layer", bidirectional.backwardName,
          bidirectional.backward ?? bidirectional.inner
        ),
      ] {
        groups.append(Group(path: "\(path)/\(part)/vars", name: name))
        // Those of a direction follow each other, whatever their order inside.
        let count = specs.prefix { $0.owner.first == name }.count
        if let rnn = direction.layer as? RNN {
          var own = specs.prefix(count).map { $0.withoutOwner(name) }[...]
          specs = specs.dropFirst(count)
          visit(cell: rnn.inner, at: "\(path)/\(part)/cell", place.inside(name), &own, &index)
          continue
        }
        take(
          count, at: "\(path)/\(part)/cell/vars", name: Self.cellName(of: direction.layer), place,
          &specs, &index)
      }
    case let wrapper as TimeDistributed:
      groups.append(Group(path: "\(path)/vars", name: layer.name))
      var own = specs.map { $0.withoutOwner(wrapper.inner.name) }[...]
      specs = []
      visit(
        wrapper.inner, at: "\(path)/layer", place.inside(wrapper.inner.name), &own, &index)
    case let wrapper as SpectralNormalization:
      visit(wrapper, layer, at: path, place, &specs, &index)
    case let submodel as Submodel:
      groups.append(Group(path: "\(path)/vars", name: layer.name))
      visit(submodel, at: path, place, &specs, &index)
    case let rnn as RNN:
      groups.append(Group(path: "\(path)/vars", name: layer.name))
      visit(cell: rnn.inner, at: "\(path)/cell", place, &specs, &index)
    case is any SequenceLayer:
      groups.append(Group(path: "\(path)/vars", name: layer.name))
      take(
        specs.count, at: "\(path)/cell/vars", name: Self.cellName(of: layer.layer), place, &specs,
        &index)
    case let stack as StackedRNNCells:
      groups.append(Group(path: "\(path)/vars", name: layer.name))
      visit(cells: stack.cells, at: path, place, &specs, &index)
    case let parted as any PartedLayer:
      visit(parted, layer, at: path, place, &specs, &index)
    default:
      take(specs.count, at: "\(path)/vars", name: layer.name, place, &specs, &index)
    }
  }

  /// The name of the cell that Keras makes for a layer which has one by itself.
  static func cellName(of layer: any Layer) -> String {
    layer.className.hasPrefix("ConvLSTM")
      ? "conv_lstm_cell" : snakeCase(layer.className) + "_cell"
  }

  /// Places a cell, or the cells of a stack: their weights have its name as their first owner.
  private mutating func visit(
    cell: NamedLayer, at path: String, _ place: Place, _ specs: inout ArraySlice<WeightSpec>,
    _ index: inout Int
  ) {
    let count = (cell.levels ?? []).reduce(0) { $0 + $1.weightCount }
    var own = specs.prefix(count).map { $0.withoutOwner(cell.name) }[...]
    specs = specs.dropFirst(count)
    visit(cell, at: path, place.inside(cell.name), &own, &index)
  }

  /// Places the cells of a stack, which lists them as a model lists its layers.
  private mutating func visit(
    cells: [NamedLayer], at path: String, _ place: Place, _ specs: inout ArraySlice<WeightSpec>,
    _ index: inout Int
  ) {
    var counts: [String: Int] = [:]
    for cell in cells {
      let base = snakeCase(cell.className)
      let count = counts[base, default: 0]
      counts[base] = count + 1
      let name = count == 0 ? base : "\(base)_\(count)"
      visit(cell: cell, at: "\(path)/cells/\(name)", place, &specs, &index)
    }
  }

  /// Places a layer whose weights stand in parts: its own, then those of each part.
  private mutating func visit(
    _ parted: any PartedLayer, _ layer: NamedLayer, at path: String, _ place: Place,
    _ specs: inout ArraySlice<WeightSpec>, _ index: inout Int
  ) {
    let own = specs.prefix { $0.owner.isEmpty }.count
    take(own, at: "\(path)/vars", name: layer.name, place, &specs, &index)
    for (name, attribute) in parted.partAttributes {
      let count = specs.prefix { $0.owner.first == name }.count
      take(count, at: "\(path)/\(attribute)/vars", name: name, place, &specs, &index)
    }
  }

  /// Places a layer whose kernel a wrapper normalises: both hold the kernel, so that it stands in
  /// the file twice.
  private mutating func visit(
    _ wrapper: SpectralNormalization, _ layer: NamedLayer, at path: String, _ place: Place,
    _ specs: inout ArraySlice<WeightSpec>, _ index: inout Int
  ) {
    let inner = place.inside(wrapper.inner.name)
    let (start, first) = (index, entries.count)
    var own = specs.map { $0.withoutOwner(wrapper.inner.name) }
    specs = []
    guard own.count > 1, let kernel = own.first else {
      groups.append(Group(path: "\(path)/vars", name: layer.name))
      var rest = own[...]
      return visit(wrapper.inner, at: "\(path)/layer", inner, &rest, &index)
    }
    var pair = own[..<2]
    take(2, at: "\(path)/vars", name: layer.name, place, &pair, &index)
    if first < entries.count {
      entries[first].place = inner.kernelOwner(wrapper)
      entries[first].isCopy = true
    }
    // The layer inside counts its weights without the vector; its kernel is its first.
    own.removeFirst(2)
    var rest = ([kernel] + own)[...]
    index = start
    let inside = entries.count
    visit(wrapper.inner, at: "\(path)/layer", inner, &rest, &index)
    for entry in entries.indices[inside...] where entries[entry].index > start {
      entries[entry].index += 1
    }
    index += 1
  }

  /// Places the layers of a model inside; its weights stand in the order of its own layers.
  private mutating func visit(
    _ submodel: Submodel, at path: String, _ place: Place, _ specs: inout ArraySlice<WeightSpec>,
    _ index: inout Int
  ) {
    var parts: [LayerID: (specs: ArraySlice<WeightSpec>, index: Int)] = [:]
    for (inner, layer) in submodel.model.layers {
      // A layer's weights name it as their outermost owner.
      let count = specs.prefix { $0.owner.first == layer.name }.count
      parts[inner] = (specs.prefix(count).map { $0.withoutOwner(layer.name) }[...], index)
      specs = specs.dropFirst(count)
      index += count
    }
    for (inner, name) in Self.children(of: submodel.model) {
      guard let layer = submodel.model.layers[inner], var part = parts[inner] else { continue }
      visit(
        layer, at: "\(path)/layers/\(name)", place.inside(layer.name), &part.specs, &part.index)
    }
  }

  private mutating func take(
    _ count: Int, at path: String, name: String, _ place: Place,
    _ specs: inout ArraySlice<WeightSpec>, _ index: inout Int
  ) {
    groups.append(Group(path: path, name: name))
    guard let layer = place.layer else { return }
    for (number, spec) in specs.prefix(count).enumerated() {
      entries.append(
        Entry(
          layer: layer, place: place, index: index, path: "\(path)/\(number)", sizes: spec.shape,
          isCount: spec.name == "count" && spec.shape.isEmpty))
      index += 1
    }
    specs = specs.dropFirst(count)
  }
}

extension WeightPaths.Place {
  /// The place of a layer inside this one.
  func inside(_ name: String) -> Self { Self(layer: layer, inner: inner + [name]) }

  /// The place of the layer whose kernel a wrapper normalises, this being that of the layer inside.
  fileprivate func kernelOwner(_ wrapper: SpectralNormalization) -> Self {
    guard let nested = wrapper.inner.layer as? SpectralNormalization else { return self }
    return inside(nested.inner.name).kernelOwner(nested)
  }
}

extension Layer {
  /// Whether it is an operation of the graph, which holds no weights and stands in no container.
  fileprivate var isOperationNode: Bool { type(of: self).isOperation }
}

extension WeightSpec {
  /// The weight as one of the part `name` itself.
  fileprivate func withoutOwner(_ name: String) -> WeightSpec {
    var spec = self
    if spec.owner.first == name { spec.owner.removeFirst() }
    return spec
  }
}

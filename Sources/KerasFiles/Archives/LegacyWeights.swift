import Neural
import OrderedCollections

/// Finds the weights of a model in a file of Keras 2's format.
///
/// Keras goes by the order of the layers that have weights. A file that has a model of its own
/// names its layers, too, which says more where versions order layers differently.
struct LegacyWeights {
  /// By what layers of the file and of the model are matched first.
  enum Key {
    case names, order
  }

  private let file: LegacyFile
  private let model: Model
  private let path: String
  private let specs: [LayerID: [WeightSpec]]
  private let entries: [LayerID: [WeightPaths.Entry]]
  /// The model's layers in Keras' order.
  private let layers: [(id: LayerID, layer: NamedLayer)]
  /// The layers that have parts whose weights are not known.
  private let open: Set<LayerID>

  private init(_ file: LegacyFile, _ model: Model, _ path: String) {
    self.file = file
    self.model = model
    self.path = path
    let specs = Analysis(of: model).weights
    self.specs = specs
    let paths = WeightPaths(of: model)
    entries = Dictionary(grouping: paths.entries, by: \.layer)
    layers = paths.places.compactMap { place in
      guard let id = place.place.layer, place.place.inner.isEmpty else { return nil }
      return model.layers[id].map { (id, $0) }
    }
    let unknown = Set(paths.places.filter { !$0.isKnown }.compactMap(\.place.layer))
    open = Set(layers.map(\.id).filter { unknown.contains($0) || specs[$0] == nil })
  }

  /// The weights of a model in a file.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - model: the model whose weights they are.
  ///   - path: the file's name, for messages.
  ///   - key: by what layers are matched first; the other follows where that fails.
  /// - Returns: the weights, not read yet.
  /// - Throws: `HDF5.Failure` where the file has weights of another model.
  static func stored(
    in file: LegacyFile, of model: Model, path: String, by key: Key
  ) throws(HDF5.Failure) -> StoredWeights {
    let weights = LegacyWeights(file, model, path)
    if key == .names, let pairs = weights.pairsByName() { return try weights.stored(pairs) }
    do throws(HDF5.Failure) {
      return try weights.stored(weights.pairsByOrder())
    } catch {
      guard key == .order, let pairs = weights.pairsByName(),
        let stored = try? weights.stored(pairs)
      else { throw error }
      return stored
    }
  }

  // MARK: Layers

  private typealias Pair = (id: LayerID, layer: NamedLayer, group: LegacyFile.Group)

  private func needs(_ id: LayerID) -> Bool { !(entries[id] ?? []).isEmpty }

  /// Each layer with the arrays under its name; `nil` where a layer or a name has no counterpart.
  private func pairsByName() -> [Pair]? {
    var groups = OrderedDictionary(file.groups.map { ($0.name, $0) }) { first, _ in first }
    var pairs: [Pair] = []
    for (id, layer) in layers {
      guard let group = groups.removeValue(forKey: layer.name) else {
        if needs(id) { return nil }
        continue
      }
      pairs.append((id, layer, group))
    }
    return groups.isEmpty ? pairs : nil
  }

  /// The layers with weights, in Keras' order, with those of the file.
  private func pairsByOrder() throws(HDF5.Failure) -> [Pair] {
    let groups = file.groups
    let names = Set(groups.map(\.name))
    let takers = layers.filter {
      needs($0.id) || open.contains($0.id) && names.contains($0.layer.name)
    }
    guard takers.count == groups.count else {
      throw HDF5.Failure(
        "has weights for \(Self.layers(groups.count)), the model has \(Self.layers(takers.count)) "
          + "with weights")
    }
    return zip(takers, groups).map { ($0.id, $0.layer, $1) }
  }

  private static func layers(_ count: Int) -> String { count == 1 ? "1 layer" : "\(count) layers" }

  private func stored(_ pairs: [Pair]) throws(HDF5.Failure) -> StoredWeights {
    var places: [LayerID: StoredWeights.Layer] = [:]
    var leftovers: [StoredLeftover] = []
    for (id, layer, group) in pairs {
      if needs(id) {
        let order = LegacyOrder(layer, entries[id] ?? [], specs[id] ?? [])
        places[id] =
          try open.contains(id)
          ? named(order, group, &leftovers, id) : place(order, group)
      } else if open.contains(id) {
        leftovers += kept(group.paths.indices, of: group, layer, id)
      }
    }
    let own = file.modelWeights
    leftovers += LegacyLeftovers.flat(readable(own.paths.indices, of: own), at: .init())
    return try StoredWeights(
      places, in: file.file, file.index, path: path,
      optimizer: LegacyOptimizer.variables(of: file, compiledAs: model.compileConfig),
      leftovers: leftovers,
      notes: LegacyConversion.notes(model, file, path))
  }

  /// Arrays of a layer of whose weights not all are known here.
  private func kept(
    _ numbers: some Sequence<Int>, of group: LegacyFile.Group, _ layer: NamedLayer, _ id: LayerID
  ) -> [StoredLeftover] {
    LegacyLeftovers.placed(readable(numbers, of: group), of: layer, at: .init(layer: id))
  }

  private func readable(
    _ numbers: some Sequence<Int>, of group: LegacyFile.Group
  ) -> [LegacyLeftovers.Array] {
    numbers.compactMap { number in
      let path = group.paths[number]
      guard let array = file.index.arrays[path], array.isNumeric, !array.liesElsewhere else {
        return nil
      }
      return .init(number: number, name: group.weights[number], path: path)
    }
  }

  // MARK: One layer

  private func sizes(of group: LegacyFile.Group, for layer: NamedLayer) throws(HDF5.Failure)
    -> [[Int]]
  {
    var sizes: [[Int]] = []
    for path in group.paths {
      do throws(HDF5.Failure) {
        sizes.append(try file.index.numbers(path, fileBytes: file.file.size).sizes)
      } catch {
        throw HDF5.Failure("\(layer.name): the weight \(error.message)")
      }
    }
    return sizes
  }

  /// Where the weights of a layer stand, all of whose parts are known.
  private func place(
    _ order: LegacyOrder, _ group: LegacyFile.Group
  ) throws(HDF5.Failure) -> StoredWeights.Layer {
    let sizes = try sizes(of: group, for: order.layer)
    var orders = order.orders(isKeras3: file.isKeras3)
    orders.removeAll { $0.count != group.paths.count }
    let fitting = orders.filter { $0.map(\.spec.shape) == sizes }
    let chosen =
      fitting.first { zip($0, group.weights).allSatisfy { $0.isCalled($1) } } ?? fitting.first
    if let chosen {
      return try converted(order, group, sizes, chosen.enumerated().map { ($1, [$0]) })
    }
    if let chosen = orders.first {
      return try converted(order, group, sizes, chosen.enumerated().map { ($1, [$0]) })
    }
    guard let former = former(order.ofKeras2, count: group.paths.count) else {
      throw HDF5.Failure(
        "\(order.layer.name): the file has \(group.paths.count) weights for it, "
          + "the model needs \(order.weights.count)")
    }
    return try converted(order, group, sizes, former)
  }

  private typealias Sources = [(weight: LegacyOrder.Weight, arrays: [Int])]

  /// The arrays of Keras 1, which had three for each gate of a recurrent layer.
  ///
  /// The first weight of such a layer gets them all. `nil` where their number does not fit, either.
  private func former(_ weights: [LegacyOrder.Weight], count: Int) -> Sources? {
    var sources: Sources = []
    var next = 0
    for weight in weights {
      var width = 1
      if let former = LegacyConversion.formerCount(weight.owner) {
        width = weight.spec.name == "kernel" ? former : 0
      }
      sources.append((weight, Array(next..<(next + width))))
      next += width
    }
    return next == count ? sources : nil
  }

  /// The weights of a layer, each part's converted by itself.
  private func converted(
    _ order: LegacyOrder, _ group: LegacyFile.Group, _ found: [[Int]], _ sources: Sources
  ) throws(HDF5.Failure) -> StoredWeights.Layer {
    let shapes = order.weights.sorted { $0.index < $1.index }.map(\.spec.shape)
    var parts: [(indices: [Int], arrays: [Int], convert: LegacyConversion)] = []
    let arrays = Dictionary(sources.map { ($0.weight.index, $0.arrays) }) { first, _ in first }
    for weights in order.parts {
      let own = weights.flatMap { arrays[$0.index] ?? [] }
      guard let owner = weights.first?.owner else { continue }
      let expected = weights.map(\.spec.shape)
      guard
        let conversion = LegacyConversion(
          owner, found: own.map { found[$0] }, expected: expected,
          from: (file.isKeras3, file.backend))
      else { throw mismatch(order, group, found, own, weights) }
      parts.append((weights.map(\.index), own, conversion))
    }
    if parts.allSatisfy(\.convert.isIdentity) {
      let paths = shapes.indices.map { group.paths[arrays[$0]?.first ?? 0] }
      return .init(name: order.layer.name, paths: paths, sizes: shapes)
    }
    let count = shapes.count
    return .init(name: order.layer.name, paths: group.paths, sizes: shapes) { [parts] (all) in
      var result = [Tensor](repeating: Tensor([]), count: count)
      for part in parts {
        let weights = part.convert(part.arrays.map { all[$0] })
        for (index, weight) in zip(part.indices, weights) { result[index] = weight }
      }
      return result
    }
  }

  /// What to say of the first array that is not what a layer needs.
  private func mismatch(
    _ order: LegacyOrder, _ group: LegacyFile.Group, _ found: [[Int]], _ arrays: [Int],
    _ weights: [LegacyOrder.Weight]
  ) -> HDF5.Failure {
    for (array, weight) in zip(arrays, weights) where found[array] != weight.spec.shape {
      return HDF5.Failure(
        "\(order.layer.name): the weight \(group.weights[array]) is "
          + "\(Tensor.text(found[array])), expected \(Tensor.text(weight.spec.shape))")
    }
    return HDF5.Failure("\(order.layer.name): the file has weights of another kind of layer")
  }

  /// Where the known weights of a model stand that has layers that are not known: the names in
  /// the file tell them apart, for nobody knows how many arrays the others have.
  private func named(
    _ order: LegacyOrder, _ group: LegacyFile.Group, _ leftovers: inout [StoredLeftover],
    _ id: LayerID
  ) throws(HDF5.Failure) -> StoredWeights.Layer {
    let sizes = try sizes(of: group, for: order.layer)
    var rest = Array(group.paths.indices)
    var sources: Sources = []
    for weight in order.weights {
      let owner = weight.spec.owner.first ?? ""
      guard
        let place = rest.firstIndex(where: { index in
          sizes[index] == weight.spec.shape && weight.isCalled(group.weights[index])
            && group.weights[index].split(separator: "/").contains(owner[...])
        })
      else {
        throw HDF5.Failure(
          "\(order.layer.name): it has layers that are not known here, "
            + "and the file does not tell which weights are those of \(owner)")
      }
      sources.append((weight, [rest.remove(at: place)]))
    }
    leftovers += kept(rest, of: group, order.layer, id)
    return try converted(order, group, sizes, sources)
  }
}

extension LegacyOrder {
  /// The weights by the layers whose they are, each direction of a bidirectional one by itself.
  fileprivate var parts: [[Weight]] {
    var parts: [[Weight]] = []
    for weight in weights {
      if let last = parts.last?.last, last.place == weight.place,
        last.spec.owner == weight.spec.owner
      {
        parts[parts.count - 1].append(weight)
      } else {
        parts.append([weight])
      }
    }
    return parts
  }
}

import Neural

extension LegacyArchive {
  /// Writes a file.
  ///
  /// - Throws: `HDF5.Failure` where weights are missing or memory does not suffice, and what the
  ///   sink throws.
  static func write(_ contents: ModelContents, to sink: any ByteSink) throws {
    try HDF5Writer.file(LegacyItems(contents).items()) { try sink.write($0) }
  }
}

/// What a file of Keras 2's format holds of a model.
private struct LegacyItems {
  private typealias Item = HDF5Writer.Item
  private typealias Attribute = HDF5Writer.Attribute

  /// The version of Keras whose files these are like, and what computes in it.
  private static let origin = [
    Attribute("keras_version", .text("3.15.1")), Attribute("backend", .text("jax")),
  ]
  private static let weights = "model_weights"

  private let contents: ModelContents
  private let specs: [LayerID: [WeightSpec]]
  private let paths: WeightPaths
  /// Where each layer stands among all.
  private let ranks: [WeightPaths.Place: Int]
  /// The layers whose weights are known.
  private let known: Set<WeightPaths.Place>

  init(_ contents: ModelContents) {
    self.contents = contents
    specs = Analysis(of: contents.model).weights
    paths = WeightPaths(of: contents.model)
    ranks = Dictionary(paths.places.enumerated().map { ($1.place, $0) }) { first, _ in first }
    known = Set(paths.places.filter(\.isKnown).map(\.place))
  }

  func items() throws(HDF5.Failure) -> [HDF5Writer.Item] {
    let model = contents.model
    let config = JSONWriter.write(LegacyConfig.written(model)).asciiJSON
    var root = Self.origin + [Attribute(LegacyArchive.config, .bytes(config))]
    if let training = LegacyTraining.trainingConfig(model.compileConfig) {
      root.append(
        Attribute(LegacyArchive.training, .bytes(JSONWriter.write(training).asciiJSON)))
    }
    let entries = Dictionary(grouping: paths.entries, by: \.layer)
    let layers = paths.places.compactMap { place -> (LayerID, NamedLayer)? in
      guard let id = place.place.layer, place.place.inner.isEmpty else { return nil }
      return model.layers[id].map { (id, $0) }
    }
    var items: [Item] = [
      .group(path: "", attributes: root),
      .group(
        path: Self.weights,
        attributes: Self.origin + Self.split("layer_names", layers.map(\.1.name))),
    ]
    for (id, layer) in layers {
      let order = LegacyOrder(layer, entries[id] ?? [], specs[id] ?? [])
      items += Self.group(layer.name, try arrays(of: id, order))
    }
    // A model of Keras' own classes has no weights but those of its layers.
    let own = model.extra["class_name"] == nil ? [] : unknown(of: nil)
    items += Self.group(
      "top_level_model_weights", own.enumerated().map { ("\($0)", .native($1.array)) })
    return items + optimizer
  }

  // MARK: Weights

  private enum Numbers {
    case tensor(Tensor)
    case native(NativeArray)

    func item(at path: String) -> HDF5Writer.Item {
      switch self {
      case .tensor(let tensor): .numbers(path: path, tensor)
      case .native(let array): .kept(array, at: path)
      }
    }
  }

  /// The arrays of a layer, with what nobody here knows of it.
  private func arrays(
    of id: LayerID, _ order: LegacyOrder
  ) throws(HDF5.Failure) -> [(name: String, Numbers)] {
    let tensors = contents.weights[id].tensors
    var arrays: [(String, Numbers)] = []
    for weight in order.ofKeras3 {
      guard tensors.indices.contains(weight.index),
        tensors[weight.index].sizes == weight.spec.shape
      else { throw HDF5.Failure("the weights of \(order.layer.name) are missing") }
      arrays.append((weight.path(in: order.layer), .tensor(tensors[weight.index])))
    }
    let unknown = unknown(of: id)
    let parts = Dictionary(grouping: unknown.filter { $0.number == nil }, by: \.place)
      .mapValues { Set($0.map { $0.path.split(separator: "/").dropLast() }).count }
    guard parts.values.allSatisfy({ $0 <= 1 }) else {
      throw HDF5.Failure(
        "\(order.layer.name) has parts with weights, and in which order its class lists them is "
          + "not known here: save it as .keras")
    }
    return arrays.isEmpty && unknown.isEmpty ? [] : mixed(arrays, order, unknown, id)
  }

  /// The known weights of a layer, and those that nobody here knows where the file had them, or
  /// where layers of their place would have them if they were trained.
  private func mixed(
    _ known: [(String, Numbers)], _ order: LegacyOrder, _ unknown: [Leftover], _ id: LayerID
  ) -> [(name: String, Numbers)] {
    var result: [(name: String, Numbers)] = known
    var counts: [WeightPaths.Place: Int] = [:]
    let weights = order.ofKeras3
    let trained = order.layer.trainable ? weights.prefix(while: \.isTrained) : weights[...]
    for (added, leftover) in unknown.enumerated() {
      let before = trained.count { rank($0.place) < rank(leftover.place) }
      let name = ([order.layer.name] + leftover.place.inner).joined(separator: "/")
      let number = counts[leftover.place, default: 0]
      counts[leftover.place] = number + 1
      result.insert(
        ("\(name)/variable_\(number)", .native(leftover.array)),
        at: min(leftover.number ?? before + added, result.count))
    }
    return result
  }

  /// How far behind a layer stands among all, those inside others among them.
  private func rank(_ place: WeightPaths.Place) -> Int { ranks[place] ?? 0 }

  /// Variables of a layer that nobody here knows: where a file of this format had them, or in the
  /// order of a file of Keras 3.
  private func unknown(of layer: LayerID?) -> [Leftover] {
    contents.leftovers
      .filter { leftover in
        let steps = leftover.path.split(separator: "/")
        // The states of random generators have no place in this format.
        return leftover.place.layer == layer && steps.dropLast().last == "vars"
          && !steps.contains("seed_generator") && !steps.contains("optimizer")
          && (leftover.isWeight || !known.contains(leftover.place))
      }
      .sorted { first, second in
        if let a = first.number, let b = second.number { return a < b }
        let (a, b) = (rank(first.place), rank(second.place))
        return a != b ? a < b : Self.isBefore(first.path, second.path)
      }
  }

  /// Whether a path stands before another: a layer's own variables before those of its parts, and
  /// numbers by their size.
  private static func isBefore(_ first: String, _ second: String) -> Bool {
    let (a, b) = (first.split(separator: "/"), second.split(separator: "/"))
    let (ownA, ownB) = (a.first == "vars", b.first == "vars")
    if ownA != ownB { return ownA }
    for (x, y) in zip(a, b) where x != y {
      if let x = Int(x), let y = Int(y) { return x < y }
      return x < y
    }
    return a.count < b.count
  }

  private static func group(_ name: String, _ arrays: [(name: String, Numbers)]) -> [Item] {
    let path = "\(weights)/\(name)"
    return [.group(path: path, attributes: split("weight_names", arrays.map(\.name)))]
      + arrays.map { $1.item(at: "\(path)/\($0)") }
  }

  // MARK: Optimizer

  /// What the optimizer has noted, under its own names.
  private var optimizer: [Item] {
    guard !contents.optimizer.isEmpty else { return [] }
    let path = "optimizer_weights"
    var names: [String] = []
    for (number, variable) in contents.optimizer.enumerated() {
      names.append(names.contains(variable.name) ? "\(variable.name)_\(number)" : variable.name)
    }
    return [.group(path: path, attributes: Self.split("weight_names", names))]
      + zip(names, contents.optimizer).map { .kept($1.array, at: "\(path)/\($0)") }
  }

  // MARK: Attributes

  /// The most bytes that Keras puts into one attribute.
  ///
  /// Source: `HDF5_OBJECT_HEADER_LIMIT` in `keras/src/legacy/saving/legacy_h5_format.py`.
  private static let limit = 64512

  /// Texts as an attribute, or as several with numbers behind their name where they are too long
  /// for one.
  private static func split(_ name: String, _ texts: [String]) -> [Attribute] {
    let length = texts.reduce(1) { max($0, $1.utf8.count) }
    let most = max(limit / length, 1)
    guard texts.count > most else { return [Attribute(name, .list(texts))] }
    return stride(from: 0, to: texts.count, by: most).enumerated().map { number, start in
      Attribute("\(name)\(number)", .list(Array(texts[start..<min(start + most, texts.count)])))
    }
  }
}

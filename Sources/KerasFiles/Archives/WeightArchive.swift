import Neural

/// The weights of a model as an HDF5 file of Keras 3: `model.weights.h5`.
///
/// Source: `keras/src/saving/saving_lib.py`.
enum WeightArchive {
  /// Where the variables of the optimizer stand.
  static let optimizer = "optimizer/vars"

  /// What a file holds of a model.
  ///
  /// - Throws: `HDF5.Failure` where weights are missing.
  static func items(_ contents: ModelContents) throws(HDF5.Failure) -> [HDF5Writer.Item] {
    let paths = WeightPaths(of: contents.model)
    var items = paths.groups.map { group in
      HDF5Writer.Item.group(path: group.path, attributes: [.init("name", .text(group.name))])
    }
    // Weights that could not be read are handed on as they are.
    let unread = Set(contents.leftovers.filter(\.isWeight).map(\.place.layer))
    var taken: Set<String> = []
    for entry in paths.entries where !unread.contains(entry.layer) {
      let tensors = contents.weights[entry.layer].tensors
      guard entry.index < tensors.count, tensors[entry.index].sizes == entry.sizes else {
        let name = contents.model.layers[entry.layer]?.name ?? "a layer"
        throw HDF5.Failure("the weights of \(name) are missing")
      }
      let tensor = tensors[entry.index]
      if entry.isCount, let count = tensor.values.first.flatMap({ Int(exactly: $0.rounded()) }) {
        items.append(.kept(NativeArray(count: count), at: entry.path))
      } else {
        items.append(.numbers(path: entry.path, tensor))
      }
      taken.insert(entry.path)
    }
    for (path, tensor) in AdaptedState.arrays(of: contents.model, paths) {
      items.append(.numbers(path: path, tensor))
      taken.insert(path)
    }
    if !contents.optimizer.isEmpty {
      let name = contents.optimizer[0].name.prefix { $0 != "/" }
      items.append(.group(path: optimizer, attributes: [.init("name", .text(String(name)))]))
      for (number, variable) in contents.optimizer.enumerated() {
        items.append(.kept(variable.array, at: "\(optimizer)/\(number)"))
      }
    }
    return items + leftovers(contents, paths, &taken)
  }

  /// What nobody here knows, where the file has a place for it.
  private static func leftovers(
    _ contents: ModelContents, _ paths: WeightPaths, _ taken: inout Set<String>
  ) -> [HDF5Writer.Item] {
    var items: [HDF5Writer.Item] = []
    let places = Dictionary(paths.places.map { ($0.place, $0) }) { first, _ in first }
    for leftover in contents.leftovers {
      guard let place = places[leftover.place] else { continue }
      // What is known now says itself how many variables it has.
      if place.isKnown, !leftover.isWeight, leftover.path.hasPrefix("vars/") { continue }
      // Of an optimizer without state its parts say nothing.
      if place.path.isEmpty, leftover.path.hasPrefix("optimizer/"), contents.optimizer.isEmpty {
        continue
      }
      let path = place.path.isEmpty ? leftover.path : "\(place.path)/\(leftover.path)"
      guard taken.insert(path).inserted else { continue }
      items.append(.kept(leftover.array, at: path))
    }
    return items
  }

  /// The weights of a model in such a file.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - model: the model whose weights they are.
  ///   - path: the file's name, for messages.
  /// - Returns: the weights, not read yet.
  /// - Throws: `HDF5.Failure` where the file is damaged, or one is missing or of other sizes.
  static func stored(
    in file: HDF5File, of model: Model, path: String
  ) throws(HDF5.Failure) -> StoredWeights {
    let index = try file.index()
    let paths = WeightPaths(of: model)
    var places: [LayerID: StoredWeights.Layer] = [:]
    var unreadable: [LayerID: String] = [:]
    var known: Set<String> = []
    for entry in paths.entries.sorted(by: { $0.index < $1.index }) {
      let name = model.layers[entry.layer]?.name ?? "a layer"
      let path = index.place(entry.path)
      if entry.isCopy {
        known.insert(path)
        continue
      }
      // A count is a whole number anyway.
      if let array = index.arrays[path], array.element.isInteger, !entry.isCount {
        unreadable[entry.layer] =
          "\(name) is quantized: its weights are whole numbers, which are not run here"
      }
      places[entry.layer, default: .init(name: name, paths: [], sizes: [])]
        .append(path, entry.sizes)
    }
    for layer in unreadable.keys { places[layer] = nil }
    known.formUnion(places.values.flatMap(\.paths))
    return try StoredWeights(
      places, in: file, index, path: path, optimizer: variables(index),
      leftovers: leftovers(index, paths, known: known, unreadable: Set(unreadable.keys)),
      unreadable: unreadable)
  }

  /// The variables of the optimizer: `optimizer/vars/0`, `…/1`, and so on.
  private static func variables(_ index: HDF5Index) -> [StoredVariable] {
    let name = index.text("name", of: optimizer) ?? "optimizer"
    var variables: [StoredVariable] = []
    while let array = index.arrays["\(optimizer)/\(variables.count)"], array.isNumeric {
      let number = variables.count
      let word =
        number == 0 && array.element.isInteger
        ? "iteration" : number == 1 && array.sizes.isEmpty ? "learning_rate" : "variable_\(number)"
      variables.append(StoredVariable(name: "\(name)/\(word)", path: "\(optimizer)/\(number)"))
    }
    return variables
  }

  /// The arrays of the file that are neither weights of the model nor its optimizer's, each with
  /// the innermost layer under whose place it stands.
  private static func leftovers(
    _ index: HDF5Index, _ paths: WeightPaths, known: Set<String>, unreadable: Set<LayerID>
  ) -> [StoredLeftover] {
    let places = Dictionary(paths.places.map { (index.place($0.path), $0.place) }) { first, _ in
      first
    }
    var result: [StoredLeftover] = []
    for (path, array) in index.arrays
    where array.isNumeric && !array.liesElsewhere && !known.contains(path)
      && !(path.hasPrefix(optimizer + "/")
        && path.dropFirst(optimizer.count + 1).allSatisfy(\.isNumber))
    {
      var steps = path.split(separator: "/")[...]
      var rest: [Substring] = []
      while let last = steps.popLast() {
        rest.insert(last, at: 0)
        guard let place = places[steps.joined(separator: "/")] else { continue }
        result.append(
          StoredLeftover(
            place: place, path: rest.joined(separator: "/"), source: path,
            isWeight: place.layer.map { unreadable.contains($0) } ?? false))
        break
      }
    }
    return result
  }
}

extension HDF5Writer.Item {
  /// An array as another file has it.
  static func kept(_ array: NativeArray, at path: String) -> Self {
    .native(
      path: path, array,
      attributes: array.element == .bfloat ? [.init("dtype", .text("bfloat16"))] : [])
  }
}

extension HDF5Index {
  /// Where the file has what Keras 3 looks for at a path: some files of Keras 2.13 list layers
  /// under another name.
  ///
  /// Source: `H5IOStore.get` in `keras/src/saving/saving_lib.py`.
  fileprivate func place(_ path: String) -> String {
    guard groups.contains("_layer_checkpoint_dependencies"), !groups.contains("layers") else {
      return path
    }
    return path.split(separator: "/")
      .map { $0 == "layers" ? "_layer_checkpoint_dependencies" : $0 }.joined(separator: "/")
  }
}

extension HDF5Index.Element {
  /// Whether it is a whole number.
  fileprivate var isInteger: Bool {
    if case .integer = self { return true }
    return false
  }
}

extension StoredWeights.Layer {
  /// Adds a weight that stands in the file as it is.
  fileprivate mutating func append(_ path: String, _ sizes: [Int]) {
    paths.append(path)
    self.sizes.append(sizes)
  }
}

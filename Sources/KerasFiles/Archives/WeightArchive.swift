import Neural

/// The weights of a model as an HDF5 file of Keras 3: `model.weights.h5`.
enum WeightArchive {
  /// The bytes of a file with a model's weights.
  ///
  /// - Throws: `HDF5.Failure` where weights are missing or memory does not suffice.
  static func write(_ weights: ModelWeights, of model: Model) throws(HDF5.Failure) -> [UInt8] {
    let paths = WeightPaths(of: model)
    var items = paths.groups.map { group in
      HDF5Writer.Item.group(path: group.path, attributes: [("name", group.name)])
    }
    for entry in paths.entries {
      let tensors = weights[entry.layer].tensors
      guard entry.index < tensors.count, tensors[entry.index].sizes == entry.sizes else {
        let name = model.layers[entry.layer]?.name ?? "a layer"
        throw HDF5.Failure("the weights of \(name) are missing")
      }
      items.append(.numbers(path: entry.path, tensors[entry.index]))
    }
    return try HDF5Writer.file(items)
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
    var places: [LayerID: StoredWeights.Layer] = [:]
    for entry in WeightPaths(of: model).entries.sorted(by: { $0.index < $1.index }) {
      places[
        entry.layer,
        default: .init(name: model.layers[entry.layer]?.name ?? "a layer", paths: [], sizes: [])
      ].append(entry.path, entry.sizes)
    }
    return try StoredWeights(places, in: file, try file.index(), path: path)
  }
}

extension StoredWeights.Layer {
  /// Adds a weight that stands in the file as it is.
  fileprivate mutating func append(_ path: String, _ sizes: [Int]) {
    paths.append(path)
    self.sizes.append(sizes)
  }
}

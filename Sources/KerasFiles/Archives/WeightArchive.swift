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

  /// The weights of a model from the bytes of such a file.
  ///
  /// - Parameters:
  ///   - bytes: the file, whole.
  ///   - model: the model whose weights they are.
  /// - Returns: a weight for each that the model needs.
  /// - Throws: `HDF5.Failure` where the file is damaged, or one is missing or of other sizes.
  static func read(_ bytes: [UInt8], of model: Model) throws(HDF5.Failure) -> ModelWeights {
    let entries = WeightPaths(of: model).entries
    let counts = entries.reduce(into: [LayerID: Int]()) { $0[$1.layer, default: 0] += 1 }
    var found = counts.mapValues { [Tensor?](repeating: nil, count: $0) }
    try HDF5Reader.read(bytes) { (reader) throws(HDF5.Failure) in
      for entry in entries {
        do throws(HDF5.Failure) {
          let tensor = try reader.numbers(entry.path, sizes: entry.sizes)
          found[entry.layer]?[entry.index] = tensor
        } catch {
          let name = model.layers[entry.layer]?.name ?? "a layer"
          throw HDF5.Failure("\(name): the weights file \(error.message)")
        }
      }
    }
    var weights = ModelWeights()
    for (layer, tensors) in found {
      weights.layers[layer] = LayerWeights(tensors.compactMap { $0 })
    }
    return weights
  }
}

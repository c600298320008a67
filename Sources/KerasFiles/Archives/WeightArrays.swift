import Neural

/// The weights of a model as arrays in a `.npz`, each under its path: `lstm/recurrent_kernel`,
/// `bidirectional/forward_lstm/kernel`.
enum WeightArrays {
  /// Saves the weights of a model, all or nothing.
  ///
  /// - Throws: `FileError` where a weight is missing or the file cannot be saved.
  static func save(
    _ weights: ModelWeights, of model: Model, to path: String
  ) throws(FileError) {
    var arrays: [(name: String, tensor: Tensor)] = []
    for place in places(of: model) {
      let tensors = weights[place.layer].tensors
      guard place.index < tensors.count else {
        throw FileError(path, "could not be saved: the weight \(place.name) has no numbers")
      }
      arrays.append((place.name, tensors[place.index]))
    }
    guard !arrays.isEmpty else {
      throw FileError(path, "could not be saved: \(model.name) has no weights")
    }
    try ArrayFile.save(arrays, to: path)
  }

  /// Reads the weights of a model.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - model: the model that needs them.
  ///   - limit: how much memory they may take.
  /// - Returns: all weights of the model.
  /// - Throws: `FileError` where a weight is missing, has other sizes, or is not the model's.
  static func open(
    _ path: String, for model: Model, limit: MemoryLimit = .standard
  ) throws(FileError) -> ModelWeights {
    let found = try ArrayFile.open(path, limit: limit).members
    let places = places(of: model)
    var layers: [LayerID: [Tensor]] = [:]
    for place in places {
      guard let array = found.first(where: { $0.name == place.name }) else {
        let near = nearest(to: place.name, in: found.compactMap(\.name))
        throw FileError(
          path, "has no \(place.name)" + (near.map { ", only \($0)" } ?? ""),
          remedy: "are these weights of another model?")
      }
      if array.tensor.sizes != place.sizes {
        throw FileError(
          path,
          "\(place.name) has the shape \(array.tensor.shape), the model needs "
            + "\(Shape(sizes: place.sizes))", remedy: "are these weights of another model?")
      }
      layers[place.layer, default: []].append(array.tensor)
    }
    if let other = found.first(where: { one in !places.contains { $0.name == one.name } }) {
      throw FileError(
        path, "holds \(other.name ?? "an array"), which the model does not have",
        remedy: "are these weights of another model?")
    }
    var weights = ModelWeights()
    for (layer, tensors) in layers { weights.layers[layer] = LayerWeights(tensors) }
    return weights
  }

  /// A weight of a model with its path.
  private struct Place {
    var layer: LayerID
    var index: Int
    var name: String
    var sizes: [Int]
  }

  /// The weights of a model in Keras' order.
  private static func places(of model: Model) -> [Place] {
    let analysis = Analysis(of: model)
    var places: [Place] = []
    for id in KerasOrder(model).layers {
      guard let layer = model.layers[id] else { continue }
      var taken: Set<String> = []
      for (index, spec) in (analysis.weights[id] ?? []).enumerated() {
        let path = ([layer.name] + spec.owner + [spec.name]).joined(separator: "/")
        var name = path
        var number = 1
        while !taken.insert(name).inserted {
          name = "\(path)_\(number)"
          number += 1
        }
        places.append(Place(layer: id, index: index, name: name, sizes: spec.shape))
      }
    }
    return places
  }
}

import Neural

/// The weights of a model in an HDF5 file, read when they are needed.
///
/// The file stays open: what takes its name meanwhile changes nothing.
public final class StoredWeights: WeightSource {
  /// Where the weights of a layer stand.
  struct Layer: Sendable {
    /// The layer's name, for messages.
    var name: String
    /// The arrays that are read for it.
    var paths: [String]
    /// The sizes of its weights.
    var sizes: [[Int]]
    /// Makes the weights of the arrays; `nil`: they are the weights, in their order.
    var convert: (@Sendable ([Tensor]) throws(HDF5.Failure) -> [Tensor])?
  }

  /// The file's name, for messages.
  let path: String
  /// The file.
  let file: HDF5File
  /// What the file holds.
  let index: HDF5Index
  /// Where the weights stand.
  let places: [LayerID: Layer]
  /// Where the variables of the optimizer stand, in the order of Keras' `optimizer.variables`.
  let optimizer: [StoredVariable]
  /// Arrays that nobody here knows.
  let leftovers: [StoredLeftover]
  /// Why the weights of a layer cannot be read, where the file has them.
  let unreadable: [LayerID: String]
  /// What is worth saying about the weights, a line each, each with the file's name.
  private let notes: [String]

  /// Weights that stand at these places.
  ///
  /// - Parameters:
  ///   - places: where the weights of each layer stand.
  ///   - file: the file.
  ///   - index: what it holds.
  ///   - path: its name, for messages.
  ///   - optimizer: where the variables of the optimizer stand, in Keras' order.
  ///   - leftovers: arrays that nobody here knows.
  ///   - unreadable: why the weights of a layer cannot be read, where the file has them.
  ///   - notes: what is worth saying about the weights, a line each.
  /// - Throws: `HDF5.Failure` where an array is missing, holds no numbers, or has other sizes than
  ///   the model needs.
  init(
    _ places: [LayerID: Layer], in file: HDF5File, _ index: HDF5Index, path: String,
    optimizer: [StoredVariable] = [], leftovers: [StoredLeftover] = [],
    unreadable: [LayerID: String] = [:], notes: [String] = []
  ) throws(HDF5.Failure) {
    self.path = path
    self.file = file
    self.index = index
    self.places = places
    self.optimizer = optimizer
    self.leftovers = leftovers
    self.unreadable = unreadable
    self.notes = notes
    for layer in places.values {
      for (number, path) in layer.paths.enumerated() {
        let found: HDF5Index.Array
        do throws(HDF5.Failure) {
          found = try index.numbers(path, fileBytes: file.size)
        } catch {
          throw HDF5.Failure("\(layer.name): the weight \(error.message)")
        }
        guard layer.convert == nil, found.sizes != layer.sizes[number] else { continue }
        throw HDF5.Failure(
          "\(layer.name): the weight \(path) is \(Tensor.text(found.sizes)), "
            + "expected \(Tensor.text(layer.sizes[number]))")
      }
    }
  }

  /// What is worth saying about the file, a line each.
  var remarks: [String] {
    notes + unreadable.values.sorted().map { "\(path): \($0)" }
  }

  /// The layers whose weights it has.
  public var layers: Set<LayerID> { Set(places.keys) }

  /// The sizes of a layer's weights, in the order of `Layer.weights(for:)`; nothing is read.
  public func sizes(of layer: LayerID) -> [[Int]] { places[layer]?.sizes ?? [] }

  /// Why a layer's weights cannot be read though the file has them; `nil`: nothing is known
  /// against it.
  public func fault(of layer: LayerID) -> WeightFault? {
    unreadable[layer].map { fault(HDF5.Failure($0)) }
  }

  /// The weights of a layer, in the order of `Layer.weights(for:)`.
  ///
  /// - Throws: `WeightFault` where the file cannot be read, or holds other weights.
  public func weights(of layer: LayerID) throws(WeightFault) -> LayerWeights {
    if let reason = unreadable[layer] { throw fault(HDF5.Failure(reason)) }
    guard let place = places[layer] else { return LayerWeights() }
    do throws(HDF5.Failure) {
      return LayerWeights(try read(place, file.tensors(place.paths, index)))
    } catch {
      throw fault(error)
    }
  }

  /// The weights of all layers.
  ///
  /// - Throws: `WeightFault` where the file cannot be read, or holds other weights.
  public func weights() throws(WeightFault) -> ModelWeights {
    do throws(HDF5.Failure) {
      try requireAll()
      return try all()
    } catch {
      throw fault(error)
    }
  }

  private func all() throws(HDF5.Failure) -> ModelWeights {
    let all = Array(places)
    var weights = ModelWeights()
    var tensors = try file.tensors(all.flatMap(\.value.paths), index, checks: true)[...]
    for (id, place) in all {
      weights.layers[id] = LayerWeights(try read(place, Array(tensors.prefix(place.paths.count))))
      tensors = tensors.dropFirst(place.paths.count)
    }
    return weights
  }

  /// The weights of all layers, if memory allows.
  ///
  /// - Throws: `FileError` where they would take more than allowed, or cannot be read.
  public func loaded(limit: MemoryLimit = .standard) throws(FileError) -> ModelWeights {
    do throws(HDF5.Failure) {
      try requireAll()
    } catch {
      throw FileError(
        path, error.message, remedy: "in Keras, save the model before quantize() is called")
    }
    return try readable(limit: limit)
  }

  /// The weights of the layers whose weights can be read, if memory allows.
  func readable(limit: MemoryLimit) throws(FileError) -> ModelWeights {
    let numbers = places.values.flatMap(\.sizes).reduce(Count(0)) { $0 + Count.product($1) }
    try check(numbers * 4, limit)
    do throws(HDF5.Failure) {
      return try all()
    } catch {
      throw FileError(path, error.message)
    }
  }

  /// - Throws: `HDF5.Failure` where a layer's weights cannot be read.
  private func requireAll() throws(HDF5.Failure) {
    if let reason = unreadable.values.min() { throw HDF5.Failure(reason) }
  }

  /// - Throws: `FileError` where so many bytes are more than allowed.
  func check(_ bytes: Count, _ limit: MemoryLimit) throws(FileError) {
    guard bytes <= Count(limit.bytes) else {
      throw ArrayFault.tooMuchMemory(bytes, allowed: limit).at(path)
    }
  }

  /// Hands the numbers of one weight out as they are read, some at a time in row-major order.
  ///
  /// - Parameters:
  ///   - index: the weight's place in `Layer.weights(for:)`.
  ///   - layer: the layer.
  ///   - body: takes the next numbers.
  /// - Throws: `WeightFault` where the file cannot be read, or holds other weights.
  public func stream(
    _ index: Int, of layer: LayerID, _ body: (UnsafeBufferPointer<Float>) -> Void
  ) throws(WeightFault) {
    guard let place = places[layer], place.sizes.indices.contains(index) else { return }
    guard place.convert == nil else {
      let weights = try weights(of: layer)
      weights[index].values.withUnsafeBufferPointer(body)
      return
    }
    do throws(HDF5.Failure) {
      try file.stream(place.paths[index], self.index, body)
    } catch {
      throw fault(error)
    }
  }

  private func read(_ place: Layer, _ tensors: [Tensor]) throws(HDF5.Failure) -> [Tensor] {
    guard let convert = place.convert else { return tensors }
    do throws(HDF5.Failure) {
      let weights = try convert(tensors)
      guard weights.map(\.sizes) == place.sizes else {
        throw HDF5.Failure("the weights have other sizes than the model's")
      }
      return weights
    } catch {
      throw HDF5.Failure("\(place.name): \(error.message)")
    }
  }

  private func fault(_ failure: HDF5.Failure) -> WeightFault {
    WeightFault(FileError(path, failure.message).description)
  }
}

extension Tensor {
  /// Sizes as Keras writes a shape.
  static func text(_ sizes: [Int]) -> String {
    sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.map(String.init).joined(separator: ", ")))"
  }
}

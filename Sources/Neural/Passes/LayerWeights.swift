import OrderedCollections
import Synchronization

/// The weights of one layer, in the order of `Layer.weights(for:)`.
public struct LayerWeights: Sendable {
  /// The weights.
  public let tensors: [Tensor]
  private let prepared: Prepared

  /// These weights.
  public init(_ tensors: [Tensor] = []) {
    self.tensors = tensors
    prepared = Prepared()
  }

  /// The weight at `index`.
  public subscript(index: Int) -> Tensor { tensors[index] }
  /// How many weights there are.
  public var count: Int { tensors.count }

  /// The weights of a part of a layer: of the forward direction of a bidirectional one.
  public func part(_ range: Range<Int>) -> LayerWeights {
    prepared(as: PartKey(range: range)) { LayerWeights(Array(tensors[range])) }
  }

  /// The weights with some of them replaced, by their index.
  func replacing(_ updates: [Int: Tensor]) -> LayerWeights {
    var tensors = tensors
    for (index, tensor) in updates where tensors.indices.contains(index) {
      tensors[index] = tensor
    }
    return LayerWeights(tensors)
  }

  /// Something that follows from the weights, made once and kept with them: weights packed for
  /// a kernel.
  package func prepared<Value: Sendable>(
    as key: some Hashable & Sendable, _ make: () throws -> Value
  ) rethrows -> Value {
    let key = AnySendableKey(key)
    // What is not there must not pass for a `nil` that was made, where `Value` is optional.
    if let stored = prepared.values.withLock({ $0[key] }), let known = stored as? Value {
      return known
    }
    let made = try make()
    prepared.values.withLock { $0[key] = made }
    return made
  }

  private struct PartKey: Hashable, Sendable { let range: Range<Int> }

  /// Kept by reference: copies of the weights share it.
  private final class Prepared: Sendable {
    let values = Mutex<[AnySendableKey: any Sendable]>([:])
  }
}

/// A key of any type.
private struct AnySendableKey: Hashable, Sendable {
  private let key: any Hashable & Sendable

  init(_ key: some Hashable & Sendable) { self.key = key }

  static func == (lhs: AnySendableKey, rhs: AnySendableKey) -> Bool {
    AnyHashable(lhs.key) == AnyHashable(rhs.key)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(key)) }
}

/// The weights of a model's layers.
public struct ModelWeights: Sendable {
  /// The weights of each layer, shared ones once.
  public var layers: [LayerID: LayerWeights] = [:]

  /// No weights.
  public init() {}

  /// First values from the layers' initializers.
  ///
  /// Each weight has randomness of its own, from the seed and the names of its layer and itself:
  /// an edit elsewhere in the model leaves its numbers as they are.
  /// - Parameters:
  ///   - model: the model.
  ///   - analysis: what follows from it; says which weights each layer needs.
  ///   - seed: equal seeds give equal numbers.
  ///   - earlier: weights to keep where the layer still needs weights of the same sizes.
  ///   - memoryLimit: how many bytes they may take all together.
  /// - Throws: `PassError` where an initializer is not known or cannot make such a weight, or
  ///   where they would take more memory than allowed: before anything is allocated.
  public init(
    initializing model: Model, _ analysis: Analysis, seed: UInt64,
    keeping earlier: ModelWeights = ModelWeights(), memoryLimit: MemoryLimit = .standard
  ) throws(PassError) {
    let specs = analysis.weights.values.joined()
    let largest = specs.lazy.map { $0.firstBytes - $0.count * 4 }.max() ?? 0
    try memoryLimit.check(
      specs.reduce(largest) { $0 + $1.count * 4 }, what: "the model's weights",
      remedy: "use fewer units or features")
    for (id, layer) in model.layers {
      guard let specs = analysis.weights[id], !specs.isEmpty else { continue }
      if let known = earlier.layers[id], known.tensors.map(\.sizes) == specs.map(\.shape) {
        layers[id] = known
        continue
      }
      var tensors: [Tensor] = []
      for spec in specs {
        let path = ([layer.name] + spec.owner + [spec.name]).joined(separator: "/")
        do throws(PassError) {
          tensors.append(
            try spec.firstValues(seed: RandomNumbers.seed(seed, path), memoryLimit: memoryLimit))
        } catch {
          throw error.at("\(layer.name): \(spec.name)")
        }
      }
      layers[id] = LayerWeights(tensors)
    }
  }

  /// Changes the weights of a layer, in place where nobody else holds them.
  ///
  /// What was prepared from them is forgotten.
  public mutating func update<Failure>(
    _ layer: LayerID, _ change: (inout [Tensor]) throws(Failure) -> Void
  ) throws(Failure) {
    guard var tensors = layers[layer]?.tensors else { return }
    layers[layer] = nil
    defer { layers[layer] = LayerWeights(tensors) }
    try change(&tensors)
  }

  /// The weights of a layer; none where it has none.
  public subscript(layer: LayerID) -> LayerWeights { layers[layer] ?? LayerWeights() }
}

import VectorKernels

/// Weights of a recurrent layer in the order in which the kernel reads them.
final class PackedWeights: @unchecked Sendable {
  // Never written after it was made.
  private let packed: OpaquePointer

  /// The weights of a layer with these features; `nil` where the kernel does not have the layer's
  /// functions.
  ///
  /// - Throws: `PassError` where memory is short.
  static func of(
    _ layer: any RecurrentLayer, _ weights: LayerWeights, features: Int
  ) throws(PassError) -> PackedWeights? {
    guard let key = PackingKey(layer, features: features) else { return nil }
    do {
      // The type is said: with an optional one, nothing kept would pass for `nil` kept.
      let packed: PackedWeights = try weights.prepared(as: key) {
        guard let packed = PackedWeights(layer, weights, features: features, key) else {
          throw PassError("not enough memory for the weights of \(layer.className)")
        }
        return packed
      }
      return packed
    } catch {
      throw error as? PassError ?? PassError("\(error)")
    }
  }

  private init?(
    _ layer: any RecurrentLayer, _ weights: LayerWeights, features: Int, _ key: PackingKey
  ) {
    let made = key.withDescription(of: layer, weights, features: features) {
      recurrent_pack(&$0)
    }
    guard let made else { return nil }
    packed = made
  }

  deinit { recurrent_free(packed) }

  /// Walks over timesteps.
  ///
  /// - Throws: `PassError` where memory is short.
  func walk(_ walk: RecurrentWalk) throws(PassError) {
    var walk = walk
    guard recurrent_walk(packed, &walk) == 0 else {
      throw PassError("not enough memory to walk over the timesteps")
    }
  }
}

/// The same weights in the order in which the way back reads them.
final class PackedBackWeights: @unchecked Sendable {
  // Never written after it was made.
  private let packed: OpaquePointer

  /// The weights of a layer; `nil` where the kernel does not have the layer's functions.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - weights: its weights.
  ///   - features: how many features its input has.
  ///   - withInput: whether the way leads on to the input.
  /// - Throws: `PassError` where memory is short.
  init?(
    _ layer: any RecurrentLayer, _ weights: LayerWeights, features: Int, withInput: Bool
  ) throws(PassError) {
    guard let key = PackingKey(layer, features: features) else { return nil }
    let made = key.withDescription(of: layer, weights, features: features) {
      recurrent_pack_back(&$0, withInput)
    }
    guard let made else {
      throw PassError("not enough memory for the weights of \(layer.className)")
    }
    packed = made
  }

  deinit { recurrent_free_back(packed) }

  /// Walks back over timesteps.
  ///
  /// - Throws: `PassError` where memory is short.
  func walk(_ walk: RecurrentWalkBack) throws(PassError) {
    var walk = walk
    guard recurrent_walk_back(packed, &walk) == 0 else {
      throw PassError("not enough memory to walk back over the timesteps")
    }
  }
}

/// What packed weights depend on beside the numbers.
private struct PackingKey: Hashable, Sendable {
  let level: RecurrentLevel
  let cell: RecurrentCell
  let activation: RecurrentFunction
  let gates: RecurrentFunction
  let hasBias: Bool

  /// `nil` where the kernel does not have the layer's functions.
  init?(_ layer: any RecurrentLayer, features: Int) {
    guard let level = KernelChoice.current.level, features > 0, layer.units > 0,
      let activation = layer.options.activation.kernelFunction,
      let gates = layer.gateActivation.kernelFunction
    else { return nil }
    self.level = level
    self.activation = activation
    self.gates = gates
    cell = layer.kernelCell
    hasBias = layer.options.useBias
  }

  /// Gives `body` the weights as the kernel describes them.
  func withDescription(
    of layer: any RecurrentLayer, _ weights: LayerWeights, features: Int,
    _ body: (inout RecurrentWeights) -> OpaquePointer?
  ) -> OpaquePointer? {
    weights[0].values.withUnsafeBufferPointer { kernel in
      weights[1].values.withUnsafeBufferPointer { recurrent in
        (hasBias ? weights[2].values : []).withUnsafeBufferPointer { bias in
          var description = RecurrentWeights()
          description.cell = cell
          description.level = level
          description.activation = activation
          description.gateActivation = gates
          description.features = features
          description.units = layer.units
          description.kernel = kernel.baseAddress
          description.recurrentKernel = recurrent.baseAddress
          description.bias = hasBias ? bias.baseAddress : nil
          return body(&description)
        }
      }
    }
  }
}

/// Which code computes recurrent layers.
enum KernelChoice: Hashable, Sendable {
  /// The kernel, for the best instructions that this machine has.
  case best
  /// The kernel for these instructions, in tests: the machine has to have them.
  case level(RecurrentLevel)
  /// The layers' own `compute`, in tests.
  case none

  /// The choice of the passes that start in this task.
  @TaskLocal static var current = KernelChoice.best

  /// The best level of this machine.
  static let bestLevel = recurrent_best_level()

  var level: RecurrentLevel? {
    switch self {
    case .best: Self.bestLevel
    case .level(let level): level
    case .none: nil
    }
  }
}

extension Activation {
  /// The function as the kernel calls it; `nil` where it does not have it.
  var kernelFunction: RecurrentFunction? {
    switch name {
    case "tanh": .tanh
    case "sigmoid": .sigmoid
    case "relu": .reLU
    case "linear": .linear
    case "hard_sigmoid": .hardSigmoid
    default: nil
    }
  }
}

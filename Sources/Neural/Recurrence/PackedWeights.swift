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
    guard let level = KernelChoice.current.level, features > 0, layer.units > 0,
      let activation = layer.options.activation.kernelFunction,
      let gates = layer.gateActivation.kernelFunction
    else { return nil }
    let key = Key(
      level: level, cell: layer.kernelCell, activation: activation, gates: gates,
      hasBias: layer.options.useBias)
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

  private init?(_ layer: any RecurrentLayer, _ weights: LayerWeights, features: Int, _ key: Key) {
    let made = weights[0].values.withUnsafeBufferPointer { kernel in
      weights[1].values.withUnsafeBufferPointer { recurrent in
        (key.hasBias ? weights[2].values : []).withUnsafeBufferPointer { bias in
          var description = RecurrentWeights()
          description.cell = key.cell
          description.level = key.level
          description.activation = key.activation
          description.gateActivation = key.gates
          description.features = features
          description.units = layer.units
          description.kernel = kernel.baseAddress
          description.recurrentKernel = recurrent.baseAddress
          description.bias = key.hasBias ? bias.baseAddress : nil
          return recurrent_pack(&description)
        }
      }
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

  private struct Key: Hashable, Sendable {
    let level: RecurrentLevel
    let cell: RecurrentCell
    let activation: RecurrentFunction
    let gates: RecurrentFunction
    let hasBias: Bool
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

import OrderedCollections

/// How weights follow their gradients.
public typealias Optimizer = KerasObject<OptimizerFamily>

/// The optimizers of `keras.optimizers`, parameters in the order of their constructors.
public enum OptimizerFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.optimizers"
  /// The word in messages.
  public static let noun = "optimizer"
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "SGD": ["learning_rate": 0.01]
  ]
  /// Other names that Keras accepts.
  public static let aliases = ["sgd": "SGD"]
}

/// One weight of a model: the layer, and the weight's place in `Layer.weights(for:)`.
public struct WeightID: Hashable, Sendable {
  /// The layer.
  public var layer: LayerID
  /// The weight's place.
  public var index: Int

  /// The weight at `index` of `layer`.
  public init(_ layer: LayerID, _ index: Int) {
    self.layer = layer
    self.index = index
  }
}

/// An optimizer on its way: how many steps it made, and what it keeps for each weight.
public struct OptimizerState: Sendable {
  /// What it is.
  public let optimizer: Optimizer
  /// Steps made so far.
  public private(set) var iterations = 0
  /// What it multiplies steps by now: the schedule's value, or what a callback set.
  public private(set) var learningRate: Double
  /// The weights that it moves, in Keras' order.
  public let weights: [WeightID]
  /// Numbers that it keeps, those of all weights together: Keras' `Optimizer params`.
  public var parameterCount: Int { 0 }

  /// An optimizer that has made no step.
  ///
  /// - Parameters:
  ///   - optimizer: what it is.
  ///   - weights: the weights that it moves, with their specs: regularizers and constraints too.
  /// - Throws: `PassError` where a parameter is not one of Keras', or out of range.
  public init(
    _ optimizer: Optimizer, weights: [(id: WeightID, spec: WeightSpec)]
  ) throws(PassError) {
    self.optimizer = optimizer
    self.weights = weights.map(\.id)
    learningRate = optimizer.config["learning_rate"]?.doubleValue ?? 0.01
  }

  /// Sets the learning rate, as `ReduceLROnPlateau` does.
  ///
  /// - Throws: `PassError` where a schedule sets it.
  public mutating func setLearningRate(_ rate: Double) throws(PassError) {
    learningRate = rate
  }

  /// Makes a step: clips gradients, moves weights, applies constraints.
  ///
  /// - Parameters:
  ///   - gradients: how the loss changes with the weights, regularizers included; a weight without
  ///     gradient stays.
  ///   - values: the weights; moved in place where nobody else holds them.
  public mutating func step(_ gradients: ModelGradients, _ values: inout ModelWeights) {
    for (layer, gradients) in gradients.weights {
      values.update(layer) { tensors in
        for (index, gradient) in gradients.enumerated() {
          guard let gradient, weights.contains(WeightID(layer, index)) else { continue }
          let rate = Float(learningRate)
          tensors[index] = tensors[index].zipped(with: gradient) { $0 - rate * $1 }
        }
      }
    }
    iterations += 1
  }
}

import Neural

/// All that a file can hold of a model: what is saved, and what a file with weights was read as.
public struct ModelContents: Sendable {
  /// The model; how it is compiled stands in `Model.extra["compile_config"]`.
  public var model: Model
  /// Its weights, for a file that holds them; first values take the place of those that are
  /// missing.
  public var weights: ModelWeights
  /// What its optimizer has noted in training, in the order of Keras' `optimizer.variables`: the
  /// count of steps, the learning rate, and its numbers for each weight. Empty: nothing.
  public var optimizer: [OptimizerVariable]
  /// What the file that the model was read from holds and nobody here knows: the weights of
  /// unknown layers, the states of random generators. Kept where the file saved has a place.
  var leftovers: [Leftover]

  /// A model with its weights.
  public init(
    _ model: Model, weights: ModelWeights = ModelWeights(), optimizer: [OptimizerVariable] = []
  ) {
    self.model = model
    self.weights = weights
    self.optimizer = optimizer
    leftovers = []
  }
}

/// A number or an array that an optimizer keeps.
public struct OptimizerVariable: Sendable {
  /// Its path in Keras: `adam/iteration`, `adam/lstm_lstm_cell_kernel_momentum`.
  public var name: String
  /// Its numbers.
  public var tensor: Tensor
  /// Whether it counts: Keras keeps it as whole numbers.
  public var isInteger: Bool

  /// A variable of an optimizer.
  public init(name: String, tensor: Tensor, isInteger: Bool = false) {
    self.name = name
    self.tensor = tensor
    self.isInteger = isInteger
  }
}

/// An array of a file that belongs to a layer and is not one of the weights known here.
struct Leftover: Sendable {
  /// The layer.
  var layer: LayerID
  /// Its path from the layer's place in a Keras 3 file: `seed_generator/vars/0`.
  var path: String
  var array: NativeArray
}

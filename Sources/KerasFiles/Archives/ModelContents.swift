import Neural

/// All that a file can hold of a model: what is saved, and what a file with weights was read as.
public struct ModelContents: Sendable {
  /// The model; how it is compiled stands in `Model.extra["compile_config"]`.
  public var model: Model
  /// Its weights, for a file that holds them; first values take the place of those that are
  /// missing.
  public var weights: ModelWeights
  /// What its optimizer has noted in training, in the order of Keras' `optimizer.variables`.
  ///
  /// The count of steps, the learning rate, and its numbers for each weight. Empty: nothing.
  public var optimizer: [OptimizerVariable]
  /// What the file that the model was read from holds and nobody here knows.
  ///
  /// The weights of unknown layers, the states of random generators. Kept where the file saved has
  /// a place.
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
  /// Its numbers as the file has them, or is to have them.
  let array: NativeArray

  /// A variable of an optimizer.
  ///
  /// - Parameters:
  ///   - name: its path in Keras.
  ///   - tensor: its numbers.
  public init(name: String, tensor: Tensor) {
    self.init(name: name, array: NativeArray(tensor))
  }

  /// A variable that counts: Keras keeps it as a whole number.
  public init(name: String, count: Int) {
    self.init(name: name, array: NativeArray(count: count))
  }

  /// A variable of an optimizer that trains here.
  public init(_ slot: OptimizerSlot) {
    switch slot.content {
    case .count(let count): self.init(name: slot.name, count: count)
    case .numbers(let tensor): self.init(name: slot.name, tensor: tensor)
    }
  }

  init(name: String, array: NativeArray) {
    self.name = name
    self.array = array
  }

  /// The variable for an optimizer that trains here; `nil` where it holds no numbers.
  public var slot: OptimizerSlot? {
    if isInteger, sizes.isEmpty { return count.map { OptimizerSlot(name: name, .count($0)) } }
    return tensor.map { OptimizerSlot(name: name, .numbers($0)) }
  }

  /// Whether it counts: Keras keeps it as whole numbers.
  public var isInteger: Bool { array.isInteger }
  /// The whole number that it is; `nil` where it is none.
  public var count: Int? { array.count }
  /// The size of each axis.
  public var sizes: [Int] { array.sizes }
  /// Its numbers as 32-bit floats; `nil` where they are of a kind that is not known here.
  public var tensor: Tensor? { array.tensor }
}

/// An array of a file that belongs to a layer and is not one of the weights known here.
struct Leftover: Sendable {
  /// Whose it is.
  var place: WeightPaths.Place
  /// Its path from the layer's place in a Keras 3 file: `seed_generator/vars/0`.
  var path: String
  /// Whether it belongs to weights that are known, but could not be read.
  var isWeight = false
  /// Its place among the arrays of its layer, where a file of Keras 2's format has it.
  var number: Int?
  var array: NativeArray
}

/// A kind of Keras layer with its settings: a value that knows what it makes of its inputs.
///
/// One file a layer, or a close family. A layer states its settings once, its shape rule, its
/// weights, what it costs and why; it holds no numbers of its own. Weights are values beside it,
/// made from `weights(for:)`, so that one layer can be analysed, run and trained without change.
/// `LayerCatalog` lists all of them.
public protocol Layer: Hashable, Sendable {
  /// The class as Keras writes it: `LSTM`.
  static var className: String { get }

  /// The class of this value as Keras writes it: a family of operations has one for each kind.
  var className: String { get }

  /// Other names under which `keras.layers` has the class: `AvgPool1D`.
  static var aliases: [String] { get }

  /// The settings, in the order of Keras' constructor.
  static var settings: [Setting<Self>] { get }

  /// What the layer does, in one line: for the picker and the help.
  static var summary: String { get }

  /// The layer with Keras' defaults; where Keras has none, a small usual value.
  init()

  /// How many inputs the layer takes.
  var inputCount: ClosedRange<Int> { get }

  /// What the axes of the first input mean to this layer, for an input of this rank.
  ///
  /// - Returns: `nil` where the layer takes them as they are.
  func inputRoles(rank: Int) -> [AxisRole]?

  /// Whether every output axis means what the same axis of the first input meant.
  var keepsAxes: Bool { get }

  /// The shapes of the outputs.
  ///
  /// - Parameter inputs: the shape of each input, batch axis first.
  /// - Returns: a shape for each output.
  /// - Throws: `ShapeError` where the layer cannot stand on these inputs.
  func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape]

  /// The weights the layer needs on these inputs, in Keras' order.
  ///
  /// - Throws: `ShapeError` where an axis that the weights depend on is free.
  func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec]

  /// Multiplications with an addition that one pass costs, biases and activations not counted.
  ///
  /// Free axes count as 1. Source of the convention: matrix products of the forward pass.
  func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count

  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - inputs: a tensor for each input, of shapes that `outputShapes(for:)` accepts.
  ///   - weights: tensors of the sizes that `weights(for:)` says, in its order.
  ///   - context: masks, states, and whether this is training.
  /// - Returns: the outputs, of the sizes that `outputShapes(for:)` says.
  /// - Throws: `PassError` where the layer cannot be run, or not on these numbers.
  func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass

  /// How the layer treats the mask of its inputs.
  var masking: Masking { get }

  /// What the layer adds to the loss for the numbers that it gives; `nil`: nothing.
  var activityRegularizer: Regularizer? { get }

  /// Why the numbers are what they are, for these inputs.
  func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation

  /// What Keras warns of, or where it is wrong, for these inputs; one line each.
  func remarks(for inputs: [Shape]) -> [String]

  /// The layer's own kind of node: `false` for a layer, `true` for an operation such as `Squeeze`.
  static var isOperation: Bool { get }

  /// Whether a trained layer keeps state between calls of a pass (`stateful`).
  var isStateful: Bool { get }

  /// How many states it keeps between calls.
  var stateCount: Int { get }
}

extension Layer {
  /// No other names.
  public static var aliases: [String] { [] }
  /// One input.
  public var inputCount: ClosedRange<Int> { 1...1 }
  /// The axes as they are.
  public func inputRoles(rank: Int) -> [AxisRole]? { nil }
  /// `false`.
  public var keepsAxes: Bool { false }
  /// No weights.
  public func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] { [] }
  /// No matrix products.
  public func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count { 0 }
  /// Not yet.
  public func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    throw PassError("\(className) cannot be run here", remedy: "its shapes are known all the same")
  }
  /// Masks end here.
  public var masking: Masking { .ends }
  /// Nothing.
  public var activityRegularizer: Regularizer? { nil }
  /// No remarks.
  public func remarks(for inputs: [Shape]) -> [String] { [] }
  /// A layer.
  public static var isOperation: Bool { false }
  /// `false`.
  public var isStateful: Bool { false }
  /// None.
  public var stateCount: Int { 0 }
}

/// How a layer treats the mask of its inputs: which timesteps count.
public enum Masking: Hashable, Sendable {
  /// The layer does not look at the mask, and its output has none.
  case ends
  /// The layer does not look at the mask and hands it on unchanged.
  case passes
  /// The layer uses the mask; its output has it too where `handsOn` is true.
  case uses(handsOn: Bool)
  /// The layer makes a mask of its own: padding is where the input equals `value`.
  case makes(equal: MaskSource)

  /// What a mask is made from.
  public enum MaskSource: Hashable, Sendable {
    /// A timestep is skipped where its index equals 0 (`Embedding(mask_zero=True)`).
    case index
    /// A timestep is skipped where all its features equal this value (`Masking`).
    case features(Double)
  }
}

/// A weight that a layer needs: its name, shape, and where its first values come from.
public struct WeightSpec: Hashable, Sendable {
  /// Keras' name: `kernel`, `recurrent_kernel`, `bias`.
  public var name: String
  /// The size of each axis.
  public var shape: [Int]
  /// Whether training changes it; `BatchNormalization`'s moving averages are not trained.
  public var isTrainable: Bool
  /// Where the first values come from.
  public var initializer: Initializer
  /// Positions of a vector that start at 1 whatever the initializer says: those of the forget
  /// gate in an LSTM's bias.
  public var ones: Range<Int>?
  /// The part of the layer that owns it: `forward_lstm` in a bidirectional layer; empty for
  /// the layer itself.
  public var owner: [String]
  /// What training adds to the loss for it.
  public var regularizer: Regularizer?
  /// What it is forced to after each training step.
  public var constraint: WeightConstraint?
  /// Bytes that one of its numbers takes, where that is not what the layer's own policy says:
  /// in a model that stands as a layer of another.
  public var bytesPerNumber: Int?

  /// A weight of the layer itself.
  public init(
    _ name: String, _ shape: [Int], initializer: Initializer = .glorotUniform,
    isTrainable: Bool = true, regularizer: Regularizer? = nil,
    constraint: WeightConstraint? = nil, owner: [String] = []
  ) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.isTrainable = isTrainable
    self.regularizer = regularizer
    self.constraint = constraint
    self.owner = owner
  }

  /// How many numbers it holds.
  public var count: Count { Count.product(shape) }

  /// The weight as one of the part `name` of a wrapping layer.
  ///
  /// - Parameters:
  ///   - name: the part's name.
  ///   - trainable: whether the part is trained at all.
  /// - Returns: the weight with `name` before its owners.
  public func owned(by name: String, trainable: Bool = true) -> WeightSpec {
    var result = self
    result.owner.insert(name, at: 0)
    if !trainable { result.isTrainable = false }
    return result
  }
}

/// Why a layer's numbers are what they are: short questions with the numbers substituted.
public struct Explanation: Hashable, Sendable {
  /// One question with its answer.
  public struct Answer: Hashable, Sendable {
    /// The question: `Why 100 features?`.
    public var question: String
    /// The answer, a line each, numbers substituted.
    public var lines: [String]

    /// A question with its answer.
    public init(_ question: String, _ lines: [String]) {
      self.question = question
      self.lines = lines
    }
  }

  /// The questions, most asked first.
  public var answers: [Answer]

  /// An explanation of these answers.
  public init(_ answers: [Answer]) {
    self.answers = answers
  }
}

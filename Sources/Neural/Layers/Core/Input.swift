/// Where data comes in: a shape without weights.
///
/// Output: `batchShape`. Keras names the class `InputLayer`.
/// Source: `keras/src/layers/core/input_layer.py`.
package struct InputLayer: Layer {
  package static let className = "InputLayer"
  package static let summary = "where data comes in: states the shape of one batch"

  /// The shape with the batch axis first, `nil` for a free axis; `nil` as a whole while
  /// nobody has said what comes in.
  package var batchShape: [Int?]?
  /// The type of the numbers: `float32`, or `int32` for indices.
  package var dtype = "float32"
  /// Whether Keras feeds sparse tensors.
  package var sparse = false
  /// Whether Keras feeds ragged tensors.
  package var ragged = false
  /// Whether the input may be left out.
  package var optional = false

  package init() {}

  /// An input of this shape, the batch axis first.
  package init(batchShape: [Int?]?, dtype: String = "float32") {
    self.batchShape = batchShape
    self.dtype = dtype
  }

  package static let settings: [Setting<InputLayer>] = [
    Setting(
      "batch_shape", \.batchShape, .sizes,
      help: "such as (None, 12, 4): batch, timesteps, features; None where any size fits"),
    Setting("dtype", \.dtype, .value, help: "float32, or int32 for indices"),
    Setting("sparse", \.sparse, .boolean, isPositional: false, help: "sparse tensors"),
    Setting("ragged", \.ragged, .boolean, isPositional: false, help: "ragged tensors"),
    Setting("optional", \.optional, .boolean, isPositional: false, help: "may be left out"),
  ]

  package var inputCount: ClosedRange<Int> { 0...0 }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard let batchShape else {
      throw ShapeError("the input has no shape yet", remedy: "set batch_shape")
    }
    guard batchShape.count <= 32 else {
      throw ShapeError("an input of \(batchShape.count) axes is too many: at most 32")
    }
    for case let size? in batchShape where size < 0 || size > largestSize {
      throw ShapeError("an axis of \(size) is outside 0 to \(largestSize)")
    }
    return [Shape(sizes: batchShape)]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    throw PassError("no numbers were given for this input")
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let shape = outputs.first else { return Explanation([]) }
    let free = shape.axes.filter { $0.size == nil }.map { String($0.role.letter) }
    guard !free.isEmpty else { return Explanation([]) }
    return Explanation([
      .init(
        "Why None?",
        ["None: any size fits (\(free.joined(separator: ", ")))", "nothing is missing or broken"])
    ])
  }
}

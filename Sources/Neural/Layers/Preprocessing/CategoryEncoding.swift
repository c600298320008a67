/// Turns numbers of categories into rows of zeros and ones.
///
/// Input: (batch, …) of whole numbers below `numTokens`, and with `count` how much each counts.
/// Output: (batch, …, `numTokens`). Numbers that are no category leave zeros, as with JAX.
/// Source: `keras/src/layers/preprocessing/category_encoding.py`.
package struct CategoryEncoding: CalledLayer {
  package static let className = "CategoryEncoding"
  package static let summary = "turns category numbers into rows of zeros and ones"
  package static let callParameters = ["inputs", "count_weights"]
  package static let listsInputs = false

  /// How many categories there are; Keras asks for it.
  package var numTokens: Int?
  /// What is given for the categories.
  package var outputMode = CategoryOutput.multiHot
  /// Whether Keras keeps the output as a sparse tensor.
  package var sparse = false
  package var call = LayerCall()

  package init() {}

  package static let settings: [Setting<CategoryEncoding>] = [
    Setting(
      "num_tokens", \.numTokens, .optionalInteger(1...largestSize),
      help: "how many categories there are"),
    Setting(
      "output_mode", \.outputMode, .choice(["multi_hot", "one_hot", "count"]),
      help: "what is given for the categories"),
    Setting("sparse", \.sparse, .boolean, help: "whether Keras keeps zeros unwritten"),
  ]

  package var inputCount: ClosedRange<Int> { 1...2 }

  package func maskedInput(of count: Int) -> Int? { nil }

  package func buildShapes(_ inputs: [Shape]) -> [(name: String, shape: Shape)]? {
    // Keras builds it for the categories alone.
    input("inputs", of: inputs.count).map { [(name: "input_shape", shape: inputs[$0])] }
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard inputCount.contains(inputs.count) else {
      throw ShapeError("CategoryEncoding takes 1 or 2 inputs, found \(inputs.count)")
    }
    guard let place = input("inputs", of: inputs.count) else {
      throw ShapeError("CategoryEncoding is called without inputs")
    }
    if let weights = input("count_weights", of: inputs.count) {
      guard outputMode == .count else {
        throw ShapeError(
          "CategoryEncoding takes count_weights with output_mode count alone, "
            + "found \(outputMode.rawValue)", remedy: "set output_mode to count")
      }
      let fits =
        inputs[weights].rank == inputs[place].rank
        && zip(inputs[weights].sizes, inputs[place].sizes).allSatisfy {
          $0 == nil || $1 == nil || $0 == $1
        }
      guard fits else {
        throw ShapeError(
          "CategoryEncoding has count_weights of shape \(inputs[weights]) for inputs of shape "
            + "\(inputs[place])", remedy: "give a weight for each number")
      }
    }
    guard let numTokens else {
      throw ShapeError(
        "CategoryEncoding does not know how many categories there are", remedy: "set num_tokens")
    }
    return [
      try outputMode.shape(of: inputs[place], depth: numTokens, for: Self.className)
    ]
  }

  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try outputSizes(for: inputs)
    guard let place = input("inputs", of: inputs.count) else {
      throw PassError("CategoryEncoding is called without inputs")
    }
    let (input, mode, depth) = (inputs[place], outputMode, numTokens ?? 0)
    let categories = input.categories(cutting: mode == .multiHot)
    let factors = self.input("count_weights", of: inputs.count)
    let rows = mode.rows(
      of: categories, sizes: input.sizes, depth: depth, weights: factors.map { inputs[$0] })
    guard let factors else {
      var pass = Pass(rows)
      pass.isConstant = true
      return pass
    }
    let count = inputs.count
    return Pass(rows, in: context) { gradient in
      var back = [Tensor?](repeating: nil, count: count)
      if context.needsInputGradients {
        back[factors] = gradient.taken(categories, sizes: input.sizes, depth: depth)
      }
      return Gradients(inputs: back)
    }
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard outputMode != .oneHot, let input = inputs.first, input.rank > 2 else { return [] }
    return [
      "\(outputMode.rawValue) joins the numbers along axis 1; Keras' summary says the last axis"
    ]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    let count = (numTokens ?? 0).grouped
    return Explanation([
      .init("Why \(count) features?", ["num_tokens is \(count)"]),
      .init("What is in a row?", [outputMode.meaning]),
      .init("Why no parameters?", ["nothing here is trained"]),
    ])
  }
}

extension Tensor {
  /// For each number of an input of these sizes, what stands at its category in rows that joined
  /// axis 1; 0 where it is none.
  fileprivate func taken(_ categories: [Int], sizes: [Int], depth: Int) -> Tensor {
    let (joined, inner) = (sizes[1], sizes[2...].reduce(1, *))
    return Tensor(sizes) { out in
      values.withUnsafeBufferPointer { rows in
        for (index, category) in categories.enumerated() {
          let row = index / (joined * inner) * inner + index % inner
          out[index] = category >= 0 && category < depth ? rows[row * depth + category] : 0
        }
      }
    }
  }
}

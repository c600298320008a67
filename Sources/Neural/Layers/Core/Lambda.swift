import OrderedCollections

/// A Python function as a layer: never executed.
///
/// A script's function is followed on symbolic tensors: its shapes and what it computes are known
/// then. Of a file's function, which is compiled code, only the shape that the file says is known.
///
/// Source: `keras/src/layers/core/lambda_layer.py`.
package struct Lambda: Layer {
  package static let className = "Lambda"
  package static let summary = "a Python function as a layer: shown, never executed"

  /// The function as the configuration has it, kept for saving; `null` where a script has it.
  package var function: ConfigValue = nil
  /// What the configuration says of the output: sizes without the batch, or a function.
  package var givenOutputShape: ConfigValue = nil
  /// What the configuration says of the mask.
  package var mask: ConfigValue = nil
  /// Further arguments of the function.
  package var arguments: ConfigValue = [:]

  /// The function for people: its source, `lambda x: x[:, -1]`; empty where it is not known.
  package var functionDescription = ""
  /// The output's shape, the batch axis included, as found out by whoever read the function.
  package var resolvedOutputShape: [Int?]?
  /// The input shapes `resolvedOutputShape` holds for; `nil` where it holds for any.
  package var resolvedInputSizes: [[Int?]]?
  /// What the function computes; `nil` where that is not known.
  package var computation: LambdaFunction?

  package init() {}

  package static let settings: [Setting<Lambda>] = [
    Setting("function", \.function, .value, isRequired: true, help: "the Python function"),
    Setting(
      "output_shape", \.givenOutputShape, .value, help: "sizes of the output, without the batch"),
    Setting("mask", \.mask, .value, help: "the mask of the output, or a function"),
    Setting("arguments", \.arguments, .value, help: "further arguments of the function"),
  ]

  package var inputCount: ClosedRange<Int> { 1...largestSize }

  /// Records the mask in its node, and gives none.
  package var masking: Masking { .uses(handsOn: false) }

  /// The output's sizes as given by `output_shape`, the batch axis left out.
  package var outputShape: [Int?]? {
    get {
      guard givenOutputShape.listValue != nil else { return nil }
      return try? [Int?](configValue: givenOutputShape, kind: .sizes)
    }
    set { givenOutputShape = newValue?.configValue ?? nil }
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard let first = inputs.first else {
      throw ShapeError("Lambda takes at least one input, found none")
    }
    if let outputShape {
      let sizes = [first.axes.first?.size ?? nil] + outputShape
      return [try shape(of: sizes, like: first)]
    }
    guard let resolvedOutputShape else {
      throw ShapeError(
        "what this Lambda makes of \(first) is not known without executing it",
        remedy: "say it with output_shape, which leaves out the batch")
    }
    if let holds = resolvedInputSizes, !agree(holds, inputs.map(\.sizes)) {
      let before = holds.map { Shape(sizes: $0).description }.joined(separator: ", ")
      throw ShapeError(
        "what this Lambda makes of \(first) is not known: its shape was found for \(before)",
        remedy: "say it with output_shape, which leaves out the batch")
    }
    return [try shape(of: outputSizes(resolvedOutputShape, for: inputs), like: first)]
  }

  /// Whether sizes are those that the shape was found for, some of them known by now.
  private func agree(_ holds: [[Int?]], _ found: [[Int?]]) -> Bool {
    holds.count == found.count
      && zip(holds, found).allSatisfy { expected, sizes in
        expected.count == sizes.count
          && zip(expected, sizes).allSatisfy { $0 == nil || $0 == $1 }
      }
  }

  /// The output's sizes for inputs whose free axes may be known by now.
  private func outputSizes(
    _ resolved: [Int?], for inputs: [Shape]
  ) throws(ShapeError) -> [Int?] {
    guard let holds = resolvedInputSizes, holds != inputs.map(\.sizes) else { return resolved }
    if let computation, resolved.contains(nil) {
      let analysis = Analysis(of: computation.graph, inputShapes: inputs)
      if let (_, error) = analysis.firstError { throw error }
      if let output = analysis.outputShapes.first { return output.sizes }
    }
    var sizes = resolved
    // The batch goes through nearly every function; nothing is known of other axes.
    if !sizes.isEmpty, sizes[0] == nil, holds.first?.first == .some(nil) {
      sizes[0] = inputs.first?.axes.first?.size
    }
    return sizes
  }

  private func shape(of sizes: [Int?], like input: Shape) throws(ShapeError) -> Shape {
    for case let size? in sizes where size < 0 {
      throw ShapeError("an axis of the Lambda's output_shape is \(size)")
    }
    return sizes == input.sizes ? input : Shape(sizes: sizes)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    var lines = [String]()
    if !functionDescription.isEmpty { lines.append(functionDescription) }
    lines.append(
      outputShape != nil ? "output_shape says the shape" : "the shape follows from the code")
    return Explanation([.init("What does it do?", lines + ["no parameters: nothing is trained"])])
  }
}

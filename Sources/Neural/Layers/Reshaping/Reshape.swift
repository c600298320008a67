/// Cuts the numbers of each sample up differently; their order stays.
///
/// Input: (batch, …). Output: (batch, `targetShape`…).
/// Source: `keras/src/layers/reshaping/reshape.py`.
package struct Reshape: Layer {
  package static let className = "Reshape"
  package static let summary = "cuts the numbers of a sample into another shape"

  /// The sizes without the batch; −1: what is left.
  package var targetShape: [Int?] = [-1]

  package init() {}

  package static let settings: [Setting<Reshape>] = [
    Setting(
      "target_shape", \.targetShape, .sizes, isRequired: true,
      help: "sizes without the batch; -1: what is left")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    try input.requireRank(atLeast: 1, for: className)
    let sizes = try ReshapeRule.sizes(
      of: Array(input.sizes.dropFirst()), reshapedTo: targetShape, context: className)
    var output = ReshapeRule.shape(of: [input[0].size] + sizes, from: input)
    output.axes[0] = input[0]
    return [output]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let output = outputs.first else { return Explanation([]) }
    let count = (try? input.elementsPerSample()) ?? nil
    let before = input.axes.dropFirst().map(\.sizeText).joined(separator: " × ")
    let after = output.axes.dropFirst().map(\.sizeText).joined(separator: " × ")
    return Explanation([
      .init(
        "Why \(output)?",
        [
          count.map { "\(before) = \($0) numbers," } ?? "the same numbers in the same order,",
          "cut into \(after)",
        ])
    ])
  }
}

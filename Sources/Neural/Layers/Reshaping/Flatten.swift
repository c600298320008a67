/// Puts all numbers of a sample into one row.
///
/// Input: (batch, …). Output: (batch, product of all other axes).
/// Source: `keras/src/layers/reshaping/flatten.py`.
package struct Flatten: Layer {
  package static let className = "Flatten"
  package static let summary = "puts all numbers of a sample into one row of features"

  /// Where the channels stand: they come last in the row.
  package var dataFormat = DataFormat.channelsLast

  package init() {}

  package static let settings: [Setting<Flatten>] = [
    Setting(
      "data_format", \.dataFormat, .choice(DataFormat.choices), help: "where the channels stand")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    try input.requireRank(atLeast: 1, for: className)
    if input.rank == 2 {
      return [Shape([input[0], Axis(.features, input[1].size, parts: input[1].parts)])]
    }
    return [Shape([input[0], Axis(.features, try input.elementsPerSample())])]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let output = outputs.first, output.rank == 2 else {
      return Explanation([])
    }
    let sizes = input.axes.dropFirst().map(\.sizeText).joined(separator: " × ")
    guard let count = output[1].size else {
      return Explanation([
        .init("Why None features?", ["\(sizes): an axis is free, so a Dense layer cannot follow"])
      ])
    }
    return Explanation([
      .init("Why \(count.grouped) features?", [sizes.isEmpty ? "one number a sample" : sizes])
    ])
  }
}

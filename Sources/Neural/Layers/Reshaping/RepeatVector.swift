/// Makes a sequence of copies of one row of features.
///
/// Input: (batch, features). Output: (batch, `n`, features).
/// Source: `keras/src/layers/reshaping/repeat_vector.py`.
package struct RepeatVector: Layer {
  package static let className = "RepeatVector"
  package static let summary = "repeats a row of features: a sequence of n equal timesteps"

  /// How many timesteps.
  package var n = 1

  package init() {}

  package static let settings: [Setting<RepeatVector>] = [
    Setting("n", \.n, .integer(1...largestSize), isRequired: true, help: "how many timesteps")
  ]

  package func inputRoles(rank: Int) -> [AxisRole]? { rank == 2 ? [.batch, .features] : nil }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    guard input.rank == 2 else {
      throw ShapeError(
        "RepeatVector takes an input of 2 axes (batch, features), found \(input)",
        remedy: input.rank == 3 ? "set return_sequences=false before it" : "use Flatten before it")
    }
    let features = Axis(.features, input[1].size, parts: input[1].parts)
    return [Shape([input[0], Axis(.time, n), features])]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, input.rank == 2 else { return Explanation([]) }
    return Explanation([
      .init(
        "Why \(n.grouped) timesteps?",
        ["n is \(n): the same \(input[1].sizeText) features at every one of them"])
    ])
  }
}

/// Puts the axes into another order.
///
/// Input: (batch, …). Output: (batch, …) with axis `dims[i]` at place i + 1.
/// Source: `keras/src/layers/reshaping/permute.py`.
package struct Permute: Layer {
  package static let className = "Permute"
  package static let summary = "swaps axes: features become timesteps, for one"

  /// The axes in their new order, counted from 1; the batch stays.
  package var dims = [2, 1]

  package init() {}

  package static let settings: [Setting<Permute>] = [
    Setting(
      "dims", \.dims, .sizes, isRequired: true, help: "the axes in their new order, from 1")
  ]

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let input = try single(inputs)
    guard !dims.isEmpty ? dims.sorted() == Array(1...dims.count) : true else {
      throw ShapeError(
        "Permute has dims \(dims): each axis from 1 to \(dims.count) must stand there once")
    }
    guard input.rank == dims.count + 1 else {
      throw ShapeError(
        "Permute orders \(dims.count) axes besides the batch, found \(input)",
        remedy: "name each axis of the input once in dims, counted from 1")
    }
    return [Shape([input[0]] + dims.map { input[$0] })]
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let output = outputs.first else { return Explanation([]) }
    return Explanation([
      .init(
        "Why \(output)?",
        ["axes \(dims.map(String.init).joined(separator: ", ")) of the input", "the numbers stay"])
    ])
  }
}

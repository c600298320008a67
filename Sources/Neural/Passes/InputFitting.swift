extension Model {
  /// The sizes of the inputs, adjusted as Keras does: a last axis of size 1 is added or dropped.
  ///
  /// Source: `_adjust_input_rank` in `keras/src/models/functional.py`.
  /// - Throws: `PassError` where an input does not fit what the model expects.
  func adjusted(_ sizes: [[Int]]) throws(PassError) -> [[Int]] {
    guard sizes.count == inputs.count else {
      let noun = inputs.count == 1 ? "input" : "inputs"
      throw PassError("the model takes \(inputs.count) \(noun), found \(sizes.count)")
    }
    var result: [[Int]] = []
    for (input, found) in zip(inputs, sizes) {
      let layer = layer(of: input.node)
      let declared = (layer?.layer as? InputLayer)?.batchShape
      let name = inputs.count > 1 ? "the input \(layer?.name ?? "?")" : "the input"
      result.append(try adjusted(found, to: declared, name))
    }
    return result
  }

  private func adjusted(
    _ found: [Int], to declared: [Int?]?, _ name: String
  ) throws(PassError) -> [Int] {
    let shown = Shape(sizes: found)
    guard let batch = found.first else {
      throw PassError("\(name) is a single number", remedy: "give it a batch axis")
    }
    guard batch > 0 else { throw PassError("\(name) has no samples: its shape is \(shown)") }
    guard let declared else { return found }
    let expected = Shape(sizes: [nil] + declared.dropFirst())
    var sizes = found
    if sizes.count == declared.count + 1, sizes.last == 1 { sizes.removeLast() }
    if sizes.count == declared.count - 1, declared.last == .some(1) { sizes.append(1) }
    guard sizes.count == declared.count else {
      throw PassError(
        "\(name) has \(found.count) axes, the model takes \(declared.count): "
          + "found \(shown), expected \(expected)",
        remedy: found.count + 1 == declared.count
          ? "is the batch axis missing? one sample is (1, …)" : "")
    }
    for (index, (size, wanted)) in zip(sizes, declared).enumerated().dropFirst() {
      guard let wanted, size != wanted else { continue }
      let role = expected[index].role
      let noun = expected[index].noun
      throw PassError(
        "\(name) has \(size) \(noun), the model takes \(wanted): found \(shown), "
          + "expected \(expected)",
        remedy: role == .time ? "--timesteps \(size) makes the model take them" : "")
    }
    if let axis = expected.axes.indices.first(where: { expected[$0].role == .time }),
      sizes[axis] == 0
    {
      throw PassError(
        "\(name) has no timesteps: its shape is \(shown)", remedy: "there is nothing to walk over")
    }
    guard !sizes.contains(0) else {
      throw PassError("\(name) is empty: its shape is \(shown)")
    }
    return sizes
  }

  /// The shapes of the inputs for these sizes, their axes named as the model names them.
  func inputShapes(ofSizes sizes: [[Int]]) throws(PassError) -> [Shape] {
    let plain = Analysis(of: self)
    return zip(inputs, sizes).map { input, sizes in
      let named = plain.shape(of: input)
      guard let named, named.rank == sizes.count else { return Shape(sizes: sizes) }
      return Shape(sizes: sizes, roles: named.axes.map(\.role))
    }
  }
}

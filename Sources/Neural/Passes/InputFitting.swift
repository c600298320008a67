extension Model {
  /// The sizes of the inputs, adjusted as Keras does: a last axis of size 1 is added or dropped.
  ///
  /// Source: `_adjust_input_rank` in `keras/src/models/functional.py`.
  /// - Throws: `PassError` where an input does not fit what the model expects.
  func adjusted(_ sizes: [[Int]]) throws(PassError) -> [[Int]] {
    guard sizes.count == inputs.count else {
      let noun = inputs.count == 1 ? "input" : "inputs"
      let names = inputs.map { layer(of: $0.node)?.name ?? "?" }.joined(separator: ", ")
      throw PassError(
        "the model takes \(inputs.count) \(noun), found \(sizes.count)",
        remedy: inputs.count > 1 ? "give one for each of \(names)" : "")
    }
    var result: [[Int]] = []
    for (index, found) in sizes.enumerated() { result.append(try adjusted(found, forInput: index)) }
    return result
  }

  /// The sizes of one input, adjusted in the same way.
  ///
  /// - Throws: `PassError` where it does not fit what the model expects.
  package func adjusted(_ found: [Int], forInput index: Int) throws(PassError) -> [Int] {
    let layer = layer(of: inputs[index].node)
    let fitting = InputFitting(
      name: inputs.count > 1 ? "the input \(layer?.name ?? "?")" : "the input",
      declared: (layer?.layer as? InputLayer)?.batchShape,
      roles: InputRoles(self).roles(of: inputs[index].node))
    return try fitting.adjusted(found)
  }

  /// The shapes of the inputs for these sizes, their axes named as the model names them.
  func inputShapes(ofSizes sizes: [[Int]]) -> [Shape] {
    let roles = InputRoles(self)
    return zip(inputs, sizes).map { input, sizes in
      Shape(sizes: sizes, roles: roles.roles(of: input.node))
    }
  }
}

/// What an input of a model must look like.
private struct InputFitting {
  /// The input in messages.
  let name: String
  /// The shape that the model says, the batch axis first; `nil` where it says none.
  let declared: [Int?]?
  /// What the axes mean, where a layer says so.
  let roles: [AxisRole]?

  func adjusted(_ found: [Int]) throws(PassError) -> [Int] {
    guard let batch = found.first else {
      throw PassError("\(name) is a single number", remedy: "give it a batch axis: (1, …)")
    }
    guard batch > 0 else {
      throw PassError("\(name) has no samples: its shape is \(Shape(sizes: found))")
    }
    var sizes = found
    if let declared {
      if sizes.count == declared.count + 1, sizes.last == 1 { sizes.removeLast() }
      if sizes.count == declared.count - 1, declared.last == .some(1) { sizes.append(1) }
      try check(sizes, against: declared, found: found)
    }
    try checkNotEmpty(sizes)
    return sizes
  }

  /// The shape that is expected: any number of samples fits.
  private func expected(_ declared: [Int?]) -> Shape {
    Shape(sizes: [nil] + declared.dropFirst(), roles: roles)
  }

  private func check(
    _ sizes: [Int], against declared: [Int?], found: [Int]
  ) throws(PassError) {
    let expected = expected(declared)
    let shapes = "found \(Shape(sizes: found)), expected \(expected)"
    guard sizes.count == declared.count else {
      throw PassError(
        "\(name) has \(found.axesText), the model takes \(declared.count): \(shapes)",
        remedy: remedy(found, declared))
    }
    for (index, (size, wanted)) in zip(sizes, declared).enumerated().dropFirst() {
      guard let wanted, size != wanted else { continue }
      throw PassError(
        "\(name) has \(expected[index].counted(size)), the model takes \(wanted): \(shapes)",
        remedy: expected[index].role == .time && size > 0
          ? "--timesteps \(size) makes the model take them" : "")
    }
  }

  private func remedy(_ found: [Int], _ declared: [Int?]) -> String {
    let sample = Array(declared.dropFirst())
    let isSample =
      found.count == sample.count && zip(found, sample).allSatisfy { $1 == nil || $0 == $1 }
    if isSample {
      return "the batch axis is missing: one sample is \(Shape(sizes: [1] + found))"
    }
    if found.count == declared.count + 1 { return "only a last axis of size 1 may be too many" }
    return ""
  }

  /// An axis without positions has nothing to compute with.
  private func checkNotEmpty(_ sizes: [Int]) throws(PassError) {
    let shape = Shape(sizes: sizes, roles: roles)
    guard let axis = sizes.firstIndex(where: { $0 <= 0 }) else { return }
    guard shape[axis].role == .time else {
      throw PassError(
        "\(name) has \(shape[axis].counted(0)): its shape is \(shape)",
        remedy: "there is nothing to compute")
    }
    throw PassError(
      "\(name) has no timesteps: its shape is \(shape)",
      remedy: "a recurrent layer needs at least one to walk over")
  }
}

extension Axis {
  /// A number of positions in words: `3 features`, `1 timestep`.
  fileprivate func counted(_ count: Int) -> String {
    let noun = self.noun
    let singular = count == 1 && noun.hasSuffix("s") ? String(noun.dropLast()) : noun
    return "\(count == 0 ? "no" : count.grouped) \(singular)"
  }
}

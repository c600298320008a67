/// One layer applied to every timestep by itself, with the same weights.
///
/// Input: (batch, timesteps, …). Output: what the layer makes of (batch, …), with the timesteps
/// put back as axis 1. Source: `keras/src/layers/rnn/time_distributed.py`.
package struct TimeDistributed: WrapperLayer {
  package static let className = "TimeDistributed"
  package static let summary = "applies one layer to each timestep by itself"

  package var inner: NamedLayer

  package init() {
    self.init(NamedLayer("dense", Dense()))
  }

  package init(_ inner: NamedLayer) {
    self.inner = inner
  }

  package static let settings: [Setting<TimeDistributed>] = [
    Setting(layer: "layer", { $0.inner }, isRequired: true, help: "the layer for each timestep")
  ]

  package var keepsAxes: Bool { inner.layer.keepsAxes }
  package var masking: Masking { .uses(handsOn: true) }
  package var isStateful: Bool { inner.layer.isStateful }

  package func inputRoles(rank: Int) -> [AxisRole]? {
    guard rank >= 3 else { return nil }
    let roles = inner.layer.inputRoles(rank: rank - 1) ?? Shape.defaultRoles(rank: rank - 1)
    return [.batch, .time] + roles.dropFirst()
  }

  /// The input of the inner layer: axis 1 taken out.
  private func innerInput(_ inputs: [Shape]) throws(ShapeError) -> (time: Axis, input: Shape) {
    var input = try single(inputs)
    guard input.rank >= 3 else {
      throw ShapeError(
        "TimeDistributed takes an input of at least 3 axes (batch, timesteps, …), found \(input)",
        remedy: "use the inner layer by itself, or return_sequences=true before it")
    }
    let time = Axis(.time, input.axes.remove(at: 1).size)
    return (time, input)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let (time, input) = try innerInput(inputs)
    let shapes = try inner.layer.outputShapes(for: [input])
    guard shapes.count == 1, var output = shapes.first, output.rank >= 1 else {
      throw ShapeError(
        "TimeDistributed needs a layer with one output, \(inner.className) gives \(shapes.count)",
        remedy: "set return_state to false")
    }
    output.axes.insert(time, at: 1)
    return [output]
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let (_, input) = try innerInput(inputs)
    return try inner.layer.weights(for: [input]).map {
      $0.owned(by: inner.name, trainable: inner.trainable)
    }
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let (time, input) = try? innerInput(inputs),
      let shapes = try? inner.layer.outputShapes(for: [input])
    else { return 0 }
    return Count(time.size ?? 1) * inner.layer.multiplyAdds(for: [input], outputs: shapes)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let (time, input) = try? innerInput(inputs),
      let shapes = try? inner.layer.outputShapes(for: [input])
    else { return Explanation([]) }
    var answers = [
      Explanation.Answer(
        time.size.map { "Why \($0.grouped) timesteps?" } ?? "Why None timesteps?",
        ["each of the \(time.sizeText) is handled by itself: none is mixed"])
    ]
    let count = parameterCount(for: inputs)
    if count > 0 {
      answers.append(
        .init(
          "Why \(count.grouped) parameters?",
          ["one \(inner.className), the same at each t", "no T in it: any length fits"]))
    }
    return Explanation(
      answers
        + inner.layer.explanation(for: [input], outputs: shapes).answers.filter {
          !$0.question.hasSuffix("parameters?")
        })
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    guard let (_, input) = try? innerInput(inputs) else { return [] }
    let inherited = inner.layer.remarks(for: [input])
    guard inner.layer is Dense else { return inherited }
    return inherited + ["Dense alone gives the same: it works on the last axis of any input"]
  }
}

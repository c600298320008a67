/// What convolutional LSTMs have in common.
///
/// i, f, o = σ(x∗W + h∗U + b), g = tanh(x∗W + h∗U + b), c = f·c₋₁ + i·g, h = o·tanh(c). The
/// convolution of the input has the layer's strides, padding and dilation; that of the state keeps
/// its size. Gate order in the kernels i, f, c, o. Source: `keras/src/layers/rnn/conv_lstm.py`.
protocol ConvLSTMLayer: SequenceLayer {
  /// The convolution of as many spatial axes.
  associatedtype Convolution: FullConvolution
  /// What every convolutional LSTM can be told.
  var options: ConvLSTMOptions { get set }
}

extension ConvLSTMLayer {
  static var spatialRank: Int { Convolution.spatialRank }

  package var sequence: SequenceOptions {
    get { options.sequence }
    set { options.sequence = newValue }
  }

  package var stateCount: Int { 2 }
  package var activityRegularizer: Regularizer? { options.convolution.activityRegularizer }

  /// The convolution of the input, to as many filters.
  func inputConvolution(_ filters: Int) -> Convolution {
    var convolution = Convolution()
    convolution.options = options.convolution
    convolution.options.activation = .linear
    convolution.options.useBias = false
    return padded(convolution, filters, options.padding)
  }

  /// The convolution of the state, to as many filters; always of channels in the last axis.
  func stateConvolution(_ filters: Int) -> Convolution {
    var convolution = Convolution()
    convolution.options.kernelSize = options.convolution.kernelSize
    convolution.options.useBias = false
    return padded(convolution, filters, .same)
  }

  private func padded(
    _ convolution: Convolution, _ filters: Int, _ padding: Padding
  ) -> Convolution {
    var convolution = convolution
    convolution.filters = filters
    // Every convolution has this setting with these values.
    try? convolution.set("padding", to: padding.configValue)
    return convolution
  }

  // MARK: Shapes

  /// (batch, time, …), and the rest as images or rows have it.
  package func inputRoles(rank: Int) -> [AxisRole]? {
    rank == Self.spatialRank + 3 ? [.batch, .time] + stepRoles.dropFirst() : nil
  }

  /// What the axes of a timestep mean.
  private var stepRoles: [AxisRole] {
    let places: [AxisRole] = [.other, .height, .width].suffix(Self.spatialRank)
    return options.convolution.dataFormat == .channelsLast
      ? [.batch] + places + [.channels] : [.batch, .channels] + places
  }

  /// The timestep (batch, …) that a sequence has, with sizes that are all known.
  ///
  /// - Throws: `ShapeError` where it is no such sequence.
  func timestep(of inputs: [Shape]) throws(ShapeError) -> (step: Shape, time: Axis) {
    guard var input = inputs.first else {
      throw ShapeError("\(className) takes a sequence, found no input")
    }
    let roles = inputRoles(rank: Self.spatialRank + 3) ?? []
    let axes = roles.map(\.rawValue).joined(separator: ", ")
    try input.requireRank(roles.count, axes, for: className)
    input = input.withRoles(roles)
    for index in input.axes.indices.dropFirst(2) {
      _ = try input.requireSize(index, input[index].noun, for: className)
    }
    try checkBatch(of: input)
    let time = input.axes.remove(at: 1)
    return (input, Axis(.time, time.size))
  }

  /// The shape of the state that a timestep leaves.
  private func state(after step: Shape) throws(ShapeError) -> Shape {
    let shapes = try inputConvolution(options.filters).outputShapes(for: [step])
    return shapes[0].withRoles(stepRoles)
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let (step, time) = try timestep(of: inputs)
    let state = try state(after: step)
    for (name, given) in zip(["h", "c"], inputs.dropFirst()) {
      guard given.rank == state.rank,
        zip(given.sizes, state.sizes).dropFirst().allSatisfy({ agreeing($0, $1) != nil })
      else {
        throw ShapeError(
          "the initial state \(name) of \(className) has shape \(given), expected \(state)",
          remedy: "use the filters and sizes of the layer that gives the state")
      }
    }
    guard inputs.count == 1 || inputs.count == 3 else {
      throw ShapeError(
        "\(className) carries 2 state(s) (h, c), found \(inputs.count - 1) as initial_state")
    }
    var output = state
    if options.sequence.returnSequences { output.axes.insert(time, at: 1) }
    return [output] + (options.sequence.returnState ? [state, state] : [])
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let (step, _) = try timestep(of: inputs)
    guard let width = multiplied(4, options.filters) else {
      throw ShapeError("\(options.filters) filters are too many", remedy: "use a smaller number")
    }
    let own = options.convolution
    var specs = try inputConvolution(width).weights(for: [step])
    specs.append(
      WeightSpec(
        "recurrent_kernel", own.kernelSize + [options.filters, width],
        initializer: options.recurrentInitializer, regularizer: options.recurrentRegularizer,
        constraint: options.recurrentConstraint))
    guard own.useBias else { return specs }
    var bias = WeightSpec(
      "bias", [width], initializer: own.biasInitializer, regularizer: own.biasRegularizer,
      constraint: own.biasConstraint)
    if options.unitForgetBias { bias.ones = options.filters..<(2 * options.filters) }
    return specs + [bias]
  }

  /// For each place of each timestep, the numbers of both kernels.
  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let (step, time) = try? timestep(of: inputs), let state = try? state(after: step),
      let specs = try? weights(for: inputs)
    else { return 0 }
    let kernels = specs.filter { $0.name != "bias" }.reduce(Count(0)) { $0 + $1.count }
    return Count(time.size ?? 1) * places(of: state) * kernels
  }

  /// Samples × places of a state, a free axis counted as 1.
  private func places(of state: Shape) -> Count {
    state.axes.filter { $0.role != .channels }.reduce(Count(1)) { $0 * Count($1.size ?? 1) }
  }

  /// Numbers that it holds while it runs: the gates of all timesteps, and what the way back needs.
  func heldNumbers(for inputs: [Shape], isDifferentiated: Bool) -> Count {
    guard let (step, time) = try? timestep(of: inputs), let state = try? state(after: step) else {
      return 0
    }
    let each = places(of: state) * Count(options.filters) * Count(time.size ?? 1)
    return each * (isDifferentiated ? 20 : 6)
      + Count.product((inputs.first?.sizes ?? []).map { $0 ?? 1 }) * 2
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let (step, time) = try? timestep(of: inputs), let state = try? state(after: step),
      let specs = try? weights(for: inputs)
    else { return Explanation([]) }
    var answers: [Explanation.Answer] = []
    let window = inputConvolution(1).window
    let spatial = options.convolution.dataFormat.spatialAxes(rank: Self.spatialRank)
    for (index, axis) in spatial.enumerated() {
      answers.append(
        .init(
          "Why \(state[axis].sizeText) \(state[axis].noun)?",
          window.placesFormula(step[axis], index: index)))
    }
    let filters = options.filters
    answers.append(
      .init("Why \(filters.grouped) channels?", ["filters is \(filters): channels of the state h"]))
    answers.append(timeAnswer(time))
    let channels = step.axes.first { $0.role == .channels }?.size ?? 0
    let kernel = options.convolution.kernelSize.map(String.init).joined(separator: " × ")
    let bias = options.convolution.useBias ? " + \(filters)" : ""
    answers.append(
      .init(
        "Why \(specs.reduce(Count(0)) { $0 + $1.count }.grouped) parameters?",
        [
          "4 × (\(kernel) × (\(channels) + \(filters)) × \(filters)\(bias))",
          "gates × (kernel × (channels + filters) × filters\(bias.isEmpty ? "" : " + biases"))",
          "no T in it: any length fits",
        ]))
    return Explanation(answers)
  }

  private func timeAnswer(_ time: Axis) -> Explanation.Answer {
    let count = time.size.map { $0.grouped } ?? "T"
    return options.sequence.returnSequences
      ? .init(
        time.size == nil ? "Why None timesteps?" : "Why \(count) timesteps?",
        [
          "reads all \(count), gives an output at each"
            + (options.sequence.goBackwards ? ", last timestep first" : "")
        ])
      : .init(
        "Where are the \(count) timesteps?",
        ["reads all \(count), returns the last state only"])
  }
}

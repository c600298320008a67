import VectorKernels

/// What recurrent layers have in common: they walk over the timesteps with one set of weights.
///
/// Input: (batch, timesteps, features), and optionally each initial state (batch, units).
/// Output: (batch, units), or (batch, timesteps, units) with `returnSequences`; behind it, with
/// `returnState`, each final state (batch, units).
package protocol RecurrentLayer: SequenceLayer {
  /// Size of the hidden state: output features of one direction.
  var units: Int { get set }
  /// What every recurrent layer can be told.
  var options: RecurrentOptions { get set }
  /// How many states are carried from a timestep to the next: 2 for LSTM (h and c), else 1.
  static var stateNames: [String] { get }
  /// The gates and candidates of a timestep in the order of their blocks in the kernels.
  static var gates: [String] { get }
  /// Sizes of the bias: LSTM [4 units], GRU with `reset_after` [2, 3 units].
  var biasShape: [Int] { get }
  /// Positions of the bias that start at 1 whatever the initializer says.
  var biasOnes: Range<Int>? { get }
  /// What the parameter formula adds for biases, per unit and gate: 1, or 2 for `reset_after`.
  var biasesPerGate: Int { get }
  /// What is recorded for each unit at each timestep, states last.
  static var quantities: [Quantity] { get }
  /// The quantities that are states, in the order of `stateNames`.
  static var stateQuantities: [Quantity] { get }
  /// Applied to the gates; of a layer without gates the activation itself.
  var gateActivation: Activation { get }
  /// The formulas of a timestep as the kernel calls them.
  var kernelCell: RecurrentCell { get }
  /// Computes one timestep: all quantities of all units. The kernel does the same, faster, where
  /// it has the functions.
  ///
  /// - Throws: `PassError` where an activation is not known.
  func compute(_ step: RecurrentStep) throws(PassError)
  /// The way back of one timestep; the kernel does the same, faster, where it has the functions.
  ///
  /// - Throws: `PassError` where an activation is not known.
  func backpropagate(_ back: RecurrentStepBack) throws(PassError)
}

/// What every recurrent layer can be told.
package struct RecurrentOptions: Hashable, Sendable {
  /// Applied to the candidate.
  package var activation = Activation.tanh
  /// Whether biases are added.
  package var useBias = true
  /// First values of the kernel.
  package var kernelInitializer = Initializer.glorotUniform
  /// First values of the recurrent kernel.
  package var recurrentInitializer = Initializer.orthogonal
  /// First values of the bias.
  package var biasInitializer = Initializer.zeros
  /// Penalty on the kernel.
  package var kernelRegularizer: Regularizer?
  /// Penalty on the recurrent kernel.
  package var recurrentRegularizer: Regularizer?
  /// Penalty on the bias.
  package var biasRegularizer: Regularizer?
  /// Penalty on the output.
  package var activityRegularizer: Regularizer?
  /// Constraint on the kernel.
  package var kernelConstraint: WeightConstraint?
  /// Constraint on the recurrent kernel.
  package var recurrentConstraint: WeightConstraint?
  /// Constraint on the bias.
  package var biasConstraint: WeightConstraint?
  /// Share of the inputs dropped in training.
  package var dropout = 0.0
  /// Share of the hidden state dropped in training.
  package var recurrentDropout = 0.0
  /// Seed of the dropout.
  package var seed: Int?
  /// Whether every timestep's output is returned, or the last one only.
  package var returnSequences = false
  /// Whether the final states are returned behind the output.
  package var returnState = false
  /// Whether the timesteps are walked from the last to the first; the output stays reversed.
  package var goBackwards = false
  /// Whether the states carry over to the next batch.
  package var stateful = false
  /// Whether the loop is unrolled: faster for short sequences, same numbers.
  package var unroll = false
  /// Whether masked timesteps give zeros instead of the last output.
  package var zeroOutputForMask = false

  /// Keras' defaults.
  package init() {}
}

extension RecurrentLayer {
  /// None.
  package var biasOnes: Range<Int>? { nil }

  /// (batch, time, features).
  package func inputRoles(rank: Int) -> [AxisRole]? {
    rank == 3 ? [.batch, .time, .features] : nil
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    guard let input = inputs.first else {
      throw ShapeError("\(Self.className) takes a sequence, found no input")
    }
    try input.requireRank(3, "batch, timesteps, features", for: Self.className)
    _ = try input.requireSize(-1, "features", for: Self.className)
    try checkBatch(of: input)
    try checkStates(Array(inputs.dropFirst()))
    let features = Axis(.features, units)
    let batch = input[0]
    let state = Shape([batch, features])
    let output =
      options.returnSequences
      ? Shape([batch, Axis(.time, input[1].size), features]) : state
    return [output] + (options.returnState ? Self.stateNames.map { _ in state } : [])
  }

  private func checkStates(_ states: [Shape]) throws(ShapeError) {
    guard !states.isEmpty else { return }
    guard states.count == Self.stateNames.count else {
      throw ShapeError(
        "\(Self.className) carries \(Self.stateNames.count) state(s) "
          + "(\(Self.stateNames.joined(separator: ", "))), found \(states.count) as initial_state")
    }
    for (name, state) in zip(Self.stateNames, states) {
      guard state.rank == 2, agreeing(state[1].size, units) != nil else {
        throw ShapeError(
          "the initial state \(name) of \(Self.className) has shape \(state), "
            + "expected (batch, \(units))",
          remedy: "use as many units as the layer that gives the state")
      }
    }
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    guard let input = inputs.first else {
      throw ShapeError("\(Self.className) takes a sequence, found no input")
    }
    let features = try input.requireSize(-1, "features", for: Self.className)
    let (width, overflow) = units.multipliedReportingOverflow(by: Self.gates.count)
    guard !overflow else {
      throw ShapeError("\(units) units are too many", remedy: "use a smaller number")
    }
    let kernels = [
      WeightSpec(
        "kernel", [features, width], initializer: options.kernelInitializer,
        regularizer: options.kernelRegularizer, constraint: options.kernelConstraint),
      WeightSpec(
        "recurrent_kernel", [units, width], initializer: options.recurrentInitializer,
        regularizer: options.recurrentRegularizer, constraint: options.recurrentConstraint),
    ]
    guard options.useBias else { return kernels }
    var bias = WeightSpec(
      "bias", biasShape, initializer: options.biasInitializer,
      regularizer: options.biasRegularizer, constraint: options.biasConstraint)
    bias.ones = biasOnes
    return kernels + [bias]
  }

  /// gates × (features + units) × units for each timestep of each sample.
  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    guard let input = inputs.first, let features = input.axes.last?.size else { return 0 }
    return input.positions(dropLast: 1) * Count(Self.gates.count)
      * (Count(features) + Count(units)) * Count(units)
  }

  /// The parameters of one direction with the numbers substituted:
  /// `4 × ((20 + 50) × 50 + 50)`.
  package func parameterFormula(features: Int) -> String {
    let products = "(\(features) + \(units)) × \(units)"
    let biases = biasesPerGate > 1 ? "\(biasesPerGate) × \(units)" : "\(units)"
    let gates = Self.gates.count
    if gates == 1 { return options.useBias ? "\(products) + \(biases)" : products }
    return options.useBias ? "\(gates) × (\(products) + \(biases))" : "\(gates) × \(products)"
  }

  /// What stands where in the formula.
  package var formulaLegend: String {
    let biases = options.useBias ? " + biases" : ""
    let product = "(features + units) × units\(biases)"
    return Self.gates.count == 1 ? product : "gates × (\(product))"
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let input = inputs.first, let features = input.axes.last?.size else {
      return Explanation([])
    }
    let count = (try? weights(for: inputs))?.reduce(Count(0)) { $0 + $1.count } ?? 0
    return Explanation([
      .init("Why \(units.grouped) features?", ["units is \(units): the size of the state h"]),
      timeAnswer(input),
      .init(
        "Why \(count.grouped) parameters?",
        [parameterFormula(features: features), formulaLegend, "no T in it: any length fits"]),
    ])
  }

  /// The question about the time axis and its answer.
  package func timeAnswer(_ input: Shape) -> Explanation.Answer {
    let steps = input[1].size
    let count = steps.map { "\($0)" } ?? "T"
    if options.returnSequences {
      return .init(
        steps.map { "Why \($0.grouped) timesteps?" } ?? "Why None timesteps?",
        [
          "reads all \(count), gives an output at each"
            + (options.goBackwards ? ", last timestep first" : "")
        ])
    }
    return .init(
      "Where are the \(count) timesteps?",
      [
        "reads all \(count), returns the last state only",
        "return_sequences=true gives all \(count) (key r)",
      ])
  }
}

/// The way back of one timestep of a recurrent layer, computed by the layer itself.
///
/// The way of all functions that the kernel does not have, and of dropout.
package struct RecurrentStepBack {
  /// The step: states before, x·W + b in `sums`, and what was computed in `record`.
  package let step: RecurrentStep
  /// The gradients of the states after the step, which the layer turns into those of the states
  /// before it: (batch, units) each.
  package let states: [UnsafeMutablePointer<Float>]
  /// Where the gradients of x·W + b go: (batch, gates × units).
  package let sums: UnsafeMutablePointer<Float>
  /// Where the gradients of h₋₁·U go, of a GRU with its bias: (batch, gates × units).
  package let product: UnsafeMutablePointer<Float>
  /// Planes of (batch, units) for what comes between.
  package let room: [UnsafeMutablePointer<Float>]
  /// Where r·h₋₁ of a GRU with the reset gate before the product goes: (batch, units).
  package let gated: UnsafeMutablePointer<Float>

  /// How many planes of `room` there are.
  static let planes = 4

  /// Turns the gradients of a function's values into those of its arguments, in place:
  /// (batch, units) each.
  ///
  /// - Throws: `PassError` where the function is not known.
  package func backpropagate(
    _ activation: Activation, _ gradients: UnsafeMutablePointer<Float>,
    arguments: UnsafePointer<Float>, values: UnsafePointer<Float>
  ) throws(PassError) {
    try activation.backpropagate(
      UnsafeMutableBufferPointer(start: gradients, count: step.count),
      arguments: UnsafeBufferPointer(start: arguments, count: step.count),
      values: UnsafeBufferPointer(start: values, count: step.count), width: step.units)
  }

  /// Copies a plane of (batch, units) to the columns of a gate of (batch, gates × units).
  package func copy(
    _ plane: UnsafePointer<Float>, toGate gate: Int, of sums: UnsafeMutablePointer<Float>
  ) {
    for sample in 0..<step.batch {
      (sums + (sample * step.gates + gate) * step.units).update(
        from: plane + sample * step.units, count: step.units)
    }
  }

  /// Adds to the gradient of a hidden state what comes through its product with the recurrent
  /// kernel's columns of some gates: `gradients` are those of the product, (batch, gates × units).
  package func addProduct(
    of gradients: UnsafePointer<Float>, gates range: Range<Int>,
    to hidden: UnsafeMutablePointer<Float>
  ) {
    let (batch, units, width) = (step.batch, step.units, step.gates * step.units)
    step.weights[1].values.withUnsafeBufferPointer { kernel in
      guard let kernel = kernel.baseAddress else { return }
      guard !step.hiddenFactors.isEmpty else {
        multiply(
          rows: batch, columns: units, inner: range.count * units,
          gradients + range.lowerBound * units, aStride: width,
          kernel + range.lowerBound * units, bStride: width, transposesB: true,
          into: hidden, adds: true)
        return
      }
      for gate in range {
        multiply(
          rows: batch, columns: units, inner: units, gradients + gate * units, aStride: width,
          kernel + gate * units, bStride: width, transposesB: true, into: step.scaled)
        let factors = step.hiddenFactors[gate]
        for index in 0..<step.count { hidden[index] += step.scaled[index] * factors[index] }
      }
    }
  }
}

/// One timestep of a recurrent layer for some samples, computed by the layer itself.
///
/// The way of all functions that the kernel does not have, and of dropout.
package struct RecurrentStep {
  /// How many samples there are.
  package let batch: Int
  /// How many units the layer has.
  package let units: Int
  /// How many gates the layer has.
  let gates: Int
  let weights: LayerWeights
  /// The factors of the hidden state, one a gate; empty: nothing is dropped.
  let hiddenFactors: [UnsafePointer<Float>]
  /// x·W + b: (batch, gates × units); the layer may use it for what comes next.
  package let sums: UnsafeMutablePointer<Float>
  /// As much room for another product.
  package let product: UnsafeMutablePointer<Float>
  /// The states before the step: (batch, units) each.
  package let states: [UnsafePointer<Float>]
  /// What is computed, new states among it: (batch, units) for each quantity.
  package let record: [UnsafeMutablePointer<Float>]
  /// Room for a state with factors.
  let scaled: UnsafeMutablePointer<Float>

  /// How many numbers a gate or a state has.
  package var count: Int { batch * units }

  /// Adds `hidden` times the recurrent kernel's columns of some gates to `out`: (batch, gates ×
  /// units).
  package func addProduct(
    of hidden: UnsafePointer<Float>, gates range: Range<Int>,
    to out: UnsafeMutablePointer<Float>
  ) {
    weights[1].values.withUnsafeBufferPointer { kernel in
      guard let kernel = kernel.baseAddress else { return }
      guard !hiddenFactors.isEmpty else {
        multiply(
          rows: batch, columns: range.count * units, inner: units, hidden,
          kernel + range.lowerBound * units, bStride: gates * units,
          into: out + range.lowerBound * units, outStride: gates * units, adds: true)
        return
      }
      for gate in range {
        for index in 0..<count { scaled[index] = hidden[index] * hiddenFactors[gate][index] }
        multiply(
          rows: batch, columns: units, inner: units, scaled, kernel + gate * units,
          bStride: gates * units, into: out + gate * units, outStride: gates * units, adds: true)
      }
    }
  }

  /// Adds a GRU's second bias to each row of (batch, gates × units).
  package func addSecondBias(to out: UnsafeMutablePointer<Float>) {
    let width = gates * units
    guard weights.count > 2, weights[2].count >= 2 * width else { return }
    weights[2].values.withUnsafeBufferPointer { bias in
      for sample in 0..<batch {
        for column in 0..<width { out[sample * width + column] += bias[width + column] }
      }
    }
  }

  /// Applies a function to `place`: (batch, units).
  ///
  /// - Throws: `PassError` where it cannot be computed.
  package func apply(
    _ activation: Activation, to place: UnsafeMutablePointer<Float>
  ) throws(PassError) {
    try activation.apply(
      to: UnsafeMutableBufferPointer(start: place, count: count), width: units)
  }

  /// Copies the columns of a gate out of (batch, gates × units) to `place`: (batch, units).
  package func copy(
    gate: Int, of sums: UnsafePointer<Float>, to place: UnsafeMutablePointer<Float>
  ) {
    for sample in 0..<batch {
      (place + sample * units).update(
        from: sums + (sample * gates + gate) * units, count: units)
    }
  }
}

extension DirectionRecording {
  /// What a gate or the candidate is the function of, in parts that add up.
  public struct Sums: Hashable, Sendable {
    /// x·W.
    public var input: Float
    /// h₋₁·U; of a GRU's candidate r·(h₋₁·U + b) with `reset_after`, else (r·h₋₁)·U.
    public var recurrent: Float
    /// b; of the gates of a GRU with `reset_after` both biases, of its candidate the first.
    public var bias: Float
    /// All of it.
    public var total: Float { input + recurrent + bias }
  }

  /// The parts of the sum that `quantity` is the function of, at timestep `t`.
  ///
  /// - Returns: `nil` where the layer has no such gate, or the step or the one before is not at
  ///   hand.
  public func sums(for quantity: Quantity, t: Int, unit: Int, sample: Int) -> Sums? {
    // Gates and candidate stand before the states, in the order of the kernels; a plain layer has
    // h alone, which is its candidate.
    guard let gate = quantities.firstIndex(of: quantity), gate < type(of: layer).gates.count,
      covers(t), (0..<units).contains(unit),
      let hidden = previousStates(.hiddenState, t: t, sample: sample)
    else { return nil }
    let gru = layer as? GRU
    let isCandidate = quantity == .candidate
    var state = hidden
    if let factors = walk.dropout?.hidden, !factors.isEmpty {
      for index in state.indices { state[index] *= factors[gate].values[sample * units + index] }
    }
    if let gru, isCandidate, !gru.resetAfter {
      guard let reset = numbers(.resetGate, t: t, sample: sample) else { return nil }
      for index in state.indices { state[index] *= reset[index] }
    }
    var recurrent = dot(state, walk.weights[1], gate: gate, unit: unit)
    var bias = self.bias(row: 0, gate: gate, unit: unit)
    if let gru, gru.resetAfter {
      let second = self.bias(row: 1, gate: gate, unit: unit)
      if isCandidate {
        guard let reset = numbers(.resetGate, t: t, sample: sample) else { return nil }
        recurrent = Double(reset[unit]) * (recurrent + second)
      } else {
        bias += second
      }
    }
    let input = dot(inputs(t, sample: sample, gate: gate), walk.weights[0], gate: gate, unit: unit)
    return Sums(input: Float(input), recurrent: Float(recurrent), bias: Float(bias))
  }

  /// The function of the gates: `sigmoid`; `nil` for a function without a name.
  public var gateActivationName: String? { layer.gateActivation.name }
  /// The function of the candidate, and of an LSTM's cell state: `tanh`.
  public var activationName: String? { layer.options.activation.name }

  private func inputs(_ t: Int, sample: Int, gate: Int) -> [Float] {
    let (features, start) = (walk.features, (sample * timesteps + t) * walk.features)
    var inputs = Array(walk.input.values[start..<(start + features)])
    if let factors = walk.dropout?.input, let only = factors.first {
      let factors = factors.count > 1 ? factors[gate] : only
      for index in inputs.indices { inputs[index] *= factors.values[sample * features + index] }
    }
    return inputs
  }

  private func dot(_ vector: [Float], _ kernel: Tensor, gate: Int, unit: Int) -> Double {
    let width = type(of: layer).gates.count * units
    var sum = 0.0
    for (row, number) in vector.enumerated() {
      sum += Double(number) * Double(kernel.values[row * width + gate * units + unit])
    }
    return sum
  }

  private func bias(row: Int, gate: Int, unit: Int) -> Double {
    guard layer.options.useBias else { return 0 }
    let width = type(of: layer).gates.count * units
    return Double(walk.weights[2].values[row * width + gate * units + unit])
  }
}

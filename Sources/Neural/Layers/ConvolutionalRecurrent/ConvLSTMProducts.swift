/// What a convolutional LSTM drops in training: the same choice at all timesteps of a pass, another
/// one for each gate; at a rate of 1 nothing.
///
/// Source: `keras/src/layers/rnn/conv_lstm.py`, `dropout_rnn_cell.py`.
struct ConvLSTMDropout: Sendable {
  /// Factors of the input, one a gate, of the sizes of a timestep; empty: nothing is dropped.
  let input: [Tensor]
  /// Factors of the hidden state, one a gate; empty: nothing is dropped.
  let state: [Tensor]

  /// The choice of a pass.
  init(_ options: ConvLSTMOptions, input: [Int], state: [Int], in context: PassContext) {
    var random = context.randomNumbers(options.seed)
    func factors(_ rate: Double, _ sizes: [Int]) -> [Tensor] {
      guard context.isTraining, rate > 0, rate < 1 else { return [] }
      let kept = Float(1 / (1 - rate))
      return (0..<4).map { _ in
        Tensor(sizes) { out in
          for index in out.indices { out[index] = random.uniform() < 1 - rate ? kept : 0 }
        }
      }
    }
    self.input = factors(options.dropout, input)
    self.state = factors(options.recurrentDropout, state)
  }
}

// The convolutions of all gates at once, or of one gate after the other where each sees something
// else; channels last.
extension ConvLSTMLayer {
  /// The sizes of a state, for an input of these sizes.
  func stateSizes(for input: [Int]) throws(PassError) -> [Int] {
    var step = input
    step.remove(at: 1)
    return try inputConvolution(options.filters).sizes(on: step)
  }

  /// x∗W + b of all timesteps, from (timesteps · batch, …).
  func inputSums(
    _ input: Tensor, _ weights: LayerWeights, _ dropout: ConvLSTMDropout, timesteps: Int
  ) throws(PassError) -> (Tensor, [Convolved]) {
    var (sums, parts) = try convolve(
      dropout.input.isEmpty ? [input] : dropout.input.map { input.scaled(by: $0, timesteps) },
      weights[0]
    ) { inputConvolution($0) }
    if options.convolution.useBias { sums.add(toLastAxis: weights[2]) }
    return (sums, parts)
  }

  /// h∗U.
  func stateSums(
    _ hidden: Tensor, _ kernel: Tensor, _ dropout: ConvLSTMDropout
  ) throws(PassError) -> (sums: Tensor, parts: [Convolved]) {
    try convolve(
      dropout.state.isEmpty ? [hidden] : dropout.state.map { hidden.scaled(by: $0, 1) }, kernel
    ) { stateConvolution($0) }
  }

  private func convolve(
    _ inputs: [Tensor], _ kernel: Tensor, _ convolution: (Int) -> Convolution
  ) throws(PassError) -> (Tensor, [Convolved]) {
    let axis = kernel.rank - 1
    let filters = kernel.sizes[axis] / inputs.count
    var convolution = convolution(filters)
    convolution.options.dataFormat = .channelsLast
    var parts: [Convolved] = []
    for (gate, input) in inputs.enumerated() {
      let own =
        inputs.count == 1
        ? kernel : kernel.slice(axis: axis, (gate * filters)..<((gate + 1) * filters))
      parts.append(
        try convolution.convolved(
          input, LayerWeights([own]), outputSizes: try convolution.sizes(on: input.sizes)))
    }
    guard parts.count > 1 else { return (parts[0].output, parts) }
    return (Tensor.concatenated(parts.map(\.output), axis: -1), parts)
  }

  /// The gradient of the hidden state from that of h∗U; that of the kernel is added to `kernel`.
  func stateGradient(
    _ sums: Tensor, _ parts: [Convolved], _ dropout: ConvLSTMDropout, _ kernel: inout Tensor
  ) -> Tensor {
    let found = gradients(sums, parts, dropout.state, timesteps: 1, needsInput: true)
    kernel.add(found.kernel)
    return found.input ?? Tensor([])
  }

  /// The gradients of the input and of the kernel from that of x∗W.
  func inputGradient(
    _ sums: Tensor, _ parts: [Convolved], _ dropout: ConvLSTMDropout, timesteps: Int,
    needsInput: Bool
  ) -> (input: Tensor?, kernel: Tensor) {
    gradients(sums, parts, dropout.input, timesteps: timesteps, needsInput: needsInput)
  }

  private func gradients(
    _ sums: Tensor, _ parts: [Convolved], _ factors: [Tensor], timesteps: Int, needsInput: Bool
  ) -> (input: Tensor?, kernel: Tensor) {
    let axis = sums.rank - 1
    let filters = sums.sizes[axis] / max(parts.count, 1)
    var input: Tensor?
    var kernels: [Tensor] = []
    for (gate, part) in parts.enumerated() {
      let own =
        parts.count == 1
        ? sums : sums.slice(axis: axis, (gate * filters)..<((gate + 1) * filters))
      let found = part.pullback(own, needsInput)
      kernels += found.kernels
      guard var gradient = found.input else { continue }
      if !factors.isEmpty { gradient = gradient.scaled(by: factors[gate], timesteps) }
      if input == nil { input = gradient } else { input?.add(gradient) }
    }
    return (input, Tensor.concatenated(kernels, axis: -1))
  }
}

extension FullConvolution {
  /// The sizes of what comes out, for an input of these sizes.
  fileprivate func sizes(on input: [Int]) throws(PassError) -> [Int] {
    do throws(ShapeError) {
      return try outputShapes(for: [Shape(sizes: input)])[0].sizes.map { $0 ?? 1 }
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
  }
}

extension Tensor {
  /// (timesteps · batch, …, channels) of a sequence (batch, timesteps, …).
  fileprivate func joinedTimesteps(_ format: DataFormat) -> Tensor {
    reshaped([sizes[0] * sizes[1]] + sizes.dropFirst(2)).channelsLast(format)
  }

  /// The timesteps in front of the samples, and both as one axis, channels last.
  func timestepsFirst(_ format: DataFormat) -> Tensor {
    transposed([1, 0] + Array(2..<rank)).joinedTimesteps(format)
  }

  /// The way back from `timestepsFirst`.
  func batchFirst(_ timesteps: Int, _ format: DataFormat) -> Tensor {
    let steps = inFormat(format)
    let split = steps.reshaped([timesteps, sizes[0] / timesteps] + steps.sizes.dropFirst())
    return split.transposed([1, 0] + Array(2..<split.rank))
  }

  /// As many repetitions of `factors`, one behind the other, times these numbers.
  fileprivate func scaled(by factors: Tensor, _ times: Int) -> Tensor {
    Tensor(sizes) { out in
      values.withUnsafeBufferPointer { numbers in
        factors.values.withUnsafeBufferPointer { factors in
          for start in stride(from: 0, to: out.count, by: max(factors.count, 1)) {
            for index in 0..<min(factors.count, out.count - start) {
              out[start + index] = numbers[start + index] * factors[index]
            }
          }
        }
      }
    }
  }

  /// (batch, …) as a sequence of one timestep.
  var asTimestep: Tensor { reshaped([sizes[0], 1] + sizes.dropFirst()) }

  /// Each sample of this tensor where its flag is set, of the other one where it is not.
  func choosing(_ flags: [Bool], else other: Tensor) -> Tensor {
    guard !flags.allSatisfy({ $0 }) else { return self }
    var result = other
    let each = count / max(flags.count, 1)
    result.values.withUnsafeMutableBufferPointer { out in
      values.withUnsafeBufferPointer { numbers in
        for (sample, flag) in flags.enumerated() where flag {
          for index in (sample * each)..<((sample + 1) * each) { out[index] = numbers[index] }
        }
      }
    }
    return result
  }
}

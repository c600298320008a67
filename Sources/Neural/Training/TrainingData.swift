/// Samples to learn from: inputs, what the model should make of them, and how much each counts.
public struct TrainingData: Hashable, Sendable {
  /// A tensor for each input of the model; samples on the first axis.
  public var inputs: [Tensor]
  /// A tensor for each output.
  public var targets: [Tensor]
  /// How much each sample, or each timestep of each sample, counts for each output.
  ///
  /// (samples) or (samples, timesteps); `nil`: all alike. Empty: all alike for all outputs.
  public var sampleWeights: [Tensor?]

  /// Inputs with targets.
  public init(inputs: [Tensor], targets: [Tensor], sampleWeights: [Tensor?] = []) {
    self.inputs = inputs
    self.targets = targets
    self.sampleWeights = sampleWeights
  }

  /// How many samples there are.
  public var count: Int { inputs.first?.sizes.first ?? 0 }

  /// The samples at some positions, in their order.
  public func samples(_ positions: some Sequence<Int>) -> TrainingData {
    let positions = Array(positions)
    return TrainingData(
      inputs: inputs.map { $0.samples(at: positions) },
      targets: targets.map { $0.samples(at: positions) },
      sampleWeights: sampleWeights.map { $0?.samples(at: positions) })
  }
}

extension Tensor {
  /// The samples at some positions of the first axis, in their order.
  public func samples(at positions: [Int]) -> Tensor {
    let each = sizes.dropFirst().reduce(1, *)
    return Tensor([positions.count] + sizes.dropFirst()) { out in
      values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress, let to = out.baseAddress, each > 0 else { return }
        for (row, position) in positions.enumerated() {
          (to + row * each).update(from: from + position * each, count: each)
        }
      }
    }
  }
}

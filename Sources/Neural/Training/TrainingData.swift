/// Samples to learn from: inputs, what the model should make of them, and how much each counts.
public struct TrainingData: Hashable, Sendable {
  /// A tensor for each input of the model; samples on the first axis.
  public var inputs: [Tensor]
  /// A tensor for each output, or for each output that has a loss.
  public var targets: [Tensor]
  /// How much each sample, or each timestep of each sample, counts for each output.
  ///
  /// (samples) or (samples, timesteps); `nil`: all alike. Empty: all alike for all outputs. One
  /// tensor stands for all outputs where it is (samples).
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
    return changed { $0.samples(at: positions) }
  }

  /// The samples of a range of positions.
  public func samples(_ range: Range<Int>) -> TrainingData {
    range == 0..<count ? self : changed { $0.samples(range) }
  }

  private func changed(_ change: (Tensor) -> Tensor) -> TrainingData {
    TrainingData(
      inputs: inputs.map(change), targets: targets.map(change),
      sampleWeights: sampleWeights.map { $0.map(change) })
  }
}

extension TrainingData {
  /// Checks that there are samples, and equally many everywhere.
  ///
  /// - Throws: `PassError` where not.
  public func check() throws(PassError) {
    func samples(_ tensor: Tensor, _ name: String) throws(PassError) -> Int {
      guard let count = tensor.sizes.first else {
        throw PassError("\(name) is a single number", remedy: "give it a batch axis: (1, …)")
      }
      return count
    }
    func name(_ name: String, _ index: Int, of count: Int) -> String {
      count > 1 ? "\(name) \(index + 1)" : name
    }
    guard let first = inputs.first else { throw PassError("there is no input") }
    let count = try samples(first, "the input")
    guard count > 0 else {
      throw PassError("there are no samples: the input is \(first.shape)")
    }
    let weights = sampleWeights.compactMap { $0 }
    for (tensors, what) in [
      (inputs, "the input"), (targets, "the target"), (weights, "the sample weights"),
    ] {
      for (index, tensor) in tensors.enumerated() {
        let label = name(what, index, of: tensors.count)
        let found = try samples(tensor, label)
        guard found != count else { continue }
        throw PassError(
          "\(name("the input", 0, of: inputs.count)) has \(Count(count).grouped) samples, "
            + "\(label) \(Count(found).grouped)",
          remedy: "give equally many")
      }
    }
  }

  /// The data in two: to train on, and the last part to validate with.
  ///
  /// Source: `train_validation_split` in `keras/src/trainers/data_adapters/array_slicing.py`.
  /// - Parameter part: how much of the data is for validation, between 0 and 1.
  /// - Returns: the first samples, and the last ones.
  /// - Throws: `PassError` where one of the two would be empty.
  public func split(validation part: Double) throws(PassError) -> (TrainingData, TrainingData) {
    let end = Int(exactly: (Double(count) * (1 - part)).rounded(.down)) ?? 0
    guard part > 0, part < 1, end > 0, end < count else {
      throw PassError(
        "\(Count(count).grouped) samples cannot be split by validation_split=\(part)",
        remedy: "give more samples, or another part between 0 and 1")
    }
    return (samples(0..<end), samples(end..<count))
  }

  /// The data with weights for its samples that follow from their classes.
  ///
  /// Source: `class_weight_to_sample_weights` in
  /// `keras/src/trainers/data_adapters/data_adapter_utils.py`.
  /// - Parameter weights: how much the samples of each class count; 1 where it is not among them.
  /// - Returns: the same data with sample weights.
  /// - Throws: `PassError` where there are sample weights, too, or several outputs.
  public func weighted(byClass weights: [Int: Double]) throws(PassError) -> TrainingData {
    guard !sampleWeights.contains(where: { $0 != nil }) else {
      throw PassError(
        "there are weights for classes and for samples", remedy: "give one of the two")
    }
    guard targets.count == 1, let targets = targets.first else {
      throw PassError(
        "weights for classes are for models with one output, this one has \(targets.count)",
        remedy: "give sample weights for each output")
    }
    let width = targets.rank > 1 ? targets.sizes[targets.rank - 1] : 1
    guard width > 0, targets.count == count * width else {
      throw PassError(
        "weights for classes need one class a sample, the targets are \(targets.shape)",
        remedy: "give sample weights: (samples, timesteps)")
    }
    var result = self
    result.sampleWeights = [
      Tensor([count]) { out in
        targets.values.withUnsafeBufferPointer { numbers in
          for row in 0..<count {
            let row = (index: row, numbers: numbers[(row * width)..<((row + 1) * width)])
            let largest = row.numbers.indices.max { row.numbers[$0] < row.numbers[$1] } ?? 0
            let label =
              width > 1
              ? largest - row.numbers.startIndex
              : Int(exactly: row.numbers[largest].rounded(.toNearestOrEven)) ?? -1
            out[row.index] = Float(weights[label] ?? 1)
          }
        }
      }
    ]
    return result
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

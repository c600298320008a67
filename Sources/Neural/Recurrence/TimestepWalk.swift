import VectorKernels

/// A recurrent layer on its way over the timesteps of an input, in reading order.
///
/// Any stretch of it can be walked again from the states before it, and gives the same bits: the
/// pass itself and a recording whose window moves use the same code.
struct TimestepWalk: Sendable {
  let layer: any RecurrentLayer
  let weights: LayerWeights
  /// (batch, timesteps, features).
  let input: Tensor
  /// (batch, timesteps); `nil`: all count.
  let mask: Tensor?
  /// What is dropped in training.
  let dropout: RecurrentDropout?
  /// What the kernel reads: the input, with factors where some of it is dropped.
  let read: Tensor
  /// The weights for the kernel, where it has the layer's functions.
  let packed: PackedWeights?

  /// The layer on its way over `input`.
  ///
  /// - Throws: `PassError` where something does not fit the input, or memory is short.
  init(
    _ layer: any RecurrentLayer, weights: LayerWeights, input: Tensor, mask: Tensor?,
    in context: PassContext
  ) throws(PassError) {
    self.layer = layer
    self.weights = weights
    self.input = input
    self.mask = mask
    try Self.check(layer, weights, input, mask)
    dropout = RecurrentDropout(layer, batch: input.sizes[0], features: input.sizes[2], in: context)
    let factors = dropout?.ofInputAlone
    packed =
      dropout == nil || factors != nil
      ? try PackedWeights.of(layer, weights, features: input.sizes[2]) : nil
    if packed != nil, let factors { read = input.scaled(by: factors) } else { read = input }
  }

  /// Checks sizes before code relies on them that looks at memory directly.
  private static func check(
    _ layer: any RecurrentLayer, _ weights: LayerWeights, _ input: Tensor, _ mask: Tensor?
  ) throws(PassError) {
    guard input.rank == 3, input.sizes[1] > 0 else {
      throw PassError(
        "\(layer.className) has no timesteps to walk over: its input is \(input.shape)")
    }
    if let mask, mask.count != input.sizes[0] * input.sizes[1] {
      throw PassError(
        "the mask of \(layer.className) is \(mask.shape), its input \(input.shape)",
        remedy: "a mask has a number for each timestep of each sample")
    }
    let width = type(of: layer).gates.count * layer.units
    let expected =
      [[input.sizes[2], width], [layer.units, width]]
      + (layer.options.useBias ? [layer.biasShape] : [])
    guard weights.tensors.map(\.sizes) == expected else {
      let found = weights.tensors.map { "\($0.shape)" }.joined(separator: ", ")
      throw PassError(
        "the weights of \(layer.className) are \(found.isEmpty ? "missing" : found), expected "
          + expected.map { "\(Shape(sizes: $0))" }.joined(separator: ", "))
    }
  }

  var batch: Int { input.sizes[0] }
  var timesteps: Int { input.sizes[1] }
  var features: Int { input.sizes[2] }
  var isBackward: Bool { layer.options.goBackwards }

  /// The timestep that is read at a position, and the other way round.
  func timestep(at position: Int) -> Int { isBackward ? timesteps - 1 - position : position }

  /// How many multiplications with an addition all timesteps take.
  var multiplyAdds: Double {
    Double(batch) * Double(timesteps) * Double(type(of: layer).gates.count * layer.units)
      * Double(features + layer.units)
  }

  /// Whether a timestep counts for a sample.
  func counts(_ t: Int, sample: Int) -> Bool {
    mask.map { $0.values[sample * timesteps + t] != 0 } ?? true
  }

  /// What a masked timestep gives.
  ///
  /// With `unroll`, Keras does not look at `zero_output_for_mask`, and repeats the last output, or
  /// zeros where there was none: `keras/src/backend/jax/rnn.py`.
  var maskedOutput: RecurrentMaskedOutput {
    if layer.options.unroll { return .last }
    return layer.options.zeroOutputForMask ? .zero : .held
  }

  /// Whether a masked timestep shows the hidden state, and not zeros: `maskedAfter` says whether a
  /// timestep before it counted.
  func shows(maskedAfter counted: Bool) -> Bool {
    switch maskedOutput {
    case .held: true
    case .zero: false
    case .last: counted
    }
  }

  /// The states on the way: (state, batch, units), and whether a timestep counted so far.
  struct States: Sendable {
    let numbers: Numbers
    let counted: Flags
  }

  /// A byte a sample.
  final class Flags: @unchecked Sendable {
    let start: UnsafeMutablePointer<UInt8>
    init(count: Int) {
      start = .allocate(capacity: max(count, 1))
      start.initialize(repeating: 0, count: count)
    }
    deinit { start.deallocate() }
  }

  /// Where numbers go: of the first sample at the first position.
  struct Place: @unchecked Sendable {
    var start: UnsafeMutablePointer<Float>
    /// From a sample, and from a position, to the next one, in numbers.
    var sampleStride: Int
    var stepStride: Int
    /// Whether h₋₁·U + b of a GRU's candidate goes behind the quantities.
    var takesCandidateSums = false
  }

  /// Walks over `positions`, for the samples of `samples`.
  ///
  /// The states before are in `states`, and those after it take their place. Outputs go to
  /// `output`, said for sample 0 at position 0; quantities go to `record`, said for sample 0 at the
  /// first of `positions`.
  /// - Throws: `PassError` where memory is short or an activation cannot be computed.
  func run(
    _ positions: Range<Int>, samples: Range<Int>, states: States, output: Place?, record: Place?
  ) throws(PassError) {
    guard !positions.isEmpty, !samples.isEmpty else { return }
    guard let packed else {
      try runStepwise(positions, samples: samples, states: states, output: output, record: record)
      return
    }
    var failure: PassError?
    read.values.withUnsafeBufferPointer { numbers in
      withMask { mask in
        var walk = RecurrentWalk()
        let first = timestep(at: positions.lowerBound)
        let direction = isBackward ? -1 : 1
        walk.batch = samples.count
        walk.steps = positions.count
        walk.input = numbers.baseAddress.map {
          $0 + (samples.lowerBound * timesteps + first) * features
        }
        walk.inputSampleStride = timesteps * features
        walk.inputStepStride = direction * features
        walk.mask = mask.map { $0 + samples.lowerBound * timesteps + first }
        walk.maskSampleStride = timesteps
        walk.maskStepStride = direction
        walk.maskedOutput = maskedOutput
        let units = layer.units
        walk.hidden = states.numbers.start + samples.lowerBound * units
        if type(of: layer).stateNames.count > 1 {
          walk.cell = states.numbers.start + (batch + samples.lowerBound) * units
        }
        walk.counted = states.counted.start + samples.lowerBound
        if let output {
          walk.output =
            output.start + samples.lowerBound * output.sampleStride
            + positions.lowerBound * output.stepStride
          walk.outputSampleStride = output.sampleStride
          walk.outputStepStride = output.stepStride
        }
        if let record {
          walk.record = record.start + samples.lowerBound * record.sampleStride
          walk.recordSampleStride = record.sampleStride
          walk.recordStepStride = record.stepStride
          walk.recordsCandidateSums = record.takesCandidateSums
        }
        do throws(PassError) {
          try packed.walk(walk)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
  }

  /// Gives `body` the mask, where there is one.
  func withMask(_ body: (UnsafePointer<Float>?) -> Void) {
    guard let mask else { return body(nil) }
    mask.values.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

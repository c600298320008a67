import VectorKernels

/// The way back of one direction: over all positions from the last to the first.
struct ScanBack: SharedWalk {
  let scan: RecurrentScan
  let tape: RecurrentTape
  /// Of the outputs of all positions; `nil` where they do not matter.
  let outputs: OutputGradient?
  /// Of the states: before the way back those after the last position, then those before the
  /// first: (state, batch, units).
  let states: Numbers
  /// Of the input, where it is asked for: (batch, timesteps, features).
  let input: Numbers?
  /// The weights for the kernel, where the way forward took it.
  private let packed: PackedBackWeights?
  /// |∂loss/∂h|² where it is asked for: (position, batch).
  let squares: Numbers?

  var walk: TimestepWalk { scan.walk }
  var multiplyAdds: Double {
    let width = Double(type(of: walk.layer).gates.count * walk.layer.units)
    let rows = Double(walk.batch) * Double(walk.timesteps)
    return rows * width * Double(walk.layer.units + (input == nil ? 0 : walk.features))
  }

  /// The way back of a scan that is done.
  ///
  /// - Parameters:
  ///   - scan: the way forward.
  ///   - outputs: the gradients of the outputs of all positions.
  ///   - last: those of the last output, where it stands alone.
  ///   - final: those of the final states; `nil` where one does not matter.
  ///   - context: what is asked for.
  /// - Throws: `PassError` where the way back is gone already.
  init(
    _ scan: RecurrentScan, outputs: OutputGradient?, last: Tensor?, final: [Tensor?],
    in context: PassContext
  ) throws(PassError) {
    guard let tape = scan.tape else {
      throw PassError("\(scan.walk.layer.className) kept nothing for a way back")
    }
    try tape.use()
    self.scan = scan
    self.tape = tape
    self.outputs = outputs
    let walk = scan.walk
    let (batch, units) = (walk.batch, walk.layer.units)
    let each = batch * units
    let states = Numbers(count: type(of: walk.layer).stateNames.count * each)
    states.start.update(repeating: 0, count: states.count)
    for (state, gradient) in final.enumerated() {
      guard let gradient, gradient.count == each else { continue }
      gradient.values.withUnsafeBufferPointer { numbers in
        guard let from = numbers.baseAddress else { return }
        (states.start + state * each).update(from: from, count: each)
      }
    }
    if let last, last.count == each {
      for (sample, shows) in scan.showsHidden().enumerated() where shows {
        for index in (sample * units)..<((sample + 1) * units) {
          states.start[index] += last.values[index]
        }
      }
    }
    self.states = states
    input =
      context.needsInputGradients
      ? Numbers(count: batch * walk.timesteps * walk.features) : nil
    packed =
      walk.packed == nil
      ? nil
      : try PackedBackWeights(
        walk.layer, walk.weights, features: walk.features, withInput: context.needsInputGradients)
    squares = context.tellsTimestepGradients ? Numbers(count: walk.timesteps * batch) : nil
  }

  func take(_ steps: Range<Int>, samples: Range<Int>) throws(PassError) {
    let positions = (walk.timesteps - steps.upperBound)..<(walk.timesteps - steps.lowerBound)
    guard let packed else { return try runStepwise(positions, samples: samples) }
    let (units, layout) = (walk.layer.units, tape.layout)
    var back = RecurrentWalkBack()
    let place = walk.place(of: positions.lowerBound, in: tape)
    back.batch = samples.count
    back.steps = positions.count
    back.tape = place.start + samples.lowerBound * place.sampleStride
    back.tapeSampleStride = place.sampleStride
    back.tapeStepStride = place.stepStride
    back.hidden = states.start + samples.lowerBound * units
    if layout.cell != nil {
      back.cell = states.start + (walk.batch + samples.lowerBound) * units
    }
    let t = walk.timestep(at: positions.lowerBound)
    let direction = walk.isBackward ? -1 : 1
    if let input {
      back.inputGradient = input.start + (samples.lowerBound * walk.timesteps + t) * walk.features
      back.inputSampleStride = walk.timesteps * walk.features
      back.inputStepStride = direction * walk.features
    }
    if let squares {
      back.squares = squares.start + positions.lowerBound * walk.batch + samples.lowerBound
      back.squaresStepStride = walk.batch
    }
    var failure: PassError?
    withStates(before: positions.lowerBound, samples) { hidden, cell, stride in
      (back.hiddenBefore, back.cellBefore, back.beforeSampleStride) = (hidden, cell, stride)
      walk.withMask { mask in
        back.mask = mask.map { $0 + samples.lowerBound * walk.timesteps + t }
        back.maskSampleStride = walk.timesteps
        back.maskStepStride = direction
        withOutputs { start, sampleStride, stepStride in
          back.outputGradient = start.map {
            $0 + samples.lowerBound * sampleStride + positions.lowerBound * stepStride
          }
          back.outputSampleStride = sampleStride
          back.outputStepStride = stepStride
          do throws(PassError) {
            try packed.walk(back)
          } catch {
            failure = error
          }
        }
      }
    }
    if let failure { throw failure }
  }

  /// Gives `body` the states before a position, h and c of the first of `samples`, and from a
  /// sample to the next one.
  private func withStates(
    before position: Int, _ samples: Range<Int>,
    _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?, Int) -> Void
  ) {
    let units = walk.layer.units
    guard position == 0 else {
      let place = walk.place(of: position - 1, in: tape)
      let start = UnsafePointer(place.start + samples.lowerBound * place.sampleStride)
      body(
        start + tape.layout.hidden * units, tape.layout.cell.map { start + $0 * units },
        place.sampleStride)
      return
    }
    let offset = samples.lowerBound * units
    scan.initialStates[0].values.withUnsafeBufferPointer { hidden in
      guard tape.layout.cell != nil else {
        return body(hidden.baseAddress.map { $0 + offset }, nil, units)
      }
      scan.initialStates[1].values.withUnsafeBufferPointer { cell in
        body(hidden.baseAddress.map { $0 + offset }, cell.baseAddress.map { $0 + offset }, units)
      }
    }
  }

  private func withOutputs(_ body: (UnsafePointer<Float>?, Int, Int) -> Void) {
    guard let outputs else { return body(nil, 0, 0) }
    outputs.withStart { body($0, outputs.sampleStride, outputs.stepStride) }
  }

  /// The mean over the samples of |∂loss/∂h(t)|, for each timestep in the order of the input.
  var timestepNorms: [Float] {
    guard let squares else { return [] }
    return (0..<walk.timesteps).map { t in
      let row = squares.start + walk.timestep(at: t) * walk.batch
      let sum = (0..<walk.batch).reduce(0.0) { $0 + Double(row[$1]).squareRoot() }
      return Float(sum / Double(walk.batch))
    }
  }

  /// The gradient of the input, where it is asked for.
  var inputGradient: Tensor? {
    guard let input else { return nil }
    let gradient = input.tensor([walk.batch, walk.timesteps, walk.features])
    // The kernel gives that of what it read.
    guard packed != nil, let factors = walk.dropout?.ofInputAlone else { return gradient }
    return gradient.scaled(by: factors)
  }

  /// The gradients of the states before the first position: (batch, units) each.
  var initialStates: [Tensor] {
    let (batch, units) = (walk.batch, walk.layer.units)
    return type(of: walk.layer).stateNames.indices.map {
      states.tensor([batch, units], at: $0 * batch * units)
    }
  }
}

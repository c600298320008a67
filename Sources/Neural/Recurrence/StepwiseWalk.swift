import VectorKernels

extension TimestepWalk {
  /// Walks with the layer's own `compute`; see `run`.
  func runStepwise(
    _ positions: Range<Int>, samples: Range<Int>, states: States, output: Place?, record: Place?
  ) throws(PassError) {
    let walk = StepwiseWalk(self, samples, states)
    defer { walk.free() }
    for position in positions {
      walk.project(timestep(at: position))
      try layer.compute(walk.step)
      walk.keep(
        timestep(at: position),
        output: output.map { $0.moved(samples: samples.lowerBound, steps: position) },
        record: record.map {
          $0.moved(samples: samples.lowerBound, steps: position - positions.lowerBound)
        })
    }
  }
}

extension TimestepWalk.Place {
  /// The place some samples and positions further on.
  func moved(samples: Int, steps: Int) -> Self {
    var place = self
    place.start += samples * sampleStride + steps * stepStride
    return place
  }
}

/// The buffers of a walk step by step, and what is done around a layer's `compute`.
struct StepwiseWalk {
  let walk: TimestepWalk
  let samples: Range<Int>
  let states: TimestepWalk.States
  let step: RecurrentStep
  private let room: UnsafeMutablePointer<Float>
  private let rows: UnsafeMutablePointer<Float>
  /// Room for a timestep's inputs with factors: (batch, features).
  let scaledRows: UnsafeMutablePointer<Float>

  init(_ walk: TimestepWalk, _ samples: Range<Int>, _ states: TimestepWalk.States) {
    self.walk = walk
    self.samples = samples
    self.states = states
    let units = walk.layer.units
    let (gates, quantities) = (
      type(of: walk.layer).gates.count, type(of: walk.layer).quantities.count
    )
    let (inputs, each) = (samples.count * walk.features, samples.count * units)
    room = .allocate(capacity: 2 * inputs + (2 * gates + quantities + 1) * each)
    rows = room
    scaledRows = rows + inputs
    let sums = scaledRows + inputs
    let product = sums + gates * each
    let planes = product + gates * each
    // The factors are read where they lie: the walk keeps the tensors.
    step = RecurrentStep(
      batch: samples.count, units: units, gates: gates, weights: walk.weights,
      hiddenFactors: (walk.dropout?.hidden ?? []).map { factors in
        factors.values.withUnsafeBufferPointer { numbers in
          let copy = UnsafeMutablePointer<Float>.allocate(capacity: max(each, 1))
          for index in 0..<each { copy[index] = numbers[samples.lowerBound * units + index] }
          return UnsafePointer(copy)
        }
      },
      sums: sums, product: product,
      states: type(of: walk.layer).stateNames.indices.map {
        UnsafePointer(
          states.numbers.start + ($0 * walk.batch + samples.lowerBound) * units)
      },
      record: (0..<quantities).map { planes + $0 * each },
      scaled: planes + quantities * each)
  }

  func free() {
    room.deallocate()
    for factors in step.hiddenFactors { factors.deallocate() }
  }

  /// x·W + b of timestep `t`.
  func project(_ t: Int) {
    let (features, width) = (walk.features, step.gates * step.units)
    walk.input.values.withUnsafeBufferPointer { numbers in
      guard let from = numbers.baseAddress else { return }
      for row in 0..<samples.count {
        let sample = samples.lowerBound + row
        (rows + row * features).update(
          from: from + (sample * walk.timesteps + t) * features, count: features)
      }
    }
    startWithBias()
    walk.weights[0].values.withUnsafeBufferPointer { kernel in
      guard let kernel = kernel.baseAddress else { return }
      let factors = walk.dropout?.input ?? []
      guard factors.count > 1 else {
        if let only = factors.first { scale(rows, by: only, into: rows) }
        multiply(
          rows: samples.count, columns: width, inner: features, rows, kernel, into: step.sums,
          adds: true)
        return
      }
      for (gate, factors) in factors.enumerated() {
        scale(rows, by: factors, into: scaledRows)
        multiply(
          rows: samples.count, columns: step.units, inner: features, scaledRows,
          kernel + gate * step.units, bStride: width, into: step.sums + gate * step.units,
          outStride: width, adds: true)
      }
    }
  }

  private func startWithBias() {
    let width = step.gates * step.units
    guard walk.layer.options.useBias else {
      step.sums.update(repeating: 0, count: samples.count * width)
      return
    }
    // Of a GRU's two rows the first: the second one belongs to the recurrent product.
    walk.weights[2].values.withUnsafeBufferPointer { bias in
      guard let bias = bias.baseAddress else { return }
      for row in 0..<samples.count {
        (step.sums + row * width).update(from: bias, count: width)
      }
    }
  }

  private func scale(
    _ from: UnsafePointer<Float>, by factors: Tensor, into to: UnsafeMutablePointer<Float>
  ) {
    let first = samples.lowerBound * walk.features
    factors.values.withUnsafeBufferPointer { factors in
      for index in 0..<(samples.count * walk.features) {
        to[index] = from[index] * factors[first + index]
      }
    }
  }

  /// Takes the new states over where the timestep counts, and gives output and record.
  func keep(_ t: Int, output: TimestepWalk.Place?, record: TimestepWalk.Place?) {
    let units = step.units
    let layer = type(of: walk.layer)
    let places = layer.stateQuantities.map { layer.quantities.firstIndex(of: $0) ?? 0 }
    for row in 0..<samples.count {
      let sample = samples.lowerBound + row
      let counts = walk.counts(t, sample: sample)
      for (state, place) in places.enumerated() {
        let old = states.numbers.start + (state * walk.batch + sample) * units
        let new = step.record[place] + row * units
        if counts {
          old.update(from: new, count: units)
        } else {
          new.update(from: old, count: units)
        }
      }
      if let output {
        let to = output.start + row * output.sampleStride
        let isZero =
          !counts
          && (walk.maskedOutput == .zero
            || (walk.maskedOutput == .last && states.counted.start[sample] == 0))
        if isZero {
          to.update(repeating: 0, count: units)
        } else {
          to.update(from: states.numbers.start + sample * units, count: units)
        }
      }
      if counts { states.counted.start[sample] = 1 }
      guard let record else { continue }
      for (quantity, plane) in step.record.enumerated() {
        (record.start + row * record.sampleStride + quantity * units).update(
          from: plane + row * units, count: units)
      }
    }
  }
}

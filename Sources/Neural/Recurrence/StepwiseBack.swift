extension ScanBack {
  /// Walks back with the layer's own `backpropagate`, from the last of `positions` to the first.
  ///
  /// - Throws: `PassError` where an activation is not known.
  func runStepwise(_ positions: Range<Int>, samples: Range<Int>) throws(PassError) {
    let back = StepwiseBack(self, samples)
    defer { back.free() }
    for position in positions.reversed() {
      back.load(position)
      try walk.layer.backpropagate(back.step)
      back.keep(position)
    }
  }
}

/// The buffers of a way back step by step, and what is done around a layer's `backpropagate`.
private struct StepwiseBack {
  let back: ScanBack
  let samples: Range<Int>
  let step: RecurrentStepBack
  private let forward: StepwiseWalk
  /// The states before the step.
  private let before: TimestepWalk.States
  /// The gradients of the states after the step, as they arrived.
  private let arrived: [UnsafeMutablePointer<Float>]
  private let memory: UnsafeMutablePointer<Float>

  init(_ back: ScanBack, _ samples: Range<Int>) {
    self.back = back
    self.samples = samples
    let (walk, units) = (back.walk, back.walk.layer.units)
    let stateCount = type(of: walk.layer).stateNames.count
    before = TimestepWalk.States(
      numbers: Numbers(count: stateCount * walk.batch * units),
      counted: TimestepWalk.Flags(count: walk.batch))
    forward = StepwiseWalk(walk, samples, before)
    let each = samples.count * units
    let sums = type(of: walk.layer).gates.count * each
    let planes = RecurrentStepBack.planes
    memory = .allocate(capacity: 2 * sums + (planes + 1 + stateCount) * each)
    let room = memory + 2 * sums
    step = RecurrentStepBack(
      step: forward.step,
      states: (0..<stateCount).map {
        back.states.start + ($0 * walk.batch + samples.lowerBound) * units
      },
      sums: memory, product: memory + sums, room: (0..<planes).map { room + $0 * each },
      gated: room + planes * each)
    arrived = (0..<stateCount).map { room + (planes + 1 + $0) * each }
  }

  func free() {
    forward.free()
    memory.deallocate()
  }

  /// Makes ready for the way back over `position`.
  func load(_ position: Int) {
    let (walk, layout) = (back.walk, back.tape.layout)
    let units = walk.layer.units
    forward.project(walk.timestep(at: position))
    let place = walk.place(of: position, in: back.tape)
    let blocks = [layout.hidden] + (layout.cell.map { [$0] } ?? [])
    for row in 0..<samples.count {
      let sample = samples.lowerBound + row
      for (quantity, plane) in step.step.record.enumerated() {
        (plane + row * units).update(
          from: place.start + sample * place.sampleStride + quantity * units, count: units)
      }
      for (state, block) in blocks.enumerated() {
        let to = before.numbers.start + (state * walk.batch + sample) * units
        if position > 0 {
          to.update(
            from: place.start - place.stepStride + sample * place.sampleStride + block * units,
            count: units)
        } else {
          back.scan.initialStates[state].values.withUnsafeBufferPointer { numbers in
            guard let from = numbers.baseAddress else { return }
            to.update(from: from + sample * units, count: units)
          }
        }
      }
    }
    addOutputGradient(position)
    for (gradient, copy) in zip(step.states, arrived) {
      copy.update(from: gradient, count: step.step.count)
    }
    guard let squares = back.squares else { return }
    for row in 0..<samples.count {
      let hidden = step.states[0] + row * units
      squares.start[position * walk.batch + samples.lowerBound + row] =
        (0..<units).reduce(0) { $0 + hidden[$1] * hidden[$1] }
    }
  }

  private func addOutputGradient(_ position: Int) {
    guard let outputs = back.outputs else { return }
    let units = step.step.units
    outputs.withStart { start in
      guard let start else { return }
      for row in 0..<samples.count {
        let from =
          start + (samples.lowerBound + row) * outputs.sampleStride
          + position * outputs.stepStride
        let to = step.states[0] + row * units
        for unit in 0..<units { to[unit] += from[unit] }
      }
    }
  }

  /// Keeps the gradients of the sums, and gives the input its own.
  func keep(_ position: Int) {
    let walk = back.walk
    let t = walk.timestep(at: position)
    let width = step.step.gates * step.step.units
    // A masked timestep hands its states on: so it does with their gradients.
    for row in 0..<samples.count where !walk.counts(t, sample: samples.lowerBound + row) {
      (step.sums + row * width).update(repeating: 0, count: width)
      (step.product + row * width).update(repeating: 0, count: width)
      (step.gated + row * step.step.units).update(repeating: 0, count: step.step.units)
      for (gradient, copy) in zip(step.states, arrived) {
        (gradient + row * step.step.units).update(
          from: copy + row * step.step.units, count: step.step.units)
      }
    }
    keepOnTape(position)
    keepInput(t)
  }

  private func keepOnTape(_ position: Int) {
    let (walk, layout) = (back.walk, back.tape.layout)
    let units = step.step.units
    let width = step.step.gates * units
    let place = walk.place(of: position, in: back.tape)
    for row in 0..<samples.count {
      let to = place.start + (samples.lowerBound + row) * place.sampleStride
      (to + layout.gates * units).update(from: step.sums + row * width, count: width)
      guard let candidate = layout.candidate else { continue }
      let from =
        walk.layer.kernelCell == .gruResetAfter
        ? step.product + row * width + 2 * units : step.gated + row * units
      (to + candidate * units).update(from: from, count: units)
    }
  }

  private func keepInput(_ t: Int) {
    guard let input = back.input else { return }
    let (walk, units, features) = (back.walk, step.step.units, back.walk.features)
    let width = step.step.gates * units
    let start = input.start + (samples.lowerBound * walk.timesteps + t) * features
    let stride = walk.timesteps * features
    walk.weights[0].values.withUnsafeBufferPointer { kernel in
      guard let kernel = kernel.baseAddress, features > 0 else { return }
      let factors = walk.dropout?.input ?? []
      guard factors.count > 1 else {
        multiply(
          rows: samples.count, columns: features, inner: width, step.sums, kernel,
          transposesB: true, into: start, outStride: stride)
        if let only = factors.first { scale(start, stride, by: only) }
        return
      }
      for (gate, factors) in factors.enumerated() {
        multiply(
          rows: samples.count, columns: features, inner: units, step.sums + gate * units,
          aStride: width, kernel + gate * units, bStride: width, transposesB: true,
          into: forward.scaledRows)
        scale(forward.scaledRows, features, by: factors)
        for row in 0..<samples.count {
          let (to, from) = (start + row * stride, forward.scaledRows + row * features)
          for index in 0..<features { to[index] = (gate > 0 ? to[index] : 0) + from[index] }
        }
      }
    }
  }

  private func scale(_ rows: UnsafeMutablePointer<Float>, _ stride: Int, by factors: Tensor) {
    let features = back.walk.features
    factors.values.withUnsafeBufferPointer { factors in
      for row in 0..<samples.count {
        let first = (samples.lowerBound + row) * features
        for index in 0..<features { rows[row * stride + index] *= factors[first + index] }
      }
    }
  }
}

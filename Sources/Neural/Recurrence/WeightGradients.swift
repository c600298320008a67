import VectorKernels

/// The gradients of the weights of one direction: sums over all samples and positions, as few large
/// products.
///
/// kernel: Σ xᵀ·∂(x·W); recurrent kernel: Σ h₋₁ᵀ·∂(h₋₁·U); bias: the sums of what stands right.
struct WeightGradients: Sendable {
  private let back: ScanBack
  private let kernel: Numbers
  private let recurrentKernel: Numbers
  private let bias: Numbers?

  private var walk: TimestepWalk { back.walk }
  private var tape: RecurrentTape { back.tape }
  private var units: Int { walk.layer.units }
  private var gateCount: Int { type(of: walk.layer).gates.count }

  /// Room for the gradients of a direction that is walked back.
  init(_ back: ScanBack) {
    self.back = back
    let layer = back.walk.layer
    let width = type(of: layer).gates.count * layer.units
    func zeros(_ count: Int) -> Numbers {
      let numbers = Numbers(count: count)
      numbers.start.update(repeating: 0, count: count)
      return numbers
    }
    kernel = zeros(back.walk.features * width)
    recurrentKernel = zeros(layer.units * width)
    bias = layer.options.useBias ? zeros(layer.biasShape.reduce(1, *)) : nil
  }

  /// The gradients of several directions, made at the same time.
  static func of(_ backs: [ScanBack]) -> [Tensor] {
    let gradients = backs.map { WeightGradients($0) }
    withSums(gradients[...]) { sums in
      let most = max(2 * processorCount / max(backs.count, 1), 1)
      let parts = sums.flatMap { $0.parts(upTo: most) }
      concurrently(parts.count) { parts[$0].multiply() }
    }
    return gradients.flatMap(\.tensors)
  }

  private static func withSums(
    _ gradients: ArraySlice<WeightGradients>, _ others: [Sum] = [], _ body: ([Sum]) -> Void
  ) {
    guard let first = gradients.first else { return body(others) }
    first.withSums { withSums(gradients.dropFirst(), others + $0, body) }
  }

  private var tensors: [Tensor] {
    let width = gateCount * units
    let kernels = [
      kernel.tensor([walk.features, width]), recurrentKernel.tensor([units, width]),
    ]
    return kernels + (bias.map { [$0.tensor(walk.layer.biasShape)] } ?? [])
  }

  /// Products that are added to the same numbers, one after the other.
  private struct Sum: Sendable {
    var products: [MatrixProduct]

    /// The sum in parts that can be made at the same time.
    func parts(upTo count: Int) -> [Sum] {
      let enough = 2e6
      let work = products.reduce(0) {
        $0 + Double($1.rows) * Double($1.columns) * Double($1.inner)
      }
      let count = max(Int(min(Double(count), work / enough)), 1)
      let parts = products.map { $0.parts(upTo: count) }
      return (parts.first ?? []).indices.map { index in
        Sum(products: parts.map { $0[index] })
      }
    }

    func multiply() {
      for product in products {
        var product = product
        matrix_multiply(KernelChoice.bestLevel, &product)
      }
    }
  }

  /// Gives `body` the sums; they are good as long as it runs.
  private func withSums(_ body: ([Sum]) -> Void) {
    let inputs =
      walk.packed != nil
      ? [walk.read] : (walk.dropout?.input ?? []).map { walk.input.scaled(by: $0) }
    let states = scaledStates()
    func withInputs(
      _ left: ArraySlice<Tensor>, _ starts: [UnsafePointer<Float>],
      _ body: ([UnsafePointer<Float>]) -> Void
    ) {
      guard let first = left.first else { return body(starts) }
      first.values.withUnsafeBufferPointer { numbers in
        guard let start = numbers.baseAddress else { return }
        withInputs(left.dropFirst(), starts + [start], body)
      }
    }
    withInputs(inputs.isEmpty ? [walk.input] : inputs[...], []) { starts in
      let kernel = kernelSums(starts)
      back.scan.initialStates[0].values.withUnsafeBufferPointer { initial in
        guard let initial = initial.baseAddress else { return }
        let recurrent =
          states.isEmpty ? recurrentSums(initial: initial) : recurrentSums(scaled: states)
        // The largest first, so that no thread is left alone with it.
        body(recurrent + kernel)
      }
    }
    withExtendedLifetime(states) {}
  }

  /// One product for all gates, or one for each where each saw another input.
  private func kernelSums(_ inputs: [UnsafePointer<Float>]) -> [Sum] {
    inputs.enumerated().map { gate, input in
      let gates = inputs.count > 1 ? gate..<(gate + 1) : 0..<gateCount
      var product = self.product(gates, block: tape.layout.gates + gates.lowerBound)
      product.rows = walk.features
      product.out = kernel.start + gates.lowerBound * units
      product.a = input + walk.timestep(at: 0) * walk.features
      product.aStride = walk.timesteps * walk.features
      product.aGroup = walk.batch
      product.aGroupStride = walk.isBackward ? -walk.features : walk.features
      product.columnSums = bias.map { $0.start + gates.lowerBound * units }
      return Sum(products: [product])
    }
  }

  /// The columns of some gates, summed over all positions; `block` has their gradients.
  private func product(_ gates: Range<Int>, block: Int) -> MatrixProduct {
    let place = walk.place(of: 0, in: tape)
    var product = MatrixProduct()
    product.columns = gates.count * units
    product.inner = walk.timesteps * walk.batch
    product.transposesA = true
    product.b = UnsafePointer(place.start + block * units)
    product.bStride = place.sampleStride
    product.outStride = gateCount * units
    product.adds = true
    return product
  }

  /// Which gates have the gradients of their h₋₁·U side by side, and in which block.
  ///
  /// In a GRU those of the candidate stand by themselves, or belong to another left side.
  private var recurrentParts: [(gates: Range<Int>, block: Int)] {
    let first = tape.layout.gates
    switch walk.layer.kernelCell {
    case .gruResetAfter: return [(0..<2, first), (2..<3, tape.layout.candidate ?? first)]
    case .gruResetBefore: return [(0..<2, first), (2..<3, first + 2)]
    case .LSTM, .simple: return [(0..<gateCount, first)]
    }
  }

  private func recurrentSums(initial: UnsafePointer<Float>) -> [Sum] {
    let place = walk.place(of: 0, in: tape)
    let isResetBefore = walk.layer.kernelCell == .gruResetBefore
    return recurrentParts.map { gates, block in
      var product = recurrentProduct(gates, block: block)
      product.aStride = place.sampleStride
      if isResetBefore, gates.lowerBound == 2, let candidate = tape.layout.candidate {
        product.a = UnsafePointer(place.start + candidate * units)
        return Sum(products: [product])
      }
      // What stands before the first position, then what the others leave to the next ones.
      var first = product
      first.inner = walk.batch
      first.a = initial
      first.aStride = units
      product.inner -= walk.batch
      product.a = UnsafePointer(place.start + tape.layout.hidden * units)
      product.b += place.stepStride
      return Sum(products: [first, product])
    }
  }

  private func recurrentSums(scaled states: [Numbers]) -> [Sum] {
    recurrentParts.flatMap { gates, block in
      gates.map { gate in
        var product = recurrentProduct(
          gate..<(gate + 1), block: block + gate - gates.lowerBound)
        product.a = UnsafePointer(states[gate].start)
        product.aStride = units
        return Sum(products: [product])
      }
    }
  }

  private func recurrentProduct(_ gates: Range<Int>, block: Int) -> MatrixProduct {
    var product = self.product(gates, block: block)
    product.rows = units
    product.out = recurrentKernel.start + gates.lowerBound * units
    // A second row of biases belongs to this product.
    if let bias, walk.layer.kernelCell == .gruResetAfter {
      product.columnSums = bias.start + (gateCount + gates.lowerBound) * units
    }
    return product
  }

  /// What each gate saw of the state where some of it was dropped: (position, batch, unit) each.
  private func scaledStates() -> [Numbers] {
    let (batch, units) = (walk.batch, units)
    return (walk.dropout?.hidden ?? []).enumerated().map { gate, factors in
      let numbers = Numbers(count: walk.timesteps * batch * units)
      let isGated = walk.layer.kernelCell == .gruResetBefore && gate == 2
      let block = isGated ? tape.layout.candidate ?? 0 : tape.layout.hidden
      factors.values.withUnsafeBufferPointer { factors in
        for position in 0..<walk.timesteps {
          let before = isGated ? position : position - 1
          let place = walk.place(of: max(before, 0), in: tape)
          for index in 0..<(batch * units) {
            let (sample, unit) = (index / units, index % units)
            let state =
              before < 0
              ? back.scan.initialStates[0].values[index]
              : place.start[sample * place.sampleStride + block * units + unit]
            numbers.start[position * batch * units + index] = state * factors[index]
          }
        }
      }
      return numbers
    }
  }
}

extension SpectralNormalization {
  /// Runs the layer inside; in training with its kernel divided by the largest singular value.
  ///
  /// What is divided is the kernel of this pass: as with JAX, the kernel that the optimizer moves
  /// keeps its size, and only a frozen one is replaced by what was divided. The masks that the
  /// layer inside hands on flow on while a model runs, although Keras does not note them.
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard !(inner.layer is any OpaqueNode) else {
      return try inner.layer.forward(inputs, weights: weights, in: context)
    }
    guard weights.count > 1 else {
      throw PassError("\(className) needs a kernel and its vector, found \(weights.count) weights")
    }
    let normalized = normalized(weights, context)
    func parts(_ kernel: Tensor) -> LayerWeights {
      LayerWeights([kernel] + weights.tensors.dropFirst(2))
    }
    let parts =
      normalized.map { parts($0.kernel) }
      ?? weights.prepared(as: InnerWeights()) { parts(weights[0]) }
    var inside = context.part(inner.name, isTrainable: inner.trainable)
    inside.masks = context.masks
    var pass: Pass
    do throws(PassError) {
      pass = try inner.layer.forward(
        inputs, weights: parts, penalizedBy: inner.activityRegularizer(), in: inside)
    } catch {
      throw error.at(inner.name)
    }
    pass.masks = pass.masks ?? inner.layer.outputMasks(inputs: inputs, masks: context.masks)
    var updates: [Int: Tensor] = [:]
    if let normalized {
      updates[1] = normalized.vector
      if !inner.trainable { updates[0] = normalized.kernel }
    }
    // The vector stands behind the kernel, which is the first weight of the layer inside.
    for (index, update) in pass.weightUpdates { updates[index == 0 ? 0 : index + 1] = update }
    pass.weightUpdates = updates
    guard let pullback = pass.pullback else { return pass }
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      var result = try pullback(gradients)
      guard var kernel = result.weights.first else { return result }
      if let normalized, let gradient = kernel { kernel = normalized.back(gradient) }
      result.weights = [kernel, nil] + result.weights.dropFirst()
      return result
    }
    return pass
  }

  /// The kernel divided by its largest singular value; `nil` outside of training, and where it is
  /// all zeros.
  private func normalized(_ weights: LayerWeights, _ context: PassContext) -> SpectralKernel? {
    guard context.isTraining, weights[0].values.contains(where: { $0 != 0 }) else { return nil }
    return SpectralKernel(weights[0], vector: weights[1], iterations: powerIterations)
  }

  /// What the weights of the layer inside are kept under.
  private struct InnerWeights: Hashable, Sendable {}
}

/// A kernel divided by its largest singular value, with the way back.
private struct SpectralKernel: Sendable {
  /// The kernel ÷ σ.
  let kernel: Tensor
  /// The vector u after the iterations: (1, columns).
  let vector: Tensor
  /// The vector v: (1, rows).
  private let left: Tensor
  private let sigma: Float

  /// More steps than these change nothing that 32 bits show.
  private static let mostIterations = 10_000

  /// Finds the singular value.
  ///
  /// - Parameters:
  ///   - kernel: any shape; its last axis are the columns, all others the rows.
  ///   - vector: u: (1, columns).
  ///   - iterations: how often u is multiplied with the kernel.
  init(_ kernel: Tensor, vector: Tensor, iterations: Int) {
    let columns = kernel.sizes.last ?? 1
    let matrix = kernel.reshaped([columns == 0 ? 0 : kernel.count / columns, columns])
    var (u, v) = (vector, vector)
    for _ in 0..<min(iterations, Self.mostIterations) {
      let before = u
      v = u.times(transposed: matrix).normalized()
      u = v.times(matrix).normalized()
      // Nothing moves any more: further steps give the same numbers.
      if u == before || !u.values.allSatisfy(\.isFinite) { break }
    }
    let products = v.times(matrix)
    let sigma = zip(products.values, u.values).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    (self.vector, left, self.sigma) = (u, v, sigma)
    self.kernel = kernel.map { $0 / sigma }
  }

  /// The gradient of the kernel, from that of the divided one; u and v are taken for fixed.
  ///
  /// d(W ÷ σ) = dW ÷ σ − W · dσ ÷ σ², where dσ = v · dW · uᵀ.
  func back(_ gradient: Tensor) -> Tensor {
    let along = zip(gradient.values, kernel.values).reduce(0.0) {
      $0 + Double($1.0) * Double($1.1)
    }
    let pull = Float(along)
    let columns = vector.count
    return Tensor(gradient.sizes) { out in
      gradient.values.withUnsafeBufferPointer { gradient in
        for (row, left) in left.values.enumerated() {
          for (column, right) in vector.values.enumerated() {
            let index = row * columns + column
            out[index] = (gradient[index] - pull * left * right) / sigma
          }
        }
      }
    }
  }
}

extension Tensor {
  /// The numbers of a vector brought to length 1; a shorter one than 1e-7 stays shorter.
  fileprivate func normalized() -> Tensor {
    let square = laneSum(count) { values[$0] * values[$0] }
    let factor = min(1 / square.squareRoot(), 1e7)
    return map { $0 * factor }
  }
}

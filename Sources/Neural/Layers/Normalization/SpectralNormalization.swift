/// A layer whose kernel is divided by its largest singular value in training.
///
/// That value σ, by which the layer stretches a vector at most, is found by power iteration:
/// v = u · Wᵀ, u = v · W, each brought to length 1, σ = v · W · uᵀ. Input and output are those of
/// the layer inside. Source: `keras/src/layers/normalization/spectral_normalization.py`.
package struct SpectralNormalization: WrapperLayer {
  package static let className = "SpectralNormalization"
  package static let summary = "keeps a layer in training from stretching any vector"

  package var inner: NamedLayer
  /// How often u is multiplied with the kernel in each step.
  package var powerIterations = 1

  package init() {
    self.init(NamedLayer("dense", Dense()))
  }

  package init(_ inner: NamedLayer) {
    self.inner = inner
  }

  package static let settings: [Setting<SpectralNormalization>] = [
    Setting(layer: "layer", { $0.inner }, isRequired: true, help: "the layer with the kernel"),
    Setting(
      "power_iterations", \.powerIterations, .integer(1...largestSize),
      help: "how often u is multiplied with the kernel in each step"),
  ]

  package var keepsAxes: Bool { inner.layer.keepsAxes }

  package func inputRoles(rank: Int) -> [AxisRole]? { inner.layer.inputRoles(rank: rank) }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let outputs = try inner.layer.outputShapes(for: inputs)
    if !(inner.layer is any OpaqueNode) {
      try requireKernel(inner.layer.weights(for: inputs))
    }
    return outputs
  }

  /// The kernel, the vector u, and all else that the layer inside has: Keras' order.
  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let specs = try inner.layer.weights(for: inputs)
    if inner.layer is any OpaqueNode { return specs }
    try requireKernel(specs)
    let owned = specs.map { $0.owned(by: inner.name, trainable: inner.trainable) }
    let columns = owned[0].shape.last ?? 1
    var vector = WeightSpec("vector_u", [1, columns], isTrainable: false)
    if let values = try? Initializer(
      configValue: ["class_name": "TruncatedNormal", "config": ["stddev": 0.02]],
      kind: .initializer)
    {
      vector.initializer = values
    }
    return [owned[0], vector] + owned.dropFirst()
  }

  /// Checks that the first weight of the layer inside is a kernel of its own.
  ///
  /// - Throws: `ShapeError` where it is none.
  func requireKernel(_ specs: [WeightSpec]) throws(ShapeError) {
    let isWrapped = inner.layer is SpectralNormalization
    guard let kernel = specs.first, ["kernel", "embeddings"].contains(kernel.name),
      kernel.owner.isEmpty || isWrapped, !kernel.shape.isEmpty,
      !(inner.layer is any SequenceLayer)
    else {
      throw ShapeError(
        "SpectralNormalization wraps a layer with one kernel or embeddings, found "
          + inner.className, remedy: "wrap a Dense, Embedding or convolution")
    }
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    inner.layer.multiplyAdds(for: inputs, outputs: outputs)
  }

  package func explanation(for inputs: [Shape], outputs: [Shape]) -> Explanation {
    guard let specs = try? weights(for: inputs), specs.count > 1 else { return Explanation([]) }
    let (kernel, vector) = (specs[0], specs[1])
    let count = parameterCount(for: inputs)
    return Explanation(
      [
        .init(
          "Why \(count.grouped) parameters?",
          [
            "\((count - vector.count).grouped) of the \(inner.className)",
            "\(vector.count.grouped) of vector_u: kept, not learned",
          ]),
        .init(
          "What does it do?",
          [
            "in training, divides \(kernel.name) by its largest singular value,",
            "found by \(powerIterations) step\(powerIterations == 1 ? "" : "s") of power iteration",
            "afterwards it is the \(inner.className) alone",
          ]),
      ]
        + inner.layer.explanation(for: inputs, outputs: outputs).answers.filter {
          !$0.question.hasSuffix("parameters?")
        })
  }

  package func remarks(for inputs: [Shape]) -> [String] {
    let remarks = inner.layer.remarks(for: inputs)
    guard inner.layer is Embedding else { return remarks }
    return remarks + ["Keras cuts the output to whole numbers where the input is declared as such"]
  }
}

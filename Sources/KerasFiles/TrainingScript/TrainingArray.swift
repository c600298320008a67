import Neural

/// An array that a model is trained on: what it reads, or what it should give.
struct TrainingArray {
  /// The name of the input or output.
  var name: String
  /// The size of each axis without the samples, `nil` where any fits; `nil`: not known.
  var shape: [Int?]?
  /// NumPy's name for the kind of its numbers.
  var kind: String
  /// Random numbers of its kind as a Python expression, with `rng` and `samples`; `nil` where the
  /// sizes are not known.
  var demo: String?

  /// The line of its table: `"tokens": ((80,), "int32")`.
  var entry: PythonExpression {
    let sizes = shape.map { sizes in
      PythonLiteral.value(.list(sizes.map { $0.map { .int($0) } ?? .null }), tuples: true)
    }
    return .raw("(\(sizes ?? "None"), \(PythonLiteral.text(kind)))")
  }
}

/// The arrays that a model is trained on.
struct TrainingArrays {
  var inputs: [TrainingArray]
  var targets: [TrainingArray]

  /// Whether the model takes whatever comes: nobody has given it an input shape.
  let isOpen: Bool

  /// What a model reads and should give.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - losses: the loss of each output, where it is known.
  init(of model: Model, losses: [Loss?]) {
    // Random arrays need a size on every axis: the smallest usual one that the layers take.
    let descriptions = model.inputDescriptions
    let sizedInputs = [8, 16, 32, 64, 128, 256].lazy
      .map { size in descriptions.compactMap { Self.sizes(of: $0, free: size, model.fixedBatch) } }
      .first { sizes in
        guard sizes.count == descriptions.count,
          let plan = try? PassPlan(model, inputSizes: sizes)
        else { return false }
        return plan.analysis.firstError == nil
      }
    let sized = sizedInputs.flatMap { try? PassPlan(model, inputSizes: $0).analysis }
    let analysis = Analysis(of: model)
    var names: Set<String> = []
    var inputs: [TrainingArray] = []
    for (index, input) in descriptions.enumerated() {
      names.insert(input.name)
      let layer = model.layer(of: model.inputs[index].node)?.layer as? InputLayer
      let isOpen = layer?.batchShape == nil
      let sizes = sizedInputs.map { Array($0[index].dropFirst()) }
      let kind = Self.kind(layer?.dtype ?? "float32")
      inputs.append(
        TrainingArray(
          name: input.name, shape: isOpen ? nil : input.shape.map { Array($0.sizes.dropFirst()) },
          kind: kind,
          demo: isOpen
            ? nil : sizes.map { Self.demo(of: input.indices, kind: kind, sizes: $0) }))
    }
    self.inputs = inputs
    isOpen = inputs.contains { $0.shape == nil }
    targets = []
    for (index, output) in model.outputs.enumerated() {
      var name = model.layer(of: output.node)?.name ?? "output"
      while !names.insert(name).inserted { name += "_target" }
      let loss = index < losses.count ? losses[index] : nil
      let shape = analysis.shape(of: output).map { Array($0.sizes.dropFirst()) }
      let sizes = sized?.shape(of: output).flatMap(Self.sizesOfSample)
      let isSparse = loss?.className == "SparseCategoricalCrossentropy"
      targets.append(
        TrainingArray(
          name: name, shape: isSparse ? shape.map { Array($0.dropLast()) } : shape,
          kind: isSparse ? "int32" : "float32",
          demo: isOpen ? nil : sizes.map { Self.demo(of: loss, sizes: $0) }))
    }
  }

  /// Whether random arrays can be made.
  var haveDemo: Bool { (inputs + targets).allSatisfy { $0.demo != nil } }

  /// Sizes for an input, one for each axis that is free; `nil` where nobody has said its shape.
  private static func sizes(
    of input: InputDescription, free size: Int, _ batch: Int?
  ) -> [Int]? {
    input.shape.map { shape in [batch ?? 2] + shape.sizes.dropFirst().map { $0 ?? size } }
  }

  private static func sizesOfSample(_ shape: Shape) -> [Int]? {
    let sizes = shape.sizes.dropFirst().compactMap { $0 }
    return sizes.count == shape.rank - 1 ? sizes : nil
  }

  /// NumPy has no name for `bfloat16`; the model casts what it reads.
  private static func kind(_ type: String) -> String {
    let known = [
      "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16",
      "uint32", "uint64", "bool",
    ]
    return known.contains(type) ? type : "float32"
  }

  // MARK: Random arrays

  private static func size(_ sizes: [Int]) -> String {
    "(" + (["samples"] + sizes.map(String.init)).joined(separator: ", ")
      + (sizes.isEmpty ? ",)" : ")")
  }

  private static func demo(of indices: Range<Int>?, kind: String, sizes: [Int]) -> String {
    if let indices {
      let low = indices.lowerBound > 0 ? "\(indices.lowerBound), " : ""
      return "rng.integers(\(low)\(indices.upperBound), size=\(size(sizes)))"
    }
    if kind == "bool" || kind.contains("int") { return "rng.integers(2, size=\(size(sizes)))" }
    return "rng.normal(size=\(size(sizes)))"
  }

  private static func demo(of loss: Loss?, sizes: [Int]) -> String {
    let classes = max(sizes.last ?? 1, 1)
    let name = loss?.className ?? ""
    if name == "SparseCategoricalCrossentropy" {
      return "rng.integers(\(classes), size=\(size(sizes.dropLast())))"
    }
    if name.hasPrefix("Binary") || name.hasSuffix("Hinge") && name != "CategoricalHinge" {
      return "rng.integers(2, size=\(size(sizes)))"
    }
    if name.hasPrefix("Categorical"), !sizes.isEmpty {
      return "np.eye(\(classes))[rng.integers(\(classes), size=\(size(sizes.dropLast())))]"
    }
    let isSigned = ["MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh"].contains(name)
    return "rng.\(isSigned ? "normal" : "random")(size=\(size(sizes)))"
  }
}

extension TrainingArrays {
  fileprivate static func size(_ sizes: ArraySlice<Int>) -> String { size(Array(sizes)) }
}

import Neural

/// Arrays of a script as a model takes them.
extension ModelObject {
  /// A tensor for each input of the model, from an array, a list of arrays, or a dict by the names
  /// of the inputs.
  func inputTensors(
    from value: Value, for model: Model, in evaluator: Evaluator
  ) throws -> [Tensor] {
    try refuseGenerator(value, in: evaluator)
    let names = model.inputs.map { model.layer(of: $0.node)?.name ?? "?" }
    if case .dict(let dict) = value {
      return try tensors(of: dict, names: names, "input", in: evaluator).compactMap { $0 }
    }
    if let elements = value.sequence,
      names.count > 1 || isListOfArrays(elements) || areInputs(elements, of: model)
    {
      guard elements.count == names.count else {
        throw evaluator.fault(
          "the model '\(self.name)' takes \(names.count) input\(names.count == 1 ? "" : "s"), "
            + "found \(elements.count)", remedy: "give one for each of \(listed(names))")
      }
      return try zip(elements, names).map { try evaluator.tensor(from: $0, for: $1) }
    }
    guard names.count == 1 else {
      throw evaluator.fault(
        "the model '\(self.name)' takes \(names.count) inputs, found 1",
        remedy: "give a list with one for each of \(listed(names))")
    }
    return [try evaluator.tensor(from: value, for: "x")]
  }

  /// A tensor for each output of the model; `nil` where there is none for it.
  func targetTensors(
    from value: Value, for model: Model, _ what: String = "output", in evaluator: Evaluator
  ) throws -> [Tensor?] {
    let names = outputKeys ?? model.outputs.map { model.layer(of: $0.node)?.name ?? "?" }
    if value.isNone { return names.map { _ in nil } }
    if case .dict(let dict) = value {
      return try tensors(of: dict, names: names, what, in: evaluator)
    }
    if let elements = value.sequence, names.count > 1 || isListOfArrays(elements) {
      guard elements.count == names.count else {
        throw evaluator.fault(
          "the model '\(self.name)' has \(names.count) output\(names.count == 1 ? "" : "s"), "
            + "found \(elements.count) targets", remedy: "give one for each of \(listed(names))")
      }
      return try zip(elements, names).map { element, name in
        element.isNone ? nil : try evaluator.tensor(from: element, for: name)
      }
    }
    guard names.count == 1 else {
      throw evaluator.fault(
        "the model '\(self.name)' has \(names.count) outputs, found targets for 1",
        remedy: "give a list with one for each of \(listed(names))")
    }
    return [try evaluator.tensor(from: value, for: what == "output" ? "y" : what)]
  }

  private func tensors(
    of dict: DictObject, names: [String], _ what: String, in evaluator: Evaluator
  ) throws -> [Tensor?] {
    for member in dict.members.values {
      guard let key = member.key.stringValue, !names.contains(key) else { continue }
      let near = nearest(to: key, in: names).map { "did you mean \($0)?" }
      throw evaluator.fault(
        "the model '\(name)' has no \(what) '\(key)'",
        remedy: near ?? "it has \(listed(names))", type: "KeyError")
    }
    return try names.map { name in
      guard let value = dict[name], !value.isNone else {
        if what == "input" {
          throw evaluator.fault("there is no array for the input '\(name)'", type: "KeyError")
        }
        return nil
      }
      return try evaluator.tensor(from: value, for: name)
    }
  }

  /// Whether the arrays of a list are whole inputs of a model with one, not samples of it.
  private func areInputs(_ elements: [Value], of model: Model) -> Bool {
    guard let rank = model.inputDescriptions.first?.shape?.rank, elements.count > 1 else {
      return false
    }
    return elements.allSatisfy { element in
      if case .array(let array) = element { array.shape.count >= rank } else { false }
    }
  }

  /// Whether a list holds an array for the one input or output, not that one's samples.
  private func isListOfArrays(_ elements: [Value]) -> Bool {
    guard elements.count == 1, case .array(let array) = elements[0] else { return false }
    return !array.shape.isEmpty
  }

  /// Data that comes batch by batch is not followed.
  private func refuseGenerator(_ value: Value, in evaluator: Evaluator) throws {
    let what: String
    switch value {
    case .iterator: what = "a generator"
    case .instance(let instance): what = "a '\(instance.type.name)'"
    case .unknown(let unknown): throw evaluator.fault(needing: "the data", unknown)
    default: return
    }
    throw evaluator.fault(
      "\(what) gives its data batch by batch, which is not followed here",
      remedy: "make arrays of it: x = numpy.array([…])", type: "TypeError")
  }

  /// What a model is trained on or measured with, from what `fit` takes.
  func trainingData(
    _ x: Value, _ y: Value?, _ weights: Value?, for model: Model, in evaluator: Evaluator
  ) throws -> TrainingData {
    let inputs = try inputTensors(from: x, for: model, in: evaluator)
    guard let samples = inputs.first?.sizes.first, samples > 0 else {
      throw evaluator.fault("x has no samples", remedy: "give it at least one")
    }
    guard let y, !y.isNone else {
      throw evaluator.fault("there are no targets", remedy: "give y=, what the model should say")
    }
    // An output without targets has no loss either.
    let targets = try targetTensors(from: y, for: model, in: evaluator).compactMap { $0 }
    var data = TrainingData(inputs: inputs, targets: targets)
    if let weights, !weights.isNone {
      data.sampleWeights = try self.sampleWeights(weights, for: model, in: evaluator)
    }
    for (index, tensor) in (inputs + targets).enumerated() where tensor.sizes.first != samples {
      let what = index < inputs.count ? "an input" : "a target"
      throw evaluator.fault(
        "\(what) has \((tensor.sizes.first ?? 0).grouped) samples, the first input has "
          + samples.grouped, remedy: "all need the same number of samples")
    }
    return data
  }

  /// Weights of samples: one array for all outputs, or one for each.
  private func sampleWeights(
    _ value: Value, for model: Model, in evaluator: Evaluator
  ) throws -> [Tensor?] {
    let count = model.outputs.count
    if case .array = value, count > 1 {
      let tensor = try evaluator.tensor(from: value, for: "sample_weight")
      return Array(repeating: tensor, count: count)
    }
    return try targetTensors(from: value, for: model, "sample_weight", in: evaluator)
  }

  /// `validation_data=(x, y)` or `(x, y, weights)`.
  func validationData(
    _ value: Value, for model: Model, in evaluator: Evaluator
  ) throws -> TrainingData {
    guard let parts = value.sequence, (2...3).contains(parts.count) else {
      try refuseGenerator(value, in: evaluator)
      throw evaluator.fault(
        "validation_data is a tuple (x, y) or (x, y, weights), found "
          + "'\(evaluator.typeName(of: value))'", type: "TypeError")
    }
    return try trainingData(
      parts[0], parts[1], parts.count > 2 ? parts[2] : nil, for: model, in: evaluator)
  }

  /// Gives a stack without an input the shape of the first data it sees.
  func build(onto tensors: [Tensor], in evaluator: Evaluator) throws {
    guard kind == .sequential, input == nil || inputIsHinted, let first = tensors.first else {
      return
    }
    // A single axis is one number a sample.
    let sizes = first.rank == 1 ? [1] : Array(first.sizes.dropFirst())
    try build([nil] + sizes, in: evaluator)
  }
}

import Neural

extension ModelObject {
  /// The model's weights, first values where there are none yet, for the data that was analysed.
  func weights(
    of assembled: Assembled, _ analysis: Analysis, in evaluator: Evaluator
  ) throws -> ModelWeights {
    var weights = ModelWeights()
    for (id, object) in assembled.objects {
      guard let specs = analysis.weights[id], !specs.isEmpty else { continue }
      object.noteInput(
        assembled.model.calls(of: id).first.flatMap { analysis.reports[$0]?.inputs })
      weights.layers[id] = LayerWeights(
        try object.allTensors(count: specs.count, in: evaluator))
    }
    return weights
  }

  /// Takes weights for the layers.
  func take(_ weights: ModelWeights, of assembled: Assembled, in evaluator: Evaluator) throws {
    for (id, object) in assembled.objects where weights[id].count > 0 {
      try object.setAllTensors(weights[id].tensors, in: evaluator)
    }
  }

  /// The objects that hold numbers, in the order of Keras' `model.weights`.
  func weightHolders(in evaluator: Evaluator) throws -> [LayerObject] {
    let assembled = try assembled(in: evaluator)
    var seen: Set<ObjectIdentifier> = []
    return try KerasOrder(assembled.model).layers.compactMap { assembled.objects[$0] }
      .flatMap { try $0.weightHolders(in: evaluator) }
      .filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  /// `get_weights`, `set_weights`; `nil` for other names.
  func weightMethod(_ name: String) -> Value? {
    switch name {
    case "get_weights":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.list(of: try self.weightHolders(in: evaluator))
        })
    case "set_weights":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          guard let given = arguments.value(0, "weights") else { return .none }
          try evaluator.setWeights(
            given, of: try self.weightHolders(in: evaluator), name: self.name)
          return .none
        })
    default: return nil
    }
  }

  /// `model.weights`, `model.trainable_variables`, …; `nil` for other names.
  func weightAttribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    guard let part = VariableList.Part(rawValue: name) else { return nil }
    let holders = try weightHolders(in: evaluator)
    return try evaluator.list(VariableList.variables(of: holders, part, in: evaluator))
  }
}

import Neural
import OrderedCollections

extension ModelObject {
  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    if let value = other(name) { return value }
    if evaluator.keras.run != nil, let value = try runningAttribute(name, in: evaluator) {
      return value
    }
    switch name {
    case "name": return .string(self.name)
    case "trainable": return .bool(isTrainable)
    case "built": return .bool(kind == .functional || input != nil)
    case "layers": return try layersValue(evaluator)
    case "input", "inputs", "output", "outputs": return try ends(name, evaluator)
    case "input_shape": return try shape(of: ends(inputsOf: true), evaluator)
    case "output_shape": return try shape(of: ends(inputsOf: false), evaluator)
    case "add", "pop", "build", "get_layer": return structureMethod(name)
    case "compile", "fit", "fit_generator", "train_on_batch", "fit_on_batch":
      return trainingMethod(name)
    case "predict", "evaluate", "predict_on_batch", "predict_classes", "predict_proba":
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, arguments in
          try self.buildFromData(arguments.positional.first, in: evaluator)
          return evaluator.unknown(nil, "the model is not run here")
        })
    case "count_params": return try countMethod(evaluator)
    case "history", "optimizer", "loss", "metrics_names", "weights", "trainable_weights",
      "non_trainable_weights", "variables", "trainable_variables", "non_trainable_variables",
      "updates", "state_updates", "losses", "metrics":
      return evaluator.unknown(nil, "\(name) is not computed here")
    default: break
    }
    if KerasNames.quietMethods.contains(name) {
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, _ in
          ["summary", "set_weights", "load_weights"].contains(name)
            ? .none : evaluator.unknown(nil, "the model is not run here")
        })
    }
    return evaluator.unknown(nil, "\(typeName).\(name) is not evaluated")
  }

  func setAttribute(_ name: String, to value: Value, in evaluator: Evaluator) throws -> Bool {
    switch name {
    case "trainable": if let flag = try evaluator.truth(of: value) { setTrainable(flag) }
    case "name", "_name": if let text = value.stringValue { self.name = text }
    case "stop_training": stopTraining = try evaluator.truth(of: value) ?? false
    default: setOther(name, value)
    }
    return true
  }

  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? { nil }

  private func layersValue(_ evaluator: Evaluator) throws -> Value {
    try evaluator.list(layers.map { .native($0.model ?? $0) })
  }

  private func ends(inputsOf isInput: Bool) -> [SymbolicTensor] {
    if kind == .sequential { return isInput ? input?.calls.first?.outputs ?? [] : stackOutputs }
    return isInput ? inputs : outputs
  }

  private func ends(_ name: String, _ evaluator: Evaluator) throws -> Value {
    let tensors = ends(inputsOf: name.hasPrefix("input"))
    guard let first = tensors.first else {
      throw evaluator.fault(
        "the model '\(self.name)' has no input yet, so there is no .\(name)",
        remedy: "give its first layer input_shape=, or call build()", type: "AttributeError")
    }
    if !name.hasSuffix("s"), tensors.count == 1 { return .native(first) }
    return try evaluator.list(tensors.map { .native($0) })
  }

  private func shape(of tensors: [SymbolicTensor], _ evaluator: Evaluator) throws -> Value? {
    if tensors.count == 1 { return try tensors.first?.shapeValue(evaluator) }
    return try evaluator.list(try tensors.map { try $0.shapeValue(evaluator) })
  }

  private func structureMethod(_ name: String) -> Value {
    .builtin(
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        switch name {
        case "add":
          guard self.kind == .sequential, let layer = arguments.value(0, "layer") else {
            throw evaluator.fault("add() takes a layer and a Sequential", type: "TypeError")
          }
          try evaluator.add(layer, to: self)
          if self.input != nil, !self.inputIsHinted, !self.stack.isEmpty {
            _ = evaluator.keras.name(for: "Functional")
          }
          return .none
        case "pop":
          guard let last = self.pop() else {
            throw evaluator.fault("there is no layer to pop", type: "TypeError")
          }
          return .native(last)
        case "build":
          guard let shape = arguments.value(0, "input_shape") ?? arguments["batch_input_shape"],
            !shape.isNone
          else { return .none }
          try self.build(try evaluator.sizes(from: shape, for: "input_shape"), in: evaluator)
          return .none
        default: return try self.layer(arguments, evaluator)
        }
      })
  }

  private func layer(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> Value {
    let layers = layers
    func value(_ layer: LayerObject) -> Value { .native(layer.model ?? layer) }
    if let name = arguments.value(0, "name")?.stringValue {
      if let found = layers.first(where: { $0.named.name == name }) { return value(found) }
      let near = nearest(to: name, in: layers.map(\.named.name))
      throw evaluator.fault(
        "the model has no layer '\(name)'", remedy: near.map { "did you mean \($0)?" } ?? "")
    }
    guard let index = arguments.value(1, "index")?.intValue ?? arguments["index"]?.intValue else {
      return evaluator.doubt(about: arguments.positional.first ?? .none)
    }
    guard layers.indices.contains(index) else {
      throw evaluator.fault("the model has \(layers.count) layers, not \(index)")
    }
    return value(layers[index])
  }

  private func trainingMethod(_ name: String) -> Value {
    .builtin(
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        guard name == "compile" else {
          self.isFitted = true
          try self.buildFromData(arguments.value(0, "x"), in: evaluator)
          return evaluator.unknown(nil, "nothing is trained here")
        }
        self.isCompiled = true
        let names = ["optimizer", "loss", "metrics", "loss_weights"]
        let given = zip(names, arguments.positional).map { ($0, $1) } + arguments.keywords
        for (key, value) in given {
          if let config = try? evaluator.config(from: value, for: key) {
            self.compileArguments[key] = config
          }
        }
        return .none
      })
  }

  /// A stack without an input takes the shape of the first data it sees.
  func buildFromData(_ data: Value?, in evaluator: Evaluator) throws {
    guard kind == .sequential, input == nil, case .array(let array)? = data,
      array.shape.count > 0, !array.shape.dropFirst().contains(nil)
    else { return }
    try build([nil] + array.shape.dropFirst(), in: evaluator)
  }

  private func countMethod(_ evaluator: Evaluator) throws -> Value {
    .builtin(
      Builtin("count_params") { evaluator, _ in
        let total = Analysis(of: try self.model(in: evaluator)).total.total.value
        return Int(exactly: total).map { .int($0) } ?? evaluator.tooLarge()
      })
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    var tensors: [SymbolicTensor] = []
    guard let first = arguments.positional.first ?? arguments["inputs"] else {
      throw evaluator.fault("the model '\(name)' is called without an input", type: "TypeError")
    }
    if evaluator.keras.run != nil, !evaluator.holdsSymbol(first) {
      return try callOnArrays(arguments, in: evaluator)
    }
    if case .array(let array) = first {
      if kind == .sequential, input == nil, !array.shape.contains(nil) {
        try build(array.shape, in: evaluator)
      }
      return evaluator.unknown(nil, "the model is not run here")
    }
    guard try evaluator.keras.collect(first, into: &tensors, evaluator) else {
      return evaluator.unknown(nil, "the model is not run here")
    }
    isCalled = true
    if kind == .sequential, input == nil || inputIsHinted && !startsWithEmbedding,
      let tensor = tensors.first
    {
      try build(tensor.shape.sizes, in: evaluator)
    }
    let layer = try asLayer(in: evaluator)
    return try evaluator.keras.call(layer, arguments, in: evaluator)
  }
}

import Neural
import OrderedCollections

extension ModelObject {
  /// The methods and attributes of a model whose script is run; `nil` for those that are the same
  /// as where it is only read.
  func runningAttribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    if let method = weightMethod(name) { return method }
    if let value = try weightAttribute(name, in: evaluator) { return value }
    func method(
      _ body: @escaping (ModelObject, CallArguments, Evaluator) throws -> Value
    ) -> Value {
      .builtin(
        Builtin(name, takesUnknown: true) { evaluator, arguments in
          try body(self, arguments, evaluator)
        })
    }
    switch name {
    case "compile":
      return method { model, arguments, evaluator in
        try model.compile(arguments, in: evaluator)
        return .none
      }
    case "fit": return method { try $0.fit($1, in: $2) }
    case "evaluate": return method { try $0.evaluate($1, in: $2) }
    case "predict": return method { try $0.predict($1, in: $2) }
    case "train_on_batch": return method { try $0.trainOnBatch($1, in: $2) }
    case "test_on_batch": return method { try $0.testOnBatch($1, in: $2) }
    case "predict_on_batch": return method { try $0.predictOnBatch($1, in: $2) }
    case "fit_generator", "evaluate_generator", "predict_generator":
      throw evaluator.fault(
        "\(name)() takes its data batch by batch, which is not followed here",
        remedy: "make arrays of it and call \(name.prefix { $0 != "_" })()")
    case "summary": return method { try $0.printSummary($1, in: $2) }
    case "save", "save_weights", "load_weights", "export": return fileMethod(name)
    case "reset_states", "reset_state":
      return method { model, _, _ in
        model.states = [:]
        model.training?.trainer?.resetStates()
        return .none
      }
    case "reset_metrics": return method { _, _, _ in .none }
    case "stop_training": return .bool(stopTraining)
    case "optimizer": return training.map { .native($0.optimizer) } ?? Value.none
    case "loss": return training?.config["loss"].map { evaluator.value(from: $0) } ?? Value.none
    case "history": return lastHistory.map { .native($0) } ?? Value.none
    case "compiled": return .bool(training != nil)
    case "metrics_names":
      guard let training else { return try evaluator.list([]) }
      let hasMetrics = !(training.config["metrics"]?.isNull ?? true)
      return try evaluator.list(
        [.string("loss")] + (hasMetrics ? [.string("compile_metrics")] : []))
    case "to_json":
      return method { model, _, evaluator in
        var value = try model.model(in: evaluator)
        value.extra["compile_config"] = model.training?.compileConfig.asCompileConfig
        return .string(KerasConfig.write(value))
      }
    default: return nil
    }
  }

  // MARK: Forward

  /// What the model gives for data, `batchSize` samples at a time, all at once where it is `nil`.
  ///
  /// `isTraining` is as `PassOptions` takes it; `eachBatch` is told how many batches are done.
  func outputs(
    for inputs: [Tensor], batchSize: Int?, isTraining: Bool? = false, in evaluator: Evaluator,
    eachBatch: (Int) throws -> Void = { _ in }
  ) throws -> [Tensor] {
    guard let run = evaluator.keras.run else { return [] }
    try build(onto: inputs, in: evaluator)
    try evaluator.keras.takeLiveWeights(in: evaluator)
    let assembled = try assembled(in: evaluator)
    let samples = inputs.first?.sizes.first ?? 0
    guard samples > 0 else { throw evaluator.fault("there are no samples to predict for") }
    let size = min(batchSize ?? samples, samples)
    var plans: [Int: PassPlan] = [:]
    var weights: ModelWeights?
    var parts: [[Tensor]] = []
    var options = PassOptions()
    options.isTraining = isTraining
    options.keepsEverything = false
    options.memoryLimit = run.memoryLimit
    options.states = states
    if isTraining != false { options.seed = run.nextSeed() }
    for (number, start) in stride(from: 0, to: samples, by: size).enumerated() {
      try evaluator.checkInterruption()
      let range = start..<min(start + size, samples)
      let batch = range.count == samples ? inputs : inputs.map { $0.samples(range) }
      let plan = try evaluator.computing { () throws(PassError) in
        if let known = plans[range.count] { return known }
        return try PassPlan(assembled.model, inputSizes: batch.map(\.sizes))
      }
      plans[range.count] = plan
      let current = try weights ?? self.weights(of: assembled, plan.analysis, in: evaluator)
      weights = current
      let pass = try evaluator.computing { () throws(PassError) in
        try plan.run(on: batch, weights: current, options: options)
      }
      options.states = pass.states
      parts.append(pass.outputs)
      try eachBatch(number + 1)
    }
    states = options.states
    return try (0..<(parts.first?.count ?? 0)).map { index in
      let tensors = parts.map { $0[index] }
      guard let first = tensors.first else { throw evaluator.fault("the model has no output") }
      if tensors.count == 1 { return first }
      guard tensors.allSatisfy({ $0.rank > 0 && $0.sizes.dropFirst() == first.sizes.dropFirst() })
      else { throw evaluator.fault("outputs of batches have other shapes: they cannot be joined") }
      return Tensor.concatenated(tensors, axis: 0)
    }
  }

  /// Outputs as the model's call returns them: one array, a list, or a dict.
  func value(ofOutputs tensors: [Tensor], in evaluator: Evaluator) throws -> Value {
    if let outputKeys {
      return try evaluator.dict(
        try zip(outputKeys, tensors).map { ($0, try evaluator.value(of: $1)) })
    }
    if tensors.count == 1, !listsOutputs { return try evaluator.value(of: tensors[0]) }
    return try evaluator.list(try tensors.map { try evaluator.value(of: $0) })
  }

  /// `model(x)` on arrays.
  func callOnArrays(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    let x = arguments.positional.first ?? arguments["inputs"] ?? .none
    try buildOntoValue(x, in: evaluator)
    let inputs = try inputTensors(from: x, for: try model(in: evaluator), in: evaluator)
    let isTraining = try arguments.value(1, "training").flatMap { value in
      value.isNone ? nil : try evaluator.truth(of: value)
    }
    let outputs = try outputs(
      for: inputs, batchSize: nil, isTraining: isTraining, in: evaluator)
    return try value(ofOutputs: outputs, in: evaluator)
  }

  /// Gives a stack without an input the shape of an array.
  func buildOntoValue(_ value: Value, in evaluator: Evaluator) throws {
    guard kind == .sequential, input == nil || inputIsHinted else { return }
    let first = value.sequence.flatMap { elements -> Value? in
      guard elements.count == 1, case .array? = elements.first else { return nil }
      return elements[0]
    }
    switch value {
    case .iterator, .instance, .unknown, .none: return
    default: try build(onto: [try evaluator.tensor(from: first ?? value, for: "x")], in: evaluator)
    }
  }

  private func predict(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    let given = try evaluator.arguments(
      arguments, of: "predict",
      parameters: ["x", "batch_size", "verbose", "steps", "callbacks"] + Self.workerArguments)
    guard let x = given["x"] else { throw evaluator.fault("predict() needs x", type: "TypeError") }
    if evaluator.keras.run?.purpose == .training {
      return evaluator.unknown(nil, "the model is not trained yet")
    }
    try buildOntoValue(x, in: evaluator)
    let inputs = try inputTensors(from: x, for: try model(in: evaluator), in: evaluator)
    let size = try evaluator.positive(given["batch_size"], "batch_size") ?? 32
    let samples = inputs.first?.sizes.first ?? 0
    var inputsOfSteps = inputs
    if let steps = try evaluator.positive(given["steps"], "steps"),
      let count = multiplied(steps, size), count < samples
    {
      inputsOfSteps = inputs.map { $0.samples(0..<count) }
    }
    let verbosity = try evaluator.verbosity(given["verbose"])
    let count = inputsOfSteps.first?.sizes.first ?? 0
    let steps = max((count + size - 1) / size, 1)
    var bar = ProgressBar(steps: steps, isDynamic: evaluator.outputIsTerminal)
    let outputs = try outputs(for: inputsOfSteps, batchSize: size, in: evaluator) { done in
      if verbosity == 1 { evaluator.write(bar.text(done, results: [:], isLast: false)) }
    }
    if verbosity == 1 { evaluator.write(bar.text(steps, results: [:], isLast: true)) }
    if verbosity == 2 { evaluator.write(bar.line([:])) }
    return try value(ofOutputs: outputs, in: evaluator)
  }

  private func predictOnBatch(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    guard let x = arguments.value(0, "x") else {
      throw evaluator.fault("predict_on_batch() needs x", type: "TypeError")
    }
    if evaluator.keras.run?.purpose == .training {
      return evaluator.unknown(nil, "the model is not trained yet")
    }
    try buildOntoValue(x, in: evaluator)
    let inputs = try inputTensors(from: x, for: try model(in: evaluator), in: evaluator)
    return try value(
      ofOutputs: try outputs(for: inputs, batchSize: nil, in: evaluator), in: evaluator)
  }

  /// Arguments of older Keras that say how data is fetched.
  static let workerArguments = ["max_queue_size", "workers", "use_multiprocessing"]

  // MARK: Summary

  private func printSummary(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    let given = try evaluator.arguments(
      arguments, of: "summary",
      parameters: [
        "line_length", "positions", "print_fn", "expand_nested", "show_trainable", "layer_range",
      ])
    func flag(_ key: String) throws -> Bool {
      try given[key].flatMap { try evaluator.truth(of: $0) } ?? false
    }
    var range: SummaryOptions.LayerRange?
    if let names = given["layer_range"]?.sequence?.compactMap(\.stringValue), names.count == 2 {
      range = SummaryOptions.LayerRange(names[0], names[1])
    }
    var options = SummaryOptions(
      lineLength: try evaluator.positive(given["line_length"], "line_length"),
      terminalColumns: evaluator.outputColumns, showTrainable: try flag("show_trainable"),
      expandNested: try flag("expand_nested"), layerRange: range)
    options.optimizerNumbers =
      (training?.trainer?.optimizer.parameterCount ?? training?.keptNumbers).map { Count($0) }
    let shown = try model(in: evaluator)
    let text: String
    do throws(SummaryError) {
      text = try summaryText(of: shown, style: .keras, options: options)
    } catch {
      throw evaluator.fault(error.message)
    }
    if let print = given["print_fn"], !print.isNone {
      var shown = text
      if shown.hasSuffix("\n") { shown.removeLast() }
      _ = try evaluator.call(print, CallArguments(positional: [.string(shown)]))
    } else {
      evaluator.write(text)
    }
    return .none
  }
}

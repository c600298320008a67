import Neural
import OrderedCollections

extension ModelObject {
  private static let fitArguments =
    [
      "x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split",
      "validation_data", "shuffle", "class_weight", "sample_weight", "initial_epoch",
      "steps_per_epoch", "validation_steps", "validation_batch_size", "validation_freq",
      "nb_epoch",
    ] + workerArguments

  /// `model.fit(…)`.
  func fit(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    isFitted = true
    let training = try requireTraining(for: "fit", in: evaluator)
    let given = try evaluator.arguments(arguments, of: "fit", parameters: Self.fitArguments)
    guard let x = given["x"], !x.isNone else {
      throw evaluator.fault("fit() needs x, what the model learns from", type: "TypeError")
    }
    try buildOntoValue(x, in: evaluator)
    let assembled = try assembled(in: evaluator)
    let data = try trainingData(
      x, given["y"], given["sample_weight"], for: assembled.model, in: evaluator)
    let settings = try settings(given, for: assembled.model, in: evaluator)
    let callbacks = try callbacks(given["callbacks"], in: evaluator)
    if evaluator.keras.run?.purpose == .training {
      try note(x, given["y"], assembled, data, settings, training, in: evaluator)
      return evaluator.unknown(nil, "nothing is trained yet")
    }
    let trainer = try trainer(assembled, data, training, in: evaluator)
    let fitting = try evaluator.computing { () throws(PassError) in
      try Fitting(trainer, data: data, settings: settings)
    }
    let history = HistoryObject()
    lastHistory = history
    let fit = ScriptFit(
      self, assembled, fitting, history: history,
      verbosity: try evaluator.verbosity(given["verbose"]), callbacks: callbacks)
    try fit.run(in: evaluator)
    return .native(history)
  }

  /// What `fit` says of how it goes over the data.
  private func settings(
    _ given: OrderedDictionary<String, Value>, for model: Model, in evaluator: Evaluator
  ) throws -> FitSettings {
    var settings = FitSettings()
    func whole(_ key: String) throws -> Int? { try evaluator.positive(given[key], key) }
    settings.epochs = try whole("epochs") ?? whole("nb_epoch") ?? 1
    settings.batchSize = try whole("batch_size") ?? 32
    settings.stepsPerEpoch = try whole("steps_per_epoch")
    settings.validationSteps = try whole("validation_steps")
    settings.validationBatchSize = try whole("validation_batch_size")
    settings.seed = evaluator.keras.run?.nextSeed() ?? 0
    if let epoch = try given["initial_epoch"].flatMap({ try evaluator.number(from: $0) }) {
      settings.initialEpoch = max(Int(exactly: epoch) ?? 0, 0)
    }
    if let frequency = given["validation_freq"], frequency.sequence == nil {
      settings.validationFrequency = try whole("validation_freq") ?? 1
    } else if let epochs = given["validation_freq"]?.sequence {
      settings.validationEpochs = Set(epochs.compactMap(\.intValue))
    }
    if let shuffles = given["shuffle"], shuffles.stringValue == nil {
      settings.shuffles = try evaluator.truth(of: shuffles) ?? true
    }
    if let data = given["validation_data"], !data.isNone {
      settings.validationData = try validationData(data, for: model, in: evaluator)
    } else if let split = try given["validation_split"].flatMap({ try evaluator.number(from: $0) })
    {
      guard split >= 0, split < 1 else {
        throw evaluator.fault(
          "validation_split is \(split.pythonDescription), but a part is from 0 to below 1")
      }
      settings.validationSplit = split
    }
    if let weights = given["class_weight"], !weights.isNone {
      settings.classWeights = try classWeights(weights, in: evaluator)
    }
    for callback in try callbacks(given["callbacks"], in: evaluator) {
      let object: (any NativeObject)?
      switch callback {
      case .native(let native): object = native
      case .instance(let instance): object = instance.native
      default: object = nil
      }
      guard case .known(let known, let isVerbose)? = (object as? CallbackObject)?.kind else {
        continue
      }
      if !isVerbose { settings.quietCallbacks.insert(settings.callbacks.count) }
      settings.callbacks.append(known)
    }
    return settings
  }

  private func classWeights(
    _ value: Value, in evaluator: Evaluator
  ) throws -> [Int: Double] {
    guard case .dict(let dict) = value else {
      throw evaluator.fault(
        "class_weight is a dict such as {0: 1.0, 1: 2.5}, found "
          + "'\(evaluator.typeName(of: value))'", type: "TypeError")
    }
    var result: [Int: Double] = [:]
    for (key, value) in dict.members.values {
      guard let label = try evaluator.number(from: key), let number = Int(exactly: label),
        let weight = try evaluator.number(from: value)
      else {
        throw evaluator.fault("class_weight maps numbers of classes to numbers", type: "TypeError")
      }
      result[number] = weight
    }
    return result
  }

  /// The callbacks of a call, one or a list.
  private func callbacks(_ value: Value?, in evaluator: Evaluator) throws -> [Value] {
    guard let value, !value.isNone else { return [] }
    let all = value.sequence ?? [value]
    for callback in all {
      switch callback {
      case .native(let object) where object is CallbackObject: break
      case .instance: break
      case .unknown(let unknown): throw evaluator.fault(needing: "a callback", unknown)
      default:
        throw evaluator.fault(
          "callbacks holds '\(evaluator.typeName(of: callback))', but takes callbacks",
          remedy: "make an object of a class of keras.callbacks", type: "TypeError")
      }
    }
    return all
  }

  /// Takes note of what the script trains on, the first time it does.
  private func note(
    _ x: Value, _ y: Value?, _ assembled: Assembled, _ data: TrainingData, _ settings: FitSettings,
    _ training: ModelTraining, in evaluator: Evaluator
  ) throws {
    guard let run = evaluator.keras.run, run.notedModels.insert(ObjectIdentifier(self)).inserted
    else { return }
    let trainer = try trainer(assembled, data, training, in: evaluator)
    var kept = settings
    kept.callbacks.removeAll { callback in
      switch callback {
      case .checkpoint, .csvLogger: true
      default: false
      }
    }
    let names = evaluator.names(of: [x] + (y.map { [$0] } ?? []))
    let samples = data.count
    let isAll = run.noteTraining(
      ScriptTraining(
        variable: variable, model: assembled.model, weights: trainer.weights,
        compilation: trainer.compilation, compileConfig: training.compileConfig, data: data,
        settings: kept,
        label: names.isEmpty
          ? "\(samples.grouped) sample\(samples == 1 ? "" : "s")"
          : "\(names.joined(separator: ", ")) (\(samples.grouped) sample\(samples == 1 ? "" : "s"))"
      ))
    if isAll { throw Interruption.exit }
  }

  // MARK: Measuring

  /// `model.evaluate(…)`.
  func evaluate(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    let given = try evaluator.arguments(
      arguments, of: "evaluate",
      parameters: [
        "x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks", "return_dict",
      ] + Self.workerArguments)
    let training = try requireTraining(for: "evaluate", in: evaluator)
    guard let x = given["x"] else { throw evaluator.fault("evaluate() needs x", type: "TypeError") }
    if evaluator.keras.run?.purpose == .training {
      return evaluator.unknown(nil, "nothing is trained yet")
    }
    try evaluator.keras.takeLiveWeights(in: evaluator)
    try buildOntoValue(x, in: evaluator)
    let assembled = try assembled(in: evaluator)
    var data = try trainingData(
      x, given["y"], given["sample_weight"], for: assembled.model, in: evaluator)
    let size = try evaluator.positive(given["batch_size"], "batch_size") ?? 32
    if let steps = try evaluator.positive(given["steps"], "steps"),
      let count = multiplied(steps, size), count < data.count
    {
      data = data.samples(0..<count)
    }
    var trainer = try trainer(assembled, data, training, in: evaluator)
    if training.trainer == nil { training.trainer = trainer }
    let verbosity = try evaluator.verbosity(given["verbose"])
    let steps = max((data.count + size - 1) / size, 1)
    var bar = ProgressBar(steps: steps, isDynamic: evaluator.outputIsTerminal)
    var measurements = trainer.measurements
    for (index, start) in stride(from: 0, to: data.count, by: size).enumerated() {
      try evaluator.checkInterruption()
      let batch = data.samples(start..<min(start + size, data.count))
      try evaluator.computing { () throws(PassError) in
        _ = try trainer.test(on: batch, measuring: &measurements)
      }
      if verbosity == 1 {
        evaluator.write(bar.text(index + 1, results: measurements.results, isLast: false))
      }
    }
    let results = measurements.results
    if verbosity == 1 { evaluator.write(bar.text(steps, results: results, isLast: true)) }
    if verbosity == 2 { evaluator.write(bar.line(results)) }
    let asDict = try given["return_dict"].flatMap { try evaluator.truth(of: $0) } ?? false
    return try value(of: results, asDict: asDict, trainer, in: evaluator)
  }

  /// Results as Keras returns them: one number, a list with the loss first, or a dict.
  private func value(
    of results: OrderedDictionary<String, Double>, asDict: Bool, _ trainer: Trainer,
    in evaluator: Evaluator
  ) throws -> Value {
    if asDict { return try evaluator.dict(results.map { ($0.key, .float($0.value)) }) }
    let ordered = trainer.resultNames.filter { results[$0] != nil }
    let names = ordered + results.keys.filter { !ordered.contains($0) }
    let values = names.compactMap { results[$0] }.map { Value.float($0) }
    return values.count == 1 ? values[0] : try evaluator.list(values)
  }

  /// `model.train_on_batch(x, y)`.
  func trainOnBatch(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    try onBatch("train_on_batch", arguments, in: evaluator) { trainer, batch, measurements in
      try evaluator.computing { () throws(PassError) in
        let result = try trainer.train(on: batch, measuring: &measurements)
        if result.isNotANumber { self.warnOfNaN(in: evaluator) }
      }
    }
  }

  /// `model.test_on_batch(x, y)`.
  func testOnBatch(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    try onBatch("test_on_batch", arguments, in: evaluator) { trainer, batch, measurements in
      try evaluator.computing { () throws(PassError) in
        _ = try trainer.test(on: batch, measuring: &measurements)
      }
    }
  }

  private func warnOfNaN(in evaluator: Evaluator) {
    evaluator.warn("the loss of a batch is not a number: its weights stay as they were")
  }

  private func onBatch(
    _ name: String, _ arguments: CallArguments, in evaluator: Evaluator,
    _ body: (inout Trainer, TrainingData, inout Measurements) throws -> Void
  ) throws -> Value {
    isFitted = true
    let given = try evaluator.arguments(
      arguments, of: name,
      parameters: ["x", "y", "sample_weight", "class_weight", "return_dict", "reset_metrics"])
    let training = try requireTraining(for: name, in: evaluator)
    guard let x = given["x"] else { throw evaluator.fault("\(name)() needs x", type: "TypeError") }
    try buildOntoValue(x, in: evaluator)
    let assembled = try assembled(in: evaluator)
    var data = try trainingData(
      x, given["y"], given["sample_weight"], for: assembled.model, in: evaluator)
    if let weights = given["class_weight"], !weights.isNone {
      let classes = try classWeights(weights, in: evaluator)
      data = try evaluator.computing { () throws(PassError) in
        try data.weighted(byClass: classes)
      }
    }
    if evaluator.keras.run?.purpose == .training {
      try note(x, given["y"], assembled, data, FitSettings(), training, in: evaluator)
      return evaluator.unknown(nil, "nothing is trained yet")
    }
    var trainer = try trainer(assembled, data, training, in: evaluator)
    // The numbers are held in one place while they are changed.
    training.trainer = nil
    var measurements = trainer.measurements
    try body(&trainer, data, &measurements)
    try take(trainer.weights, of: assembled, in: evaluator)
    training.trainer = trainer
    let results = measurements.results
    let asDict = try given["return_dict"].flatMap { try evaluator.truth(of: $0) } ?? false
    return try value(of: results, asDict: asDict, trainer, in: evaluator)
  }
}

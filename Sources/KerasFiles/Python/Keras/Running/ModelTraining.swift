import Neural
import OrderedCollections

/// How a model of a script is trained: what `compile` said, and the training so far.
final class ModelTraining {
  /// The arguments of `compile`.
  let config: OrderedDictionary<String, ConfigValue>
  let optimizer: OptimizerObject
  /// The optimizer with all it keeps; made by the first training.
  var trainer: Trainer?
  /// What the optimizer had noted in the file that the model is from; the first training goes on
  /// from it.
  var kept: [OptimizerVariable] = []
  /// That file.
  var source = ""

  /// How many numbers those are; `nil`: none.
  var keptNumbers: Int? {
    kept.isEmpty ? nil : kept.reduce(0) { $0 + $1.sizes.reduce(1, *) }
  }

  init(_ config: OrderedDictionary<String, ConfigValue>, _ optimizer: OptimizerObject) {
    self.config = config
    self.optimizer = optimizer
  }

  /// The arguments of `compile`, with the optimizer as it is now.
  var compileConfig: ConfigValue {
    let first: OrderedDictionary = ["optimizer": optimizer.optimizer.fileConfig]
    return .object(first.merging(config) { mine, _ in mine })
  }
}

extension ModelObject {
  /// `model.compile(…)` of a script that is run.
  func compile(_ arguments: CallArguments, in evaluator: Evaluator) throws {
    let names = ["optimizer", "loss", "loss_weights", "metrics", "weighted_metrics"]
    let told = ["run_eagerly", "steps_per_execution", "jit_compile"]
    let ignored = [
      "auto_scale_loss", "sample_weight_mode",
      "target_tensors", "experimental_run_tf_function", "distribute", "from_serialized", "options",
      "run_metadata",
    ]
    // In Keras 2 metrics stood before the weights of losses.
    var places = names
    if arguments.positional.count > 2, isList(arguments.positional[2], ofNumbers: false) {
      places.swapAt(2, 3)
    }
    var config: OrderedDictionary<String, ConfigValue> = [:]
    var optimizer: OptimizerObject?
    let given = zip(places, arguments.positional).map { ($0, $1) } + arguments.keywords
    for (key, value) in given where !value.isNone {
      guard names.contains(key) else {
        // They change nothing here, but a file that is saved says them.
        if told.contains(key) { config[key] = try? evaluator.config(from: value, for: key) }
        if told.contains(key) || ignored.contains(key) { continue }
        throw evaluator.fault(
          "compile() has no argument '\(key)'",
          remedy: nearest(to: key, in: names).map { "did you mean \($0)?" } ?? "",
          type: "TypeError")
      }
      if key == "optimizer" {
        optimizer = try evaluator.optimizer(from: value)
      } else {
        try refuseOwnFunctions(value, key, in: evaluator)
        config[key] = try evaluator.compileConfig(from: value, for: key)
      }
    }
    let chosen = try optimizer ?? evaluator.optimizer(from: .string("rmsprop"))
    chosen.model = self
    training = ModelTraining(config, chosen)
    isCompiled = true
    compileArguments = config
    compileArguments["optimizer"] = chosen.configValue
  }

  private func isList(_ value: Value, ofNumbers: Bool) -> Bool {
    guard let first = value.sequence?.first else { return false }
    return (first.doubleValue != nil) == ofNumbers
  }

  /// A loss or metric that the script defines itself is not followed.
  private func refuseOwnFunctions(_ value: Value, _ key: String, in evaluator: Evaluator) throws {
    let name: String
    switch value {
    case .function(let function): name = function.definition.name
    case .instance(let instance): name = instance.type.name
    case .list, .tuple:
      for element in value.sequence ?? [] {
        try evaluator.nested { try refuseOwnFunctions(element, key, in: evaluator) }
      }
      return
    case .dict(let dict):
      for member in dict.members.values {
        try evaluator.nested { try refuseOwnFunctions(member.value, key, in: evaluator) }
      }
      return
    default: return
    }
    throw evaluator.fault(
      "\(key): \(name) is the script's own, which training does not follow",
      remedy: "use one of keras.\(key.contains("metrics") ? "metrics" : "losses")",
      type: "NotImplementedError")
  }

  /// How the model is trained.
  ///
  /// - Throws: An exception where it was not compiled.
  func requireTraining(for method: String, in evaluator: Evaluator) throws -> ModelTraining {
    if let training { return training }
    throw evaluator.fault(
      "\(method)() needs to know how the model '\(name)' is trained",
      remedy: "call \(variable ?? "model").compile(optimizer=…, loss=…) first")
  }

  /// The trainer, going on where the last training ended, with the weights as they are now.
  func trainer(
    _ assembled: Assembled, _ data: TrainingData, _ training: ModelTraining,
    in evaluator: Evaluator
  ) throws -> Trainer {
    guard let run = evaluator.keras.run else { throw evaluator.fault("nothing is trained here") }
    let plan = try evaluator.computing { () throws(PassError) in
      try PassPlan(assembled.model, inputSizes: data.inputs.map(\.sizes))
    }
    let weights = try weights(of: assembled, plan.analysis, in: evaluator)
    if var trainer = training.trainer, trainer.model == assembled.model {
      trainer.weights = weights
      return trainer
    }
    let made = try evaluator.computing { () throws(PassError) in
      let compilation = try Compilation(config: training.compileConfig, for: assembled.model)
      return try Trainer(
        assembled.model, compilation, weights: weights, data: data, seed: run.nextSeed(),
        memoryLimit: run.memoryLimit)
    }
    var trainer = made
    let rate = training.optimizer.learningRateThatWasSet
    if let remark = trainer.resume(from: training.kept, of: training.source) {
      evaluator.warn(remark)
    }
    training.kept = []
    if let rate {
      try evaluator.computing { () throws(PassError) in try trainer.setLearningRate(rate) }
    }
    return trainer
  }

  // MARK: The optimizer

  /// The learning rate of the training under way, or of the last one.
  var learningRate: Double? {
    liveFit?.fitting.trainer.optimizer.learningRate ?? training?.trainer?.optimizer.learningRate
  }

  /// How many steps the optimizer has made.
  var optimizerSteps: Int {
    liveFit?.fitting.trainer.optimizer.iterations ?? training?.trainer?.optimizer.iterations
      ?? training?.kept.first?.count ?? 0
  }

  func setLearningRate(_ rate: Double, in evaluator: Evaluator) throws {
    if let liveFit {
      try evaluator.computing { () throws(PassError) in
        try liveFit.fitting.setLearningRate(rate)
      }
    } else if training?.trainer != nil {
      try evaluator.computing { () throws(PassError) in
        try training?.trainer?.setLearningRate(rate)
      }
    }
  }
}

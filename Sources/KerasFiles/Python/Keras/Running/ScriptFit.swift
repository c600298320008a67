import Neural
import OrderedCollections

/// A `fit` of a script on its way, with the script's callbacks.
final class ScriptFit {
  let model: ModelObject
  let assembled: ModelObject.Assembled
  var fitting: Fitting
  let history: HistoryObject
  /// `verbose`: 0 nothing, 1 a bar, 2 a line an epoch.
  let verbosity: Int
  private let callbacks: [Value]
  private var tables: [String: EpochTable] = [:]
  private var bar: ProgressBar?
  private var batchesSeen = 0
  /// The learning rate of each epoch, where a function of the script sets it: a result like others.
  private var scheduledRates: [Double] = []

  init(
    _ model: ModelObject, _ assembled: ModelObject.Assembled, _ fitting: Fitting,
    history: HistoryObject, verbosity: Int, callbacks: [Value]
  ) {
    self.model = model
    self.assembled = assembled
    self.fitting = fitting
    self.history = history
    self.verbosity = verbosity
    self.callbacks = callbacks
  }

  /// Trains to the end, or until a callback stops it.
  func run(in evaluator: Evaluator) throws {
    let run = evaluator.keras.run
    run?.liveFits.append(self)
    model.liveFit = self
    defer {
      run?.liveFits.removeAll { $0 === self }
      model.liveFit = nil
    }
    let parameters: [(String, Value)] = [
      ("verbose", .int(verbosity)), ("epochs", .int(fitting.settings.epochs)),
      ("steps", .int(fitting.batchesPerEpoch)),
    ]
    history.begin(model, parameters)
    model.stopTraining = false
    for callback in callbacks {
      if case .instance(let instance) = callback {
        instance.attributes["model"] = .native(model)
        instance.attributes["params"] = try evaluator.dict(parameters)
      }
      if case .native(let object) = callback, let known = object as? CallbackObject {
        if case .history(let other) = known.kind { other.begin(model, parameters) }
      }
    }
    try tell("on_train_begin", [], [:], in: evaluator)
    while true {
      try evaluator.checkInterruption()
      if !model.stopTraining, fitting.isBeforeTrainingBatch {
        try tell("on_train_batch_begin", [.int(fitting.batch)], [:], in: evaluator)
      }
      let event = try evaluator.computing { () throws(PassError) in try fitting.advance() }
      if case .ended(let reason) = event {
        try end(reason, in: evaluator)
        break
      }
      try follow(event, in: evaluator)
    }
    try model.take(fitting.trainer.weights, of: assembled, in: evaluator)
    model.training?.trainer = fitting.trainer
    try tell("on_train_end", [], [:], in: evaluator)
  }

  private func follow(_ event: Fitting.Event, in evaluator: Evaluator) throws {
    switch event {
    case .epochBegan(let epoch):
      batchesSeen = 0
      bar = ProgressBar(steps: fitting.batchesPerEpoch, isDynamic: evaluator.outputIsTerminal)
      try tell("on_epoch_begin", [.int(epoch)], [:], in: evaluator)
      try schedule(epoch, in: evaluator)
      if verbosity > 0, fitting.settings.epochs > 1 {
        evaluator.write("Epoch \(epoch + 1)/\(fitting.settings.epochs)\n")
      }
    case .trained(_, let results):
      batchesSeen += 1
      try tell("on_train_batch_end", [.int(batchesSeen - 1)], results, in: evaluator)
      if verbosity == 1, let text = bar?.text(batchesSeen, results: results, isLast: false) {
        evaluator.write(text)
      }
    case .validated: break
    case .epochEnded(let epoch, let results):
      // The script's callbacks come before the line is complete, as in Keras.
      let results = try tell("on_epoch_end", [.int(epoch)], results, in: evaluator)
      history.take(whole)
      let steps = fitting.batchesPerEpoch
      if verbosity == 1, let text = bar?.text(steps, results: results, isLast: true) {
        evaluator.write(text)
      } else if verbosity == 2, let text = bar?.line(results) {
        evaluator.write(text)
      }
    case .remark(let text):
      evaluator.write(text + "\n")
    case .checkpoint(let path, let weightsOnly):
      try model.save(
        fitting.trainer.weights, of: assembled, fitting.trainer, to: path,
        weightsOnly: weightsOnly, in: evaluator)
    case .log(let path, let separator, let appends, let results):
      do throws(FileError) {
        if tables[path] == nil {
          tables[path] = try EpochTable(path: path, separator: separator, appends: appends)
        }
        try tables[path]?.add(epoch: fitting.history.epochs.last ?? 0, results)
      } catch {
        throw evaluator.fault(error)
      }
    case .ended: break
    }
  }

  private func end(_ reason: Fitting.Reason, in evaluator: Evaluator) throws {
    history.take(whole)
    for callback in callbacks {
      if case .native(let object) = callback, let known = object as? CallbackObject,
        case .history(let other) = known.kind
      {
        other.take(whole)
      }
    }
    guard case .notANumber(let epoch, let batch) = reason else { return }
    evaluator.warn(
      "the loss is not a number in epoch \(epoch), batch \(batch): training stopped there, with the "
        + "weights before that batch")
  }

  /// The results of all epochs so far.
  private var whole: History {
    var history = fitting.history
    if !scheduledRates.isEmpty { history.values["learning_rate"] = scheduledRates }
    return history
  }

  /// `LearningRateScheduler`: asks the script's function for the rate of an epoch.
  private func schedule(_ epoch: Int, in evaluator: Evaluator) throws {
    for case .native(let object) in callbacks {
      guard let known = object as? CallbackObject,
        case .schedule(let function, let isVerbose) =
          known.kind
      else { continue }
      let rate = Double(Float(fitting.trainer.optimizer.learningRate))
      var arguments = CallArguments(positional: [.int(epoch), .float(rate)])
      if case .function(let scripted) = function,
        scripted.definition.parameters.positional.count == 1
      {
        arguments.positional.removeLast()
      }
      let given = try evaluator.call(function, arguments)
      guard let next = try evaluator.number(from: given) else {
        throw evaluator.fault(
          "the schedule of LearningRateScheduler gives a number, found "
            + "'\(evaluator.typeName(of: given))'", type: "TypeError")
      }
      try evaluator.computing { () throws(PassError) in try fitting.setLearningRate(next) }
      let isAnother = scheduledRates.count == fitting.history.epochs.count + 1
      if isAnother { scheduledRates.removeLast() }
      scheduledRates.append(fitting.trainer.optimizer.learningRate)
      if isVerbose {
        evaluator.write(
          "\nEpoch \(epoch + 1): LearningRateScheduler setting learning rate to "
            + "\(next.pythonDescription).\n")
      }
    }
  }

  /// Calls the script's callbacks, in their order.
  ///
  /// Returns the results, with the learning rate where a callback adds it.
  @discardableResult
  private func tell(
    _ moment: String, _ positional: [Value], _ results: OrderedDictionary<String, Double>,
    in evaluator: Evaluator
  ) throws -> OrderedDictionary<String, Double> {
    var results = results
    let changes = evaluator.keras.run?.weightChanges
    weightsAreTaken = false
    for callback in callbacks {
      if moment == "on_epoch_end", case .native(let object) = callback,
        case .schedule? = (object as? CallbackObject)?.kind, let rate = scheduledRates.last
      {
        results["learning_rate"] = rate
      }
      guard let function = try function(moment, of: callback, in: evaluator) else { continue }
      let logs = try evaluator.dict(results.map { ($0.key, .float($0.value)) })
      // What the object itself keeps is up to date before it is asked.
      _ = try evaluator.call(function, CallArguments(positional: positional + [logs]))
    }
    if evaluator.keras.run?.weightChanges != changes { try pushWeights(in: evaluator) }
    if model.stopTraining { fitting.stop("stop_training") }
    return results
  }

  private func function(
    _ moment: String, of callback: Value, in evaluator: Evaluator
  ) throws -> Value? {
    // `on_batch_end` is the older name of `on_train_batch_end`.
    let names =
      [moment]
      + (moment.contains("_train_batch_")
        ? [moment.replacing("_train_batch_", with: "_batch_")] : [])
    switch callback {
    case .instance(let instance):
      for name in names {
        if let own = instance.attributes[name] { return own }
        if case .function(let function)? = instance.type.lookUp(name) {
          return .method(BoundMethod(callback, .function(function)))
        }
      }
      return nil
    case .native(let object):
      guard case .functions(let functions)? = (object as? CallbackObject)?.kind else { return nil }
      return names.lazy.compactMap { functions[$0] }.first
    default: return nil
    }
  }

  // MARK: Weights while callbacks run

  private var weightsAreTaken = false

  /// Gives the model's layers the weights that training has now.
  func takeWeights(in evaluator: Evaluator) throws {
    guard !weightsAreTaken else { return }
    weightsAreTaken = true
    try model.take(fitting.trainer.weights, of: assembled, in: evaluator)
  }

  /// Gives the training the weights that a callback has set.
  private func pushWeights(in evaluator: Evaluator) throws {
    let analysis = Analysis(of: assembled.model)
    fitting.setWeights(try model.weights(of: assembled, analysis, in: evaluator))
  }
}

extension KerasSession {
  /// Before a callback looks at weights: they are those that training has now.
  func takeLiveWeights(in evaluator: Evaluator) throws {
    for fit in run?.liveFits ?? [] { try fit.takeWeights(in: evaluator) }
  }
}

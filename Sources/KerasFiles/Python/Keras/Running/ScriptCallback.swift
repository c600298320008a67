import Neural
import OrderedCollections

/// A callback of `keras.callbacks` as a script made it.
final class CallbackObject: NativeObject {
  /// What it does.
  enum Kind {
    /// One that training itself knows; `verbose` says whether its remarks are printed.
    case known(FitCallback, isVerbose: Bool)
    /// Functions of the script, by the moment at which they are called.
    case functions([String: Value])
    /// A function of the script that gives the learning rate of each epoch.
    case schedule(Value, isVerbose: Bool)
    /// `History()`: filled by the fit.
    case history(HistoryObject)
    /// One that does nothing here, such as `TensorBoard`.
    case ignored
  }

  let typeName: String
  let kind: Kind
  private var others: [String: Value] = [:]

  init(_ typeName: String, _ kind: Kind) {
    self.typeName = typeName
    self.kind = kind
  }

  func isInstance(of type: ClassObject) -> Bool {
    [typeName, "Callback", "object"].contains(type.name)
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    if let value = others[name] { return value }
    if case .history(let history) = kind { return try history.attribute(name, in: evaluator) }
    if KerasNames.callbackMoments.contains(name) {
      return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
    }
    guard evaluator.keras.run == nil else { return nil }
    return evaluator.unknown(nil, "\(typeName).\(name) is not evaluated")
  }

  func setAttribute(_ name: String, to value: Value, in evaluator: Evaluator) throws -> Bool {
    others[name] = value
    return true
  }
}

extension KerasNames {
  /// The methods of a callback.
  static let callbackMoments: Set<String> = [
    "on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end", "on_batch_begin",
    "on_batch_end", "on_train_batch_begin", "on_train_batch_end", "on_test_begin", "on_test_end",
    "on_test_batch_begin", "on_test_batch_end", "on_predict_begin", "on_predict_end",
    "on_predict_batch_begin", "on_predict_batch_end", "set_model", "set_params",
  ]

  /// Callbacks of Keras that have nothing to do here.
  static let idleCallbacks: Set<String> = [
    "TensorBoard", "ProgbarLogger", "BaseLogger", "BackupAndRestore", "RemoteMonitor",
    "CallbackList", "SwapEMAWeights", "OrbaxCheckpoint",
  ]
}

extension KerasSession {
  /// `keras.callbacks`: classes that a script may extend.
  func callbacks(in evaluator: Evaluator) -> Module {
    let names =
      Array(CallbackMaking.parameters.keys) + Array(KerasNames.idleCallbacks)
      + ["Callback", "LambdaCallback", "History"]
    return Module("keras.callbacks", names: { names }) { [unowned self] name in
      if name == "Callback" { return .type(callbackClass) }
      return names.contains(name) ? .type(callbackClass(named: name)) : nil
    }
  }

  private func callbackClass(named name: String) -> ClassObject {
    let make = Builtin(name, takesUnknown: true) { evaluator, arguments in
      .native(try CallbackMaking.make(name, arguments, in: evaluator))
    }
    let type = ClassObject(name, bases: [callbackClass], construct: make)
    // Of a class of the script that extends it, the object carries what Keras' own would do.
    type.attributes["__init__"] = .builtin(
      Builtin("__init__", takesUnknown: true) { evaluator, arguments in
        guard case .instance(let instance)? = arguments.positional.first else { return .none }
        var rest = arguments
        rest.positional.removeFirst()
        instance.native = try CallbackMaking.make(name, rest, in: evaluator)
        return .none
      })
    return type
  }
}

/// Makes the callbacks of Keras.
enum CallbackMaking {
  /// The parameters of the callbacks, in the order of their constructors.
  static let parameters: [String: [String]] = [
    "EarlyStopping": [
      "monitor", "min_delta", "patience", "verbose", "mode", "baseline", "restore_best_weights",
      "start_from_epoch",
    ],
    "ReduceLROnPlateau": [
      "monitor", "factor", "patience", "verbose", "mode", "min_delta", "cooldown", "min_lr",
      "epsilon",
    ],
    "ModelCheckpoint": [
      "filepath", "monitor", "verbose", "save_best_only", "save_weights_only", "mode", "save_freq",
      "initial_value_threshold", "period", "options",
    ],
    "CSVLogger": ["filename", "separator", "append"],
    "LearningRateScheduler": ["schedule", "verbose"],
    "TerminateOnNaN": [],
  ]

  static func make(
    _ name: String, _ arguments: CallArguments, in evaluator: Evaluator
  ) throws -> CallbackObject {
    switch name {
    case "LambdaCallback":
      var functions: [String: Value] = [:]
      let moments = [
        "on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end", "on_train_batch_begin",
        "on_train_batch_end",
      ]
      for (moment, value) in zip(moments, arguments.positional) { functions[moment] = value }
      for (moment, value) in arguments.keywords { functions[moment] = value }
      return CallbackObject(name, .functions(functions.filter { !$0.value.isNone }))
    case "History": return CallbackObject(name, .history(HistoryObject()))
    default: break
    }
    guard let parameters = parameters[name] else { return CallbackObject(name, .ignored) }
    guard evaluator.keras.run != nil else { return CallbackObject(name, .ignored) }
    let given = Given(
      name, try evaluator.arguments(arguments, of: name, parameters: parameters), evaluator)
    let isVerbose = try given.number("verbose", 0) > 0
    switch name {
    case "LearningRateScheduler":
      guard let schedule = given.values["schedule"] else {
        throw evaluator.fault("LearningRateScheduler needs a schedule", type: "TypeError")
      }
      return CallbackObject(name, .schedule(schedule, isVerbose: isVerbose))
    case "TerminateOnNaN":
      return CallbackObject(name, .known(.terminateOnNaN, isVerbose: true))
    default:
      return CallbackObject(name, .known(try known(name, given), isVerbose: isVerbose))
    }
  }

  private static func known(_ name: String, _ given: Given) throws -> FitCallback {
    switch name {
    case "EarlyStopping":
      return .earlyStopping(
        monitor: try given.text("monitor", "val_loss"), minDelta: try given.number("min_delta", 0),
        patience: try given.whole("patience", 0), mode: try given.mode(),
        baseline: try given.optionalNumber("baseline"),
        restoresBestWeights: try given.flag("restore_best_weights"),
        startFromEpoch: try given.whole("start_from_epoch", 0))
    case "ReduceLROnPlateau":
      let factor = try given.number("factor", 0.1)
      guard factor < 1 else {
        throw given.fault("factor is \(factor), but a rate that gets smaller needs one below 1")
      }
      return .reduceLearningRate(
        monitor: try given.text("monitor", "val_loss"), factor: factor,
        patience: try given.whole("patience", 10), mode: try given.mode(),
        minDelta: try given.optionalNumber("epsilon") ?? given.number("min_delta", 1e-4),
        cooldown: try given.whole("cooldown", 0), minimum: try given.number("min_lr", 0))
    case "ModelCheckpoint":
      let path = try given.text("filepath", "")
      guard !path.isEmpty else { throw given.fault("needs a filepath") }
      let frequency = given.values["save_freq"] ?? .string("epoch")
      return .checkpoint(
        path: path, monitor: try given.text("monitor", "val_loss"),
        savesBestOnly: try given.flag("save_best_only"),
        savesWeightsOnly: try given.flag("save_weights_only"), mode: try given.mode(),
        everyBatches: frequency.intValue,
        initialBest: try given.optionalNumber("initial_value_threshold"))
    default:
      return .csvLogger(
        path: try given.text("filename", ""), separator: try given.text("separator", ","),
        appends: try given.flag("append"))
    }
  }

  /// The arguments of a callback's constructor.
  private struct Given {
    let name: String
    let values: OrderedDictionary<String, Value>
    let evaluator: Evaluator

    init(_ name: String, _ values: OrderedDictionary<String, Value>, _ evaluator: Evaluator) {
      self.name = name
      self.values = values
      self.evaluator = evaluator
    }

    func fault(_ message: String) -> Interruption { evaluator.fault("\(name) \(message)") }

    func text(_ key: String, _ standard: String) throws -> String {
      guard let value = values[key], !value.isNone else { return standard }
      guard let text = value.stringValue else {
        return evaluator.string(of: value)
      }
      return text
    }

    func optionalNumber(_ key: String) throws -> Double? {
      guard let value = values[key], !value.isNone else { return nil }
      guard let number = try evaluator.number(from: value) else {
        throw fault("takes a number as \(key), found '\(evaluator.typeName(of: value))'")
      }
      return number
    }

    func number(_ key: String, _ standard: Double) throws -> Double {
      try optionalNumber(key) ?? standard
    }

    func whole(_ key: String, _ standard: Int) throws -> Int {
      guard let number = try optionalNumber(key) else { return standard }
      guard let whole = Int(exactly: number.rounded(.down)) else {
        throw fault("takes a whole number as \(key), found \(number)")
      }
      return whole
    }

    func flag(_ key: String) throws -> Bool {
      try values[key].flatMap { try evaluator.truth(of: $0) } ?? false
    }

    func mode() throws -> FitCallback.MonitorMode {
      let text = try text("mode", "auto")
      // Keras warns of another word and takes it for `auto`.
      return FitCallback.MonitorMode(rawValue: text) ?? .auto
    }
  }
}

extension KerasSession {
  /// What the base `Callback` gives to classes of a script: methods that do nothing.
  func defineCallbackBase() {
    for moment in KerasNames.callbackMoments.union(["__init__"]) {
      callbackClass.attributes[moment] = .builtin(
        Builtin(moment, takesUnknown: true) { _, _ in .none })
    }
  }
}

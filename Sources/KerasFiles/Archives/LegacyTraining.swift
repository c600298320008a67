import Neural
import OrderedCollections

/// How a model is trained, as `training_config` of a file in Keras 2's format says it.
///
/// Source: `model_metadata` and `compile_args_from_training_config` in
/// `keras/src/legacy/saving/saving_utils.py`.
enum LegacyTraining {
  private typealias Object = OrderedDictionary<String, ConfigValue>

  /// What a file says of `compile`, as Keras 3 writes it elsewhere: `compile_config`.
  ///
  /// Names and parameters of Keras 2 become those of today; what has no counterpart stays as it
  /// is. `nil` where the file says nothing.
  static func compileConfig(_ training: ConfigValue) -> ConfigValue? {
    guard var arguments = training.objectValue else { return nil }
    let optimizer = arguments.removeValue(forKey: "optimizer_config") ?? .null
    arguments["optimizer"] = modernOptimizer(optimizer)
    for (key, family) in families {
      guard let value = arguments[key] else { continue }
      arguments[key] = modern(flat(value), family)
    }
    return Compilation.config(arguments)
  }

  /// What such a file says, of what `compile` was given; `nil` where it was given nothing.
  static func trainingConfig(_ compile: ConfigValue?) -> ConfigValue? {
    // A model that is not compiled says so by an empty object.
    guard let arguments = compile?.objectValue, arguments["optimizer"]?.isNull == false else {
      return nil
    }
    guard var training = Compilation.config(arguments).objectValue else { return nil }
    let optimizer = training.removeValue(forKey: "optimizer") ?? .null
    for (key, family) in families {
      training[key] = training[key].map { legacy($0, family) }
    }
    training["optimizer_config"] = stripped(optimizer)
    return .object(training)
  }

  private enum Family: String {
    case losses = "keras.losses"
    case metrics = "keras.metrics"
  }

  private static let families: [(String, Family)] = [
    ("loss", .losses), ("metrics", .metrics), ("weighted_metrics", .metrics),
  ]

  // MARK: Reading

  /// tf.keras has a list in a list for the one output of a model.
  private static func flat(_ value: ConfigValue) -> ConfigValue {
    guard let list = value.listValue, list.count == 1, list[0].listValue != nil else {
      return value
    }
    return list[0]
  }

  private static func modern(_ value: ConfigValue, _ family: Family) -> ConfigValue {
    if let list = value.listValue { return .list(list.map { modern($0, family) }) }
    if let name = value.stringValue { return .string(formerNames[name] ?? name) }
    guard let object = value.objectValue else { return value }
    guard let written = object["class_name"]?.stringValue else {
      return .object(object.mapValues { modern($0, family) })
    }
    guard object["module"] == nil else { return value }
    var config = object["config"]?.objectValue ?? [:]
    // A function under a name of its own: Keras finds both by either.
    if written == "MeanMetricWrapper", let function = config["fn"]?.stringValue {
      guard let name = config["name"]?.stringValue,
        measuredByName.contains(name) || Metric.className(for: name) != nil
      else { return .string(function) }
      return .string(name)
    }
    guard let className = known(written, family) else { return value }
    config["fn"] = nil
    if config["reduction"] == "auto" { config["reduction"] = "sum_over_batch_size" }
    return [
      "module": .string(family.rawValue), "class_name": .string(className),
      "config": .object(config), "registered_name": nil,
    ]
  }

  /// Words that mean what suits the outputs.
  private static let measuredByName: Set = ["accuracy", "acc", "crossentropy", "ce"]

  private static func known(_ name: String, _ family: Family) -> String? {
    switch family {
    case .losses: Loss.className(for: name)
    case .metrics: Metric.className(for: name)
    }
  }

  /// Functions that had other names.
  private static let formerNames = [
    "logcosh": "log_cosh", "cosine_proximity": "cosine_similarity", "cosine": "cosine_similarity",
    "kullback_leibler_divergence": "kl_divergence", "huber_loss": "huber",
  ]

  private static func modernOptimizer(_ value: ConfigValue) -> ConfigValue {
    guard let object = value.objectValue, object["module"] == nil,
      let written = object["class_name"]?.stringValue
    else { return value }
    // tf.keras 2.11 to 2.21 name their own optimizers as if they were not.
    let name = written.hasPrefix("Custom>") ? String(written.dropFirst("Custom>".count)) : written
    guard let className = Optimizer.className(for: name) else { return value }
    var config = object["config"]?.objectValue ?? [:]
    if let rate = config.removeValue(forKey: "lr") { config["learning_rate"] = rate }
    config["learning_rate"] = rate(config["learning_rate"] ?? .null, decay: config["decay"])
    if config["learning_rate"] == .null { config["learning_rate"] = nil }
    for key in ["decay", "schedule_decay", "jit_compile", "is_legacy_optimizer"] {
      config[key] = nil
    }
    if config["name"]?.stringValue == className { config["name"] = .string(snakeCase(className)) }
    return [
      "module": "keras.optimizers", "class_name": .string(className), "config": .object(config),
      "registered_name": nil,
    ]
  }

  /// A learning rate; with Keras 2's `decay` the schedule that does the same: it divides by
  /// 1 + decay × steps.
  private static func rate(_ rate: ConfigValue, decay: ConfigValue?) -> ConfigValue {
    let module: ConfigValue = "keras.optimizers.schedules"
    if var schedule = rate.objectValue {
      guard schedule["module"] == nil else { return rate }
      schedule["module"] = module
      schedule["registered_name"] = .null
      return .object(schedule)
    }
    guard let initial = rate.doubleValue, let decay = decay?.doubleValue, decay > 0 else {
      return rate
    }
    return [
      "module": module, "class_name": "InverseTimeDecay",
      "config": [
        "initial_learning_rate": .double(initial), "decay_steps": 1, "decay_rate": .double(decay),
        "staircase": false, "name": "InverseTimeDecay",
      ],
      "registered_name": nil,
    ]
  }

  // MARK: Writing

  private static func legacy(_ value: ConfigValue, _ family: Family) -> ConfigValue {
    if let list = value.listValue { return .list(list.map { legacy($0, family) }) }
    if let name = value.stringValue {
      return family == .losses ? .string(longNames[name.lowercased()] ?? name) : value
    }
    guard let object = value.objectValue else { return value }
    guard object["class_name"] != nil else {
      return .object(object.mapValues { legacy($0, family) })
    }
    return stripped(value)
  }

  /// An object of Keras' own without what such a file leaves out.
  private static func stripped(_ value: ConfigValue) -> ConfigValue {
    guard let object = value.objectValue, let className = object["class_name"],
      object["module"]?.stringValue?.hasPrefix("keras.") ?? false,
      object["registered_name"]?.stringValue == nil
    else { return value }
    return ["class_name": className, "config": object["config"] ?? [:]]
  }

  /// Losses that Keras 3 saves by their short names and then takes for metrics when it opens the
  /// file: it fails on its own.
  private static let longNames = [
    "mse": "mean_squared_error", "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error", "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy", "kld": "kl_divergence",
  ]
}

import OrderedCollections

extension Model {
  /// How a file says that the model is compiled; `nil` where it is not.
  ///
  /// Keras writes an empty object for a model that nobody compiled.
  public var compileConfig: ConfigValue? {
    guard let config = extra["compile_config"], config.objectValue?.isEmpty == false else {
      return .none
    }
    return config
  }

  /// How many numbers Keras' optimizer keeps of the model once its file is opened.
  ///
  /// - Parameter analysis: what follows from the model.
  /// - Returns: the count; `nil` where the file does not say how to train the model, or not in a
  ///   way that is known here.
  public func optimizerNumbers(_ analysis: Analysis) -> Count? {
    guard let config = compileConfig,
      let numbers = try? Compilation(config: config, for: self)
        .optimizerNumbers(for: self, analysis)
    else { return nil }
    // Around another optimizer, this one has a count of steps, a rate, a scale and its own count.
    let optimizer = config["optimizer"] ?? config["optimizer_config"]
    return optimizer?["class_name"] == "LossScaleOptimizer" ? numbers + 4 : numbers
  }
}

extension Compilation {
  /// The training as Keras 3.15 writes it into files: what `compile` was given, whole.
  ///
  /// Names stay names; with several outputs there is an entry for each.
  /// Source: `compile` in `keras/src/trainers/trainer.py`.
  public var config: ConfigValue {
    func perOutput(_ values: [ConfigValue]) -> ConfigValue {
      values.count == 1 ? values[0] : .list(values)
    }
    func metricLists(_ metrics: [[Metric]]) -> ConfigValue {
      metrics.allSatisfy(\.isEmpty)
        ? .null : perOutput(metrics.map { .list($0.map(\.compileConfig)) })
    }
    return Self.config([
      "optimizer": optimizer.fileConfig,
      "loss": losses.allSatisfy { $0 == nil }
        ? .null : perOutput(losses.map { $0?.compileConfig ?? .null }),
      "loss_weights": lossWeights.map { perOutput($0.map { .double($0) }) } ?? .null,
      "metrics": metricLists(metrics),
      "weighted_metrics": metricLists(weightedMetrics),
    ])
  }

  /// What `compile` was given in a script, as Keras 3.15 writes it into files: names stay names,
  /// objects have all their parameters.
  ///
  /// - Parameter arguments: what was given; what was not has Keras' defaults.
  /// - Returns: the arguments in Keras' order. What is not known here stays as it is.
  public static func config(_ arguments: OrderedDictionary<String, ConfigValue>) -> ConfigValue {
    var config: OrderedDictionary<String, ConfigValue> = [:]
    let given = arguments["optimizer"] ?? arguments["optimizer_config"] ?? .null
    let isScaled = given["class_name"]?.stringValue == "LossScaleOptimizer"
    config["optimizer"] =
      isScaled ? given : (try? Optimizer(configValue: given))?.fileConfig ?? given
    for key in ["loss", "loss_weights", "metrics", "weighted_metrics"] {
      config[key] = (arguments[key] ?? .null).withWholeObjects
    }
    let runsEagerly = arguments["run_eagerly"] ?? false
    config["run_eagerly"] = runsEagerly
    config["steps_per_execution"] = arguments["steps_per_execution"] ?? 1
    // `auto`: wherever a graph is made.
    let compiles = arguments["jit_compile"] ?? "auto"
    config["jit_compile"] = compiles == "auto" ? .bool(runsEagerly != true) : compiles
    return .object(config)
  }
}

extension ConfigValue {
  /// The compile config with another learning rate, unless a schedule says it.
  public func withLearningRate(_ rate: Double) -> ConfigValue {
    guard var members = objectValue, var optimizer = members["optimizer"]?.objectValue,
      var config = optimizer["config"]?.objectValue
    else { return self }
    guard let known = config["learning_rate"]?.doubleValue, Float(known) != Float(rate) else {
      return self
    }
    config["learning_rate"] = .double(rate)
    optimizer["config"] = .object(config)
    members["optimizer"] = .object(optimizer)
    return .object(members)
  }

  /// The value with losses and metrics in it as Keras writes them: with all their parameters.
  fileprivate var withWholeObjects: ConfigValue {
    switch self {
    case .list(let values): return .list(values.map(\.withWholeObjects))
    case .object(let members):
      guard members["class_name"] != nil else {
        return .object(members.mapValues(\.withWholeObjects))
      }
      switch self["module"]?.stringValue {
      case "keras.losses": return (try? Loss(compiled: self))?.fileConfig ?? self
      case "keras.metrics": return (try? Metric(compiled: self))?.fileConfig ?? self
      default: return self
      }
    default: return self
    }
  }
}

extension Optimizer {
  /// The optimizer as Keras writes it into files: parameters that all have come first.
  ///
  /// Source: `get_config` in `keras/src/optimizers/base_optimizer.py`.
  public var fileConfig: ConfigValue {
    guard original == nil else { return configValue }
    let common = [
      "name", "learning_rate", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue",
      "use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor",
      "gradient_accumulation_steps",
    ]
    var config: OrderedDictionary<String, ConfigValue> = [:]
    for key in common + self.config.keys.filter({ !common.contains($0) }) {
      config[key] = self.config[key] ?? .null
    }
    if config["name"]?.stringValue == nil { config["name"] = .string(snakeCase(className)) }
    if let rate = config["learning_rate"] {
      if let number = rate.doubleValue {
        // It is kept in 32 bits.
        config["learning_rate"] = .double(Double(Float(number)))
      } else if let schedule = try? LearningRateSchedule(configValue: rate, kind: .initializer) {
        config["learning_rate"] = schedule.configValue
      }
    }
    return written(config)
  }
}

extension Loss {
  /// The loss as Keras writes it into files.
  ///
  /// Keras forgets `delta` of `Huber` and the axes of two others; what is not their default is
  /// written here, and Keras reads it. Source: `get_config` in `keras/src/losses/losses.py`.
  fileprivate var fileConfig: ConfigValue {
    guard original == nil else { return configValue }
    let probabilities = ["from_logits", "label_smoothing", "axis"]
    let isSmoothed = config["label_smoothing"] != nil
    let forgotten = [
      "Huber": "delta", "CosineSimilarity": "axis", "SparseCategoricalCrossentropy": "axis",
    ]
    let first = ["name", "reduction"] + (isSmoothed ? probabilities : [])
    return written(
      in: first + config.keys.filter { !first.contains($0) && $0 != "dtype" },
      withoutDefault: forgotten[className])
  }

  /// What `compile` was given: the word, where that says it all.
  fileprivate var compileConfig: ConfigValue {
    guard let word = config["name"]?.stringValue, (try? Loss(compiled: .string(word))) == self
    else { return fileConfig }
    return .string(word)
  }
}

extension Metric {
  /// The metric as Keras writes it into files.
  ///
  /// Source: `get_config` in `keras/src/metrics/`.
  fileprivate var fileConfig: ConfigValue {
    guard original == nil else { return configValue }
    var metric = self
    let isCount = className.hasSuffix("IoU")
    if metric.config["name"]?.stringValue == nil {
      metric.config["name"] = .string(shortName)
    }
    if (metric.config["dtype"] ?? .null).isNull {
      metric.config["dtype"] = isCount ? "int32" : "float32"
    }
    if let function = metric.config["fn"]?.stringValue {
      metric.config["fn"] = [
        "module": "builtins", "class_name": "function", "config": .string(snakeCase(function)),
        "registered_name": "function",
      ]
    }
    let forgotten = [
      "CosineSimilarity": "axis", "SparseTopKCategoricalAccuracy": "from_sorted_ids",
      "AUC": "thresholds",
    ]
    var keys = metric.config.keys.elements
    if !(isCount && className != "IoU") {
      let first = ["name", "dtype"]
      var last = keys.filter { !first.contains($0) }
      if className.contains("At") {
        last =
          ["class_id", "num_thresholds"]
          + last.filter { $0 != "class_id" && $0 != "num_thresholds" }
      }
      keys = first + last
    }
    return metric.written(in: keys, withoutDefault: forgotten[className])
  }

  /// What `compile` was given: the word or the loss, where that says it all.
  fileprivate var compileConfig: ConfigValue {
    if let word = config["name"]?.stringValue, (try? Metric(compiled: .string(word))) == self {
      return .string(word)
    }
    if className == "MeanMetricWrapper", let measured = config["fn"], measured.stringValue == nil,
      let loss = try? Loss(compiled: measured), Metric(measuring: loss) == self
    {
      return loss.fileConfig
    }
    return fileConfig
  }
}

extension KerasObject {
  /// The object in a file, with these parameters.
  fileprivate func written(_ config: OrderedDictionary<String, ConfigValue>) -> ConfigValue {
    [
      "module": .string(Family.module), "class_name": .string(className),
      "config": .object(config), "registered_name": nil,
    ]
  }

  /// The object in a file, parameters in this order; one of them only where it is not the default.
  fileprivate func written(in keys: [String], withoutDefault: String?) -> ConfigValue {
    var written: OrderedDictionary<String, ConfigValue> = [:]
    for key in keys {
      guard let value = config[key] else { continue }
      if key == withoutDefault, value == Family.classes[className]?[key] { continue }
      written[key] = value
    }
    return self.written(written)
  }
}

import OrderedCollections

/// How weights follow their gradients.
///
/// Source: `keras/src/optimizers/`.
public typealias Optimizer = KerasObject<OptimizerFamily>

/// The optimizers of `keras.optimizers`, parameters in the order of their constructors.
public enum OptimizerFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.optimizers"
  /// The word in messages.
  public static let noun = "optimizer"
  /// `keras.optimizers.get` does not look at capitals.
  public static let ignoresCase = true
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "SGD": shared(["learning_rate": 0.01, "momentum": 0.0, "nesterov": false]),
    "RMSprop": shared([
      "learning_rate": 0.001, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": false,
    ]),
    "Adam": shared([
      "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": false,
    ]),
    "AdamW": shared([
      "learning_rate": 0.001, "weight_decay": 0.004, "beta_1": 0.9, "beta_2": 0.999,
      "epsilon": 1e-7, "amsgrad": false,
    ]),
    "Adamax": shared(moments),
    "Nadam": shared(moments),
    "Adagrad": shared(["learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7]),
    "Adadelta": shared(["learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7]),
    "Adafactor": shared([
      "learning_rate": 0.001, "beta_2_decay": -0.8, "epsilon_1": 1e-30, "epsilon_2": 0.001,
      "clip_threshold": 1.0, "relative_step": true,
    ]),
    "Lion": shared(["learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.99]),
    "Lamb": shared(moments),
    "Ftrl": shared([
      "learning_rate": 0.001, "learning_rate_power": -0.5, "initial_accumulator_value": 0.1,
      "l1_regularization_strength": 0.0, "l2_regularization_strength": 0.0,
      "l2_shrinkage_regularization_strength": 0.0, "beta": 0.0,
    ]),
    "ScheduleFreeAdamW": shared([
      "learning_rate": 0.0025, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8, "warmup_steps": 0,
    ]),
  ]
  /// Other names that Keras accepts: names in small letters, which are not those of layers.
  public static let aliases = [
    "rmsprop": "RMSprop", "adamw": "AdamW", "schedulefreeadamw": "ScheduleFreeAdamW",
  ]

  private static let moments: OrderedDictionary<String, ConfigValue> = [
    "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7,
  ]

  /// The parameters of an optimizer with those that all of them have.
  private static func shared(
    _ own: OrderedDictionary<String, ConfigValue>
  ) -> OrderedDictionary<String, ConfigValue> {
    let common: OrderedDictionary<String, ConfigValue> = [
      "weight_decay": nil, "clipnorm": nil, "clipvalue": nil, "global_clipnorm": nil,
      "use_ema": false, "ema_momentum": 0.99, "ema_overwrite_frequency": nil,
      "loss_scale_factor": nil, "gradient_accumulation_steps": nil, "name": nil,
    ]
    return own.merging(common) { mine, _ in mine }
  }
}

extension Optimizer {
  /// The optimizer that `compile` understands by a name, a class with its parameters, or `null`.
  ///
  /// Spellings of older versions of Keras are taken for what they mean today: `lr` is
  /// `learning_rate`; `decay`, which Keras 3 passes over, is passed over.
  ///
  /// - Parameter configValue: what a file or a script says; `null`: RMSprop, as in `compile`.
  /// - Throws: `PassError` where there is no such optimizer (did you mean), or it has no such
  ///   parameter.
  public init(configValue: ConfigValue) throws(PassError) {
    if configValue.isNull {
      self.init(known: "RMSprop")
      return
    }
    // In 32 bits nothing needs a scaled loss: what counts is the optimizer inside.
    if configValue["class_name"]?.stringValue == "LossScaleOptimizer",
      let inner = configValue["config"]?["inner_optimizer"]
    {
      try self.init(configValue: inner)
      return
    }
    do throws(SettingError) {
      try self.init(configValue: configValue, kind: .initializer)
    } catch {
      throw PassError(error.message)
    }
    guard original == nil else {
      throw PassError(
        "the optimizer \(className) is not known here",
        remedy: nearest(to: className, in: OptimizerFamily.classes.keys)
          .map { "did you mean \($0)?" } ?? "use Adam, or another one of keras.optimizers")
    }
    try readOldSpellings()
    for key in config.keys where OptimizerFamily.classes[className]?[key] == nil {
      let near = nearest(to: key, in: OptimizerFamily.classes[className]?.keys.elements ?? [])
      throw PassError(
        "\(className) has no parameter '\(key)'",
        remedy: near.map { "did you mean \($0)?" } ?? "")
    }
  }

  private mutating func readOldSpellings() throws(PassError) {
    if let rate = config.removeValue(forKey: "lr") { config["learning_rate"] = rate }
    for key in ["decay", "schedule_decay", "jit_compile", "is_legacy_optimizer"] {
      config[key] = nil
    }
    // `epsilon=None` once meant Keras' own.
    if let epsilon = config["epsilon"], epsilon.isNull {
      config["epsilon"] = OptimizerFamily.classes[className]?["epsilon"]
    }
  }

  /// A number of the parameters.
  ///
  /// - Throws: `PassError` where it is no number in the range.
  func number(
    _ key: String, _ range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude
  ) throws(PassError) -> Double {
    guard let number = config[key]?.doubleValue, range.contains(number) else {
      let limits =
        range.upperBound < .greatestFiniteMagnitude
        ? "from \(range.lowerBound) to \(range.upperBound)"
        : range.lowerBound > -.greatestFiniteMagnitude ? "from \(range.lowerBound)" : ""
      throw PassError(
        "\(className) has \(key)=\((config[key] ?? .null).shortDescription)",
        remedy: limits.isEmpty ? "use a number" : "use a number \(limits)")
    }
    return number
  }

  /// A number of the parameters that need not be there; 0 is none, too.
  func optionalNumber(_ key: String) throws(PassError) -> Double? {
    guard let given = config[key], !given.isNull else { return nil }
    return try number(key)
  }

  /// A whole number of the parameters that need not be there.
  func optionalCount(_ key: String, from least: Int) throws(PassError) -> Int? {
    guard let given = config[key], !given.isNull, given != false else { return nil }
    guard let count = given.intValue, count >= least, count <= Int(Int32.max) else {
      throw PassError(
        "\(className) has \(key)=\(given.shortDescription)",
        remedy: "use a whole number from \(least), or None")
    }
    return count
  }

  /// Whether a parameter is switched on.
  func flag(_ key: String) -> Bool {
    config[key]?.boolValue ?? ((config[key]?.doubleValue ?? 0) != 0)
  }
}

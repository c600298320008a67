import OrderedCollections

/// A learning rate that follows from the number of steps made.
public typealias LearningRateSchedule = KerasObject<LearningRateScheduleFamily>

/// The schedules of `keras.optimizers.schedules`, parameters in the order of their constructors.
///
/// A `null` where Keras has no default.
public enum LearningRateScheduleFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.optimizers.schedules"
  /// The word in messages.
  public static let noun = "learning rate schedule"
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "ExponentialDecay": [
      "initial_learning_rate": nil, "decay_steps": nil, "decay_rate": nil, "staircase": false,
      "name": "ExponentialDecay",
    ],
    "PiecewiseConstantDecay": ["boundaries": nil, "values": nil, "name": "PiecewiseConstant"],
    "PolynomialDecay": [
      "initial_learning_rate": nil, "decay_steps": nil, "end_learning_rate": 0.0001, "power": 1.0,
      "cycle": false, "name": "PolynomialDecay",
    ],
    "InverseTimeDecay": [
      "initial_learning_rate": nil, "decay_steps": nil, "decay_rate": nil, "staircase": false,
      "name": "InverseTimeDecay",
    ],
    "CosineDecay": [
      "initial_learning_rate": nil, "decay_steps": nil, "alpha": 0.0, "name": "CosineDecay",
      "warmup_target": nil, "warmup_steps": 0,
    ],
    "CosineDecayRestarts": [
      "initial_learning_rate": nil, "first_decay_steps": nil, "t_mul": 2.0, "m_mul": 1.0,
      "alpha": 0.0, "name": "SGDRDecay",
    ],
  ]
  /// Other names that Keras accepts.
  public static let aliases: [String: String] = [:]
}

extension LearningRateSchedule {
  /// Checks that all parameters are there and in range.
  ///
  /// - Throws: `PassError` where one is not, or the schedule is not one of Keras'.
  func check() throws(PassError) {
    guard original == nil, let parameters = LearningRateScheduleFamily.classes[className] else {
      throw PassError(
        "the learning rate schedule \(className) is not one of Keras': "
          + "only its own code tells its rates",
        remedy: nearest(to: className, in: LearningRateScheduleFamily.classes.keys)
          .map { "did you mean \($0)?" } ?? "use one of keras.optimizers.schedules")
    }
    for (key, value) in config {
      guard parameters[key] != nil else {
        let near = nearest(to: key, in: parameters.keys)
        throw PassError(
          "\(className) has no parameter '\(key)'",
          remedy: near.map { "did you mean \($0)?" } ?? "")
      }
      let isNumber = !["name", "staircase", "cycle", "boundaries", "values"].contains(key)
      guard isNumber, !(value.isNull && key == "warmup_target") else { continue }
      let isSteps = key == "decay_steps" || key == "first_decay_steps"
      guard let number = value.doubleValue, number.isFinite, !isSteps || number > 0 else {
        throw PassError(
          "\(className) has \(key)=\(value.shortDescription)",
          remedy: isSteps ? "use a number above 0" : "use a number")
      }
    }
    guard className == "PiecewiseConstantDecay" else { return }
    guard !boundaries.isEmpty, rates.count == boundaries.count + 1 else {
      throw PassError(
        "PiecewiseConstantDecay has \(boundaries.count) boundaries and \(rates.count) values",
        remedy: "give one value more than boundaries")
    }
  }

  /// The learning rate of a step.
  ///
  /// - Parameter step: how many steps were made before.
  /// - Returns: the rate.
  /// - Throws: `PassError` where a parameter is missing or out of range.
  public func learningRate(at step: Int) throws(PassError) -> Double {
    try check()
    return Double(rate(at: step))
  }

  private var boundaries: [Double] {
    (config["boundaries"]?.listValue ?? []).compactMap(\.doubleValue)
  }
  private var rates: [Float] {
    (config["values"]?.listValue ?? []).compactMap { $0.doubleValue.map { Float($0) } }
  }

  /// The learning rate of a step.
  ///
  /// Source: `keras/src/optimizers/schedules/learning_rate_schedule.py`.
  /// - Parameter step: how many steps were made before.
  /// - Returns: the rate, in 32 bits as Keras computes it.
  func rate(at step: Int) -> Float {
    let rates = ScheduledRates(
      number: { key in Float(config[key]?.doubleValue ?? 0) }, step: Float(step))
    let isStaircase = config["staircase"]?.boolValue ?? false
    switch className {
    case "ExponentialDecay": return rates.exponential(isStaircase)
    case "PiecewiseConstantDecay":
      // Boundaries are cast to whole steps.
      let passed = boundaries.prefix { Double(step) > $0.rounded(.towardZero) }.count
      return passed < self.rates.count ? self.rates[passed] : 0
    case "PolynomialDecay": return rates.polynomial(cycles: config["cycle"]?.boolValue ?? false)
    case "InverseTimeDecay": return rates.inverseTime(isStaircase)
    case "CosineDecay":
      return rates.cosine(isWarmedUp: !(config["warmup_target"] ?? .null).isNull)
    default: return rates.cosineRestarts()
    }
  }
}

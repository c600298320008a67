import Neural
import OrderedCollections

extension KerasSession {
  /// `keras.optimizers`: classes of the catalog, schedules of the learning rate.
  func optimizers(_ path: String, in evaluator: Evaluator) -> Module {
    if path.hasSuffix(".schedules") { return schedules(in: evaluator) }
    let names = Array(OptimizerFamily.classes.keys)
    return Module("keras.optimizers", names: { names + ["schedules"] }) {
      [unowned self, unowned evaluator] name in
      switch name {
      case "schedules", "learning_rate_schedule":
        return .module(schedules(in: evaluator))
      case "legacy", "experimental", "optimizers": return .module(optimizers(path, in: evaluator))
      case "get", "deserialize":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            let given = arguments.positional.first ?? arguments["identifier"] ?? .none
            guard evaluator.keras.run != nil else { return given }
            return .native(try evaluator.optimizer(from: given))
          })
      case "Optimizer": return .type(ClassObject(name))
      default: break
      }
      return construction(name, of: OptimizerFamily.self, in: evaluator) { evaluator, object in
        .native(OptimizerObject(object))
      }
    }
  }

  /// `keras.losses`: classes, and functions of targets and predictions.
  func losses(in evaluator: Evaluator) -> Module {
    Module(
      "keras.losses", names: { Array(LossFamily.classes.keys) + Self.aliases(LossFamily.self) }
    ) { [unowned self, unowned evaluator] name in
      if name == "Loss" { return .type(ClassObject(name)) }
      if Self.isFunction(name) { return .native(LossFunction(name)) }
      return construction(name, of: LossFamily.self, in: evaluator) { _, object in
        .native(LossObject(object))
      }
    }
  }

  /// `keras.metrics`: classes, and functions of targets and predictions.
  func metrics(in evaluator: Evaluator) -> Module {
    Module(
      "keras.metrics", names: { Array(MetricFamily.classes.keys) + Self.aliases(MetricFamily.self) }
    ) { [unowned self, unowned evaluator] name in
      if name == "Metric" { return .type(ClassObject(name)) }
      if Self.isFunction(name) { return .native(LossFunction(name, isMetric: true)) }
      return construction(name, of: MetricFamily.self, in: evaluator) { _, object in
        .native(MetricObject(object))
      }
    }
  }

  private static func aliases<Family: KerasObjectFamily>(_ family: Family.Type) -> [String] {
    family.classes.keys.map(snakeCase) + Array(family.aliases.keys)
  }

  /// `mean_squared_error`, `mse`, `MSE`: functions; classes are written in camel case.
  private static func isFunction(_ name: String) -> Bool {
    name.first?.isLowercase ?? false || name == name.uppercased() && name != "AUC"
  }

  /// `keras.optimizers.schedules`.
  private func schedules(in evaluator: Evaluator) -> Module {
    Module("keras.optimizers.schedules", names: { Array(LearningRateSchedules.parameters.keys) }) {
      name in
      guard let parameters = LearningRateSchedules.parameters[name] else {
        return name == "LearningRateSchedule" ? .type(ClassObject(name)) : nil
      }
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, arguments in
          let given = try evaluator.arguments(
            arguments, of: name, parameters: Array(parameters.keys))
          var members = parameters
          for (key, value) in given {
            if !value.isUnknown { members[key] = try evaluator.config(from: value, for: key) }
          }
          if let missing = members.first(where: { $0.value == LearningRateSchedules.required }) {
            throw evaluator.fault("\(name) needs \(missing.key)", type: "TypeError")
          }
          return .native(
            ConfigObject(
              name,
              [
                "module": "keras.optimizers.schedules", "class_name": .string(name),
                "config": .object(members), "registered_name": nil,
              ]))
        })
    }
  }

  /// The constructor of a class of a family, `nil` where a script that is run names another.
  ///
  /// `wrap` makes what such a script gets.
  private func construction<Family: KerasObjectFamily>(
    _ name: String, of family: Family.Type, in evaluator: Evaluator,
    _ wrap: @escaping (Evaluator, KerasObject<Family>) -> Value
  ) -> Value? {
    let known = KerasObject<Family>.className(for: name)
    if known == nil, run != nil { return nil }
    return .builtin(
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        guard evaluator.keras.run != nil, let known, var object = KerasObject<Family>(named: known)
        else {
          let keys = known.flatMap { Family.classes[$0]?.keys.elements } ?? []
          return .native(evaluator.partlyKnown(name, Family.module, keys, arguments))
        }
        let keys = Array(object.config.keys)
        for (key, value) in try evaluator.arguments(arguments, of: name, parameters: keys) {
          object.config[key] = try evaluator.config(from: value, for: key)
        }
        return wrap(evaluator, object)
      })
  }
}

/// The schedules of `keras.optimizers.schedules`, parameters in the order of their constructors.
enum LearningRateSchedules {
  /// What stands for a parameter without a default.
  static let required = ConfigValue.string("<required>")

  static let parameters: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "ExponentialDecay": [
      "initial_learning_rate": required, "decay_steps": required, "decay_rate": required,
      "staircase": false, "name": "ExponentialDecay",
    ],
    "PiecewiseConstantDecay": [
      "boundaries": required, "values": required, "name": "PiecewiseConstant",
    ],
    "PolynomialDecay": [
      "initial_learning_rate": required, "decay_steps": required, "end_learning_rate": 0.0001,
      "power": 1.0, "cycle": false, "name": "PolynomialDecay",
    ],
    "InverseTimeDecay": [
      "initial_learning_rate": required, "decay_steps": required, "decay_rate": required,
      "staircase": false, "name": "InverseTimeDecay",
    ],
    "CosineDecay": [
      "initial_learning_rate": required, "decay_steps": required, "alpha": 0.0,
      "name": "CosineDecay", "warmup_target": nil, "warmup_steps": 0,
    ],
    "CosineDecayRestarts": [
      "initial_learning_rate": required, "first_decay_steps": required, "t_mul": 2.0,
      "m_mul": 1.0, "alpha": 0.0, "name": "SGDRDecay",
    ],
  ]
}

extension Evaluator {
  /// The arguments of a constructor by name.
  ///
  /// Names of older Keras count as today's: `lr` is `learning_rate`. `decay`, which Keras 3
  /// ignores, is left out with a warning.
  func arguments(
    _ arguments: CallArguments, of name: String, parameters: [String]
  ) throws -> OrderedDictionary<String, Value> {
    guard arguments.positional.count <= parameters.count else {
      throw fault(
        "\(name) takes at most \(parameters.count) arguments, found \(arguments.positional.count)",
        type: "TypeError")
    }
    var given: OrderedDictionary<String, Value> = [:]
    for (key, value) in zip(parameters, arguments.positional) { given[key] = value }
    for (keyword, value) in arguments.keywords {
      let key = ["lr": "learning_rate", "rho1": "rho"][keyword] ?? keyword
      if parameters.contains(key) {
        given[key] = value
      } else if keyword == "decay" {
        if value.doubleValue != 0 { warn("\(name) has no decay any more; it is ignored") }
      } else if keyword != "name" {
        let near = nearest(to: keyword, in: parameters).map { "did you mean \($0)?" }
        throw fault(
          "\(name) has no argument '\(keyword)'",
          remedy: near ?? "it takes \(parameters.prefix(12).joined(separator: ", "))",
          type: "TypeError")
      }
    }
    return given
  }

  /// An object of a script that is only read, with those of its arguments that are known.
  func partlyKnown(
    _ name: String, _ module: String, _ parameters: some Sequence<String>,
    _ arguments: CallArguments
  ) -> ConfigObject {
    var members: OrderedDictionary<String, ConfigValue> = [:]
    let places = zip(parameters, arguments.positional).map { ($0, $1) }
    for (key, value) in places + arguments.keywords {
      if let config = try? config(from: value, for: key) { members[key] = config }
    }
    return ConfigObject(
      name,
      [
        "module": .string(module), "class_name": .string(name), "config": .object(members),
        "registered_name": nil,
      ])
  }
}

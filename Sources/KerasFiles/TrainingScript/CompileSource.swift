import Neural
import OrderedCollections

/// How a model is trained, as the Python source of `model.compile`'s arguments.
///
/// Source: `keras/src/trainers/trainer.py` (`compile`, `get_compile_config`).
struct CompileSource {
  /// The arguments: optimizer, loss and metrics, and of the others what differs from the defaults.
  let arguments: [PythonExpression.Argument]
  /// What the learning rate is: a number or a schedule; `nil`: the optimizer keeps it to itself.
  let learningRate: PythonExpression?
  /// Functions that a person must give: their definitions.
  let definitions: [String]

  /// Writes what a file says.
  ///
  /// - Parameters:
  ///   - config: the arguments of `compile` as files and scripts keep them.
  ///   - rateVariable: the variable that holds the learning rate; `nil`: it stands in its place.
  init(_ config: ConfigValue, rateVariable: String?) {
    var writer = CompileWriter()
    let (optimizer, rate) = writer.optimizer(
      config["optimizer"] ?? config["optimizer_config"] ?? .null, rateVariable)
    learningRate = rate
    var arguments = [PythonExpression.Argument(optimizer, keyword: "optimizer")]
    for key in ["loss", "loss_weights", "metrics", "weighted_metrics"] {
      guard let value = config[key], !value.isNull, value.listValue?.isEmpty != true else {
        continue
      }
      arguments.append(.init(writer.part(value, of: key), keyword: key))
    }
    // `jit_compile` is what Keras chose for the machine that saved the model.
    for (key, usual) in [
      ("run_eagerly", ConfigValue.bool(false)), ("steps_per_execution", .int(1)),
      ("auto_scale_loss", .bool(true)),
    ] {
      guard let value = config[key], !value.isNull, value != usual else { continue }
      arguments.append(.init(.raw(PythonLiteral.value(value)), keyword: key))
    }
    self.arguments = arguments
    definitions = writer.definitions
  }
}

/// Writes the objects that `compile` takes.
private struct CompileWriter {
  var definitions: [String] = []

  // MARK: Optimizers

  /// An optimizer, its learning rate in a variable if so said, and that rate.
  func optimizer(
    _ config: ConfigValue, _ rateVariable: String?
  ) -> (PythonExpression, rate: PythonExpression?) {
    if rateVariable == nil, config["class_name"]?.stringValue == "LossScaleOptimizer" {
      return (scaled(config), rate: nil)
    }
    var known: Optimizer
    do throws(PassError) {
      known = try Optimizer(configValue: config.isNull ? .string("rmsprop") : config)
    } catch {
      // One of the script's own: Keras finds it where it is registered.
      return (
        .call("keras.optimizers.get", [.init(.raw(PythonLiteral.value(config)))]), rate: nil
      )
    }
    guard let rateVariable else {
      let changed = changed(known, leaving: ["name"])
      return (
        changed.isEmpty
          ? .raw(PythonLiteral.text(known.className.lowercased()))
          : .call("keras.optimizers.\(known.className)", changed), rate: nil
      )
    }
    let rate = known.config.removeValue(forKey: "learning_rate") ?? .null
    let isNumber = rate.doubleValue != nil
    let arguments = [PythonExpression.Argument(.raw(rateVariable), keyword: "learning_rate")]
    return (
      .call("keras.optimizers.\(known.className)", arguments + changed(known, leaving: ["name"])),
      rate: isNumber
        ? .raw(PythonLiteral.number(rate.doubleValue ?? 0))
        : family(rate, LearningRateScheduleFamily.self, named: false)
    )
  }

  /// An optimizer in one that scales the loss for 16-bit numbers.
  private func scaled(_ config: ConfigValue) -> PythonExpression {
    let inside = config["config"]?["inner_optimizer"] ?? .null
    var inner = optimizer(inside, nil).0
    // A name is not enough here.
    if case .raw = inner, let known = try? Optimizer(configValue: inside) {
      inner = .call("keras.optimizers.\(known.className)", [])
    }
    var arguments = [PythonExpression.Argument(inner)]
    for (key, usual) in [("initial_scale", 32768.0), ("dynamic_growth_steps", 2000)] {
      guard let value = config["config"]?[key], value.doubleValue != usual else { continue }
      arguments.append(.init(.raw(PythonLiteral.value(value)), keyword: key))
    }
    return .call("keras.optimizers.LossScaleOptimizer", arguments)
  }

  // MARK: Losses and metrics

  /// What `compile` says of all outputs, or of each, under one of its keywords.
  mutating func part(_ value: ConfigValue, of key: String) -> PythonExpression {
    if value.isNull { return .raw("None") }
    if let list = value.listValue { return .list(list.map { part($0, of: key) }) }
    if value["class_name"]?.stringValue == "__tuple__" {
      return .list((value["items"]?.listValue ?? []).map { part($0, of: key) })
    }
    if value["class_name"] == nil, let members = value.objectValue {
      return .dictionary(members.map { (PythonLiteral.text($0), part($1, of: key)) })
    }
    if key == "loss" { return object(value, LossFamily.self, key) }
    if key.hasSuffix("metrics") { return object(value, MetricFamily.self, key) }
    return .raw(PythonLiteral.value(value))
  }

  private mutating func object<Family: KerasObjectFamily>(
    _ value: ConfigValue, _ family: Family.Type, _ key: String
  ) -> PythonExpression {
    let isFunction = value["class_name"]?.stringValue == "function"
    if let word = value.stringValue ?? (isFunction ? value["config"]?.stringValue : nil) {
      // Words of Keras; a metric may be a loss as well.
      if KerasObject<Family>.className(for: word) != nil || Loss.className(for: word) != nil
        || Metric.className(for: word) != nil
      {
        return .raw(PythonLiteral.text(word))
      }
      return .raw(function(word, key))
    }
    // A loss may be measured, too.
    if Family.self == MetricFamily.self, value["module"]?.stringValue == LossFamily.module {
      return self.family(value, LossFamily.self, named: true)
    }
    return self.family(value, family, named: true)
  }

  /// A function that is not one of Keras': someone must give it.
  private mutating func function(_ name: String, _ key: String) -> String {
    let variable = PythonNames.identifier(Placeholders.shortName(name))
    let noun = key == "loss" ? "loss" : "metric"
    let definition = """
      def \(variable)(y_true, y_pred):
          # This \(noun) is not one of Keras' own: import or write it here.
          raise NotImplementedError(\(PythonLiteral.text("the \(noun) \(name)")))
      """
    if !definitions.contains(definition) { definitions.append(definition) }
    return variable
  }

  /// An object with the parameters that differ from the defaults.
  private func family<Family: KerasObjectFamily>(
    _ value: ConfigValue, _ family: Family.Type, named: Bool
  ) -> PythonExpression {
    guard let known = try? KerasObject<Family>(configValue: value, kind: .value),
      known.original == nil, known.className.first?.isUppercase == true,
      Family.classes[known.className] != nil
    else {
      return .call(
        "keras.saving.deserialize_keras_object", [.init(.raw(PythonLiteral.value(value)))])
    }
    let left: Set<String> = named && !hasUsualName(known) ? ["dtype"] : ["dtype", "name"]
    return .call("\(Family.module).\(known.className)", changed(known, leaving: left))
  }

  /// Whether an object is called as Keras would call it: `auc`, `auc_1`.
  private func hasUsualName<Family: KerasObjectFamily>(_ object: KerasObject<Family>) -> Bool {
    guard var name = object.config["name"]?.stringValue else { return true }
    if name == Family.classes[object.className]?["name"]?.stringValue { return true }
    if let last = name.lastIndex(of: "_"), Int(name[name.index(after: last)...]) != nil {
      name = String(name[..<last])
    }
    return name == snakeCase(object.className)
  }

  /// The parameters of an object that differ from the defaults.
  private func changed<Family: KerasObjectFamily>(
    _ object: KerasObject<Family>, leaving left: Set<String>
  ) -> [PythonExpression.Argument] {
    let defaults = Family.classes[object.className] ?? [:]
    return object.config.compactMap { key, value in
      guard !left.contains(key), PythonNames.identifier(key) == key else { return nil }
      if let usual = defaults[key], isNear(value, usual) { return nil }
      // What a class of a later version has more is written only where it says something.
      if defaults[key] == nil, value.isNull || value == false { return nil }
      return .init(parameter(value, key), keyword: key)
    }
  }

  /// A parameter: a number, a schedule, or the optimizer inside another.
  private func parameter(_ value: ConfigValue, _ key: String) -> PythonExpression {
    guard value["class_name"] != nil else { return .raw(PythonLiteral.value(value)) }
    if key == "learning_rate" {
      return family(value, LearningRateScheduleFamily.self, named: false)
    }
    return .call(
      "keras.saving.deserialize_keras_object", [.init(.raw(PythonLiteral.value(value)))])
  }

  private func isNear(_ value: ConfigValue, _ other: ConfigValue) -> Bool {
    guard let a = value.doubleValue, let b = other.doubleValue else { return value == other }
    return Float(a) == Float(b)
  }
}

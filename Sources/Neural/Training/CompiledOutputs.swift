import OrderedCollections

/// The outputs of a model, as the arguments of `compile` speak of them.
struct CompiledOutputs {
  /// The names of the layers that give them.
  let names: [String]

  init(_ model: Model) {
    names = model.outputs.map { model.layer(of: $0.node)?.name ?? "?" }
  }

  /// The loss of each output: one for all, a list, or a dictionary by output name.
  func losses(_ config: ConfigValue) throws(PassError) -> [Loss?] {
    if config.isNull { return names.map { _ in nil } }
    guard let parts = try perOutput(config, argument: "loss") else {
      let loss = try Loss(compiled: config)
      return names.map { _ in loss }
    }
    var losses: [Loss?] = []
    for (name, part) in zip(names, parts) {
      guard let part else {
        throw PassError(
          "loss says nothing of the output \(name)", remedy: "'\(name)': None leaves it out")
      }
      losses.append(part.isNull ? nil : try Loss(compiled: part))
    }
    return losses
  }

  /// What each loss is multiplied by.
  func lossWeights(_ config: ConfigValue) throws(PassError) -> [Double]? {
    if config.isNull { return nil }
    if let weight = config.doubleValue, names.count == 1 { return [weight] }
    guard let parts = try perOutput(config, argument: "loss_weights") else {
      throw PassError(
        "loss_weights is \(config.shortDescription)", remedy: "give a number for each output")
    }
    var weights: [Double] = []
    for part in parts {
      guard let part, !part.isNull else {
        weights.append(1)
        continue
      }
      guard let weight = part.doubleValue, weight.isFinite else {
        throw PassError("loss_weights has \(part.shortDescription)", remedy: "use numbers")
      }
      weights.append(weight)
    }
    return weights
  }

  /// The metrics of each output.
  ///
  /// One output: all that is said. Several: a list with an entry for each, or a dictionary.
  func metrics(_ config: ConfigValue, argument: String) throws(PassError) -> [[Metric]] {
    if config.isNull || config.listValue?.isEmpty == true { return names.map { _ in [] } }
    if names.count == 1 {
      guard config.listValue != nil || config.isDictionary else {
        throw PassError(
          "\(argument) is \(config.shortDescription)", remedy: "write it as a list: [\(config)]")
      }
      _ = try perOutput(config.listValue == nil ? config : .null, argument: argument)
      return [try Metric.flattened(config)]
    }
    guard let parts = try perOutput(config, argument: argument) else {
      throw PassError(
        "\(argument) is \(config.shortDescription)", remedy: "give a list for each output")
    }
    var metrics: [[Metric]] = []
    for part in parts { metrics.append(try Metric.flattened(part ?? .null)) }
    return metrics
  }

  /// What is said of each output, in their order; `nil` where it is one thing for all.
  private func perOutput(
    _ config: ConfigValue, argument: String
  ) throws(PassError) -> [ConfigValue?]? {
    if let list = config.listValue {
      guard list.count == names.count else {
        let outputs = names.count == 1 ? "1 output" : "\(names.count) outputs"
        throw PassError(
          "\(argument) has \(list.count) \(list.count == 1 ? "entry" : "entries"), "
            + "the model \(outputs): \(names.joined(separator: ", "))",
          remedy: names.count == 1 ? "" : "give one for each output")
      }
      return list
    }
    guard config.isDictionary, let members = config.objectValue else { return nil }
    for key in members.keys where !names.contains(key) {
      let near = nearest(to: key, in: names)
      throw PassError(
        "\(argument) names '\(key)', which is no output of the model",
        remedy: near.map { "did you mean \($0)?" }
          ?? "the outputs are \(names.joined(separator: ", "))")
    }
    return names.map { members[$0] }
  }
}

extension ConfigValue {
  /// Whether this is a dictionary of a script, not an object of a class.
  fileprivate var isDictionary: Bool { objectValue != nil && self["class_name"] == nil }

  /// The value with Keras' wrappers of tuples and functions taken away.
  package var withoutWrappers: ConfigValue {
    switch self {
    case .list(let values): return .list(values.map(\.withoutWrappers))
    case .object(let members):
      switch self["class_name"]?.stringValue {
      case "__tuple__": return .list((self["items"]?.listValue ?? []).map(\.withoutWrappers))
      case "function":
        if let name = self["config"]?.stringValue { return .string(name) }
      default: break
      }
      return .object(members.mapValues(\.withoutWrappers))
    default: return self
    }
  }
}

extension Loss {
  /// A loss as `compile` takes it: a name, or an object.
  init(compiled config: ConfigValue) throws(PassError) {
    if let word = config.stringValue {
      try self.init(spelled: word)
      self.config["name"] = .string(word)
      return
    }
    do throws(SettingError) {
      try self.init(configValue: config, kind: .initializer)
    } catch {
      throw PassError("loss: \(error.message)")
    }
  }
}

extension Metric {
  /// A metric as `compile` takes it: a name, which is then its name among the results, an object,
  /// or a loss.
  init(compiled config: ConfigValue) throws(PassError) {
    if let word = config.stringValue {
      do throws(PassError) {
        try self.init(spelled: word)
      } catch {
        guard let function = Metric(function: word) else { throw error }
        self = function
      }
      return
    }
    if config["module"]?.stringValue == "keras.losses" {
      self.init(measuring: try Loss(compiled: config))
      return
    }
    do throws(SettingError) {
      try self.init(configValue: config, kind: .initializer)
    } catch {
      throw PassError("metrics: \(error.message)")
    }
  }

  /// Metrics in lists and dictionaries, one behind the other.
  fileprivate static func flattened(_ config: ConfigValue) throws(PassError) -> [Metric] {
    if config.isNull { return [] }
    var parts: [ConfigValue]
    if let list = config.listValue {
      parts = list
    } else if config.isDictionary, let members = config.objectValue {
      parts = Array(members.values)
    } else {
      return [try Metric(compiled: config)]
    }
    parts.removeAll(where: \.isNull)
    var metrics: [Metric] = []
    for part in parts { metrics += try flattened(part) }
    return metrics
  }
}

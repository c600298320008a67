import Neural

/// A loss of a script: `keras.losses.Huber(delta=2)`.
final class LossObject: NativeObject, ConfigHolder {
  private let loss: Loss

  init(_ loss: Loss) { self.loss = loss }

  var typeName: String { loss.className }
  var configValue: ConfigValue { loss.configValue }

  func isInstance(of type: ClassObject) -> Bool {
    [typeName, "Loss", "object"].contains(type.name)
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "get_config":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.dict(self.loss.config.map { ($0.key, evaluator.value(from: $0.value)) })
        })
    case "call":
      return .builtin(Builtin(name) { try LossFunction.apply(self.loss, $1, in: $0) })
    default: return loss.config[name].map { evaluator.value(from: $0) }
    }
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    guard let targets = arguments.value(0, "y_true"), let predictions = arguments.value(1, "y_pred")
    else { throw evaluator.fault("a loss is called with y_true and y_pred", type: "TypeError") }
    if loss.config["reduction"] == .string("none") || loss.config["reduction"]?.isNull == true {
      return try LossFunction.apply(loss, arguments, in: evaluator)
    }
    let (y, p) = (
      try evaluator.tensor(from: targets, for: "y_true"),
      try evaluator.tensor(from: predictions, for: "y_pred")
    )
    let weights = try arguments.value(2, "sample_weight").flatMap { value in
      value.isNone ? nil : try evaluator.tensor(from: value, for: "sample_weight")
    }
    let result = try evaluator.computing { () throws(PassError) in
      try loss.resolved(outputSizes: p.sizes, targetSizes: y.sizes)
        .value(of: p, targets: y, weights: weights)
    }
    return try evaluator.value(of: Tensor([], [Float(result.value)]))
  }
}

/// A function of `keras.losses` or `keras.metrics`, such as `mean_squared_error`: a loss for each
/// sample, and a name where `compile` is given it.
final class LossFunction: NativeObject, ConfigHolder {
  private let name: String
  private let module: String

  init(_ name: String, isMetric: Bool = false) {
    self.name = name
    module = isMetric ? "keras.metrics" : "keras.losses"
  }

  var typeName: String { "function" }
  var configValue: ConfigValue { .string(name) }
  /// The function as Keras writes it into files, under the name that its code has.
  var fileConfig: ConfigValue {
    let className = Loss(named: name)?.className ?? Metric(named: name)?.className
    return [
      "module": "builtins", "class_name": "function",
      "config": .string(className.map(snakeCase) ?? name), "registered_name": "function",
    ]
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    name == "__name__" ? .string(self.name) : nil
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    let isSymbolic = arguments.positional.contains {
      if case .native(let object) = $0 { object is SymbolicTensor } else { false }
    }
    guard evaluator.keras.run != nil, !isSymbolic else {
      return try BackendFunction(name, in: module).call(arguments, in: evaluator)
    }
    if name == "get" || name == "deserialize" || name == "serialize" {
      return arguments.positional.first ?? Value.none
    }
    if let loss = Loss(named: name) { return try Self.apply(loss, arguments, in: evaluator) }
    guard let metric = Metric(named: name) else {
      let near = nearest(to: name, in: LossFamily.classes.keys.map(snakeCase))
      throw evaluator.fault(
        "\(module) has no '\(name)'", remedy: near.map { "did you mean \($0)?" } ?? "",
        type: "AttributeError")
    }
    return try Self.apply(arguments, in: evaluator) { p, y throws(PassError) in
      var state = try MetricState(metric, outputSizes: p.sizes, targetSizes: y.sizes, loss: nil)
      try state.update(predictions: p, targets: y)
      return state.result
    }
  }

  /// The loss of each sample, or of each timestep of each: the mean over the last axis.
  static func apply(
    _ loss: Loss, _ arguments: CallArguments, in evaluator: Evaluator
  ) throws -> Value {
    var loss = loss
    let parameters = loss.config.keys.filter { !["reduction", "name", "dtype"].contains($0) }
    for (key, value) in zip(parameters, arguments.positional.dropFirst(2)) {
      loss.config[key] = try evaluator.config(from: value, for: key)
    }
    for (key, value) in arguments.keywords where parameters.contains(key) {
      loss.config[key] = try evaluator.config(from: value, for: key)
    }
    loss.config["reduction"] = "sum"
    let each = loss
    return try apply(arguments, in: evaluator) { p, y throws(PassError) in
      try each.resolved(outputSizes: p.sizes, targetSizes: y.sizes).value(of: p, targets: y).value
    }
  }

  /// Measures every row of the last axis by itself.
  private static func apply(
    _ arguments: CallArguments, in evaluator: Evaluator,
    _ measure: (Tensor, Tensor) throws(PassError) -> Double
  ) throws -> Value {
    guard let targets = arguments.value(0, "y_true"), let predictions = arguments.value(1, "y_pred")
    else { throw evaluator.fault("it is called with y_true and y_pred", type: "TypeError") }
    let p = try evaluator.tensor(from: predictions, for: "y_pred")
    let y = try evaluator.tensor(from: targets, for: "y_true")
    guard let width = p.sizes.last, width > 0, y.count > 0 else {
      throw evaluator.fault("y_true and y_pred need at least one axis with numbers")
    }
    let rows = p.count / width
    guard y.count % max(rows, 1) == 0, y.count / rows == width || y.count == rows else {
      throw evaluator.fault("y_true has the shape \(y.shape), y_pred \(p.shape)")
    }
    let (perRow, perTarget) = (p.reshaped([rows, width]), y.reshaped([rows, y.count / rows]))
    let values = try evaluator.computing { () throws(PassError) in
      var values: [Float] = []
      for row in 0..<rows {
        values.append(
          Float(try measure(perRow.samples(row..<row + 1), perTarget.samples(row..<row + 1))))
      }
      return values
    }
    return try evaluator.value(of: Tensor(Array(p.sizes.dropLast()), values))
  }
}

/// A metric of a script: `m = keras.metrics.Accuracy()`.
final class MetricObject: NativeObject, ConfigHolder {
  private let metric: Metric
  private var state: MetricState?

  init(_ metric: Metric) { self.metric = metric }

  var typeName: String { metric.className }
  var configValue: ConfigValue { metric.configValue }

  func isInstance(of type: ClassObject) -> Bool {
    [typeName, "Metric", "object"].contains(type.name)
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "name": return .string(metric.config["name"]?.stringValue ?? metric.shortName)
    case "update_state":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          try self.update(arguments, in: evaluator)
          return .none
        })
    case "result":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.value(of: Tensor([], [Float(self.state?.result ?? 0)]))
        })
    case "reset_state", "reset_states":
      return .builtin(
        Builtin(name) { _, _ in
          self.state?.reset()
          return .none
        })
    default: return metric.config[name].map { evaluator.value(from: $0) }
    }
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    try update(arguments, in: evaluator)
    return try evaluator.value(of: Tensor([], [Float(state?.result ?? 0)]))
  }

  private func update(_ arguments: CallArguments, in evaluator: Evaluator) throws {
    guard let first = arguments.value(0, "y_true") ?? arguments["values"] else {
      throw evaluator.fault("\(typeName) is updated with y_true and y_pred", type: "TypeError")
    }
    let y = try evaluator.tensor(from: first, for: "y_true")
    // `Mean` and its like take values alone.
    let second = arguments.value(1, "y_pred")
    let p = try second.map { try evaluator.tensor(from: $0, for: "y_pred") } ?? y
    let weights = try arguments.value(2, "sample_weight").flatMap { value in
      value.isNone ? nil : try evaluator.tensor(from: value, for: "sample_weight")
    }
    try evaluator.computing { () throws(PassError) in
      if self.state == nil {
        self.state = try MetricState(
          metric, outputSizes: p.sizes, targetSizes: y.sizes, loss: nil)
      }
      guard var state = self.state else { return }
      try state.update(predictions: p, targets: y, weights: weights)
      self.state = state
    }
  }
}

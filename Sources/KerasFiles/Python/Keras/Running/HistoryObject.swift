import Neural

/// What `fit` returns: `history.history["loss"]`, `history.epoch`.
final class HistoryObject: NativeObject {
  /// The results of each epoch.
  var history = History()
  private(set) var parameters: [(String, Value)] = []
  private weak var model: ModelObject?
  private var values: Value?
  private var epochs: Value?

  var typeName: String { "History" }

  func isInstance(of type: ClassObject) -> Bool {
    ["History", "Callback", "object"].contains(type.name)
  }

  /// Begins to note what a fit gives.
  func begin(_ model: ModelObject, _ parameters: [(String, Value)]) {
    self.model = model
    self.parameters = parameters
    history = History()
    (values, epochs) = (nil, nil)
  }

  /// Takes the results so far.
  func take(_ history: History) {
    self.history = history
    (values, epochs) = (nil, nil)
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "history":
      if let values { return values }
      // One object: what a script adds to it stays.
      let made = try evaluator.dict(
        try history.values.map { ($0.key, try evaluator.list($0.value.map { .float($0) })) })
      values = made
      return made
    case "epoch":
      if let epochs { return epochs }
      let made = try evaluator.list(history.epochs.map { .int($0) })
      epochs = made
      return made
    case "params": return try evaluator.dict(parameters)
    case "model": return model.map { .native($0) } ?? Value.none
    default: return nil
    }
  }
}

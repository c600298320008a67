import Neural

/// A model being edited: the model, what follows from it, and the way back.
public struct Document: Sendable {
  /// The model now.
  public private(set) var model: Model
  /// What follows from the model.
  public private(set) var analysis: Analysis
  /// Where its layers stand on the Stack screen.
  public private(set) var layout: StackLayout
  /// How often the model has changed: equal numbers, equal models.
  public private(set) var revision = 0
  /// The weights that the model has been run with; an edit keeps those whose sizes stay.
  public internal(set) var weights = ModelWeights()
  /// What the first values of weights are drawn from.
  public var seed: UInt64 = 0
  /// The file it was opened from or last saved to.
  public var path: String?
  /// What a script calls the model; empty where nothing does.
  public var label: String
  private var saved: Model?
  /// Whether the weights were trained since the file was opened or saved.
  private var hasNewWeights = false
  private var trainedLayers: Set<LayerID> = []
  private var past: [Step] = []
  private var future: [Step] = []

  /// A state of the model to go back to, with the layer that was selected.
  private struct Step: Sendable {
    var model: Model
    var selection: NodeID?
    var what: String
    var weights: ModelWeights
  }

  /// A model that was read from `path`, with what weights stood there, or a new one.
  public init(
    _ model: Model, path: String? = nil, label: String = "",
    weights: ModelWeights = ModelWeights()
  ) {
    self.model = model
    self.weights = weights
    self.path = path
    self.label = label
    saved = model
    analysis = Analysis(of: model)
    layout = StackLayout(model)
  }

  /// Whether there is something that the file does not have.
  public var isModified: Bool { saved != model || hasNewWeights && keepsWeights }

  /// Whether the file is one that holds weights.
  private var keepsWeights: Bool {
    [".keras", ".h5"].contains { path?.hasSuffix($0) == true }
  }

  /// Whether there is an edit to take back.
  public var canUndo: Bool { !past.isEmpty }

  /// What Keras or a reader remarks on a call, a line each.
  public func remarks(on node: NodeID) -> [String] {
    (model.nodes[node]?.remarks ?? []) + (analysis.reports[node]?.remarks ?? [])
  }

  /// The name for the title bar.
  public var title: String {
    guard let path else { return "new model" }
    return path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Notes that the file now has `model`.
  public mutating func markSaved(_ model: Model, at path: String) {
    saved = model
    hasNewWeights = false
    self.path = path
  }

  /// Whether the weights are those of a training.
  var isTrained: Bool { !trainedLayers.isDisjoint(with: weights.layers.keys) }

  /// Takes the weights that a training left, those of layers that the model has.
  mutating func takeTrained(_ weights: ModelWeights) {
    for (layer, tensors) in weights.layers where model.layers[layer] != nil {
      self.weights.layers[layer] = tensors
      trainedLayers.insert(layer)
    }
    hasNewWeights = true
  }

  /// Puts the weights of before a training back.
  mutating func forgetTraining(_ weights: ModelWeights) {
    self.weights = weights
    trainedLayers = []
  }

  /// Changes the model and remembers the way back.
  ///
  /// - Parameters:
  ///   - next: the model after the edit.
  ///   - what: the edit in two or three words, for undo and redo.
  ///   - selection: the layer that was selected before.
  public mutating func apply(_ next: Model, _ what: String, selection: NodeID?) {
    guard next != model else { return }
    past.append(Step(model: model, selection: selection, what: what, weights: weights))
    future.removeAll()
    show(next)
  }

  /// Changes the model without a step to undo: a value that is still being typed.
  public mutating func preview(_ next: Model) {
    if next != model { show(next) }
  }

  /// Makes one step of undo out of what was previewed since the model was `before`.
  public mutating func commitPreview(from before: Model, _ what: String, selection: NodeID?) {
    guard before != model else { return }
    past.append(Step(model: before, selection: selection, what: what, weights: weights))
    future.removeAll()
  }

  /// Takes back the last edit.
  ///
  /// - Returns: what was undone and the layer to select; `nil` where there is nothing to undo.
  public mutating func undo(selection: NodeID?) -> (what: String, selection: NodeID?)? {
    guard let step = past.popLast() else { return nil }
    future.append(Step(model: model, selection: selection, what: step.what, weights: weights))
    weights = step.weights
    show(step.model)
    return (step.what, step.selection)
  }

  /// Makes the last undone edit again.
  ///
  /// - Returns: what was done again and the layer to select; `nil` where there is nothing.
  public mutating func redo(selection: NodeID?) -> (what: String, selection: NodeID?)? {
    guard let step = future.popLast() else { return nil }
    past.append(Step(model: model, selection: selection, what: step.what, weights: weights))
    weights = step.weights
    show(step.model)
    return (step.what, step.selection)
  }

  private mutating func show(_ next: Model) {
    let moved =
      next.nodes.keys != model.nodes.keys || next.kind != model.kind
      || zip(next.nodes.values, model.nodes.values).contains { $0.inputs != $1.inputs }
    model = next
    revision += 1
    analysis = Analysis(of: next, reusing: analysis)
    if moved { layout = StackLayout(next) }
  }
}

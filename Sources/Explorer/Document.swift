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
  /// How often the weights in memory have changed: equal numbers, equal weights.
  private(set) var weightRevision = 0
  /// The file it was opened from or last saved to.
  public var path: String?
  /// What a script calls the model; empty where nothing does.
  public var label: String
  private var saved: Model?
  /// The version of the numbers that the file has.
  private var savedVersion = 0
  private var versions = 0
  private var numbers = Numbers()
  /// The weights of the file it was opened from, whether the model has them or not.
  public let weightsOfFile: (any WeightSource)?
  /// The model as it was opened.
  public let modelOfFile: Model
  private var past: [Step] = []
  private var future: [Step] = []

  /// Where the numbers of the weights come from.
  private struct Numbers: Sendable {
    /// Those in memory, of runs and trainings.
    var weights = ModelWeights()
    /// The layers that were trained.
    var trained: Set<LayerID> = []
    /// Whether those that are not in memory are the file's, where it has any.
    var usesFile = true
    /// What first values are drawn from.
    var seed: UInt64 = 0
    /// Tells numbers apart that a file may or may not have.
    var version = 0
  }

  /// A state of the model to go back to, with the layer that was selected.
  private struct Step: Sendable {
    var model: Model
    var selection: NodeID?
    var what: String
    var numbers: Numbers
  }

  /// A model that was read from `path`, or a new one.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - path: its file.
  ///   - label: what a script calls it.
  ///   - stored: the weights of the file, read when they are needed.
  public init(
    _ model: Model, path: String? = nil, label: String = "", stored: (any WeightSource)? = nil
  ) {
    self.model = model
    self.path = path
    self.label = label
    weightsOfFile = stored
    modelOfFile = model
    saved = model
    analysis = Analysis(of: model)
    layout = StackLayout(model)
  }

  /// The weights in memory: those that the model was run with or trained to.
  ///
  /// An edit keeps those whose sizes stay.
  public internal(set) var weights: ModelWeights {
    get { numbers.weights }
    set {
      numbers.weights = newValue
      weightRevision += 1
    }
  }

  /// The weights of the file: those of layers that have none in memory, where their sizes fit.
  public var stored: (any WeightSource)? { numbers.usesFile ? weightsOfFile : nil }

  /// What the first values of weights are drawn from.
  public var seed: UInt64 {
    get { numbers.seed }
    set { numbers.seed = newValue }
  }

  /// Whether there is something that the file does not have.
  public var isModified: Bool {
    saved != model || numbers.version != savedVersion && path.map(Self.keepsWeights) == true
  }

  /// Whether a file of this name holds weights.
  public static func keepsWeights(_ path: String) -> Bool {
    let path = path.lowercased()
    return [".keras", ".h5", ".hdf5"].contains { path.hasSuffix($0) }
  }

  /// Tells numbers apart that are not drawn from the seed alone: those of trainings and files.
  public var version: Int { numbers.version }

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
    savedVersion = numbers.version
    self.path = path
  }

  /// Whether the weights are those of a training.
  public var isTrained: Bool { !numbers.trained.isDisjoint(with: weights.layers.keys) }

  /// Whether the weights of a layer are those of a training.
  func isTrained(_ layer: LayerID) -> Bool {
    numbers.trained.contains(layer) && weights.layers[layer] != nil
  }

  /// Takes the weights that a training left, those of layers that the model has.
  mutating func takeTrained(_ weights: ModelWeights) {
    for (layer, tensors) in weights.layers where model.layers[layer] != nil {
      self.weights.layers[layer] = tensors
      numbers.trained.insert(layer)
    }
    nextVersion()
  }

  /// Puts the weights of before a training back.
  mutating func forgetTraining(_ weights: ModelWeights) {
    self.weights = weights
    numbers.trained = []
  }

  /// Draws all weights from a seed, the file's among them, and remembers the way back.
  mutating func drawAnew(from seed: UInt64, selection: NodeID?) {
    remember(model, "drawing the weights anew", selection)
    numbers.seed = seed
    numbers.usesFile = false
    forgetTraining(ModelWeights())
    nextVersion()
    revision += 1
  }

  private mutating func nextVersion() {
    versions += 1
    numbers.version = versions
  }

  private mutating func remember(_ model: Model, _ what: String, _ selection: NodeID?) {
    past.append(Step(model: model, selection: selection, what: what, numbers: numbers))
    future.removeAll()
  }

  /// Changes the model and remembers the way back.
  ///
  /// - Parameters:
  ///   - next: the model after the edit.
  ///   - what: the edit in two or three words, for undo and redo.
  ///   - selection: the layer that was selected before.
  public mutating func apply(_ next: Model, _ what: String, selection: NodeID?) {
    guard next != model else { return }
    remember(model, what, selection)
    show(next)
  }

  /// Changes the model without a step to undo: a value that is still being typed.
  public mutating func preview(_ next: Model) {
    if next != model { show(next) }
  }

  /// Makes one step of undo out of what was previewed since the model was `before`.
  public mutating func commitPreview(from before: Model, _ what: String, selection: NodeID?) {
    guard before != model else { return }
    remember(before, what, selection)
  }

  /// Takes back the last edit.
  ///
  /// - Returns: what was undone and the layer to select; `nil` where there is nothing to undo.
  public mutating func undo(selection: NodeID?) -> (what: String, selection: NodeID?)? {
    guard let step = past.popLast() else { return nil }
    future.append(Step(model: model, selection: selection, what: step.what, numbers: numbers))
    take(step)
    return (step.what, step.selection)
  }

  /// Makes the last undone edit again.
  ///
  /// - Returns: what was done again and the layer to select; `nil` where there is nothing.
  public mutating func redo(selection: NodeID?) -> (what: String, selection: NodeID?)? {
    guard let step = future.popLast() else { return nil }
    past.append(Step(model: model, selection: selection, what: step.what, numbers: numbers))
    take(step)
    return (step.what, step.selection)
  }

  private mutating func take(_ step: Step) {
    numbers = step.numbers
    weightRevision += 1
    show(step.model)
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

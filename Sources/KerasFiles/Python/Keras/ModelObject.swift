import Neural
import OrderedCollections

/// A model of the script: a stack that grows by `add`, or a graph between inputs and outputs.
final class ModelObject: NativeObject, NamedNative {
  var name: String
  let kind: Model.Kind
  let location: SourceLocation
  /// The module's variable that holds it, or else the first of a function's.
  private(set) var variable: String?
  private var variableIsGlobal = false
  var isFitted = false
  var isCompiled = false
  /// What `compile` was given, as far as it is known.
  var compileArguments: OrderedDictionary<String, ConfigValue> = [:]
  var isTrainable = true

  /// The layers of a stack, without its input.
  private(set) var stack: [LayerObject] = []
  /// Where data comes into a stack; `nil` while nobody has said what comes in.
  var input: LayerObject?
  /// Whether the input was only hinted at, so that `build` may replace it.
  var inputIsHinted = false
  /// Whether the script calls the model on a tensor.
  var isCalled = false
  /// The calls of the stack's layers on its input, as far as made.
  private var chain: [CallNode] = []

  /// The ends of a graph.
  var inputs: [SymbolicTensor] = []
  var outputs: [SymbolicTensor] = []
  var listsInputs = false
  var listsOutputs = false
  /// The calls between them, in the order in which they were made.
  var graph: [CallNode] = []

  /// The keys of the outputs where a script's own class returns a dict.
  var outputKeys: [String]?

  /// What its file said of it beyond its layers.
  var extra: OrderedDictionary<String, ConfigValue> = [:]
  /// What its file holds that nobody here knows, with the layers whose it is.
  var leftovers: [(layer: LayerObject?, leftover: Leftover)] = []

  /// How it is trained, once a script that is run has compiled it.
  var training: ModelTraining?
  /// The fit that is under way.
  weak var liveFit: ScriptFit?
  /// What the last `fit` gave.
  var lastHistory: HistoryObject?
  /// Set by a callback: training ends after the batch.
  var stopTraining = false
  /// The states that stateful layers go on from.
  var states: [LayerID: [Tensor]] = [:]

  private var layer: LayerObject?
  private var others: [String: Value] = [:]

  init(name: String, kind: Model.Kind, at location: SourceLocation) {
    self.name = name
    self.kind = kind
    self.location = location
  }

  var typeName: String { kind.rawValue }

  func isInstance(of type: ClassObject) -> Bool {
    ["Model", "Functional", "Layer", "object"].contains(type.name) || type.name == typeName
  }

  func empty() {
    stack = []
    chain = []
    graph = []
    inputs = []
    outputs = []
    input = nil
    layer = nil
    others = [:]
    training = nil
    lastHistory = nil
    leftovers = []
  }

  func take(name: String, isGlobal: Bool) {
    guard variable == nil || isGlobal && !variableIsGlobal else { return }
    variable = name
    variableIsGlobal = isGlobal
  }

  func setTrainable(_ flag: Bool) {
    isTrainable = flag
    for layer in layers where !(layer.named.layer is InputLayer) {
      layer.named.trainable = flag
      layer.model?.setTrainable(flag)
    }
  }

  /// The layers, as `model.layers` lists them.
  var layers: [LayerObject] {
    if kind == .sequential { return stack }
    var seen: Set<ObjectIdentifier> = []
    return graph.map(\.layer).filter {
      !$0.named.layer.isOperation && seen.insert(ObjectIdentifier($0)).inserted
    }
  }

  // MARK: A stack

  func push(_ layer: LayerObject, in evaluator: Evaluator) throws {
    try requireFreshName(layer, in: evaluator)
    stack.append(layer)
    if input == nil, stack.count == 1 { try takeInput(from: layer, in: evaluator) }
    guard inputIsHinted else { return try extendChain(in: evaluator) }
    do {
      try extendChain(in: evaluator)
    } catch Interruption.raised {
      // A guess of what comes in is no reason to refuse a layer: build() or data will tell.
      forgetHint()
    }
  }

  private func forgetHint() {
    input = nil
    inputIsHinted = false
    chain = []
    for layer in stack { layer.forgetInput() }
  }

  private func requireFreshName(_ layer: LayerObject, in evaluator: Evaluator) throws {
    guard names.insert(layer.named.name).inserted else {
      throw evaluator.fault(
        "a layer named '\(layer.named.name)' is already in this model",
        remedy: "give it another name=")
    }
  }

  private var names: Set<String> = []

  /// The input that the first layer of a stack states.
  private func takeInput(from layer: LayerObject, in evaluator: Evaluator) throws {
    if let shape = layer.statedShape {
      input = try evaluator.inputLayer(InputLayer(batchShape: shape), name: nil)
    } else if let model = layer.model, let shape = model.inputShape {
      input = try evaluator.inputLayer(InputLayer(batchShape: shape), name: nil)
    } else if let shape = layer.hintedShape, shape.count > 1 {
      guard
        let object = try? evaluator.inputLayer(InputLayer(batchShape: shape), name: "input_layer")
      else { return }
      input = object
      inputIsHinted = true
    }
  }

  /// The shape that the model was made for, batch axis first.
  var inputShape: [Int?]? {
    if kind == .sequential { return (input?.named.layer as? InputLayer)?.batchShape }
    return inputs.count == 1 ? inputs.first?.shape.sizes : nil
  }

  /// Whether nothing says what comes in but that an Embedding is first: Keras 3 builds such a
  /// model when it sees data, Keras 2 from the start.
  var inputIsOpen: Bool {
    let length = stack.first?.hintedShape?.dropFirst().first ?? nil
    return inputIsHinted && startsWithEmbedding && length == nil && !isFitted && !isCalled
  }

  /// Keras 2 takes indices of any number for granted as the input of an Embedding.
  var startsWithEmbedding: Bool { stack.first?.named.layer is Embedding }

  /// Calls the layers that were not called yet.
  func extendChain(in evaluator: Evaluator) throws {
    guard let start = input?.calls.first else { return }
    while chain.count < stack.count {
      let tensors = chain.last?.outputs ?? start.outputs
      let layer = try resolved(stack[chain.count], on: tensors, in: evaluator)
      stack[chain.count] = layer
      if chain.count > 0, tensors.count != 1 {
        throw evaluator.fault(
          "the layer before '\(layer.named.name)' gives \(tensors.count) outputs, but a Sequential "
            + "passes on one", remedy: "set return_state to false, or use the functional API")
      }
      if layer.named.layer is Lambda {
        try evaluator.keras.resolve(layer, tensors, in: evaluator)
      }
      chain.append(try evaluator.keras.record(layer, on: tensors, in: evaluator))
    }
  }

  /// An object of the script's own class becomes the model that its `call` makes of the input.
  private func resolved(
    _ layer: LayerObject, on tensors: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> LayerObject {
    guard let instance = layer.scripted else { return layer }
    let model = try evaluator.keras.trace(
      instance, shapes: tensors.map(\.shape), isList: false, in: evaluator)
    return try model.asLayer(in: evaluator)
  }

  /// Sets what comes in, and calls all layers on it.
  func build(_ shape: [Int?], in evaluator: Evaluator) throws {
    guard kind == .sequential else { return }
    if input != nil, !inputIsHinted {
      if inputShape != shape {
        evaluator.warn("build() is ignored, for '\(name)' already has an input of its own")
      }
      return
    }
    chain = []
    for layer in stack { layer.forgetInput() }
    input = try evaluator.inputLayer(InputLayer(batchShape: shape), name: nil)
    inputIsHinted = false
    try extendChain(in: evaluator)
    if !stack.isEmpty { _ = evaluator.keras.name(for: "Functional") }
  }

  func pop() -> LayerObject? {
    guard let last = stack.popLast() else { return nil }
    names.remove(last.named.name)
    if chain.count > stack.count { chain.removeLast() }
    return last
  }

  var stackOutputs: [SymbolicTensor] {
    chain.last?.outputs ?? input?.calls.first?.outputs ?? []
  }

  // MARK: As a layer of another model

  /// How deeply models are nested in this one.
  private(set) var depth = 1

  func asLayer(in evaluator: Evaluator) throws -> LayerObject {
    depth = 1 + (layers.compactMap(\.model?.depth).max() ?? 0)
    if depth > 32 {
      throw evaluator.fault("models are nested more than 32 deep", remedy: "flatten them")
    }
    let snapshot = try model(in: evaluator)
    if let layer {
      layer.named.layer = Submodel(snapshot)
      return layer
    }
    var named = NamedLayer(name, Submodel(snapshot))
    named.trainable = isTrainable
    let made = try evaluator.keep(LayerObject(named, model: self, at: location))
    layer = made
    return made
  }

  // MARK: Attributes that a script sets

  func other(_ name: String) -> Value? { others[name] }
  func setOther(_ name: String, _ value: Value) { others[name] = value }
}

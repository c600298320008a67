import Neural
import OrderedCollections

/// A layer of the script.
final class LayerObject: NativeObject, HeapObject {
  var named: NamedLayer
  let location: SourceLocation
  /// The shape that `input_shape=` and its like state, the batch axis first.
  var statedShape: [Int?]?
  /// The shape that a layer inside this wrapper states; it counts where nothing better is known.
  var hintedShape: [Int?]?
  /// The model that this layer stands for.
  let model: ModelObject?
  /// The shapes of the weights that the first call made.
  var weightShapes: [[Int]]?
  /// The layer inside a wrapper.
  var inner: LayerObject?
  /// The functions behind a Lambda.
  var lambda: LambdaSource?
  /// The object of the script's own class that this stands for until its input is known.
  var scripted: Instance?
  /// What the layer was first called on.
  var inputShapes: [Shape]?
  /// The numbers of its weights, once something needed them.
  var tensors: [Tensor]?
  /// What `weights=` said.
  var givenWeights: Value?
  /// Arrays that initializers were given, by the weight they are for.
  var givenValues: [String: Value] = [:]
  private(set) var calls: [CallNode] = []
  private var others: [String: Value] = [:]

  init(_ named: NamedLayer, model: ModelObject? = nil, at location: SourceLocation) {
    self.named = named
    self.model = model
    self.location = location
  }

  func record(_ call: CallNode) { calls.append(call) }

  /// Forgets what it was called on: it was a guess.
  func forgetInput() {
    weightShapes = nil
    inputShapes = nil
  }

  func empty() {
    calls = []
    others = [:]
    lambda = nil
    inner = nil
    tensors = nil
    givenWeights = nil
    givenValues = [:]
  }

  var typeName: String { model?.typeName ?? named.className }

  func isInstance(of type: ClassObject) -> Bool { type.name == "Layer" || type.name == "object" }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    try evaluator.keras.call(self, arguments, in: evaluator)
  }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    if let value = others[name] { return value }
    switch name {
    case "name": return .string(named.name)
    case "trainable": return .bool(named.trainable)
    case "output": return try tensor(calls.first?.outputs, evaluator)
    case "input": return try tensor(calls.first?.inputs, evaluator)
    case "output_shape": return try calls.first?.outputs.first.map { try $0.shapeValue(evaluator) }
    case "input_shape": return try calls.first?.inputs.first.map { try $0.shapeValue(evaluator) }
    case "__class__": return evaluator.keras.type(of: self).map { .type($0) }
    case "layer", "forward_layer", "backward_layer":
      return (named.layer as? any WrapperLayer).map {
        .native(LayerObject($0.inner, at: location))
      }
    case "cell" where named.layer is RNN:
      return (named.layer as? RNN).map { .native(LayerObject($0.inner, at: location)) }
    case "cells" where named.layer is StackedRNNCells:
      let cells = (named.layer as? StackedRNNCells)?.cells ?? []
      return try evaluator.list(cells.map { .native(LayerObject($0, at: location)) })
    case "get_output_at", "get_input_at":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          let index = arguments.positional.first?.intValue ?? 0
          guard self.calls.indices.contains(index) else { return .none }
          let call = self.calls[index]
          return try self.tensor(name == "get_output_at" ? call.outputs : call.inputs, evaluator)
            ?? .none
        })
    default: break
    }
    if evaluator.keras.run != nil {
      if let method = weightMethod(name) { return method }
      if let value = try weightAttribute(name, in: evaluator) { return value }
    }
    if let value = named.layer.value(of: name) { return evaluator.value(from: value) }
    if KerasNames.quietMethods.contains(name) {
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, _ in
          evaluator.unknown(nil, "weights are not computed here")
        })
    }
    return evaluator.unknown(nil, "\(named.className).\(name) is not evaluated")
  }

  private func tensor(_ tensors: [SymbolicTensor]?, _ evaluator: Evaluator) throws -> Value? {
    guard let tensors, let first = tensors.first else {
      throw evaluator.raise(
        "AttributeError", "layer \(named.name) has not been called yet and has no output")
    }
    if tensors.count == 1 { return .native(first) }
    return try evaluator.list(tensors.map { .native($0) })
  }

  func setAttribute(_ name: String, to value: Value, in evaluator: Evaluator) throws -> Bool {
    switch name {
    case "trainable":
      if let flag = try evaluator.truth(of: value) {
        named.trainable = flag
        model?.setTrainable(flag)
      }
    case "name", "_name": if let text = value.stringValue { named.name = text }
    default:
      if let config = try? evaluator.config(from: value, for: name),
        let changed = try? settingChanged(name, config)
      {
        named.layer = changed
      } else {
        others[name] = value
      }
    }
    return true
  }

  private func settingChanged(_ key: String, _ value: ConfigValue) throws -> any Layer {
    var layer = named.layer
    try layer.set(key, to: value)
    return layer
  }
}

extension KerasNames {
  /// Methods of layers and models that change nothing a summary shows.
  static let quietMethods: Set<String> = [
    "get_weights", "set_weights", "get_config", "add_loss", "add_metric", "reset_states",
    "reset_state", "count_params", "compute_mask", "from_config", "save", "save_weights",
    "load_weights", "to_json", "to_yaml", "summary", "evaluate", "predict", "predict_classes",
    "predict_proba", "predict_on_batch", "test_on_batch", "evaluate_generator",
    "predict_generator", "reset_metrics", "make_train_function", "export", "stop_training",
  ]
}

/// One call of a layer.
final class CallNode: HeapObject {
  let layer: LayerObject
  let inputs: [SymbolicTensor]
  let mask: SymbolicTensor?
  let keywords: OrderedDictionary<String, ConfigValue>
  private(set) var outputs: [SymbolicTensor] = []
  /// The names of the operations on masks that Keras makes in this call.
  var maskNames: [String] = []
  /// What is worth saying of the call where it is shown.
  var remarks: [String] = []
  /// Calls are numbered in the order in which they were made.
  let serial: Int
  let location: SourceLocation

  init(
    _ layer: LayerObject, _ inputs: [SymbolicTensor], mask: SymbolicTensor? = nil,
    keywords: OrderedDictionary<String, ConfigValue> = [:], outputs: [Shape], serial: Int,
    at location: SourceLocation
  ) {
    self.layer = layer
    self.inputs = inputs
    self.mask = mask
    self.keywords = keywords
    self.serial = serial
    self.location = location
    self.outputs = outputs.enumerated().map { SymbolicTensor($1, of: self, output: $0) }
  }

  func empty() { outputs = [] }
}

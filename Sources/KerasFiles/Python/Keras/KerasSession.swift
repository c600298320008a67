import Neural

/// What Keras holds during one script: its counters of names, its classes, its models.
final class KerasSession {
  private var counters: [String: Int] = [:]
  private var classes: [String: ClassObject] = [:]
  /// The models, in the order in which they were made.
  private(set) var models: [ModelObject] = []
  /// All calls of layers on tensors, in the order in which they were made.
  var calls: [CallNode] = []
  private var serial = 0
  let layerClass: ClassObject
  let modelClass: ClassObject
  let tensorClass = ClassObject("KerasTensor")
  let callbackClass = ClassObject("Callback")
  /// While a Lambda's function is looked at, nothing it makes counts.
  var isProbing = false
  /// The models that follow from objects whose classes extend `Layer` or `Model`.
  var scriptedModels: [ObjectIdentifier: ModelObject] = [:]
  /// What was asked of such objects before their model was known: `compile`, `fit`.
  var pendingMarks: [ObjectIdentifier: Set<String>] = [:]
  /// What `compile` of such objects was given before their model was known.
  var pendingCompiles: [ObjectIdentifier: CallArguments] = [:]
  /// Whether a script that is only read would load a model from a file.
  var wouldLoadModels = false
  /// What the models compute with; `nil` while the script is only read.
  var run: ScriptRun?

  init() {
    layerClass = ClassObject("Layer")
    modelClass = ClassObject("Model", bases: [layerClass], construct: ModelMaking.functional)
    defineBases()
    defineCallbackBase()
  }

  func release() {
    for type in classes.values { type.empty() }
    for model in models { model.empty() }
    classes = [:]
    models = []
    calls = []
    scriptedModels = [:]
    pendingCompiles = [:]
    layerClass.empty()
    modelClass.empty()
    callbackClass.empty()
  }

  /// The next automatic name for a class: `dense`, `dense_1`, ….
  ///
  /// Source: `keras/src/utils/naming.py` (`auto_name`).
  func name(for className: String) -> String {
    let base = snakeCase(className)
    let count = counters[base, default: 0]
    counters[base] = count + 1
    return count == 0 ? base : "\(base)_\(count)"
  }

  /// `keras.backend.clear_session()`.
  func clearNames() { counters = [:] }

  /// Looks at something without taking names for it.
  func probing<Result>(_ body: () throws -> Result) rethrows -> Result {
    let saved = (counters, isProbing)
    isProbing = true
    defer { (counters, isProbing) = saved }
    return try body()
  }

  func nextSerial() -> Int {
    serial += 1
    return serial
  }

  func register(_ model: ModelObject) {
    if !isProbing { models.append(model) }
  }

  /// Takes a model back that only helped to make another.
  func unregister(_ model: ModelObject) {
    models.removeAll { $0 === model }
  }

  /// The class behind a layer's name, or behind `Layer`, `Model`, `Sequential`.
  func layerClass(named name: String) -> ClassObject? {
    switch name {
    case "Layer", "Wrapper": return layerClass
    case "Model", "Functional": return modelClass
    default: break
    }
    if let known = classes[name] { return known }
    let type: ClassObject
    if name == "Sequential" {
      type = ClassObject(name, bases: [modelClass], construct: ModelMaking.sequential)
    } else if name == "InputLayer" {
      type = ClassObject(name, bases: [layerClass], construct: InputMaking.layer)
    } else if let layer = LayerCatalog.type(named: KerasNames.renamed[name] ?? name),
      !layer.isOperation
    {
      if layer.className != name, let canonical = layerClass(named: layer.className) {
        return canonical
      }
      type = ClassObject(name, bases: [layerClass], construct: LayerMaking.constructor(layer))
    } else if KerasNames.otherLayers.union(KerasNames.formerLayers).contains(name) {
      type = ClassObject(name, bases: [layerClass], construct: LayerMaking.refusal(name))
    } else {
      return nil
    }
    classes[name] = type
    return type
  }

  func type(of object: any NativeObject) -> ClassObject? {
    switch object {
    case let layer as LayerObject: layerClass(named: layer.named.className)
    case let model as ModelObject:
      layerClass(named: model.kind == .sequential ? "Sequential" : "Model")
    case is SymbolicTensor: tensorClass
    case is CallbackObject, is HistoryObject: callbackClass
    default: nil
    }
  }

  /// What a pasted fragment uses without having imported it.
  func implicitValue(of name: String, in evaluator: Evaluator) -> Value? {
    if let module = KerasNames.implied[name] { return try? evaluator.module(named: module) }
    if let module = KerasNames.impliedMembers[name],
      case .module(let object)? = try? evaluator.module(named: module)
    {
      return object[name]
    }
    return layerClass(named: name).map { .type($0) }
  }

  /// An error for a call of a name that nothing defines but that resembles one of Keras'.
  func refuseMisspelt(_ name: String, in evaluator: Evaluator) throws {
    guard
      let near = nearest(to: name, in: KerasNames.layers.union(["Sequential", "Input"]).sorted()),
      abs(near.count - name.count) <= 2, near.first == name.first
    else { return }
    throw evaluator.fault(
      "\(name) is not defined", remedy: "did you mean \(near)?", type: "NameError")
  }

  /// An error where something unknown is given layers, models or their tensors: what it would
  /// make of them matters.
  func refuseLayer(
    in arguments: CallArguments, _ unknown: Unknown, in evaluator: Evaluator
  ) throws {
    guard unknown.isUndefined else { return }
    for value in arguments.positional {
      guard case .native(let object) = value,
        object is LayerObject || object is ModelObject || object is SymbolicTensor
      else { continue }
      let name = unknown.name ?? "this"
      throw evaluator.fault(
        "\(name) is called with a \(object.typeName), but \(unknown.reason)",
        remedy: "define or import \(name)", type: "NameError")
    }
  }

  /// The model that a fragment such as `model.add(LSTM(…))` adds to without having made it.
  func impliedModel(toHold value: Value, in evaluator: Evaluator) throws -> Value? {
    guard try layer(from: value, in: evaluator) != nil else { return nil }
    let model = ModelObject(
      name: name(for: "Sequential"), kind: .sequential, at: evaluator.location)
    register(model)
    return .native(model)
  }
}

import Neural
import OrderedCollections

/// Reads the layers and calls of a functional model.
struct GraphReader {
  private var model: Model
  private let reader: LayerReader
  private var isKeras3: Bool { reader.isKeras3 }
  private var layers: OrderedDictionary<String, NamedLayer> = [:]
  private var calls: [String: [RawCall]] = [:]
  private var shapes: [TensorKey: [Int?]] = [:]
  /// How many calls of nested models a file counts that are not calls in this one.
  private var skippedCalls: [String: Int] = [:]
  private var ids: [String: LayerID] = [:]
  /// Operations as the file has them.
  private var objects: [String: ConfigValue] = [:]
  private var nodes: [String: [NodeID]] = [:]

  init(model: Model, reader: LayerReader) {
    self.model = model
    self.reader = reader
  }

  mutating func read(_ objects: [ConfigValue], _ config: ConfigValue) throws(ConfigError) -> Model {
    for object in objects { try readLayer(object) }
    let inputs = try ends(config["input_layers"], of: EndStructure.inputs)
    let outputs = try ends(config["output_layers"], of: EndStructure.outputs)
    if !isKeras3 { countSkippedCalls(outputs) }
    setKnownOutputs()
    for (name, layer) in layers { ids[name] = model.addLayer(layer) }
    for name in layers.keys { try connect(name) }
    for key in inputs { model.inputs.append(try end(key, nestedOffset: 0)) }
    for key in outputs { model.outputs.append(try end(key, nestedOffset: isKeras3 ? 1 : 0)) }
    model.listsInputs = isKeras3 && lists(config["input_layers"])
    model.listsOutputs = isKeras3 && lists(config["output_layers"])
    return model.foldingMaskOperations(maskOperations(), isComplete: isKeras3)
  }

  private mutating func readLayer(_ object: ConfigValue) throws(ConfigError) {
    let operation = try OperationReader.layer(from: object)
    var layer: NamedLayer
    if let operation {
      layer = operation
    } else {
      layer = try self.reader.layer(from: object)
    }
    if layer.layer.isOperation { objects[layer.name] = object }
    guard layers[layer.name] == nil else {
      throw ConfigError(
        "two layers are called \(layer.name)", remedy: "names must be unique in a model")
    }
    var reader = CallReader(layer)
    var found: [RawCall] = []
    do throws(ConfigError) {
      for value in object["inbound_nodes"]?.listValue ?? [] { found.append(try reader.call(value)) }
    } catch {
      throw error.of(layer.name)
    }
    if operation != nil, !(layer.layer is OpaqueOperation) {
      layer = boundOperation(layer, object, &found)
    }
    // An input is called once, on nothing.
    if found.isEmpty, layer.layer is InputLayer { found = [RawCall()] }
    layers[layer.name] = layer
    calls[layer.name] = found
    shapes.merge(reader.shapes) { first, _ in first }
  }

  /// The operation with the constants of its call; opaque where it has no place for them.
  private func boundOperation(
    _ layer: NamedLayer, _ object: ConfigValue, _ calls: inout [RawCall]
  ) -> NamedLayer {
    var layer = layer
    if calls.count == 1, let bound = OperationReader.operation(layer.layer, calledWith: calls[0]) {
      layer.layer = bound
    } else {
      layer.layer = OpaqueOperation(original: object)
    }
    return layer
  }

  /// The tensors of `input_layers` or `output_layers`: one, a list, or a structure of them.
  private mutating func ends(
    _ value: ConfigValue?, of key: String
  ) throws(ConfigError) -> [TensorKey] {
    guard let value, !value.isNull else { throw ConfigError("the model lacks \(key)") }
    var keys: [TensorKey] = []
    do throws(ConfigError) {
      model.extra[key] = try EndStructure.read(value, &keys)
    } catch {
      throw error.of(key)
    }
    return keys
  }

  /// The operations that could compute a mask.
  private func maskOperations() -> [NodeID: MaskOperation.Kind] {
    var kinds: [NodeID: MaskOperation.Kind] = [:]
    for (name, found) in nodes where layers[name]?.layer.isOperation == true {
      guard found.count == 1, let raw = calls[name]?.first else { continue }
      kinds[found[0]] = objects[name].flatMap { MaskOperation.Kind($0, raw) }
    }
    return kinds
  }

  private func lists(_ value: ConfigValue?) -> Bool {
    value?.listValue.map { $0.first?.stringValue == nil } ?? false
  }

  /// Keras 2 counts the making of a nested model as its first call.
  private mutating func countSkippedCalls(_ outputs: [TensorKey]) {
    var lowest: [String: Int] = [:]
    for key in calls.values.joined().flatMap(\.tensors) + outputs {
      lowest[key.layer] = min(lowest[key.layer] ?? .max, key.call)
    }
    for (name, layer) in layers where layer.layer is Submodel && lowest[name] ?? 0 > 0 {
      skippedCalls[name] = 1
    }
  }

  private mutating func setKnownOutputs() {
    for (name, layer) in layers
    where layer.layer is any OpaqueNode || layer.layer is Lambda || layer.layer is TimeDistributed {
      var outputs: [[Int?]] = []
      while let sizes = shapes[TensorKey(layer: name, call: 0, output: outputs.count)] {
        outputs.append(sizes)
      }
      guard !outputs.isEmpty else { continue }
      var changed = layer
      KnownShape.set(outputs, in: &changed)
      layers[name] = changed
    }
  }

  // MARK: Calls in order

  /// Makes the nodes of all calls of a layer, behind those that they take tensors of.
  ///
  /// A list of its own instead of recursion: a file may be deep.
  private mutating func connect(_ name: String) throws(ConfigError) {
    var stack = (calls[name] ?? []).indices.reversed().map { Call(layer: name, index: $0) }
    var open: Set<Call> = []
    while let call = stack.last {
      if nodes[call.layer]?.count ?? 0 > call.index {
        stack.removeLast()
        continue
      }
      let missing = try needed(by: call).filter { nodes[$0.layer]?.count ?? 0 <= $0.index }
      if missing.isEmpty {
        stack.removeLast()
        open.remove(call)
        try make(call)
        continue
      }
      guard open.insert(call).inserted, !missing.contains(where: open.contains) else {
        throw ConfigError(
          "\(call.layer): its inputs depend on its own output",
          remedy: "a model's graph has no circles")
      }
      stack += missing.reversed()
    }
  }

  private struct Call: Hashable {
    var layer: String
    var index: Int
  }

  /// The calls that must have been made before: those that give tensors, and the layer's last.
  private func needed(by call: Call) throws(ConfigError) -> [Call] {
    var result: [Call] = call.index > 0 ? [Call(layer: call.layer, index: call.index - 1)] : []
    for key in calls[call.layer]?[call.index].tensors ?? [] {
      do throws(ConfigError) {
        result.append(try source(key))
      } catch {
        throw error.of(call.layer)
      }
    }
    return result
  }

  private func source(_ key: TensorKey, nestedOffset: Int = 0) throws(ConfigError) -> Call {
    guard let layer = layers[key.layer] else {
      throw ConfigError("takes the output of \(key.layer), which the file does not have")
    }
    let isNested = (layer.layer as? Submodel)?.model.kind == .functional
    let index = key.call - (skippedCalls[key.layer] ?? 0) - (isNested ? nestedOffset : 0)
    guard index >= 0, index < calls[key.layer]?.count ?? 0 else {
      let count = calls[key.layer]?.count ?? 0
      throw ConfigError(
        "takes call \(key.call) of \(key.layer), which has \(count) call\(count == 1 ? "" : "s")")
    }
    return Call(layer: key.layer, index: index)
  }

  private func tensor(_ key: TensorKey, nestedOffset: Int = 0) throws(ConfigError) -> TensorRef {
    let call = try source(key, nestedOffset: nestedOffset)
    guard let made = nodes[call.layer], call.index < made.count else {
      throw ConfigError("takes a tensor of \(key.layer) before it is made")
    }
    return TensorRef(made[call.index], key.output)
  }

  private func end(_ key: TensorKey, nestedOffset: Int) throws(ConfigError) -> TensorRef {
    do throws(ConfigError) {
      return try tensor(key, nestedOffset: nestedOffset)
    } catch {
      throw error.of("an end of the model")
    }
  }

  private mutating func make(_ call: Call) throws(ConfigError) {
    guard let raw = calls[call.layer]?[call.index], let id = ids[call.layer] else { return }
    var inputs: [TensorRef] = []
    for key in raw.inputs { inputs.append(try tensor(key)) }
    let mask = try raw.mask.map { key throws(ConfigError) in try tensor(key) }
    var keywords = raw.keywords
    let isBound = layers[call.layer].map { $0.layer.isOperation && !($0.layer is OpaqueOperation) }
    if let arguments = raw.arguments, isBound != true {
      keywords[CallArgumentsTemplate.key] = arguments.configValue
    }
    let node = model.call(id, on: inputs, mask: mask, keywords: keywords)
    nodes[call.layer, default: []].append(node)
  }
}

import Neural
import OrderedCollections

/// Writes a model as Keras 3.15 does.
struct ModelWriter {
  private typealias Object = OrderedDictionary<String, ConfigValue>

  private let model: Model
  /// The model with Keras' operations on masks.
  private let whole: Model
  private let analysis: Analysis
  private let order: KerasOrder

  /// - Parameters:
  ///   - model: The model.
  ///   - inputShapes: What the inputs get, for a model that stands in another.
  init(_ model: Model, inputShapes: [Shape]? = nil) {
    self.model = model
    whole = model.kind == .functional ? model.withMaskOperations() : model
    analysis = Analysis(of: whole, inputShapes: inputShapes)
    order = KerasOrder(whole)
  }

  /// The model as an object with `module`, `class_name` and `config`.
  func object() -> ConfigValue {
    var object: Object
    switch model.kind {
    case .sequential:
      object = ["module": "keras", "class_name": "Sequential", "config": stack()]
      object["registered_name"] = .null
      if let shape = builtFor { object["build_config"] = ["input_shape": shape] }
    case .functional:
      object = [
        "module": "keras.src.models.functional", "class_name": "Functional", "config": graph(),
        "registered_name": "Functional", "build_config": ["input_shape": nil],
      ]
    }
    for key in ["module", "class_name", "registered_name", "compile_config"] {
      if let value = model.extra[key] { object[key] = value }
    }
    return .object(object)
  }

  /// The shape that a stack's input has; `nil` while nobody has said it.
  private var builtFor: ConfigValue? {
    guard let input = model.inputs.first, let shape = analysis.shape(of: input) else { return nil }
    return ConfigShape.value(shape)
  }

  // MARK: Sequential

  private func stack() -> ConfigValue {
    var config: Object = ["name": .string(model.name), "trainable": .bool(model.trainable)]
    config["dtype"] = Precision.write(Precision.read(model.extra["dtype"]))
    let shape = builtFor
    config["layers"] = .list(
      order.layers.compactMap { id in
        guard let layer = whole.layers[id] else { return nil }
        if layer.layer is InputLayer {
          return shape.map { LayerWriter(analysis).input(layer, shape: $0) }
        }
        return .object(LayerWriter(analysis).object(called(layer, id), inputs: inputs(of: id)))
      })
    if let shape { config["build_input_shape"] = shape }
    return .object(config)
  }

  // MARK: Functional

  private func graph() -> ConfigValue {
    let calls = CallWriter(model, whole, analysis, order)
    let layers = order.layers.compactMap { id -> ConfigValue? in
      guard let layer = whole.layers[id] else { return nil }
      var object: Object
      if layer.layer is InputLayer {
        let shape = inputShape(of: id)
        object = LayerWriter(analysis).input(layer, shape: shape).objectValue ?? [:]
      } else {
        object = LayerWriter(analysis).object(called(layer, id), inputs: inputs(of: id))
      }
      object["name"] = .string(layer.name)
      object["inbound_nodes"] = .list(calls.inboundNodes(of: id))
      return .object(object)
    }
    return [
      "name": .string(model.name), "trainable": .bool(model.trainable), "layers": .list(layers),
      "input_layers": ends(model.inputs, key: EndStructure.inputs, lists: model.listsInputs, calls),
      "output_layers": ends(
        model.outputs, key: EndStructure.outputs, lists: model.listsOutputs, calls),
    ]
  }

  private func ends(
    _ tensors: [TensorRef], key: String, lists: Bool, _ calls: CallWriter
  ) -> ConfigValue {
    let places = tensors.map { tensor -> ConfigValue in
      let layer = whole.layer(of: tensor.node)
      // A functional model counts its own making as its first call, here only.
      let isNested = (layer?.layer as? Submodel)?.model.kind == .functional
      return [
        .string(layer?.name ?? ""), .int(calls.number(of: tensor.node) + (isNested ? 1 : 0)),
        .int(tensor.output),
      ]
    }
    if let structure = EndStructure(of: key, in: model) { return structure.filled { places[$0] } }
    return places.count == 1 && !lists ? places[0] : .list(places)
  }

  private func inputShape(of id: LayerID) -> ConfigValue {
    let node = whole.calls(of: id).first
    return node.flatMap { analysis.shape(of: TensorRef($0)) }.map(ConfigShape.value) ?? .null
  }

  /// The layer as its first call has it, which it is built for.
  private func called(_ layer: NamedLayer, _ id: LayerID) -> NamedLayer {
    let first = whole.calls(of: id).first.flatMap { whole.nodes[$0] }
    return first.map { layer.called(by: $0) } ?? layer
  }

  /// The shapes that a layer is first called on.
  private func inputs(of id: LayerID) -> [Shape]? {
    whole.calls(of: id).first.flatMap { analysis.reports[$0]?.inputs }
  }
}

/// Shapes as a configuration has them.
enum ConfigShape {
  static func value(_ shape: Shape) -> ConfigValue {
    .list(shape.sizes.map { $0.map { .int($0) } ?? .null })
  }
}

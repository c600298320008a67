import Neural
import OrderedCollections

/// Writes a layer as Keras 3.15 does.
struct LayerWriter {
  typealias Object = OrderedDictionary<String, ConfigValue>

  private let analysis: Analysis

  init(_ analysis: Analysis) { self.analysis = analysis }

  /// An input layer.
  func input(_ layer: NamedLayer, shape: ConfigValue) -> ConfigValue {
    guard let input = layer.layer as? InputLayer else { return .null }
    let config: Object = [
      "batch_shape": shape, "dtype": .string(input.dtype), "sparse": .bool(input.sparse),
      "ragged": .bool(input.ragged), "name": .string(layer.name), "optional": .bool(input.optional),
    ]
    return [
      "module": "keras.layers", "class_name": "InputLayer", "config": .object(config),
      "registered_name": nil,
    ]
  }

  /// Any other layer or operation, without its calls.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - inputs: The shapes that it is first called on; `nil` where they are not known.
  /// - Returns: Its object, from `module` to `build_config`.
  func object(_ layer: NamedLayer, inputs: [Shape]?) -> Object {
    if let opaque = layer.layer as? any OpaqueNode { return renamed(opaque, layer) }
    if layer.layer.isOperation { return OperationWriter.object(layer) }
    if let submodel = layer.layer as? Submodel { return nested(submodel, layer, inputs: inputs) }
    var object: Object = [
      "module": "keras.layers", "class_name": .string(layer.className),
      "config": .object(config(of: layer, inputs: inputs)), "registered_name": nil,
    ]
    if KerasBuilding.hasOwnBuild(layer.layer), let inputs, !inputs.isEmpty {
      object["build_config"] = buildConfig(layer.layer, inputs)
    }
    return object
  }

  private func renamed(_ opaque: any OpaqueNode, _ layer: NamedLayer) -> Object {
    var object = opaque.original.objectValue ?? [:]
    object["name"] = nil
    object["inbound_nodes"] = nil
    if var config = object["config"]?.objectValue, config["name"] != nil {
      config["name"] = .string(layer.name)
      if config["trainable"] != nil { config["trainable"] = .bool(layer.trainable) }
      object["config"] = .object(config)
    }
    return object
  }

  private func nested(_ submodel: Submodel, _ layer: NamedLayer, inputs: [Shape]?) -> Object {
    var model = submodel.model
    model.name = layer.name
    model.trainable = layer.trainable && model.trainable
    return ModelWriter(model, inputShapes: model.isOpen ? inputs : nil).object().objectValue ?? [:]
  }

  private func config(of layer: NamedLayer, inputs: [Shape]?) -> Object {
    var settings: Object = [:]
    let source =
      (layer.layer as? Lambda).map { complete($0, name: layer.name) }
      ?? (layer.layer as? MultiHeadAttention)?.built(on: inputs) ?? layer.layer
    for info in source.settingInfos where info.kind != .layer {
      let value = source.value(of: info.key) ?? .null
      if isWritten(info.key, value, in: source) { settings[info.key] = value }
    }
    if ["LayerNormalization", "RMSNormalization"].contains(layer.className), inputs != nil,
      let axis = settings["axis"], axis.listValue == nil
    {
      settings["axis"] = [axis]
    }
    if let wrapper = layer.layer as? any WrapperLayer {
      settings.merge(inner(of: wrapper, inputs: inputs)) { $1 }
    }
    if let stack = layer.layer as? StackedRNNCells {
      settings["cells"] = cells(of: stack, inputs: inputs)
    }
    let base: Object = ["name": .string(layer.name), "trainable": .bool(layer.trainable)]
    let dtype = Self.dtype(of: layer)
    if Self.omitsTrainable(layer.className) {
      settings["name"] = .string(layer.name)
      settings["dtype"] = dtype
      return settings
    }
    var config = base
    config["dtype"] = Precision.write(dtype)
    config.merge(settings) { $1 }
    config.merge(layer.extra) { first, _ in first }
    return config
  }

  /// Whether Keras writes a layer's own settings alone, its type as a plain name, and not whether
  /// it is trained.
  static func omitsTrainable(_ className: String) -> Bool {
    className.hasPrefix("SpatialDropout")
      || ["Discretization", "HashedCrossing"].contains(className)
  }

  /// The type of a layer's numbers: hashes are whole numbers where nobody says otherwise.
  static func dtype(of layer: NamedLayer) -> ConfigValue {
    let isHash = layer.layer is Hashing || layer.layer is HashedCrossing
    return isHash && layer.dtype == "float32" && layer.layer.value(of: "output_mode") == "int"
      ? "int64" : layer.dtype
  }

  /// Whether Keras writes the setting at all.
  private func isWritten(_ key: String, _ value: ConfigValue, in layer: any Layer) -> Bool {
    switch key {
    case "activity_regularizer":
      !value.isNull || layer is any SequenceLayer || layer is Embedding
        || layer is ReversibleEmbedding || layer.className.contains("Conv")
        || layer is EinsumDense || layer is any HeadedAttention
    case "flash_attention": false
    case "seed": !(layer is SimpleRNN) && (!(layer is RandomGrayscale) || !value.isNull)
    case "bounding_box_format": !value.isNull
    case "sparse" where layer is CategoryEncoding: value == true
    case "output_shape" where layer is Lambda: !value.isNull
    case "mask" where layer is Lambda: !value.isNull
    default: true
    }
  }

  /// A Lambda whose code is not known, with its name and the shape that nothing else says.
  private func complete(_ lambda: Lambda, name: String) -> any Layer {
    guard lambda.function.isNull else { return lambda }
    var result = lambda
    result.function = namedFunction(name)
    if let shape = lambda.resolvedOutputShape, lambda.givenOutputShape.isNull {
      result.outputShape = Array(shape.dropFirst())
    }
    return result
  }

  /// A function that whoever opens the file names in `custom_objects`: its code is not known here.
  private func namedFunction(_ name: String) -> ConfigValue {
    [
      "module": "builtins", "class_name": "function", "config": .string(name),
      "registered_name": "function",
    ]
  }

  // MARK: Wrappers

  private func inner(of wrapper: any WrapperLayer, inputs: [Shape]?) -> Object {
    guard let bidirectional = wrapper as? Bidirectional else {
      var inside = inputs
      if wrapper is TimeDistributed || wrapper is RNN {
        inside = inputs?.prefix(1).map { shape in
          var shape = shape
          if shape.rank > 1 { shape.axes.remove(at: 1) }
          return shape
        }
      }
      return [type(of: wrapper).innerKey: .object(object(wrapper.inner, inputs: inside))]
    }
    let sequence = inputs.map { Array($0.prefix(1)) }
    var forward = bidirectional.inner
    forward.name = bidirectional.forwardName
    var backward = bidirectional.backward ?? bidirectional.inner
    if bidirectional.backward == nil, let layer = bidirectional.backwardLayer {
      backward.layer = layer
    }
    backward.name = bidirectional.backwardName
    return [
      "layer": .object(object(forcingMaskOutput(forward), inputs: sequence)),
      "backward_layer": .object(object(forcingMaskOutput(backward), inputs: sequence)),
    ]
  }

  /// The cells of a stack, each with the shape of what the one below gives.
  private func cells(of stack: StackedRNNCells, inputs: [Shape]?) -> ConfigValue {
    var input = inputs?.first
    return .list(
      stack.cells.map { cell in
        defer { input = input?.withFeatures(cell.levels?.last?.layer.units) }
        return .object(object(cell, inputs: input.map { [$0] }))
      })
  }

  /// Bidirectional sets `zero_output_for_mask` in both directions that return sequences.
  private func forcingMaskOutput(_ layer: NamedLayer) -> NamedLayer {
    guard var recurrent = layer.layer as? any SequenceLayer, recurrent.sequence.returnSequences
    else { return layer }
    recurrent.sequence.zeroOutputForMask = true
    var result = layer
    result.layer = recurrent
    return result
  }

  private func buildConfig(_ layer: any Layer, _ inputs: [Shape]) -> ConfigValue {
    // A lookup is built without a shape, a normalization for the numbers that it was adapted to.
    if layer is IntegerLookup { return [:] }
    if let shape = (layer as? Normalization)?.adaptedShape(on: inputs) {
      return ["input_shape": ConfigShape.value(shape)]
    }
    let shapes = inputs.map(ConfigShape.value)
    if layer is any CellLayer { return ["input_shape": shapes[0]] }
    if layer is any SequenceLayer || layer is Bidirectional, shapes.count > 1 {
      let states = StateLists.value(of: Array(shapes.dropFirst()), for: layer)
      return ["shapes_dict": ["sequences_shape": shapes[0], "initial_state_shape": states]]
    }
    if let named = (layer as? any CalledLayer)?.buildShapes(inputs) {
      let pairs = named.map { ($0.name, ConfigShape.value($0.shape)) }
      if pairs.count == 1, let only = pairs.first { return ["input_shape": only.1] }
      return ["shapes_dict": .object(OrderedDictionary(pairs) { first, _ in first })]
    }
    if let called = layer as? any CalledLayer, type(of: called).listsInputs {
      let name = type(of: called).callParameters.first ?? ""
      let listed = shapes.indices.compactMap { called.input("\(name).\($0)", of: shapes.count) }
      return ["input_shape": .list(listed.map { shapes[$0] })]
    }
    return [
      "input_shape": CallForm.takesList(layer, count: shapes.count) ? .list(shapes) : shapes[0]
    ]
  }
}

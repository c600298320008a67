import Neural

/// Reads the layers of a sequential model.
struct StackReader {
  let reader: LayerReader

  func read(
    _ objects: [ConfigValue], builtFor shape: ConfigValue?, into start: Model
  ) throws(ConfigError) -> Model {
    var model = start
    var layers: [NamedLayer] = []
    for object in objects { layers.append(try reader.layer(from: object)) }
    layers = settingKnownOutputs(of: layers, objects)
    try checkNames(layers)
    var tensor: TensorRef
    if let first = layers.first, first.layer is InputLayer {
      tensor = model.addInput(first)
      layers.removeFirst()
    } else {
      tensor = model.addInput(try impliedInput(objects.first, layers.first, builtFor: shape))
    }
    for layer in layers {
      guard !(layer.layer is InputLayer) else {
        throw ConfigError("\(layer.name): an InputLayer stands behind another layer")
      }
      tensor = TensorRef(model.call(model.addLayer(layer), on: [tensor]))
    }
    // The last layer may have several outputs; a stack's own output is all of them.
    let count = Analysis(of: model).reports[tensor.node]?.outputs?.count ?? 1
    model.outputs = (0..<max(count, 1)).map { TensorRef(tensor.node, $0) }
    return model
  }

  private func checkNames(_ layers: [NamedLayer]) throws(ConfigError) {
    var names: Set<String> = []
    for layer in layers where !names.insert(layer.name).inserted {
      throw ConfigError(
        "two layers are called \(layer.name)", remedy: "names must be unique in a model")
    }
  }

  /// What comes in where no InputLayer says it: Keras 2's first layer, a shape the model was built
  /// for, the input of a model that stands first, or nothing yet.
  private func impliedInput(
    _ first: ConfigValue?, _ layer: NamedLayer?, builtFor shape: ConfigValue?
  ) throws(ConfigError) -> NamedLayer {
    var input = InputLayer()
    var name = "input_layer"
    let config = first?["config"]
    let given = config?["batch_input_shape"] ?? config?["batch_shape"]
    if let given, !given.isNull, layer.map({ !($0.layer is OpaqueLayer) }) ?? true {
      input.batchShape = try sizes(given)
      name = "\(layer?.name ?? "layer")_input"
    } else if let shape, !shape.isNull {
      input.batchShape = try sizes(shape)
    } else if let submodel = layer?.layer as? Submodel, submodel.model.inputs.count == 1 {
      let inner = submodel.model.layer(of: submodel.model.inputs[0].node)
      if let inner = inner?.layer as? InputLayer { input = inner }
    }
    return NamedLayer(name, input)
  }

  private func sizes(_ value: ConfigValue) throws(ConfigError) -> [Int?] {
    do throws(SettingError) {
      return try [Int?](configValue: value, kind: .sizes)
    } catch {
      throw ConfigError("an input shape: \(error.message)")
    }
  }

  /// A layer that we do not know gives what the next one was built for.
  private func settingKnownOutputs(
    of layers: [NamedLayer], _ objects: [ConfigValue]
  ) -> [NamedLayer] {
    var layers = layers
    for index in layers.indices {
      var next = index + 1
      // Layers such as Dropout keep the shape and do not say it.
      while next < objects.count, objects[next]["build_config"] == nil,
        layers[next].layer is any ShapeKeepingLayer
      {
        next += 1
      }
      guard next < objects.count, let shape = objects[next]["build_config"]?["input_shape"],
        let sizes = KnownShape.sizes(shape)
      else { continue }
      KnownShape.set([sizes], in: &layers[index])
    }
    return layers
  }
}

/// Shapes that a file says come out of layers that cannot tell by themselves.
enum KnownShape {
  /// The sizes, where the value is a shape.
  static func sizes(_ value: ConfigValue) -> [Int?]? {
    guard let list = value.listValue, list.count <= 32 else { return nil }
    var sizes: [Int?] = []
    for element in list {
      if element.isNull {
        sizes.append(nil)
      } else if let size = element.intValue, size >= 0, size <= largestSize {
        sizes.append(size)
      } else {
        return nil
      }
    }
    return sizes
  }

  /// Tells an opaque layer or a Lambda what comes out of it, in `TimeDistributed` too.
  static func set(_ outputs: [[Int?]], in layer: inout NamedLayer) {
    if var wrapper = layer.layer as? TimeDistributed {
      guard outputs.allSatisfy({ $0.count > 1 }) else { return }
      let inner = outputs.map { Array($0.prefix(1) + $0.dropFirst(2)) }
      set(inner, in: &wrapper.inner)
      layer.layer = wrapper
    } else if var opaque = layer.layer as? any OpaqueNode, opaque.knownOutputs == nil {
      opaque.knownOutputs = outputs
      layer.layer = opaque
    } else if var lambda = layer.layer as? Lambda, lambda.resolvedOutputShape == nil {
      lambda.resolvedOutputShape = outputs.first
      layer.layer = lambda
    }
  }
}

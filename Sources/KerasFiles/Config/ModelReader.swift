import Neural
import OrderedCollections

/// Reads the configuration of one model.
struct ModelReader {
  /// What stands around the model's own settings: class name, module, `compile_config`.
  private let wrapper: OrderedDictionary<String, ConfigValue>
  /// The model's own settings.
  private let config: ConfigValue
  /// Whether Keras 3 wrote it.
  private let isKeras3: Bool
  /// How many models stand around this one.
  private let depth: Int

  /// Models in models in models: the cost of analysing them doubles with each.
  private static let depthLimit = 8

  /// A reader of an object with `class_name` and `config`, or of a bare configuration.
  init(_ value: ConfigValue, depth: Int = 0) throws(ConfigError) {
    guard depth <= Self.depthLimit else {
      throw ConfigError(
        "models are nested more than \(Self.depthLimit) deep", remedy: "use fewer levels")
    }
    self.depth = depth
    guard let members = value.objectValue else {
      throw ConfigError(
        "the file holds \(value.shortDescription), not a model",
        remedy: "write it with model.to_json()")
    }
    if let config = members["config"] {
      wrapper = members
      self.config = config
    } else {
      wrapper = [:]
      config = value
    }
    isKeras3 = members["module"] != nil
  }

  func model() throws(ConfigError) -> Model {
    guard let layers = config.listValue ?? config["layers"]?.listValue else {
      let name = wrapper["class_name"]?.stringValue ?? "the file"
      throw ConfigError(
        "\(name) says no layers",
        remedy: "only Sequential and functional models say them; a subclass needs its code")
    }
    let isGraph = config["input_layers"] != nil || config["output_layers"] != nil
    var model = Model(
      name: config["name"]?.stringValue ?? (isGraph ? "functional" : "sequential"),
      kind: isGraph ? .functional : .sequential)
    if let trainable = config["trainable"]?.boolValue { model.trainable = trainable }
    keepExtra(in: &model)
    if isGraph {
      var reader = GraphReader(model: model, reader: layerReader)
      return try reader.read(layers, config).knowingLambdas()
    }
    return try StackReader(reader: layerReader).read(
      layers, builtFor: config["build_input_shape"], into: model
    ).knowingLambdas()
  }

  private var layerReader: LayerReader { LayerReader(isKeras3: isKeras3, depth: depth) }

  private func keepExtra(in model: inout Model) {
    guard isKeras3 else { return }
    for key in ["compile_config"] {
      if let value = wrapper[key] { model.extra[key] = value }
    }
    for key in ["dtype"] {
      if let value = config[key], model.kind == .sequential { model.extra[key] = value }
    }
    // The class of a model's own subclass of Functional, which Keras needs to open it.
    let className = wrapper["class_name"]?.stringValue ?? ""
    if !["Functional", "Sequential", "Model"].contains(className) {
      for key in ["module", "class_name", "registered_name"] {
        if let value = wrapper[key] { model.extra[key] = value }
      }
    }
  }

  /// Whether an object is the configuration of a model.
  static func isModel(_ object: ConfigValue) -> Bool {
    let config = object["config"]
    let className = object["class_name"]?.stringValue ?? ""
    if config?.listValue != nil { return className == "Sequential" }
    guard config?["layers"]?.listValue != nil else { return false }
    // A class of one's own that derives from Sequential says what it was built for.
    return config?["output_layers"] != nil || className == "Sequential"
      || config?["build_input_shape"] != nil
  }
}

extension Model {
  /// The model with each Lambda's shape, which its file says, bound to the inputs that it has in
  /// the file.
  fileprivate func knowingLambdas() -> Model {
    guard layers.values.contains(where: { $0.layer is Lambda }) else { return self }
    let analysis = Analysis(of: self)
    var result = self
    for node in nodes.values {
      guard var named = layers[node.layer], var lambda = named.layer as? Lambda,
        lambda.resolvedOutputShape != nil, lambda.resolvedInputSizes == nil,
        let inputs = analysis.reports[node.id]?.inputs
      else { continue }
      lambda.resolvedInputSizes = inputs.map(\.sizes)
      named.layer = lambda
      result.replaceLayer(node.layer, with: named)
    }
    return result
  }
}

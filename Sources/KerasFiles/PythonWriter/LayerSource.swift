import Neural

/// Layers and their settings as Python source.
struct LayerSource {
  /// Modules that the source needs besides `keras`.
  private(set) var imports: Set<String> = []
  /// Functions and classes that a person must give: their definitions.
  private(set) var definitions: [String] = []

  /// `layers.LSTM(50, return_sequences=True)`.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - name: The name to give; `nil` where Keras finds it by itself.
  ///   - inner: The source of the wrapped layers, by key.
  ///   - outputShape: What a Lambda makes, the batch left out.
  /// - Returns: The call that makes the layer.
  mutating func source(
    of layer: NamedLayer, name: String?, inner: [String: PythonExpression] = [:],
    outputShape: [Int?]? = nil
  ) -> PythonExpression {
    if let opaque = layer.layer as? OpaqueLayer { return self.opaque(opaque, layer, name: name) }
    imports.insert("layers")
    var arguments: [PythonExpression.Argument] = []
    var isPositional = true
    for info in layer.layer.settingInfos {
      let value = layer.layer.value(of: info.key) ?? .null
      if info.kind == .layer {
        guard let source = inner[info.key] else { continue }
        let isFirst = info.key == "layer"
        arguments.append(.init(source, keyword: isFirst ? nil : info.key))
        continue
      }
      isPositional = isPositional && info.isRequired && info.isPositional
      if layer.layer is Lambda, info.key == "function" {
        arguments.append(.init(function(layer)))
        continue
      }
      // A Lambda's further functions are code that is not known either.
      if layer.layer is Lambda, value["class_name"] != nil { continue }
      guard info.isRequired || differs(value, info, in: layer.layer) else { continue }
      arguments.append(.init(setting(value, info), keyword: isPositional ? nil : info.key))
    }
    if let outputShape, (layer.layer as? Lambda)?.outputShape == nil {
      let sizes = ConfigValue.list(outputShape.map { $0.map { .int($0) } ?? .null })
      arguments.append(
        .init(.raw(PythonLiteral.value(sizes, tuples: true)), keyword: "output_shape"))
    }
    arguments += common(layer, name: name)
    return .call("layers.\(layer.className)", arguments)
  }

  /// What every layer can be told: trainable, dtype, name, and what only its file knows.
  private mutating func common(
    _ layer: NamedLayer, name: String?
  ) -> [PythonExpression.Argument] {
    var arguments: [PythonExpression.Argument] = []
    for (key, value) in layer.extra where !value.isNull && value != false {
      guard PythonNames.identifier(key) == key else { continue }
      arguments.append(.init(.raw(object(value)), keyword: key))
    }
    if !layer.trainable, !layer.className.hasPrefix("SpatialDropout") {
      arguments.append(.init(.raw("False"), keyword: "trainable"))
    }
    if layer.dtype != "float32" {
      arguments.append(.init(.raw(object(layer.dtype)), keyword: "dtype"))
    }
    if let name { arguments.append(.init(.raw(PythonLiteral.text(name)), keyword: "name")) }
    return arguments
  }

  private func differs(_ value: ConfigValue, _ info: SettingInfo, in layer: any Layer) -> Bool {
    if info.key == "strides", let pool = layer.value(of: "pool_size") {
      return value != pool && !value.isNull
    }
    return value != info.defaultValue
  }

  private func setting(_ value: ConfigValue, _ info: SettingInfo) -> PythonExpression {
    switch info.kind {
    case .window:
      if let sizes = value.listValue, let first = sizes.first, sizes.allSatisfy({ $0 == first }) {
        return .raw(PythonLiteral.value(first))
      }
      return .raw(PythonLiteral.value(value, tuples: true))
    case .sizes, .axes, .value: return .raw(PythonLiteral.value(value, tuples: true))
    case .initializer: return family(value, InitializerFamily.self)
    case .regularizer: return family(value, RegularizerFamily.self)
    case .constraint: return family(value, ConstraintFamily.self)
    default: return .raw(object(value))
    }
  }

  /// `"he_normal"`, or `keras.initializers.RandomNormal(stddev=0.1)`.
  private func family<Family: KerasObjectFamily>(
    _ value: ConfigValue, _ family: Family.Type
  ) -> PythonExpression {
    guard !value.isNull, let known = try? KerasObject<Family>(configValue: value, kind: .value),
      known.original == nil, let defaults = Family.classes[known.className]
    else { return .raw(object(value)) }
    let changed = known.config.filter { key, value in !isNear(value, defaults[key]) }
    if changed.isEmpty, Family.self != RegularizerFamily.self || known.className != "L1L2" {
      return .raw(PythonLiteral.text(known.shortName))
    }
    let arguments = changed.map { key, value in
      PythonExpression.Argument(.raw(PythonLiteral.value(value)), keyword: key)
    }
    return .call("\(Family.module).\(known.className)", arguments)
  }

  private func isNear(_ value: ConfigValue, _ other: ConfigValue?) -> Bool {
    guard let other else { return value.isNull }
    guard let a = value.doubleValue, let b = other.doubleValue else { return value == other }
    return Float(a) == Float(b)
  }

  /// A value; an object that Keras' files describe is made by Keras from its description.
  private func object(_ value: ConfigValue) -> String {
    let literal = PythonLiteral.value(value)
    return value["class_name"] == nil
      ? literal : "keras.saving.deserialize_keras_object(\(literal))"
  }

  // MARK: What is not known

  /// A function that someone must give.
  private mutating func function(_ layer: NamedLayer) -> PythonExpression {
    let lambda = layer.layer as? Lambda
    let variable = PythonNames.identifier(layer.name + "_function")
    let original = lambda?.functionDescription ?? ""
    let comment =
      original.isEmpty
      ? "The function of this Lambda layer is not known: write it here."
      : "The function of this Lambda layer was: \(oneLine(original))"
    definitions.append(
      """
      def \(variable)(*inputs):
          # \(comment)
          raise NotImplementedError(\(PythonLiteral.text("the function of layer \(layer.name)")))
      """)
    return .raw(variable)
  }

  private func oneLine(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let plain = PythonLiteral.text(words).dropFirst().dropLast()
    return plain.count > 60 ? plain.prefix(59) + "…" : String(plain)
  }

  /// A layer of a class that we do not know: of Keras' own by its configuration, of others by a
  /// class that someone must give.
  private mutating func opaque(
    _ opaque: OpaqueLayer, _ layer: NamedLayer, name: String?
  ) -> PythonExpression {
    var config = opaque.original["config"]?.objectValue ?? [:]
    config["name"] = .string(layer.name)
    let className = PythonNames.identifier(opaque.className)
    let literal = PythonLiteral.value(.object(config))
    if opaque.original["module"]?.stringValue == "keras.layers", className == opaque.className {
      imports.insert("layers")
      return .call("layers.\(className).from_config", [.init(.raw(literal))])
    }
    let definition = """
      class \(className)(keras.layers.Layer):
          # This class is not one of Keras' own: import or write it here.
          def call(self, *args, **kwargs):
              raise NotImplementedError(\(PythonLiteral.text("class \(opaque.className)")))
      """
    if !definitions.contains(definition) { definitions.append(definition) }
    return .call(className, [.init(.raw(PythonLiteral.text(layer.name)), keyword: "name")])
  }

  /// An operation that we do not know, as a function that someone must give.
  mutating func unknownOperation(_ layer: NamedLayer) -> String {
    let variable = PythonNames.identifier(layer.name + "_operation")
    let definition = """
      def \(variable)(*args, **kwargs):
          # Keras' operation \(PythonNames.identifier(layer.className)) is not known: write its call here.
          raise NotImplementedError(\(PythonLiteral.text("operation \(layer.name)")))
      """
    if !definitions.contains(definition) { definitions.append(definition) }
    return variable
  }

  mutating func needs(_ module: String) { imports.insert(module) }
}

import Neural

/// Layers and their settings as Python source.
struct LayerSource {
  /// Modules that the source needs besides `keras`.
  var imports: Set<String> = []
  /// Whether it needs NumPy.
  var needsNumPy = false
  /// Functions and classes that a person must give.
  var placeholders = Placeholders()
  /// Their definitions.
  var definitions: [String] { placeholders.definitions }

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
        arguments.append(.init(source, keyword: info.isRequired ? nil : info.key))
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
      let short = (layer.layer as? any ShortSettings)?.shortValue(of: info.key)
      if short == info.defaultValue, !info.isRequired { continue }
      arguments.append(
        .init(
          short.map { .raw(PythonLiteral.value($0)) } ?? setting(value, info),
          keyword: isPositional ? nil : info.key))
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
  mutating func common(
    _ layer: NamedLayer, name: String?
  ) -> [PythonExpression.Argument] {
    var arguments: [PythonExpression.Argument] = []
    for (key, value) in layer.extra
    where !value.isNull && value != false && key != AdaptedState.unknownTexts {
      guard PythonNames.identifier(key) == key else { continue }
      arguments.append(.init(object(value), keyword: key))
    }
    if !layer.trainable, !layer.className.hasPrefix("SpatialDropout") {
      arguments.append(.init(.raw("False"), keyword: "trainable"))
    }
    // What is made anyway need not be said.
    var standard = layer
    standard.dtype = "float32"
    if LayerWriter.dtype(of: layer) != LayerWriter.dtype(of: standard) {
      arguments.append(.init(object(layer.dtype), keyword: "dtype"))
    }
    if let name { arguments.append(.init(.raw(PythonLiteral.text(name)), keyword: "name")) }
    return arguments
  }

  private func differs(_ value: ConfigValue, _ info: SettingInfo, in layer: any Layer) -> Bool {
    if info.key == "strides", let pool = layer.value(of: "pool_size") {
      return value != pool && !value.isNull
    }
    // A layer that is built says its one axis as a list.
    if info.key == "axis", let only = value.listValue, only.count == 1 {
      return only[0] != info.defaultValue && value != info.defaultValue
    }
    return value != info.defaultValue
  }

  private mutating func setting(_ value: ConfigValue, _ info: SettingInfo) -> PythonExpression {
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
    default: return object(value)
    }
  }

  /// `"he_normal"`, or `keras.initializers.RandomNormal(stddev=0.1)`.
  private mutating func family<Family: KerasObjectFamily>(
    _ value: ConfigValue, _ family: Family.Type
  ) -> PythonExpression {
    guard !value.isNull, let known = try? KerasObject<Family>(configValue: value, kind: .value),
      known.original == nil, let defaults = Family.classes[known.className]
    else { return object(value) }
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
    placeholders.addFunction(
      variable, "*inputs", comment: comment, what: "the function of layer \(layer.name)")
    return .raw(variable)
  }

  private func oneLine(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let plain = PythonLiteral.text(words).dropFirst().dropLast()
    return plain.count > 60 ? plain.prefix(59) + "…" : String(plain)
  }

  /// An operation that we do not know, as the function of `keras.ops` that its class is for; one
  /// that is not of Keras as a function that someone must give.
  mutating func unknownOperation(
    _ layer: NamedLayer, on tensors: [PythonExpression.Argument]
  ) -> PythonExpression {
    let original = (layer.layer as? OpaqueOperation)?.original ?? .null
    guard let module = original["module"]?.stringValue, module.hasPrefix("keras.src.ops.") else {
      let variable = PythonNames.identifier(layer.name + "_operation")
      placeholders.addFunction(
        variable, "*args, **kwargs",
        comment:
          "The operation \(PythonNames.identifier(layer.className)) is not known: write it here.",
        what: "operation \(layer.name)")
      return .call(variable, tensors)
    }
    imports.insert("ops")
    var config = (original["config"]?.objectValue ?? [:]).filter { key, value in
      PythonNames.identifier(key) == key && !value.isNull
    }
    config["name"] = nil
    var leading: [PythonExpression.Argument] = []
    // Einsum takes its equation before the tensors.
    if let subscripts = config.removeValue(forKey: "subscripts") {
      leading.append(.init(object(subscripts)))
    }
    let name = Self.functionNames[layer.className] ?? snakeCase(layer.className)
    let prefix = module.hasSuffix(".image") ? "ops.image." : "ops."
    return .call(
      prefix + PythonNames.identifier(name),
      leading + tensors + config.map { .init(object($1), keyword: $0) })
  }

  /// Functions that are not called as their classes are.
  private static let functionNames = [
    "AllClose": "allclose", "BatchNorm": "batch_normalization", "CDist": "cdist", "IsIn": "isin",
    "LayerNorm": "layer_normalization", "RMSNorm": "rms_normalization",
    "SearchSorted": "searchsorted",
  ]

  mutating func needs(_ module: String) { imports.insert(module) }
}

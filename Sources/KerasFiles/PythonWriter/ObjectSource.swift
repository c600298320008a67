import Neural
import OrderedCollections

/// Objects that Keras' files describe, as the Python source that makes them.
extension LayerSource {
  /// A value of a configuration; an object in it is made by its class.
  ///
  /// - Parameter value: a plain value, a list or dictionary of values, or `{"class_name": …}`.
  /// - Returns: `3`, `keras.DTypePolicy(…)`, `own_function`.
  mutating func object(_ value: ConfigValue) -> PythonExpression {
    guard case .object(let members) = value else {
      guard let list = value.listValue, list.contains(where: Self.isObject) else {
        return .raw(PythonLiteral.value(value))
      }
      return .list(list.map { object($0) })
    }
    guard let className = members["class_name"]?.stringValue else {
      guard members.values.contains(where: Self.isObject) else {
        return .raw(PythonLiteral.value(value))
      }
      return .dictionary(members.map { (PythonLiteral.text($0), object($1)) })
    }
    switch className {
    case "function": return .raw(function(named: members["config"]?.stringValue ?? "function"))
    case "__tuple__":
      let items = (members["items"]?.listValue ?? []).map { object($0).flat }
      return .raw("(\(items.joined(separator: ", "))\(items.count == 1 ? "," : ""))")
    case "DTypePolicy":
      if let name = members["config"]?["name"]?.stringValue {
        return .raw(PythonLiteral.text(name))
      }
    default: break
    }
    let module = members["module"]?.stringValue ?? ""
    let isOwn = members["registered_name"]?.stringValue.map { $0 == className } ?? true
    if module == "keras.layers" || module == "keras",
      let layer = try? LayerReader(isKeras3: true, depth: 0).layer(from: value),
      !(layer.layer is Submodel)
    {
      return source(of: layer, name: nil, inner: innerSources(of: layer))
    }
    let config = members["config"]?.objectValue ?? [:]
    let arguments = config.filter { PythonNames.identifier($0.key) == $0.key }.map {
      PythonExpression.Argument(object($1), keyword: $0)
    }
    if isOwn, module == "keras" || module.hasPrefix("keras."), !module.hasPrefix("keras.src") {
      return .call("\(module).\(PythonNames.identifier(className))", arguments)
    }
    let name = placeholders.addClass(
      className, base: "", module: Placeholders.module(of: value),
      settings: arguments.compactMap(\.keyword))
    return .call(name, arguments)
  }

  private static func isObject(_ value: ConfigValue) -> Bool {
    switch value {
    case .object(let members):
      members["class_name"] != nil || members.values.contains(where: isObject)
    case .list(let elements): elements.contains(where: isObject)
    default: false
    }
  }

  /// The layers that a wrapper applies, as expressions.
  private mutating func innerSources(of layer: NamedLayer) -> [String: PythonExpression] {
    if let stack = layer.layer as? StackedRNNCells {
      return [
        "cells": .list(
          stack.cells.map { source(of: $0, name: nil, inner: innerSources(of: $0)) })
      ]
    }
    guard let wrapper = layer.layer as? any WrapperLayer else { return [:] }
    var result = [
      type(of: wrapper).innerKey: source(
        of: wrapper.inner, name: nil, inner: innerSources(of: wrapper.inner))
    ]
    if let backward = wrapper.backward {
      result["backward_layer"] = source(
        of: backward, name: nil, inner: innerSources(of: backward))
    }
    return result
  }

  /// A function that is not one of Keras': someone must give it.
  private mutating func function(named registered: String) -> String {
    let name = PythonNames.identifier(Placeholders.shortName(registered))
    placeholders.addFunction(
      name, "*args", comment: "This function is not one of Keras' own: import or write it here.",
      what: "function \(name)")
    return name
  }

  // MARK: Layers of unknown classes

  /// A layer of a class that we do not know, made with all that its configuration says.
  mutating func opaque(
    _ opaque: OpaqueLayer, _ layer: NamedLayer, name: String?
  ) -> PythonExpression {
    var config = opaque.original["config"]?.objectValue ?? [:]
    for key in ["name", "trainable", "dtype"] { config[key] = nil }
    config = config.filter { PythonNames.identifier($0.key) == $0.key }
    let isOfKeras =
      opaque.isOfKeras
      && opaque.original["registered_name"]?.stringValue.map { $0 == opaque.className } ?? true
    if isOfKeras {
      config = config.filter { !UnknownLayerDefaults.isDefault($1, $0, of: opaque.className) }
      if config["value_dim"] == config["key_dim"] { config["value_dim"] = nil }
    } else {
      // What every layer says that has no config of its own.
      if config["activity_regularizer"]?.isNull == true { config["activity_regularizer"] = nil }
      if config["autocast"] == true { config["autocast"] = nil }
    }
    var arguments: [PythonExpression.Argument] = []
    for key in isOfKeras ? UnknownLayerDefaults.leading : [] {
      guard let value = config.removeValue(forKey: key) else { continue }
      arguments.append(.init(object(value)))
    }
    arguments += config.map { .init(object($1), keyword: $0) }
    if isOfKeras {
      imports.insert("layers")
      return .call(
        "layers.\(PythonNames.identifier(opaque.className))",
        arguments + common(layer, name: name))
    }
    let className = placeholders.addClass(
      opaque.className, base: "keras.layers.Layer",
      module: Placeholders.module(of: opaque.original), settings: config.keys)
    return .call(className, arguments + common(layer, name: name))
  }
}

/// Default settings of Keras' layers that are not known here, by the names of the settings.
///
/// Source: the constructors of `keras.layers` in Keras 3.15; a name means the same in all of them
/// but where a class is named.
enum UnknownLayerDefaults {
  /// What constructors take first.
  static let leading = ["layer", "cell", "cells", "units", "filters", "kernel_size", "equation"]

  /// Whether a constructor need not be told a value.
  static func isDefault(_ value: ConfigValue, _ key: String, of className: String) -> Bool {
    if value.isNull { return true }
    if key == "activation" { return value == "tanh" }
    if key.hasSuffix("_initializer") {
      guard let usual = initializers[key],
        let found = try? Initializer(configValue: value, kind: .value)
      else { return false }
      return found == Initializer(named: usual)
    }
    if ["strides", "dilation_rate"].contains(key), className.contains("Conv") {
      return value == 1 || value.listValue?.allSatisfy { $0 == 1 } ?? false
    }
    return (classes[className]?[key] ?? values[key]) == value
  }

  private static let initializers = [
    "kernel_initializer": "glorot_uniform", "recurrent_initializer": "orthogonal",
    "bias_initializer": "zeros", "beta_initializer": "zeros", "gamma_initializer": "ones",
  ]

  /// Where a class means something else by a name, or alone has it.
  private static let classes: [String: [String: ConfigValue]] = [
    "StringLookup": [
      "encoding": "utf-8", "num_oov_indices": 1, "oov_token": "[UNK]", "output_mode": "int",
      "pad_to_max_tokens": false,
    ],
    "TextVectorization": [
      "encoding": "utf-8", "output_mode": "int", "pad_to_max_tokens": false, "ragged": false,
      "split": "whitespace", "standardize": "lower_and_strip_punctuation",
    ],
  ]

  private static let values: [String: ConfigValue] = [
    "center": true, "data_format": "channels_last", "dropout": 0.0, "fill_value": 0.0,
    "go_backwards": false, "interpolation": "bilinear", "invert": false, "keepdims": false,
    "mask_zero": false, "offset": 0.0, "padding": "valid",
    "recurrent_activation": "sigmoid", "recurrent_dropout": 0.0, "reset_after": true,
    "return_sequences": false, "return_state": false, "sparse": false, "stateful": false,
    "unit_forget_bias": true, "unroll": false, "use_bias": true, "use_gate": false,
    "zero_output_for_mask": false,
  ]
}

import Neural
import OrderedCollections

/// Reads the configuration of one layer.
struct LayerReader {
  let isKeras3: Bool
  /// How many models stand around the layer.
  let depth: Int

  /// Keys that stand in every layer's configuration and are no settings of its class.
  private static let baseKeys: Set = ["name", "trainable", "dtype", "batch_input_shape"]

  /// Keys of Keras 2 that mean nothing today, or what is said elsewhere.
  private static let formerKeys: Set = [
    "implementation", "input_length", "time_major", "autocast", "build_input_shape",
  ]

  /// Classes that Keras 2 and tf.keras wrote under other names.
  private static let formerClasses = [
    "BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization",
    "LSTMV1": "LSTM", "LSTMV2": "LSTM", "GRUV1": "GRU", "GRUV2": "GRU",
    "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU",
  ]

  /// Reads an object with `class_name` and `config`.
  ///
  /// - Returns: The layer; an opaque one where the class is not known.
  /// - Throws: `ConfigError` where a setting of a known class has an impossible value.
  func layer(from object: ConfigValue) throws(ConfigError) -> NamedLayer {
    guard let className = object["class_name"]?.stringValue else {
      throw ConfigError(
        "a layer has no class_name, found \(object.shortDescription)",
        remedy: "write the file with model.to_json()")
    }
    let config = object["config"] ?? [:]
    let name =
      object["name"]?.stringValue ?? config["name"]?.stringValue ?? snakeCase(className)
    do throws(ConfigError) {
      if ModelReader.isModel(object) { return try submodel(name, object) }
      guard let type = knownType(className, object) else { return opaque(name, object) }
      let layer = try known(type, name: name, object)
      // A cell of one's own makes the whole layer one that is not known.
      return (layer.layer as? RNN)?.isKnown == false ? opaque(name, object) : layer
    } catch {
      throw error.of(name)
    }
  }

  private func submodel(_ name: String, _ object: ConfigValue) throws(ConfigError) -> NamedLayer {
    var model = try ModelReader(object, depth: depth + 1).model()
    model.name = name
    return NamedLayer(name, Submodel(model), trainable: model.trainable)
  }

  /// The class, where the object says that it is Keras' own.
  private func knownType(_ className: String, _ object: ConfigValue) -> (any Layer.Type)? {
    let module = object["module"]?.stringValue
    let isOwn =
      module.map { name in
        ["keras.layers", "keras.src.layers", "tf_keras.layers", "keras.src.engine"].contains {
          name == $0 || name.hasPrefix($0 + ".")
        } || name == "keras"
      } ?? true
    guard isOwn, object["registered_name"]?.stringValue.map({ $0 == className }) ?? true else {
      return nil
    }
    let name = isKeras3 ? className : LayerReader.formerClasses[className] ?? className
    return LayerCatalog.type(named: name)
  }

  private func opaque(_ name: String, _ object: ConfigValue) -> NamedLayer {
    let config = object["config"]
    return NamedLayer(
      name, OpaqueLayer(original: object),
      trainable: config?["trainable"]?.boolValue ?? true,
      dtype: Precision.read(config?["dtype"]))
  }

  private func known(
    _ type: any Layer.Type, name: String, _ object: ConfigValue
  ) throws(ConfigError) -> NamedLayer {
    guard let config = (object["config"] ?? [:]).objectValue else {
      throw ConfigError("its config is no object")
    }
    var result = NamedLayer(
      name, type.init(), trainable: config["trainable"]?.boolValue ?? true,
      dtype: Precision.read(config["dtype"]))
    if var wrapper = result.layer as? any WrapperLayer {
      try readInner(of: &wrapper, config)
      result.layer = wrapper
    }
    if result.layer is StackedRNNCells { result.layer = StackedRNNCells(try cells(config)) }
    if result.layer is InputLayer { return try input(name, config) }
    let settings = translated(
      config, className: type.className, writtenAs: object["class_name"]?.stringValue ?? "")
    let infos = type.settingInfos.filter { $0.kind != .layer }
    for info in infos {
      if let value = settings[info.key] {
        result.layer = try set(info, to: value, in: result.layer)
      } else if info.isRequired, !(result.layer is Lambda) {
        throw ConfigError("\(type.className) lacks \(info.key)")
      }
    }
    if var normalization = result.layer as? Normalization,
      let shape = object["build_config"]?["input_shape"]?.listValue
    {
      normalization.builtFor = shape.map(\.intValue)
      result.layer = normalization
    }
    if isKeras3 { keepExtra(settings, object, except: type.settingInfos.map(\.key), in: &result) }
    return result
  }

  /// Keeps keys that we have no setting for, to go back to the file when it is saved.
  ///
  /// Keras 3 would refuse those of Keras 2.
  private func keepExtra(
    _ settings: OrderedDictionary<String, ConfigValue>, _ object: ConfigValue,
    except known: [String], in layer: inout NamedLayer
  ) {
    for (key, value) in settings
    where !known.contains(key) && !LayerReader.baseKeys.contains(key)
      && !LayerReader.formerKeys.contains(key)
    {
      layer.extra[key] = value
    }
  }

  private func set(
    _ info: SettingInfo, to value: ConfigValue, in layer: any Layer
  ) throws(ConfigError) -> any Layer {
    do throws(SettingError) {
      return try layer.setting(info.key, to: value)
    } catch {
      // tf.keras writes one axis as a list of it.
      if let only = value.listValue?.first, value.listValue?.count == 1,
        let changed = try? layer.setting(info.key, to: only)
      {
        return changed
      }
      throw ConfigError(error.message)
    }
  }

  private func input(
    _ name: String, _ config: OrderedDictionary<String, ConfigValue>
  ) throws(ConfigError) -> NamedLayer {
    var layer: any Layer = InputLayer()
    var config = config
    config["batch_shape"] = config["batch_shape"] ?? config["batch_input_shape"]
    for info in InputLayer.settingInfos {
      guard let value = config[info.key], !value.isNull else { continue }
      layer = try set(info, to: value, in: layer)
    }
    return NamedLayer(name, layer)
  }
}

/// Precision policies as files write them.
enum Precision {
  /// The name of a plain policy; other objects stay as they are.
  static func read(_ value: ConfigValue?) -> ConfigValue {
    guard let value, !value.isNull else { return "float32" }
    guard value["class_name"]?.stringValue == "DTypePolicy" || value["class_name"] == "Policy",
      let name = value["config"]?["name"], name.stringValue != nil
    else { return value }
    return name
  }

  /// The object that Keras 3 writes.
  static func write(_ value: ConfigValue) -> ConfigValue {
    guard value.stringValue != nil else { return value }
    return [
      "module": "keras", "class_name": "DTypePolicy", "config": ["name": value],
      "registered_name": nil,
    ]
  }
}

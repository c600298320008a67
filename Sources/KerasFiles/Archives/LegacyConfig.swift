import Neural
import OrderedCollections

/// The config of a model in a file of Keras 2's format.
enum LegacyConfig {
  typealias Object = OrderedDictionary<String, ConfigValue>

  /// What Keras 3 wrote into such a file, as it writes it elsewhere.
  ///
  /// In these files it leaves out `module` and `registered_name`, by which a layer is told from an
  /// operation of the same name: `Add` and `Multiply` are both. Source: `serialize_keras_object`
  /// in `keras/src/legacy/saving/serialization.py`.
  static func restored(_ value: ConfigValue) -> ConfigValue {
    guard var object = value.objectValue, object["module"] == nil,
      var written = object["class_name"]?.stringValue, let config = object["config"]
    else { return value }
    // The class as Python names it, of a layer that Keras offers under another name.
    if written == pythonClassName("GroupQueryAttention") { written = "GroupQueryAttention" }
    let restored = restoredConfig(config)
    // What is registered for a package of its own: `Package>Class`.
    let className = written.split(separator: ">").last.map(String.init) ?? written
    let (module, registered) = origin(of: className, as: written, config)
    object["module"] = module
    object["class_name"] = .string(className)
    object["config"] = restored
    object["registered_name"] = registered
    return .object(object)
  }

  /// A model's config with its layers restored.
  private static func restoredConfig(_ config: ConfigValue) -> ConfigValue {
    guard var members = config.objectValue, let layers = members["layers"]?.listValue else {
      return config
    }
    members["layers"] = .list(layers.map(restored))
    return .object(members)
  }

  private static func origin(
    of className: String, as written: String, _ config: ConfigValue
  ) -> (module: ConfigValue, registered: ConfigValue) {
    guard className == written else { return (nil, .string(written)) }
    switch className {
    case "Functional" where config["layers"] != nil, "Model" where config["layers"] != nil:
      return ("keras.src.models.functional", .string(className))
    case "Sequential": return ("keras", nil)
    default: break
    }
    if isOperation(className, config) {
      let module = OperationCatalog.module(of: className) ?? "keras.src.ops.numpy"
      return (.string(module), .string(className))
    }
    let isKnown =
      LayerCatalog.type(named: className) != nil || KerasNames.otherLayers.contains(className)
    return isKnown ? ("keras.layers", nil) : (nil, .string(className))
  }

  /// Whether an object of that class is an operation: layers say whether they are trained.
  private static func isOperation(_ className: String, _ config: ConfigValue) -> Bool {
    guard config["trainable"] == nil, config["name"] != nil, className != "InputLayer",
      !LayerWriter.omitsTrainable(className)
    else { return false }
    return LayerCatalog.type(named: className) != nil || maskOperations.contains(className)
      || OperationCatalog.operation(named: className) != nil
  }

  /// Operations of which masks are made.
  private static let maskOperations: Set = [
    "NotEqual", "Any", "LogicalOr", "OnesLike", "ZerosLike", "ExpandDims", "Concatenate",
  ]

  /// What Keras 2 wrote, without a setting that Keras 3 refuses in layers that are not known here
  /// and keep their config; where it says something, it stays.
  static func withoutFormerSettings(_ value: ConfigValue) -> ConfigValue {
    switch value {
    case .list(let elements): return .list(elements.map(withoutFormerSettings))
    case .object(var members):
      if members["time_major"] == false, members["name"] != nil { members["time_major"] = nil }
      return .object(members.mapValues(withoutFormerSettings))
    default: return value
    }
  }

  /// A model's config for such a file.
  ///
  /// Layers keep their `module`, which Keras 3 leaves out: without it, it can neither open a file
  /// with operations that it has written itself, nor a layer with several axes.
  static func written(_ model: Model) -> ConfigValue {
    let config = KerasConfig.config(of: model)
    var object: Object = ["class_name": config["class_name"] ?? "Functional"]
    if let registered = config["registered_name"], registered.stringValue != nil,
      model.extra["class_name"] != nil
    {
      object["class_name"] = registered
    }
    object["config"] = config["config"] ?? [:]
    return .object(object)
  }
}

extension String {
  /// JSON text with characters outside ASCII as `\u` and a number, which older readers ask for.
  var asciiJSON: String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
    var result = ""
    for unit in utf16 {
      if unit < 0x80, let scalar = Unicode.Scalar(unit) {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }
}

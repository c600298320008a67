import Neural

/// Reads operations such as `Squeeze`, which stand among a functional model's layers.
enum OperationReader {
  /// The operation; `nil` where the object is a layer.
  ///
  /// - Throws: `ConfigError` where a setting of a known operation has an impossible value.
  static func layer(from object: ConfigValue) throws(ConfigError) -> NamedLayer? {
    guard let module = object["module"]?.stringValue,
      module.hasPrefix("keras.src.ops.") || module == "keras.src.activations.activations"
    else { return nil }
    let className = object["class_name"]?.stringValue ?? "operation"
    let name =
      object["name"]?.stringValue ?? object["config"]?["name"]?.stringValue
      ?? snakeCase(className)
    guard var operation = OperationCatalog.operation(named: className),
      let config = (object["config"] ?? [:]).objectValue,
      config.keys.allSatisfy({ key in
        key == "name" || operation.settingInfos.contains { $0.key == key }
      })
    else { return NamedLayer(name, OpaqueOperation(original: object)) }
    for info in operation.settingInfos {
      guard let value = config[info.key] else { continue }
      do throws(SettingError) {
        try operation.set(info.key, to: value)
      } catch {
        throw ConfigError(error.message).of(name)
      }
    }
    return NamedLayer(name, operation)
  }

  /// Puts the constants of the call into the operation.
  ///
  /// - Returns: The operation; `nil` where the call says something that it has no place for.
  static func operation(_ layer: any Layer, calledWith call: RawCall) -> (any Layer)? {
    guard let template = call.arguments else { return nil }
    var operation = layer
    var arguments = template.positional
    let keys = OperationCatalog.callArguments(of: layer)
    for (key, value) in template.keywords {
      guard keys.contains(key), key != "operands", (try? operation.set(key, to: value)) != nil
      else { return nil }
    }
    if keys.contains("key") {
      guard arguments.count == 2, (try? operation.set("key", to: arguments[1])) != nil else {
        return nil
      }
      arguments.removeLast()
    } else if keys.contains("operands") {
      let tensors = arguments.enumerated().filter { isPlace($1) }
      guard tensors.count == call.inputs.count else { return nil }
      let constants = arguments.map { isPlace($0) ? .null : $0 }
      // A constant None cannot be told from a tensor's place.
      guard zip(arguments, constants).allSatisfy({ isPlace($0) || !$1.isNull }) else { return nil }
      if tensors.count < arguments.count {
        guard (try? operation.set("operands", to: .list(constants))) != nil else { return nil }
      }
      arguments = tensors.map(\.element)
    }
    if arguments.count == 1, let list = arguments[0].listValue { arguments = list }
    let places = call.inputs.indices.map { CallArgumentsTemplate.place($0) }
    return arguments == places ? operation : nil
  }

  private static func isPlace(_ value: ConfigValue) -> Bool {
    CallArgumentsTemplate.index(of: value) != nil
  }
}

extension MaskOperation.Kind {
  /// What an operation of a file computes, where masks may be computed by it.
  init?(_ object: ConfigValue, _ call: RawCall) {
    guard let className = object["class_name"]?.stringValue, let arguments = call.arguments,
      arguments.keywords.isEmpty
    else { return nil }
    let config = object["config"]
    let count = call.inputs.count
    switch className {
    case "NotEqual":
      guard count == 1, arguments.positional.count == 2,
        arguments.positional[0] == CallArgumentsTemplate.place(0),
        let value = arguments.positional[1].doubleValue
      else { return nil }
      self = .notEqual(value)
    case "Any":
      guard count == 1, config?["axis"]?.intValue == -1, config?["keepdims"]?.boolValue == false
      else { return nil }
      self = .any
    case "LogicalOr":
      guard count == 2 else { return nil }
      self = .logicalOr
    case "OnesLike", "ZerosLike":
      guard count == 1, config?["dtype"]?.stringValue == "bool" else { return nil }
      self = className == "OnesLike" ? .onesLike : .zerosLike
    case "ExpandDims":
      guard count == 1, config?["axis"]?.intValue == -1 else { return nil }
      self = .expandDims
    case "Concatenate":
      guard let axis = config?["axis"]?.intValue else { return nil }
      self = .concatenate(axis: axis)
    case "ConvertToTensor":
      guard count == 1, arguments.positional.count == 1, config?["dtype"]?.isNull != false else {
        return nil
      }
      self = .convertToTensor
    default: return nil
    }
  }
}

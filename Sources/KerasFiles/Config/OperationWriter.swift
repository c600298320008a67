import Neural
import OrderedCollections

/// Writes operations such as `Squeeze`.
enum OperationWriter {
  /// The object of an operation, without its calls.
  static func object(_ layer: NamedLayer) -> OrderedDictionary<String, ConfigValue> {
    var config: OrderedDictionary<String, ConfigValue> = ["name": .string(layer.name)]
    if let mask = layer.layer as? MaskOperation {
      config.merge(mask.config) { $1 }
    } else {
      let inCall = OperationCatalog.callArguments(of: layer.layer)
      for info in layer.layer.settingInfos where !inCall.contains(info.key) {
        config[info.key] = layer.layer.value(of: info.key)
      }
    }
    let module = OperationCatalog.module(of: layer.className) ?? "keras.src.ops.numpy"
    return [
      "module": .string(module), "class_name": .string(layer.className),
      "config": .object(config), "registered_name": .string(layer.className),
    ]
  }

  /// The arguments of an operation's call: tensors and constants in their order.
  static func arguments(
    of layer: any Layer, _ tensors: [ConfigValue]
  ) -> (args: ConfigValue, kwargs: ConfigValue) {
    if let key = (layer as? GetItem)?.key { return (.list(tensors + [key]), [:]) }
    if let operands = layer.value(of: "operands")?.listValue, !operands.isEmpty {
      var rest = tensors[...]
      return (.list(operands.map { $0.isNull ? rest.popFirst() ?? .null : $0 }), [:])
    }
    if let pad = layer as? Pad {
      return (.list(tensors), ["constant_values": pad.constantValues])
    }
    let takesList = layer is ConcatenateOperation || layer is Stack
    return (.list(takesList ? [.list(tensors)] : tensors), [:])
  }
}

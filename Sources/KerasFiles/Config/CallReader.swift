import Neural
import OrderedCollections

/// Where a file says a tensor comes from: which output of which call of which layer.
struct TensorKey: Hashable {
  var layer: String
  var call: Int
  var output: Int
}

/// One call of a layer as a file has it.
struct RawCall {
  var inputs: [TensorKey] = []
  var mask: TensorKey?
  var keywords: OrderedDictionary<String, ConfigValue> = [:]
  /// The arguments with `{"__tensor__": i}` for input i, where they are not simply the inputs.
  var arguments: CallArgumentsTemplate?

  /// All tensors, the mask last.
  var tensors: [TensorKey] { inputs + (mask.map { [$0] } ?? []) }
}

/// Reads the calls of one layer.
struct CallReader {
  let layer: NamedLayer
  /// The shapes that the file says tensors have.
  var shapes: [TensorKey: [Int?]] = [:]

  init(_ layer: NamedLayer) { self.layer = layer }

  /// Reads one entry of `inbound_nodes`.
  mutating func call(_ value: ConfigValue) throws(ConfigError) -> RawCall {
    if let args = value["args"]?.listValue {
      return try modern(args, value["kwargs"]?.objectValue ?? [:])
    }
    guard let list = value.listValue, !list.isEmpty else {
      throw ConfigError("a call says no inputs, found \(value.shortDescription)")
    }
    return try former(list[0].stringValue != nil ? [value] : list)
  }

  // MARK: Keras 3

  private mutating func modern(
    _ args: [ConfigValue], _ kwargs: OrderedDictionary<String, ConfigValue>
  ) throws(ConfigError) -> RawCall {
    if let call = try simple(args, kwargs) { return call }
    var call = RawCall()
    var positional: [ConfigValue] = []
    for value in args { positional.append(try template(value, &call.inputs)) }
    var named: OrderedDictionary<String, ConfigValue> = [:]
    for (key, value) in kwargs { named[key] = try template(value, &call.inputs) }
    call.arguments = CallArgumentsTemplate(positional: positional, keywords: named)
    return call
  }

  /// A call whose arguments follow from its inputs; `nil` where they do not.
  private mutating func simple(
    _ args: [ConfigValue], _ kwargs: OrderedDictionary<String, ConfigValue>
  ) throws(ConfigError) -> RawCall? {
    guard !layer.layer.isOperation, !(layer.layer is OpaqueLayer), let first = args.first else {
      return nil
    }
    var call = RawCall()
    if layer.layer is any CellLayer { return nil }
    guard let inputs = try tensors(first), !inputs.isEmpty,
      CallForm.takesList(layer.layer, count: inputs.count) == (first.listValue != nil)
    else { return nil }
    call.inputs = inputs
    var states = kwargs["initial_state"]
    if args.count > 1 {
      guard states == nil, args.count == 2, layer.recurrent != nil else { return nil }
      states = args[1]
    }
    if let states, !states.isNull {
      guard inputs.count == 1, layer.recurrent != nil,
        let found = try tensors(StateLists.flat(states, for: layer.layer))
      else { return nil }
      call.inputs += found
    }
    for (key, value) in kwargs where key != "initial_state" {
      switch key {
      case "training": call.keywords[key] = value
      case "mask":
        guard !value.isNull else { break }
        // A model of several inputs has a list of masks, which flow to it by themselves.
        if layer.layer is Submodel, value.listValue != nil, call.inputs.count > 1 { break }
        guard let mask = try tensors(value), mask.count == 1, value.listValue == nil else {
          return nil
        }
        call.mask = mask[0]
      default: return nil
      }
    }
    if call.keywords["training"] == CallForm.standardTraining(of: layer.layer),
      call.inputs.count == 1, kwargs["mask"] != nil || !CallForm.usesMask(layer.layer)
    {
      call.keywords = [:]
    }
    return call
  }

  /// The tensor, or the tensors of a list; `nil` where anything else stands there.
  private mutating func tensors(_ value: ConfigValue) throws(ConfigError) -> [TensorKey]? {
    if let list = value.listValue {
      var keys: [TensorKey] = []
      for element in list {
        guard let key = try tensor(element) else { return nil }
        keys.append(key)
      }
      return keys
    }
    return try tensor(value).map { [$0] }
  }

  private mutating func tensor(_ value: ConfigValue) throws(ConfigError) -> TensorKey? {
    guard value["class_name"]?.stringValue == "__keras_tensor__" else { return nil }
    guard let history = value["config"]?["keras_history"] else {
      throw ConfigError("a tensor does not say where it comes from")
    }
    let key = try TensorKey(history)
    if let sizes = value["config"]?["shape"].flatMap({ KnownShape.sizes($0) }) {
      shapes[key] = sizes
    }
    return key
  }

  private mutating func template(
    _ value: ConfigValue, _ found: inout [TensorKey]
  ) throws(ConfigError) -> ConfigValue {
    if let key = try tensor(value) {
      found.append(key)
      return CallArgumentsTemplate.place(found.count - 1)
    }
    switch value {
    case .list(let elements):
      var result: [ConfigValue] = []
      for element in elements { result.append(try template(element, &found)) }
      return .list(result)
    case .object(let members):
      var result: OrderedDictionary<String, ConfigValue> = [:]
      for (key, member) in members { result[key] = try template(member, &found) }
      return .object(result)
    default: return value
    }
  }

  // MARK: Keras 2

  /// Reads a list of `[layer, call, output, keywords]`.
  private func former(_ list: [ConfigValue]) throws(ConfigError) -> RawCall {
    var call = RawCall()
    for value in list { call.inputs.append(try TensorKey(value)) }
    let kwargs = list.first?.listValue.flatMap { $0.count > 3 ? $0[3].objectValue : nil } ?? [:]
    for (key, value) in kwargs where !value.isNull {
      switch key {
      case "initial_state" where layer.recurrent != nil:
        let states = value.listValue.map { $0.first?.stringValue == nil ? $0 : [value] } ?? []
        for state in states { call.inputs.append(try TensorKey(state)) }
      case "mask" where value.listValue != nil: call.mask = try TensorKey(value)
      case "training":
        if value != CallForm.standardTraining(of: layer.layer) { call.keywords[key] = value }
      default: call.keywords[key] = value
      }
    }
    return call
  }
}

extension TensorKey {
  /// Reads `[layer, call, output, …]`.
  init(_ value: ConfigValue) throws(ConfigError) {
    guard let list = value.listValue, list.count >= 3, let layer = list[0].stringValue,
      let call = list[1].intValue, let output = list[2].intValue,
      (0..<1_000_000_000).contains(call), (0..<1_000_000_000).contains(output)
    else {
      throw ConfigError(
        "expected [layer, call, output], found \(value.shortDescription)",
        remedy: "write the file with model.to_json()")
    }
    self.init(layer: layer, call: call, output: output)
  }
}

/// How Keras 3 records the call of a layer.
enum CallForm {
  /// Whether the inputs stand in a list.
  static func takesList(_ layer: any Layer, count: Int) -> Bool {
    if let called = layer as? any CalledLayer { return type(of: called).listsInputs }
    if count > 1 { return true }
    return layer.inputCount.upperBound > 1 && !layer.readsOneSequence && !(layer is any CellLayer)
      && !(layer is Submodel) && !(layer is Lambda)
      && !(layer is any OpaqueNode)
  }

  /// Whether the layer's `call` takes a mask.
  static func usesMask(_ layer: any Layer) -> Bool {
    if case .uses = layer.masking { return true }
    return false
  }

  /// What Keras records for `training` where the caller says nothing; `nil`: nothing.
  static func standardTraining(of layer: any Layer) -> ConfigValue? {
    standardFalse.contains(layer.className) ? false : nil
  }

  private static let standardFalse: Set = [
    "AlphaDropout", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Dropout", "GRU",
    "GaussianDropout", "GaussianNoise", "LSTM", "RNN", "SimpleRNN", "SpatialDropout1D",
    "SpatialDropout2D", "SpatialDropout3D", "SpectralNormalization",
  ]
}

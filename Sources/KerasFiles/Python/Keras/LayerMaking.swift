import Neural
import OrderedCollections

/// Makes layers from the arguments of their constructors, as Keras 3 takes them, and as Keras 2
/// and 1 took them where that differs.
enum LayerMaking {
  static func constructor(_ type: any Layer.Type) -> Builtin {
    Builtin(type.className, takesUnknown: true) { evaluator, arguments in
      .native(try evaluator.makeLayer(type, arguments))
    }
  }

  /// For a layer that Keras has and this program has not.
  static func refusal(_ name: String) -> Builtin {
    Builtin(name, takesUnknown: true) { evaluator, _ in
      throw evaluator.fault(
        "\(name) is a layer of Keras that is not supported yet",
        remedy: "replace or leave out that layer", type: "NotImplementedError")
    }
  }

  /// Keywords of Keras 1, and what Keras has called them since.
  static let renamed: [String: [String]] = [
    "output_dim": ["units"], "nb_filter": ["filters"], "filter_length": ["kernel_size"],
    "border_mode": ["padding"], "subsample": ["strides"], "subsample_length": ["strides"],
    "stride": ["strides"], "pool_length": ["pool_size"],
    "init": ["kernel_initializer", "embeddings_initializer"],
    "inner_init": ["recurrent_initializer"], "inner_activation": ["recurrent_activation"],
    "W_regularizer": ["kernel_regularizer", "embeddings_regularizer"],
    "U_regularizer": ["recurrent_regularizer"], "b_regularizer": ["bias_regularizer"],
    "W_constraint": ["kernel_constraint", "embeddings_constraint"],
    "b_constraint": ["bias_constraint"], "bias": ["use_bias"], "p": ["rate"], "sigma": ["stddev"],
    "dropout_W": ["dropout"], "dropout_U": ["recurrent_dropout"], "dim_ordering": ["data_format"],
    "atrous_rate": ["dilation_rate"], "beta_init": ["beta_initializer"],
    "gamma_init": ["gamma_initializer"], "concat_axis": ["axis"], "dot_axes": ["axes"],
    "dims": ["target_shape"], "keep_dims": ["keepdims"],
  ]

  /// Keywords that older versions took and that change no shape.
  static let ignored: Set<String> = [
    "implementation", "consume_less", "weights", "forget_bias_init", "time_major", "autocast",
    "input_dtype", "use_cudnn", "zero_output_for_mask", "mode", "fused", "renorm",
    "virtual_batch_size", "sparse", "dynamic", "_reuse", "experimental_autocast",
    "lora_rank", "lora_alpha", "quantization_config", "dropout", "synchronized", "batch_size",
    "input_length", "input_dim", "input_shape", "batch_input_shape", "batch_shape", "unroll",
    "reset_after", "seed", "ragged", "trainable", "scale",
  ]

  /// Ignored keywords that are quite ordinary, and so worth no warning.
  static let ordinary: Set<String> = [
    "implementation", "use_cudnn", "autocast", "input_length", "weights", "unroll", "seed",
  ]
}

extension Evaluator {
  /// A layer from the arguments of its constructor.
  func makeLayer(_ type: any Layer.Type, _ arguments: CallArguments) throws -> LayerObject {
    try charge(100)
    let place = location
    if let unknown = arguments.unknownRest {
      throw fault(needing: "an argument of \(type.className)", unknown)
    }
    var given = try bind(arguments, to: type)
    let name = try takeName(&given, type.className)
    let layer: any Layer
    if let wrapper = type as? any WrapperLayer.Type {
      layer = try makeWrapper(wrapper, &given)
    } else if type == StackedRNNCells.self {
      layer = try makeStack(&given)
    } else if type == Lambda.self {
      layer = try makeLambda(&given)
    } else {
      layer = type.init()
    }
    let object = LayerObject(NamedLayer(name, layer), at: place)
    object.inner = innerLayer
    innerLayer = nil
    object.lambda = lambdaSource
    lambdaSource = nil
    try takeCommon(&given, object)
    for (key, value) in given { try set(key, value, of: object) }
    try requireSettings(of: type, given, object)
    try checkSteps(of: object)
    hintShape(of: object)
    return try keep(object)
  }

  /// The arguments by the names of the settings.
  private func bind(
    _ arguments: CallArguments, to type: any Layer.Type
  ) throws -> OrderedDictionary<String, Value> {
    var given: OrderedDictionary<String, Value> = [:]
    let places = type.settingInfos.filter(\.isPositional).map(\.key)
    guard arguments.positional.count <= places.count else {
      let most = places.count == 1 ? "1 argument" : "\(places.count) arguments"
      throw fault(
        "\(type.className) takes at most \(most) without a keyword, found "
          + "\(arguments.positional.count)",
        remedy: "name them: \(places.prefix(3).joined(separator: "=…, "))=…", type: "TypeError")
    }
    for (key, value) in zip(places, arguments.positional) { given[key] = value }
    let keys = Set(type.settingInfos.map(\.key))
    for (keyword, value) in arguments.keywords {
      var key = keyword
      if !keys.contains(keyword),
        let modern = LayerMaking.renamed[keyword]?.first(where: { keys.contains($0) })
      {
        key = modern
      }
      if given[key] != nil, keys.contains(key) {
        throw fault("\(type.className) got two values for \(key)", type: "TypeError")
      }
      given[key] = value
    }
    bindKernelSizes(&given)
    return given
  }

  /// `nb_row=3, nb_col=3`, or `kernel_dim1=3, …` of volumes, of Keras 1.
  private func bindKernelSizes(_ given: inout OrderedDictionary<String, Value>) {
    for names in [["nb_row", "nb_col"], ["kernel_dim1", "kernel_dim2", "kernel_dim3"]] {
      guard let first = given.removeValue(forKey: names[0]) else { continue }
      let others = names.dropFirst().map { given.removeValue(forKey: $0) ?? first }
      given["kernel_size"] = .tuple([first] + others)
    }
  }

  func takeName(
    _ given: inout OrderedDictionary<String, Value>, _ className: String
  ) throws -> String {
    guard let value = given.removeValue(forKey: "name"), !value.isNone else {
      return keras.name(for: className)
    }
    // A name that is not known changes nothing but the name.
    guard let name = value.stringValue else {
      if value.isUnknown { return keras.name(for: className) }
      throw fault("the name of a layer is a text, found \(representation(of: value))")
    }
    if name.contains("/") {
      throw fault("the name '\(name)' holds a /, which Keras does not allow")
    }
    return name
  }

  /// The keywords that every layer takes.
  func takeCommon(
    _ given: inout OrderedDictionary<String, Value>, _ object: LayerObject
  ) throws {
    let keys = Set(object.named.layer.settingInfos.map(\.key))
    func take(_ key: String) -> Value? {
      keys.contains(key) ? nil : given.removeValue(forKey: key).flatMap { $0.isNone ? nil : $0 }
    }
    if let value = take("trainable"), let flag = try truth(of: value) {
      object.named.trainable = flag
    }
    if let value = take("dtype") {
      object.named.dtype = try config(from: value, for: "dtype")
    }
    if let value = take("activity_regularizer") {
      let config = try config(from: value, for: "activity_regularizer")
      do {
        let regularizer = try Regularizer(configValue: config, kind: .regularizer)
        object.named.extra["activity_regularizer"] = regularizer.configValue
      } catch {
        throw fault("activity_regularizer: \(error.message)")
      }
    }
    if keras.run != nil { object.givenWeights = take("weights") }
    try takeShape(take, object)
  }

  /// What comes into the first layer of a Sequential.
  private func takeShape(_ take: (String) -> Value?, _ object: LayerObject) throws {
    let batch = try take("batch_size").flatMap { value -> Int? in
      if let unknown = value.unknown { throw fault(needing: "batch_size", unknown) }
      return value.intValue
    }
    let length = take("input_length")
    if let value = take("batch_input_shape") ?? take("batch_shape") {
      object.statedShape = try sizes(from: value, for: "batch_input_shape")
    } else if let value = take("input_shape") {
      object.statedShape = [batch] + (try sizes(from: value, for: "input_shape"))
    } else if let value = take("input_dim") {
      let features = try sizes(from: value, for: "input_dim")
      if object.named.layer is any RecurrentLayer {
        let steps = try length.map { try sizes(from: $0, for: "input_length") } ?? [nil]
        object.statedShape = [batch] + steps + features
      } else {
        object.statedShape = [batch] + features
      }
    } else if object.named.layer is Embedding {
      // Keras 2 gives an Embedding an input of its own: `input_length` indices, or any number.
      let steps = try length.map { try sizes(from: $0, for: "input_length") } ?? [nil]
      object.hintedShape = [batch] + steps
    }
  }

  private func set(_ key: String, _ value: Value, of object: LayerObject) throws {
    let className = object.named.className
    if case .native(let native) = value, let array = (native as? ConfigObject)?.array {
      object.givenValues[key.replacing("_initializer", with: "")] = array
    }
    guard object.named.layer.settingInfos.contains(where: { $0.key == key }) else {
      try refuse(key, of: object)
      return
    }
    var config = try config(from: value, for: key)
    config = modern(config, key)
    do {
      try object.named.layer.set(key, to: config)
    } catch {
      throw fault("\(className): \(error.message)")
    }
  }

  /// Values of Keras 1 in today's words.
  private func modern(_ value: ConfigValue, _ key: String) -> ConfigValue {
    switch (key, value) {
    case ("data_format", "th"): "channels_first"
    case ("data_format", "tf"): "channels_last"
    default: value
    }
  }

  private func refuse(_ key: String, of object: LayerObject) throws {
    if LayerMaking.ignored.contains(key) {
      if !LayerMaking.ordinary.contains(key) {
        warn("\(object.named.className) has no \(key) any more; it is ignored")
      }
      return
    }
    let keys =
      object.named.layer.settingInfos.map(\.key) + ["name", "trainable", "dtype", "input_shape"]
    let near = nearest(to: key, in: keys)
    throw fault(
      "\(object.named.className) has no argument '\(key)'",
      remedy: near.map { "did you mean \($0)?" }
        ?? "it takes \(keys.prefix(12).joined(separator: ", "))",
      type: "TypeError")
  }

  private func requireSettings(
    of type: any Layer.Type, _ given: OrderedDictionary<String, Value>, _ object: LayerObject
  ) throws {
    for info in type.settingInfos where info.isRequired && given[info.key] == nil {
      if info.kind == .layer || object.named.layer is Lambda { continue }
      throw fault(
        "\(type.className) needs \(info.key)", remedy: "\(info.key): \(info.help)",
        type: "TypeError")
    }
  }

  private func checkSteps(of object: LayerObject) throws {
    func exceedsOne(_ key: String) -> Bool {
      object.named.layer.value(of: key)?.listValue?.contains { $0.intValue ?? 1 > 1 } ?? false
    }
    if exceedsOne("strides"), exceedsOne("dilation_rate") {
      throw fault(
        "\(object.named.className) cannot have both strides and dilation_rate above 1",
        remedy: "set one of them to 1")
    }
  }

  /// `Bidirectional(LSTM(8, input_shape=(128, 20)))`: Keras forgets that shape until the model is
  /// built; it is what the person who wrote it meant.
  private func hintShape(of object: LayerObject) {
    guard object.statedShape == nil, let inner = object.inner?.statedShape else { return }
    if object.named.layer is Bidirectional { object.hintedShape = inner }
    if object.named.layer is TimeDistributed, let batch = inner.first {
      object.hintedShape = [batch, nil] + inner.dropFirst()
    }
  }

  private func makeWrapper(
    _ type: any WrapperLayer.Type, _ given: inout OrderedDictionary<String, Value>
  ) throws -> any Layer {
    let name = String(describing: type)
    guard let value = given.removeValue(forKey: type.innerKey) else {
      throw fault("\(name) needs the \(type.innerKey) that it wraps", type: "TypeError")
    }
    let inner = type == RNN.self ? try cell(value) : try innerLayer(value, of: name)
    var wrapper = type.init(try inner.value(in: self))
    if type == Bidirectional.self, !(inner.named.layer is any SequenceLayer) {
      throw fault(
        "Bidirectional wraps a recurrent layer, found \(inner.named.className)",
        remedy: "wrap LSTM, GRU, SimpleRNN, RNN or a ConvLSTM")
    }
    if let other = given.removeValue(forKey: "backward_layer"), !other.isNone {
      let backward = try innerLayer(other, of: name)
      try check(backward, against: inner)
      wrapper.backward = backward.named
    }
    innerLayer = inner
    return wrapper
  }

  /// Source: `keras/src/layers/rnn/bidirectional.py` (`_verify_layer_config`).
  private func check(_ backward: LayerObject, against forward: LayerObject) throws {
    guard let a = forward.named.layer as? any SequenceLayer,
      let b = backward.named.layer as? any SequenceLayer
    else { throw fault("backward_layer is not recurrent", remedy: "use LSTM, GRU or SimpleRNN") }
    if a.sequence.goBackwards == b.sequence.goBackwards {
      throw fault(
        "the forward and the backward layer read the same way",
        remedy: "give backward_layer go_backwards=True")
    }
    for key in ["stateful", "return_sequences", "return_state"]
    where a.value(of: key) != b.value(of: key) {
      throw fault(
        "the forward and the backward layer differ in \(key)", remedy: "give both the same")
    }
  }

  private func innerLayer(_ value: Value, of wrapper: String) throws -> LayerObject {
    if case .native(let object) = value {
      if let layer = object as? LayerObject { return layer }
      if let model = object as? ModelObject { return try model.asLayer(in: self) }
    }
    if let unknown = value.unknown { throw fault(needing: "the layer in \(wrapper)", unknown) }
    throw fault(
      "\(wrapper) wraps a layer, found '\(typeName(of: value))'", remedy: "give it a layer",
      type: "TypeError")
  }
}

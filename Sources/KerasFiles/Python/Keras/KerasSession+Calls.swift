import Neural
import OrderedCollections

extension KerasSession {
  /// Calls a layer on the tensors among the arguments.
  func call(
    _ layer: LayerObject, _ arguments: CallArguments, in evaluator: Evaluator
  ) throws -> Value {
    if layer.named.layer is any CalledLayer {
      return try callByNames(layer, arguments, in: evaluator)
    }
    var inputs: [SymbolicTensor] = []
    guard let first = arguments.positional.first ?? arguments["inputs"] ?? arguments["sequences"]
    else {
      throw evaluator.fault("\(layer.named.name) is called without an input", type: "TypeError")
    }
    if run != nil, evaluator.holdsArray(first), !evaluator.holdsSymbol(first),
      let result = try evaluator.computed(
        arguments, { try self.call(layer, $0, in: evaluator) })
    {
      return result
    }
    if case .native(let object) = first, object is SymbolicTensor,
      KerasNames.mergeFunctions.values.contains(layer.named.className)
    {
      throw evaluator.fault(
        "\(layer.named.className) joins a list of tensors, found one tensor",
        remedy: "call it with a list: \(layer.named.className)()([a, b])")
    }
    var isKnown = try collect(first, into: &inputs, evaluator)
    let isCell = layer.named.layer is any CellLayer
    let states =
      arguments.positional.dropFirst().first ?? arguments[isCell ? "states" : "initial_state"]
    if let states, !states.isNone, isCell || layer.named.recurrent != nil {
      isKnown = try collect(states, into: &inputs, evaluator) && isKnown
    }
    guard isKnown else { return evaluator.unknown(nil, "a layer is called on data") }
    var mask: SymbolicTensor?
    if case .native(let object)? = arguments["mask"] { mask = object as? SymbolicTensor }
    var keywords: OrderedDictionary<String, ConfigValue> = [:]
    if case .bool(let flag)? = arguments["training"] { keywords["training"] = .bool(flag) }
    let remark = remarkOnStatedShape(layer, inputs, in: evaluator)
    if layer.named.layer is Lambda { try resolve(layer, inputs, in: evaluator) }
    let call = try record(layer, on: inputs, mask: mask, keywords: keywords, in: evaluator)
    if let remark { call.remarks.append(remark) }
    return try result(call, in: evaluator)
  }

  /// Called on a tensor, a layer takes that tensor's shape, whatever `input_shape=` says.
  private func remarkOnStatedShape(
    _ layer: LayerObject, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) -> String? {
    guard let stated = layer.statedShape, layer.model == nil, let first = inputs.first,
      !isProbing
    else { return nil }
    let shape = Shape(sizes: Array(stated.dropFirst())).description
    let ignored = "input_shape=\(shape) is ignored:"
    evaluator.warn(
      "\(ignored) \(layer.named.name) takes the shape of what it is called on, \(first.shape)",
      at: layer.location)
    return "\(ignored) the layer takes the shape of what it is called on, \(first.shape)"
  }

  func result(_ call: CallNode, in evaluator: Evaluator) throws -> Value {
    if let submodel = call.layer.named.layer as? Submodel,
      let structure = EndStructure(of: EndStructure.outputs, in: submodel.model)
    {
      return try value(structure.template, of: call.outputs, in: evaluator)
    }
    if let structure = StateLists.outputs(of: call.layer.named.layer, count: call.outputs.count) {
      return try value(structure, of: call.outputs, in: evaluator)
    }
    if call.outputs.count == 1, let only = call.outputs.first { return .native(only) }
    return try evaluator.list(call.outputs.map { .native($0) })
  }

  /// Lists and dictionaries of tensors, as a model gives them.
  private func value(
    _ template: ConfigValue, of tensors: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> Value {
    if let index = CallArgumentsTemplate.index(of: template) {
      return tensors.indices.contains(index) ? .native(tensors[index]) : .none
    }
    if let members = template.objectValue {
      return try evaluator.dict(
        try members.map { ($0, try value($1, of: tensors, in: evaluator)) })
    }
    return try evaluator.list(
      try (template.listValue ?? []).map { try value($0, of: tensors, in: evaluator) })
  }

  /// The structure of the tensors in a value, for a model's ends; `nil` where it is one tensor or
  /// a list of tensors.
  func structure(of value: Value) -> ConfigValue? {
    var count = 0
    let template = template(of: value, &count)
    if CallArgumentsTemplate.index(of: template) != nil { return nil }
    let list = template.listValue
    return list?.allSatisfy { CallArgumentsTemplate.index(of: $0) != nil } == true ? nil : template
  }

  private func template(of value: Value, _ count: inout Int) -> ConfigValue {
    switch value {
    case .native:
      count += 1
      return CallArgumentsTemplate.place(count - 1)
    case .dict(let dict):
      var result = OrderedDictionary(
        dict.members.values.compactMap { $0.key.stringValue.map { ($0, ConfigValue.null) } },
        uniquingKeysWith: { $1 })
      for (key, member) in dict.sortedMembers { result[key] = template(of: member, &count) }
      return .object(result)
    default:
      guard let elements = value.sequence else { return .null }
      return .list(elements.map { template(of: $0, &count) })
    }
  }

  /// The tensors in a value; `false` where it holds something else.
  func collect(
    _ value: Value, into tensors: inout [SymbolicTensor], _ evaluator: Evaluator
  ) throws -> Bool {
    try evaluator.charge(1)
    switch value {
    case .native(let object):
      guard let tensor = object as? SymbolicTensor else { return false }
      guard tensors.count < 2_000 else {
        throw evaluator.fault(
          "a call takes at most 2000 tensors here", remedy: "join fewer at once")
      }
      tensors.append(tensor)
      return true
    case .list, .tuple:
      guard let elements = value.sequence else { return false }
      for element in elements where !(try collect(element, into: &tensors, evaluator)) {
        return false
      }
      return true
    case .dict(let dict):
      // Keras goes through a dictionary by its sorted keys.
      for (_, member) in dict.sortedMembers
      where !(try collect(member, into: &tensors, evaluator)) { return false }
      return true
    case .unknown(let unknown):
      throw evaluator.fault(needing: "the input of this layer", unknown)
    default: return false
    }
  }

  /// Tells a stack without an input, and the layer inside a TimeDistributed, what it will be
  /// called on.
  private func prepareInner(
    of layer: LayerObject, for inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws {
    if let model = layer.model, model.kind == .sequential, model.input == nil,
      let sizes = inputs.first?.shape.sizes
    {
      try model.build(sizes, in: evaluator)
      layer.named.layer = Submodel(try model.model(in: evaluator))
      return
    }
    guard let inner = layer.inner, var wrapper = layer.named.layer as? TimeDistributed,
      let sizes = inputs.first?.shape.sizes, sizes.count >= 3, let batch = sizes.first
    else { return }
    let shape = [batch] + sizes.dropFirst(2)
    if let model = inner.model {
      guard model.kind == .sequential, model.input == nil else { return }
      try model.build(shape, in: evaluator)
      wrapper.inner = try inner.value(in: evaluator)
    } else if inner.named.layer is Lambda {
      let probe = try evaluator.inputLayer(InputLayer(batchShape: shape), name: "probe")
      try resolve(inner, probe.calls.first?.outputs ?? [], in: evaluator)
      wrapper.inner = inner.named
    }
    layer.named.layer = wrapper
  }

  /// Takes the names of the operations that Keras makes for masks, and notes which outputs have
  /// a mask then.
  private func followMasks(_ call: CallNode) {
    let layer =
      call.layer.named.called(with: call.keywords, count: call.inputs.count).layer
    // Of a recurrent layer's inputs only the sequence's mask counts, not those of its states.
    let tensors = layer.readsOneSequence ? Array(call.inputs.prefix(1)) : call.inputs
    let ranks = tensors.map(\.shape.rank)
    let masks = call.mask.map { [Int?.some($0.shape.rank)] } ?? tensors.map(\.maskRank)
    let recipe = MaskRecipe(
      of: layer, masks: masks, ranks: { ranks }, isGiven: call.mask != nil)
    call.maskNames = recipe.steps.map { name(for: $0.className) }
    for (output, rank) in zip(call.outputs, recipe.outputRanks(masks: masks, ranks: ranks)) {
      output.maskRank = rank
    }
  }

  /// Notes a call in the graph, with the shapes that come of it.
  ///
  /// - Throws: An exception where the layer cannot stand on these inputs.
  func record(
    _ layer: LayerObject, on inputs: [SymbolicTensor], mask: SymbolicTensor? = nil,
    keywords: OrderedDictionary<String, ConfigValue> = [:], in evaluator: Evaluator
  ) throws -> CallNode {
    try evaluator.charge(60)
    try prepareInner(of: layer, for: inputs, in: evaluator)
    let called = layer.named.called(with: keywords, count: inputs.count)
    let report = Analysis.Report(of: called, on: inputs.map(\.shape))
    if let error = report.error {
      throw evaluator.fault(
        "\(layer.named.className) '\(layer.named.name)': \(error.message)", remedy: error.remedy)
    }
    layer.noteInput(inputs.map(\.shape))
    let shapes = report.weights.map(\.shape)
    if let before = layer.weightShapes, before != shapes {
      throw evaluator.fault(
        "\(layer.named.className) '\(layer.named.name)' has weights of \(before.first ?? []) from "
          + "its first call, this one would need \(shapes.first ?? [])",
        remedy: "call it on inputs with equal features, or use a second layer")
    }
    layer.weightShapes = shapes
    let call = CallNode(
      layer, inputs, mask: mask, keywords: keywords, outputs: report.outputs ?? [],
      serial: nextSerial(), at: evaluator.location)
    followMasks(call)
    if !isProbing || inputs.isEmpty { layer.record(call) }
    if !isProbing { calls.append(call) }
    return try evaluator.keep(call)
  }
}

extension DictObject {
  /// The members in the order of their keys, which are texts.
  fileprivate var sortedMembers: [(key: String, value: Value)] {
    members.values.map { (key: $0.key.stringValue ?? "", value: $0.value) }
      .sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
  }
}

import Neural

/// Writes a functional model: a statement for each call.
struct GraphSource {
  private let model: Model
  private let analysis: Analysis
  private let listed: [Node]
  /// How often each layer is called.
  private let calls: [LayerID: Int]

  init(_ model: Model) {
    self.model = model
    analysis = Analysis(of: model)
    let inModel = Set(KerasOrder(model).nodesByDepth.values.joined())
    listed = model.nodes.values.filter { inModel.contains($0.id) }
    calls = listed.reduce(into: [:]) { $0[$1.layer, default: 0] += 1 }
  }

  /// What the statements hold so far.
  private struct State {
    /// The variable of each tensor.
    var tensors: [TensorRef: String] = [:]
    /// The variable of each layer that is called more than once.
    var shared: [LayerID: String] = [:]
    var masks: MaskWalk<Int>
  }

  func write(into writer: inout ScriptWriter, as variable: String, isOuter: Bool) {
    var state = State(masks: MaskWalk(model))
    for node in ordered(writer.names) { write(node, into: &writer, &state) }
    var arguments: [PythonExpression.Argument] = [
      .init(ends(model.inputs, EndStructure.inputs, model.listsInputs, state)),
      .init(ends(model.outputs, EndStructure.outputs, model.listsOutputs, state)),
    ]
    if let name = writer.names.chosen(model.name, for: "Functional") {
      arguments.append(.init(.raw(PythonLiteral.text(name)), keyword: "name"))
    }
    writer.assign(variable, .call("keras.Model", arguments))
    if !isOuter { writer.add("") }
  }

  private func ends(
    _ tensors: [TensorRef], _ key: String, _ lists: Bool, _ state: State
  ) -> PythonExpression {
    let variables = tensors.map { PythonExpression.raw(state.tensors[$0] ?? "None") }
    if let structure = EndStructure(of: key, in: model) {
      return CallSource(tensors: variables.map(\.flat)).expression(structure.template)
    }
    return variables.count == 1 && !lists ? variables[0] : .list(variables)
  }

  // MARK: Order

  /// The calls in an order in which Keras gives most of them their names by itself.
  private func ordered(_ names: PythonNames) -> [Node] {
    guard listed.count <= 2000 else { return listed }
    var names = names
    var rest = listed
    var done: Set<NodeID> = []
    var made: Set<LayerID> = []
    var result: [Node] = []
    while !rest.isEmpty {
      let ready = rest.indices.filter { index in
        rest[index].kerasInputs.allSatisfy { done.contains($0.node) }
      }
      guard let first = ready.first else { return listed }
      let next = ready.first { isInTurn(rest[$0], names, made) } ?? first
      let node = rest.remove(at: next)
      if let layer = model.layers[node.layer], made.insert(node.layer).inserted,
        names.nextAutomatic(layer.className) == layer.name
      {
        _ = names.automatic(layer.className)
      }
      done.insert(node.id)
      result.append(node)
    }
    return result
  }

  /// Whether the layer has its name by itself if it is made now, or whatever happens.
  private func isInTurn(_ node: Node, _ names: PythonNames, _ made: Set<LayerID>) -> Bool {
    guard let layer = model.layers[node.layer], !made.contains(node.layer) else { return true }
    return names.nextAutomatic(layer.className) == layer.name
      || (!model.isAutomatic(layer) && !layer.layer.isOperation)
  }

  // MARK: Calls

  private func write(_ node: Node, into writer: inout ScriptWriter, _ state: inout State) {
    guard let layer = model.layers[node.layer] else { return }
    let call: PythonExpression
    if layer.layer is InputLayer {
      call = writer.input(layer)
    } else if layer.layer.isOperation {
      call = operation(layer, node, into: &writer, state)
    } else {
      let made = callee(layer, node, into: &writer, &state)
      call = .call(made, arguments(of: node, layer.layer, state))
      if call.flat.contains("np.array(") { writer.layers.needsNumPy = true }
    }
    if let submodel = layer.layer as? Submodel,
      let structure = EndStructure(of: EndStructure.outputs, in: submodel.model)
    {
      let variable = writer.names.variable(for: layer.name + "_output")
      for (index, path) in structure.paths {
        state.tensors[TensorRef(node.id, index)] = variable + path
      }
      writer.assign(variable, call)
      takeNames(of: node, layer, in: &writer, &state)
      return
    }
    let outputs = outputCount(of: node)
    if let structure = StateLists.outputs(of: layer.layer, count: outputs) {
      let variable = writer.names.variable(for: layer.name + "_outputs")
      for (index, path) in StateLists.paths(in: structure) {
        state.tensors[TensorRef(node.id, index)] = variable + path
      }
      writer.assign(variable, call)
      takeNames(of: node, layer, in: &writer, &state)
      return
    }
    let variables = targets(for: layer, node, count: outputs, in: &writer)
    for index in 0..<outputs {
      state.tensors[TensorRef(node.id, index)] =
        variables.count == outputs ? variables[index] : "\(variables[0])[\(index)]"
    }
    writer.assign(variables.joined(separator: ", "), call)
    takeNames(of: node, layer, in: &writer, &state)
  }

  /// The layer itself: made in place where it is called once, else held in a variable.
  private func callee(
    _ layer: NamedLayer, _ node: Node, into writer: inout ScriptWriter, _ state: inout State
  ) -> PythonExpression {
    if let known = state.shared[node.layer] { return .raw(known) }
    let prepared = writer.prepared(layer)
    let output = analysis.reports[node.id]?.outputs?.first
    let expression = writer.expression(layer, prepared, output: output)
    if prepared[""] != nil {
      state.shared[node.layer] = expression.flat
      return expression
    }
    guard calls[node.layer] ?? 1 > 1 else { return expression }
    let variable = writer.names.variable(for: layer.name)
    writer.assign(variable, expression)
    state.shared[node.layer] = variable
    return .raw(variable)
  }

  private func operation(
    _ layer: NamedLayer, _ node: Node, into writer: inout ScriptWriter, _ state: State
  ) -> PythonExpression {
    _ = writer.names.automatic(layer.className)
    let tensors = node.inputs.map { state.tensors[$0] ?? "None" }
    if let source = OperationSource.source(of: layer.layer, on: tensors) {
      if source.flat.hasPrefix("ops.") { writer.layers.needs("ops") }
      if source.flat.contains("np.array(") { writer.layers.needsNumPy = true }
      return source
    }
    var arguments = tensors.map { PythonExpression.Argument(.raw($0)) }
    if let template = CallArgumentsTemplate(in: node.keywords, count: node.inputs.count) {
      arguments = CallSource(tensors: tensors).arguments(template)
    }
    return writer.layers.unknownOperation(layer, on: arguments)
  }

  private func arguments(
    of node: Node, _ layer: any Layer, _ state: State
  ) -> [PythonExpression.Argument] {
    let tensors = node.inputs.map { PythonExpression.raw(state.tensors[$0] ?? "None") }
    if let template = CallArgumentsTemplate(in: node.keywords, count: node.inputs.count) {
      return CallSource(tensors: tensors.map(\.flat)).arguments(template)
    }
    var arguments: [PythonExpression.Argument] = []
    if layer.readsOneSequence || layer is any CellLayer {
      arguments = tensors.prefix(1).map { .init($0) }
      if tensors.count > 1 {
        let places = (1..<tensors.count).map { CallArgumentsTemplate.place($0) }
        let states = CallSource(tensors: tensors.map(\.flat)).expression(
          StateLists.value(of: places, for: layer))
        arguments.append(.init(states, keyword: layer is any CellLayer ? nil : "initial_state"))
      }
    } else if CallForm.takesList(layer, count: tensors.count) {
      arguments = [.init(.list(tensors))]
    } else {
      arguments = tensors.map { .init($0) }
    }
    for (key, value) in node.keywords where key != CallArgumentsTemplate.key && key != "mask" {
      arguments.append(.init(.raw(PythonLiteral.value(value)), keyword: key))
    }
    if let mask = node.mask {
      arguments.append(.init(.raw(state.tensors[mask] ?? "None"), keyword: "mask"))
    }
    return arguments
  }

  // MARK: Variables and names

  private func outputCount(of node: Node) -> Int {
    let used = listed.flatMap(\.kerasInputs) + model.outputs
    let needed = used.filter { $0.node == node.id }.map { $0.output + 1 }.max() ?? 1
    return max(analysis.reports[node.id]?.outputs?.count ?? 1, min(needed, 64))
  }

  /// The variables that a call's outputs are assigned to: one for each, or of many one for all.
  private func targets(
    for layer: NamedLayer, _ node: Node, count: Int, in writer: inout ScriptWriter
  ) -> [String] {
    let isHeld = calls[node.layer] ?? 1 > 1 || layer.layer is Submodel
    let base = isHeld ? layer.name + "_output" : layer.name
    if count > 4 { return [writer.names.variable(for: layer.name + "_outputs")] }
    let first = writer.names.variable(for: base)
    guard count > 1 else { return [first] }
    let states =
      (layer.layer as? any SequenceLayer)?.plainLayer.map { type(of: $0).stateNames } ?? []
    return [first]
      + (1..<count).map { index in
        // The second thing that attention can give.
        if layer.layer is any CalledLayer {
          return writer.names.variable(for: "\(layer.name)_scores")
        }
        let isState = index <= states.count
        return writer.names.variable(
          for: isState ? "\(layer.name)_\(states[index - 1])" : "\(base)_\(index)")
      }
  }

  /// Names that Keras takes for operations on masks, and for a stack that is built by its call.
  private func takeNames(
    of node: Node, _ layer: NamedLayer, in writer: inout ScriptWriter, _ state: inout State
  ) {
    if let submodel = layer.layer as? Submodel, submodel.model.isOpen,
      listed.first(where: { $0.layer == node.layer })?.id == node.id
    {
      _ = writer.names.automatic("InputLayer")
      writer.takeNamesOfBuild(submodel.model)
    }
    let given = node.mask == nil ? nil : 0
    var taken: [String] = []
    state.masks.follow(node, given: given) { recipe, _ in
      taken += recipe.steps.map(\.className)
      return recipe.steps.map { _ in 0 }
    }
    for className in taken { _ = writer.names.automatic(className) }
  }
}

/// Writes the arguments of calls that are kept as a file has them, and structures of tensors.
private struct CallSource {
  let tensors: [String]

  func arguments(_ template: CallArgumentsTemplate) -> [PythonExpression.Argument] {
    let keywords = template.keywords.elements.filter { key, value in
      PythonNames.identifier(key) == key && !isIdle(value, key)
    }
    return template.positional.map { .init(expression($0)) }
      + keywords.map { .init(expression($1), keyword: $0) }
  }

  /// Whether an argument says what holds without it: no mask, not told whether this is training.
  private func isIdle(_ value: ConfigValue, _ key: String) -> Bool {
    switch value {
    case .null: true
    case .bool(false): key == "training" || key.hasPrefix("return_") || key.hasPrefix("use_")
    case .list(let elements): key == "mask" && elements.allSatisfy { isIdle($0, key) }
    case .object(let members): key == "mask" && members.values.allSatisfy { isIdle($0, key) }
    default: false
    }
  }

  /// A value with variables for the places of tensors in it.
  func expression(_ value: ConfigValue) -> PythonExpression {
    if let index = CallArgumentsTemplate.index(of: value) {
      return .raw(index < tensors.count ? tensors[index] : "None")
    }
    switch value {
    case .list(let elements): return .list(elements.map(expression))
    case .object(let members) where members["class_name"] == nil:
      return .dictionary(members.map { (PythonLiteral.text($0), expression($1)) })
    case .object where value["class_name"] == "__numpy__":
      return .raw(PythonLiteral.array(value["config"] ?? [:]))
    default: return .raw(PythonLiteral.value(value))
    }
  }
}

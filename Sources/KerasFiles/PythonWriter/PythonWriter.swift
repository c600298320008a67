import Neural

/// Writes a model as the script that an engineer would write for it.
///
/// Only what differs from Keras' defaults stands there, and names only where Keras would give
/// others by itself. Running the script in Keras 3 makes the same model, compiled as the model's
/// file says; weights do not go along.
public enum PythonWriter {
  /// The script for a model.
  ///
  /// - Parameter model: The model.
  /// - Returns: Python source, a line break at its end.
  public static func script(for model: Model) -> String {
    var writer = ScriptWriter()
    writer.write(model, as: "model")
    writer.compile(model, as: "model")
    return writer.script
  }
}

/// Writes a script statement by statement.
struct ScriptWriter {
  var names = PythonNames()
  var layers = LayerSource()
  /// The columns that statements begin with: 4 inside a function.
  var indent = 0
  private var statements: [String] = []
  /// Losses and metrics that a person must give: their definitions.
  private var compileDefinitions: [String] = []

  /// The whole script.
  var script: String {
    var parts: [String] = ["import keras" + (layers.needsNumPy ? "\nimport numpy as np" : "")]
    parts[0] += importedNames
    let definitions = layers.definitions + compileDefinitions
    for definition in definitions { parts.append("\n\n" + definition + "\n") }
    let gap = definitions.isEmpty ? "\n" : "\n\n"
    return parts.joined(separator: "") + gap + statements.joined(separator: "\n") + "\n"
  }

  /// The statements alone.
  var body: String { statements.joined(separator: "\n") }

  private var importedNames: String {
    let names = layers.imports.sorted().joined(separator: ", ")
    return (names.isEmpty ? "" : "\nfrom keras import \(names)") + "\n"
  }

  /// Adds `target = expression`.
  mutating func assign(_ target: String, _ expression: PythonExpression) {
    let head = blank + target + " = "
    statements.append(head + expression.source(indent: indent, before: head.count, after: 0))
  }

  mutating func add(_ statement: String) {
    statements.append(statement.isEmpty ? "" : blank + statement)
  }

  private var blank: String { String(repeating: " ", count: indent) }

  /// Adds what makes `model` and holds it in `variable`.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - variable: The variable, free so far.
  ///   - isOuter: Whether it is the model that the script is about.
  mutating func write(_ model: Model, as variable: String, isOuter: Bool = true) {
    if model.kind == .sequential, let chain = StackChain(model) {
      write(chain, of: model, as: variable)
    } else {
      GraphSource(model).write(into: &self, as: variable, isOuter: isOuter)
    }
    if !model.trainable { add("\(variable).trainable = False") }
  }

  /// Adds the call of `compile`, where a file says how the model is trained.
  mutating func compile(_ model: Model, as variable: String) {
    guard let config = model.compileConfig, config["optimizer"]?.isNull == false else {
      return
    }
    let source = CompileSource(config, rateVariable: nil)
    for definition in source.definitions where !layers.definitions.contains(definition) {
      compileDefinitions.append(definition)
    }
    let call = PythonExpression.call("\(variable).compile", source.arguments)
    add(call.source(indent: indent, before: indent, after: 0))
  }

  // MARK: Sequential

  private mutating func write(_ chain: StackChain, of model: Model, as variable: String) {
    let analysis = Analysis(of: model)
    // Models inside the list are made before it.
    let inner = chain.layers.map { _, layer in prepared(layer) }
    var elements: [PythonExpression] = []
    if let input = chain.input { elements.append(self.input(input, isStack: true)) }
    for (index, (node, layer)) in chain.layers.enumerated() {
      let output = analysis.reports[node]?.outputs?.first
      elements.append(expression(layer, inner[index], output: output))
    }
    // A class of one's own is not known here; its layers make the same model.
    var arguments: [PythonExpression.Argument] = [.init(.list(elements))]
    if let name = names.chosen(model.name, for: "Sequential") {
      arguments.append(.init(.raw(PythonLiteral.text(name)), keyword: "name"))
    }
    if model.extra["dtype"].map({ Precision.read($0) != "float32" }) ?? false,
      let dtype = Precision.read(model.extra["dtype"]).stringValue
    {
      arguments.append(.init(.raw(PythonLiteral.text(dtype)), keyword: "dtype"))
    }
    assign(variable, .call("keras.Sequential", arguments))
    if chain.input != nil { takeNamesOfBuild(model) }
  }

  /// Keras makes a hidden functional model of a stack, and operations on masks.
  mutating func takeNamesOfBuild(_ model: Model) {
    _ = names.automatic("Functional")
    var walk = MaskWalk<Int>(model)
    for node in model.nodes.values {
      walk.follow(node, given: nil) { recipe, _ in
        recipe.steps.map { step in
          _ = names.automatic(step.className)
          return 0
        }
      }
    }
  }

  // MARK: Layers

  /// `keras.Input((128, 20), batch_size=32)`.
  mutating func input(_ layer: NamedLayer, isStack: Bool = false) -> PythonExpression {
    guard let input = layer.layer as? InputLayer else { return .raw("None") }
    var arguments: [PythonExpression.Argument] = []
    let shape = input.batchShape ?? []
    if shape.isEmpty {
      arguments.append(.init(.raw("()"), keyword: "batch_shape"))
    } else {
      let sizes = ConfigValue.list(shape.dropFirst().map { $0.map { .int($0) } ?? .null })
      arguments.append(.init(.raw(PythonLiteral.value(sizes, tuples: true))))
      if let batch = shape[0] { arguments.append(.init(.raw("\(batch)"), keyword: "batch_size")) }
    }
    if input.dtype != "float32" {
      arguments.append(.init(.raw(PythonLiteral.text(input.dtype)), keyword: "dtype"))
    }
    for (key, value) in [
      ("sparse", input.sparse), ("ragged", input.ragged), ("optional", input.optional),
    ]
    where value {
      arguments.append(.init(.raw("True"), keyword: key))
    }
    // A stack's input is seen nowhere, and Keras 2 named it after the first layer.
    if isStack, layer.name.hasSuffix("_input") {
      _ = names.automatic("InputLayer")
    } else if let name = names.chosen(layer.name, for: "InputLayer") {
      arguments.append(.init(.raw(PythonLiteral.text(name)), keyword: "name"))
    }
    return .call("keras.Input", arguments)
  }

  /// Writes the models inside a layer and gives their variables by the layer's keys.
  mutating func prepared(_ layer: NamedLayer) -> [String: PythonExpression] {
    if let submodel = layer.layer as? Submodel {
      var model = submodel.model
      model.name = layer.name
      model.trainable = model.trainable && layer.trainable
      let variable = names.variable(for: layer.name)
      write(model, as: variable, isOuter: false)
      return ["": .raw(variable)]
    }
    guard let wrapper = layer.layer as? any WrapperLayer else { return [:] }
    return prepared(wrapper.inner).mapKeys("layer.")
      .merging(wrapper.backward.map { prepared($0).mapKeys("backward_layer.") } ?? [:]) { $1 }
  }

  /// A layer as an expression; a model as its variable.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - prepared: The models inside it.
  ///   - output: The shape of its first output, for layers that cannot tell by themselves.
  ///   - isInner: Whether a wrapper applies it.
  /// - Returns: What makes the layer, or holds it.
  mutating func expression(
    _ layer: NamedLayer, _ prepared: [String: PythonExpression], output: Shape?,
    isInner: Bool = false
  ) -> PythonExpression {
    if let variable = prepared[""] { return variable }
    var inner: [String: PythonExpression] = [:]
    if let wrapper = layer.layer as? any WrapperLayer {
      inner[type(of: wrapper).innerKey] =
        cells(of: wrapper)
        ?? expression(wrapper.inner, prepared.under("layer."), output: nil, isInner: true)
      if let backward = wrapper.backward {
        inner["backward_layer"] = expression(
          backward, prepared.under("backward_layer."), output: nil, isInner: true)
      }
    }
    if let stack = layer.layer as? StackedRNNCells { inner["cells"] = cells(of: stack) }
    var name: String?
    // The name of a wrapped layer shows in the names of weights only.
    if isInner, isAutomatic(layer) {
      _ = names.automatic(layer.className)
    } else {
      name = names.chosen(layer.name, for: layer.className)
    }
    let sizes = (layer.layer as? Lambda) == nil ? nil : output.map { Array($0.sizes.dropFirst()) }
    var layer = layer
    if let attention = layer.layer as? MultiHeadAttention {
      layer.layer = attention.withoutImpliedSettings(outputRank: output?.rank)
    }
    return layers.source(of: layer, name: name, inner: inner, outputShape: sizes)
  }

  /// The list that an `RNN` makes a stack of; `nil` where its cell is none, or one that says more.
  private mutating func cells(of wrapper: any WrapperLayer) -> PythonExpression? {
    let inner = wrapper.inner
    guard wrapper is RNN, let stack = inner.layer as? StackedRNNCells, isAutomatic(inner),
      inner.trainable, inner.dtype == "float32", inner.extra.isEmpty
    else { return nil }
    _ = names.automatic(inner.className)
    return cells(of: stack)
  }

  private mutating func cells(of stack: StackedRNNCells) -> PythonExpression {
    .list(stack.cells.map { expression($0, [:], output: nil, isInner: true) })
  }

  private func isAutomatic(_ layer: NamedLayer) -> Bool {
    let base = snakeCase(layer.className)
    for prefix in [base, "forward_\(base)", "backward_\(base)"] where layer.name.hasPrefix(prefix) {
      let rest = layer.name.dropFirst(prefix.count)
      if rest.isEmpty || (rest.first == "_" && Int(rest.dropFirst()) != nil) { return true }
    }
    return false
  }
}

extension [String: PythonExpression] {
  fileprivate func mapKeys(_ prefix: String) -> Self {
    Dictionary(uniqueKeysWithValues: map { (prefix + $0, $1) })
  }

  fileprivate func under(_ prefix: String) -> Self {
    Dictionary(
      uniqueKeysWithValues: filter { $0.key.hasPrefix(prefix) }.map {
        (String($0.key.dropFirst(prefix.count)), $0.value)
      })
  }
}

/// The layers of a sequential model in order.
private struct StackChain {
  var input: NamedLayer?
  var layers: [(NodeID, NamedLayer)] = []

  /// - Returns: `nil` where edits have made more than a chain of the model.
  init?(_ model: Model) {
    guard model.inputs.count == 1, let start = model.inputs.first?.node,
      let named = model.layer(of: start), let first = named.layer as? InputLayer
    else { return nil }
    if first.batchShape != nil { input = named }
    let consumers = model.consumers()
    var node = start
    while let next = consumers[node]?.first {
      guard consumers[node]?.count == 1, let call = model.nodes[next], call.inputs.count == 1,
        let layer = model.layer(of: next), !layer.layer.isOperation, call.keywords.isEmpty,
        call.mask == nil, model.calls(of: call.layer).count == 1
      else { return nil }
      layers.append((next, layer))
      node = next
    }
    guard model.outputs.first?.node == node, layers.count == model.nodes.count - 1 else {
      return nil
    }
  }
}

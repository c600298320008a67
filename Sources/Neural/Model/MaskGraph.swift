import OrderedCollections

extension Model {
  /// The model with Keras' operations on masks as nodes, and masks as inputs of the layers that
  /// look at them, as Keras 3.15 has them.
  ///
  /// Only operations that a layer needs are there. Names are those that a reader reserved in
  /// `Node.maskNames`, else the next free ones.
  public func withMaskOperations() -> Model {
    guard nodes.values.contains(where: { makesMask($0) }) else { return self }
    var builder = MaskGraphBuilder(self)
    return builder.build()
  }

  /// Whether a call makes a mask out of nothing.
  private func makesMask(_ node: Node) -> Bool {
    if case .makes = layers[node.layer]?.layer.masking { return true }
    return false
  }

  /// Whether Keras gives a call the mask of its input by itself, and records that.
  ///
  /// It does where the layer looks at masks and the caller gave one tensor and nothing else.
  package func takesMaskByItself(_ node: Node) -> Bool {
    guard let layer = layers[node.layer]?.layer, case .uses = layer.masking else { return false }
    return node.inputs.count == 1 && node.mask == nil && node.keywords.isEmpty
  }
}

/// Follows masks through a model.
///
/// `Mask` tells where a mask is: in the model that is built, or by what it computes.
package struct MaskWalk<Mask: Hashable> {
  let model: Model
  /// The masks that tensors have.
  package private(set) var masks: [TensorRef: (mask: Mask, rank: Int)] = [:]
  private var analysis: Analysis?

  package init(_ model: Model) { self.model = model }

  /// Follows the masks through one call.
  ///
  /// - Parameters:
  ///   - node: the call.
  ///   - given: the mask that the call names.
  ///   - make: makes the steps of a recipe; gives a mask for each of them.
  package mutating func follow(
    _ node: Node, given: Mask?, make: (MaskRecipe, [Mask?]) -> [Mask]
  ) {
    guard let layer = model.layers[node.layer]?.called(by: node).layer else { return }
    var inputs = node.inputs.map { masks[$0] }
    if let given { inputs = [(given, inputs.first.flatMap { $0?.rank } ?? 2)] }
    // Of a layer's several arguments only the first one's mask counts.
    if layer.readsOneSequence { inputs = Array(inputs.prefix(1)) }
    let ranks = inputs.map { $0?.rank }
    var inputRanks: [Int] = []
    if layer is Concatenate, ranks.contains(where: { $0 != nil }) {
      inputRanks = rank(of: node.inputs)
    } else if layer is any QueryValueAttention {
      inputRanks = rank(of: node.inputs)
    } else if case .makes = layer.masking {
      inputRanks = rank(of: node.inputs)
    }
    let recipe = MaskRecipe(of: layer, masks: ranks, ranks: { inputRanks })
    let found = inputs.map { $0?.mask }
    let made = recipe.steps.isEmpty ? [] : make(recipe, found)
    let outputRanks = recipe.outputRanks(masks: ranks, ranks: inputRanks)
    for (index, operand) in recipe.outputs.enumerated() {
      let mask: Mask? =
        switch operand {
        case .mask(let input)?: found[input]
        case .step(let step)?: step < made.count ? made[step] : nil
        default: nil
        }
      guard let mask else { continue }
      masks[TensorRef(node.id, index)] = (mask, outputRanks[index] ?? 0)
    }
  }

  private mutating func rank(of tensors: [TensorRef]) -> [Int] {
    let known = analysis ?? Analysis(of: model)
    analysis = known
    return tensors.map { known.shape(of: $0)?.rank ?? 0 }
  }
}

/// Builds the model with explicit operations on masks.
private struct MaskGraphBuilder {
  private let source: Model
  private var result: Model
  private var taken: Set<String>
  private var counters: [String: Int] = [:]
  private var added: [NodeID] = []

  init(_ model: Model) {
    source = model
    result = model
    taken = Set(model.layers.values.map(\.name))
  }

  mutating func build() -> Model {
    var walk = MaskWalk<TensorRef>(source)
    result.nodes = [:]
    for node in source.nodes.values {
      var node = node
      if source.takesMaskByItself(node) { node.mask = walk.masks[node.inputs[0]]?.mask }
      result.nodes[node.id] = node
      walk.follow(node, given: node.mask) { recipe, masks in
        make(recipe, for: node, masks: masks)
      }
    }
    removeUnused()
    return result.nodes.count == source.nodes.count ? source : result
  }

  private mutating func make(
    _ recipe: MaskRecipe, for node: Node, masks: [TensorRef?]
  ) -> [TensorRef] {
    var made: [TensorRef] = []
    for (index, step) in recipe.steps.enumerated() {
      let reserved = index < node.maskNames.count ? node.maskNames[index] : ""
      let layer = NamedLayer(name(reserved, for: step), MaskOperation(step.kind))
      let inputs = step.operands.compactMap { operand -> TensorRef? in
        switch operand {
        case .input(let input): input < node.inputs.count ? node.inputs[input] : nil
        case .mask(let input): input < masks.count ? masks[input] : nil
        case .step(let step): step < made.count ? made[step] : nil
        }
      }
      let call = result.call(result.addLayer(layer), on: inputs)
      added.append(call)
      made.append(TensorRef(call))
    }
    return made
  }

  private mutating func name(_ reserved: String, for step: MaskRecipe.Step) -> String {
    if !reserved.isEmpty, taken.insert(reserved).inserted { return reserved }
    let base = snakeCase(step.className)
    var number = counters[base] ?? 0
    var name = number == 0 ? base : "\(base)_\(number)"
    while !taken.insert(name).inserted {
      number += 1
      name = "\(base)_\(number)"
    }
    counters[base] = number
    return name
  }

  /// Operations whose mask nobody looks at are no part of the model.
  private mutating func removeUnused() {
    var used: Set<NodeID> = []
    let operations = Set(added)
    for node in result.nodes.values where !operations.contains(node.id) {
      for input in node.kerasInputs { used.insert(input.node) }
    }
    for id in added.reversed() {
      guard let node = result.nodes[id] else { continue }
      if used.contains(id) {
        for input in node.kerasInputs { used.insert(input.node) }
      } else {
        result.nodes.removeValue(forKey: id)
        result.layers.removeValue(forKey: node.layer)
      }
    }
  }
}

extension Node {
  /// The tensors whose masks Keras takes off when it calls the layer.
  func tensorsLosingMasks(by layer: any Layer) -> [TensorRef] {
    guard let called = layer as? any CalledLayer else { return [] }
    return called.inputsLosingMasks(of: inputs.count).map { inputs[$0] }
  }
}

extension Model {
  /// For each node the tensors that a layer, which Keras calls before it, took the masks off.
  ///
  /// That happens when the model runs; while it is built, tensors keep their masks.
  func lostMasks() -> [NodeID: Set<TensorRef>] {
    guard layers.values.contains(where: { $0.layer is any CalledLayer }) else { return [:] }
    let byDepth = KerasOrder(withMaskOperations()).nodesByDepth
    var (lost, result): (Set<TensorRef>, [NodeID: Set<TensorRef>]) = ([], [:])
    for depth in byDepth.keys.sorted(by: >) {
      for node in byDepth[depth]?.compactMap({ nodes[$0] }) ?? [] {
        let gone = lost.intersection(node.inputs)
        if !gone.isEmpty { result[node.id] = gone }
        guard let layer = layers[node.layer]?.called(by: node).layer else { continue }
        lost.formUnion(node.tensorsLosingMasks(by: layer))
      }
    }
    return result
  }
}

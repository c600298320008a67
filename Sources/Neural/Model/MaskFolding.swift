extension Model {
  /// The model without operations that compute masks which flow by themselves: the inverse of
  /// `withMaskOperations`, for models that a file lists with all operations.
  ///
  /// An edited model gets its masks anew; names are kept in `Node.maskNames`. Operations that
  /// anything else needs stay, and so do the masks made of them.
  ///
  /// - Parameters:
  ///   - candidates: the calls of operations that a mask may be made of, and what they compute.
  ///   - isComplete: whether the file lists every mask, so that a layer without one gets none.
  /// - Returns: the model whose masks flow by themselves where they did.
  package func foldingMaskOperations(
    _ candidates: [NodeID: MaskOperation.Kind], isComplete: Bool
  ) -> Model {
    var folding = MaskFolding(self, candidates)
    folding.follow()
    return folding.folded(isComplete: isComplete)
  }
}

/// Finds out which masks of a model are those that flow by themselves.
private struct MaskFolding {
  /// What a tensor holds: one that is no mask, or a step of a mask made of others.
  private enum Content: Hashable {
    case tensor(TensorRef)
    case step(MaskOperation.Kind, [Int])
  }

  private let model: Model
  private let candidates: [NodeID: MaskOperation.Kind]
  private var numbers: [Content: Int] = [:]
  private var contents: [TensorRef: Int] = [:]
  /// Operations of the file by what they compute, first to last.
  private var operations: [Int: [NodeID]] = [:]
  /// The masks that each call makes by itself.
  private var made: [(node: NodeID, steps: [Int])] = []
  /// Calls whose mask is the one that flows.
  private var natural: Set<NodeID> = []
  /// Calls without a mask although one flows.
  private var without: Set<NodeID> = []

  init(_ model: Model, _ candidates: [NodeID: MaskOperation.Kind]) {
    self.model = model
    self.candidates = candidates
  }

  mutating func follow() {
    var walk = MaskWalk<Int>(model)
    for node in model.nodes.values {
      if let kind = candidates[node.id] {
        let number = number(of: .step(kind, node.inputs.map { content(of: $0) }))
        contents[TensorRef(node.id)] = number
        operations[number, default: []].append(node.id)
        continue
      }
      var given = node.mask.map { content(of: $0) }
      var plain = node
      plain.mask = nil
      if model.takesMaskByItself(plain), let flowing = walk.masks[node.inputs[0]]?.mask {
        if given == flowing { natural.insert(node.id) }
        if given == nil { without.insert(node.id) }
        given = given ?? flowing
      }
      walk.follow(node, given: given) { recipe, masks in
        steps(of: recipe, node, masks)
      }
    }
  }

  private mutating func steps(of recipe: MaskRecipe, _ node: Node, _ masks: [Int?]) -> [Int] {
    var steps: [Int] = []
    for step in recipe.steps {
      let operands = step.operands.map { operand -> Int in
        switch operand {
        case .input(let index): index < node.inputs.count ? content(of: node.inputs[index]) : -1
        case .mask(let index): (index < masks.count ? masks[index] : nil) ?? -1
        case .step(let index): index < steps.count ? steps[index] : -1
        }
      }
      steps.append(number(of: .step(step.kind, operands)))
    }
    made.append((node.id, steps))
    return steps
  }

  private mutating func content(of tensor: TensorRef) -> Int {
    contents[tensor] ?? number(of: .tensor(tensor))
  }

  private mutating func number(of content: Content) -> Int {
    if let known = numbers[content] { return known }
    numbers[content] = numbers.count
    return numbers.count - 1
  }

  func folded(isComplete: Bool) -> Model {
    var result = model
    let (removed, folded) = removable()
    for node in folded { result.nodes[node]?.mask = nil }
    if isComplete {
      for node in without { result.nodes[node]?.keywords["mask"] = .null }
    }
    for id in removed {
      guard let layer = result.nodes[id]?.layer else { continue }
      result.nodes.removeValue(forKey: id)
      result.layers.removeValue(forKey: layer)
    }
    var waiting = operations.mapValues { $0.filter(removed.contains)[...] }
    for (node, steps) in made {
      let names = steps.map { step -> String in
        guard let operation = waiting[step]?.popFirst() else { return "" }
        return model.layer(of: operation)?.name ?? ""
      }
      if names.contains(where: { !$0.isEmpty }) { result.nodes[node]?.maskNames = names }
    }
    return result
  }

  /// The operations that only masks need which flow by themselves, and the calls that take those.
  private func removable() -> (operations: Set<NodeID>, calls: Set<NodeID>) {
    var operations = Set(candidates.keys)
    var calls = natural
    let made = Set(self.made.flatMap(\.steps))
    for id in candidates.keys where !made.contains(contents[TensorRef(id)] ?? -1) {
      operations.remove(id)
    }
    for output in model.outputs { operations.remove(output.node) }
    var changed = true
    while changed {
      let before = (operations.count, calls.count)
      // Both ways, so that what one node says reaches the ends of a long chain at once.
      for node in model.nodes.values + model.nodes.values.reversed() {
        if candidates[node.id] != nil {
          // All operations of one mask go, or none.
          let sources = node.inputs.map(\.node).filter { candidates[$0] != nil }
          if !operations.contains(node.id) { operations.subtract(sources) }
          if sources.contains(where: { !operations.contains($0) }) { operations.remove(node.id) }
        } else {
          operations.subtract(node.inputs.map(\.node))
          guard let mask = node.mask?.node else { continue }
          if !operations.contains(mask) { calls.remove(node.id) }
          if !calls.contains(node.id) { operations.remove(mask) }
        }
      }
      changed = before != (operations.count, calls.count)
    }
    return (operations, calls)
  }
}

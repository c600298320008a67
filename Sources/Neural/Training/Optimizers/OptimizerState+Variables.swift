/// A number or an array that an optimizer keeps, as Keras' `optimizer.variables` lists them.
public struct OptimizerSlot: Sendable {
  /// Its path in Keras: `adam/iteration`, `adam/lstm_kernel_momentum`.
  public var name: String
  /// What it holds.
  public var content: Content

  /// What is kept.
  public enum Content: Sendable {
    /// A number of steps.
    case count(Int)
    /// Floats.
    case numbers(Tensor)
  }

  /// A variable of an optimizer.
  public init(name: String, _ content: Content) {
    self.name = name
    self.content = content
  }
}

extension OptimizerState {
  /// All that the optimizer keeps, in the order of Keras' `optimizer.variables`.
  ///
  /// The number of steps; the learning rate, unless a schedule says it; averages of the weights;
  /// gradients that wait; then what its rule keeps. Source: `build` in
  /// `keras/src/optimizers/base_optimizer.py` and in each optimizer.
  public var variables: [OptimizerSlot] {
    var variables = [OptimizerSlot(name: "\(name)/iteration", .count(iterations))]
    if !hasSchedule {
      variables.append(
        OptimizerSlot(
          name: "\(name)/learning_rate", .numbers(Tensor([], [Float(learningRate)]))))
    }
    for (weight, tensor) in zip(weightNames, averages) {
      variables.append(OptimizerSlot(name: "\(name)/\(weight)_average", .numbers(tensor)))
    }
    for (weight, tensor) in zip(weightNames, waiting) {
      variables.append(
        OptimizerSlot(name: "\(name)/\(weight)_gradient_accumulator", .numbers(tensor)))
    }
    let kept = kept.map(\.tensors)
    for place in places {
      let slot = kept[place.weight][place.slot]
      let name = "\(name)/\(weightNames[place.weight])_\(slot.name)"
      // Adafactor keeps nothing there: Keras has a whole number in its place.
      variables.append(
        OptimizerSlot(name: name, place.isEmpty ? .count(0) : .numbers(slot.tensor)))
    }
    if let product = rule.momentumProduct {
      variables.append(OptimizerSlot(name: "\(name)/variable", .numbers(Tensor([], [product]))))
    }
    return variables
  }

  /// Goes on from what an optimizer of the same kind has kept for the same weights.
  ///
  /// - Parameter variables: what it kept, in the order of `variables`.
  /// - Throws: `PassError` where they are not those of such an optimizer; nothing changes then.
  public mutating func restore(_ variables: [OptimizerSlot]) throws(PassError) {
    let own = self.variables
    // What scales losses has four of its own before those of the optimizer inside.
    let inner = variables.count == own.count + 4 ? variables.dropFirst(4) : variables[...]
    guard inner.count == own.count else {
      throw PassError(
        "the file has \(variables.count) variables of an optimizer, \(optimizer.className) keeps "
          + "\(own.count) for this model")
    }
    for (found, wanted) in zip(inner, own) where !found.fits(wanted) {
      throw PassError(
        "the file's optimizer kept other numbers than \(optimizer.className) does for this model: "
          + found.name)
    }
    var rest = inner[...]
    func next() -> Tensor? {
      guard case .numbers(let tensor)? = rest.popFirst()?.content else { return nil }
      return tensor
    }
    if case .count(let count)? = rest.popFirst()?.content { iterations = max(count, 0) }
    if !hasSchedule, let rate = next()?.values.first { fixedRate = rate }
    for index in averages.indices { if let tensor = next() { averages[index] = tensor } }
    for index in waiting.indices { if let tensor = next() { waiting[index] = tensor } }
    for place in places {
      if let tensor = next() { kept[place.weight].set(place.slot, to: tensor) }
    }
    if rule.momentumProduct != nil, let product = next()?.values.first {
      rule.momentumProduct = product
    }
  }

  /// The optimizer's name in paths of variables.
  private var name: String {
    optimizer.config["name"]?.stringValue ?? snakeCase(optimizer.className)
  }

  /// Where what the rule keeps stands, in Keras' order.
  private var places: [(weight: Int, slot: Int, isEmpty: Bool)] {
    let slots = rule.slots
    var places: [(weight: Int, slot: Int, isEmpty: Bool)] = []
    for group in rule.slotGroups {
      for weight in weights.indices {
        for slot in group where slots.indices.contains(slot) {
          let isEmpty = slots[slot].sizes != .ofWeight && weightSizes[weight].count < 2
          places.append((weight, slot, isEmpty))
        }
      }
    }
    return places
  }
}

extension OptimizerSlot {
  /// Whether it can stand in the place of another.
  fileprivate func fits(_ other: OptimizerSlot) -> Bool {
    switch (content, other.content) {
    case (.count, .count): true
    case (.numbers(let found), .numbers(let wanted)): found.sizes == wanted.sizes
    default: false
    }
  }
}

import Neural

extension LayerObject {
  /// The objects that hold this layer's numbers, in the order of `Layer.weights(for:)`, and how
  /// many weights each has: the layer itself, the layers of a model, the one inside a
  /// TimeDistributed.
  ///
  /// So a model that stands in another, and layers that several models share, have their numbers
  /// once.
  func holders(of count: Int, in evaluator: Evaluator) throws -> [(layer: LayerObject, count: Int)]
  {
    var found: [(layer: LayerObject, count: Int)] = []
    if let model {
      let assembled = try model.assembled(in: evaluator)
      let analysis = Analysis(of: assembled.model)
      for id in assembled.model.layers.keys {
        guard let object = assembled.objects[id], let specs = analysis.weights[id], !specs.isEmpty
        else { continue }
        found += try object.holders(of: specs.count, in: evaluator)
      }
    } else if named.layer is TimeDistributed, let inner {
      inner.noteInput(inputShapes.map { $0.map(\.withoutTime) })
      found = try inner.holders(of: count, in: evaluator)
    }
    let total = found.reduce(0) { $0 + $1.count }
    return found.isEmpty || total != count ? [(self, count)] : found
  }

  /// Notes what the layer is called on, the first time.
  func noteInput(_ shapes: [Shape]?) {
    if inputShapes == nil { inputShapes = shapes }
  }

  /// What the weights of this layer are; none while nothing is known that it is called on.
  func weightSpecs(in evaluator: Evaluator) throws -> [WeightSpec] {
    guard let shapes = inputShapes else { return [] }
    let value = try value(in: evaluator)
    return Analysis.Report(of: value, on: shapes).weights
  }

  /// The numbers that this object holds, first values where there are none yet.
  func ownTensors(in evaluator: Evaluator) throws -> [Tensor] {
    if let tensors { return tensors }
    guard let run = evaluator.keras.run, let shapes = inputShapes else { return [] }
    var mini = Model(name: named.name, kind: .functional)
    let inputs = shapes.enumerated().map { index, shape in
      mini.addInput(NamedLayer("input_\(index)", InputLayer(batchShape: shape.sizes)))
    }
    let layer = mini.addLayer(try value(in: evaluator))
    mini.outputs = [TensorRef(mini.call(layer, on: inputs))]
    let analysis = Analysis(of: mini)
    let made = try evaluator.computing { () throws(PassError) in
      try ModelWeights(
        initializing: mini, analysis, seed: run.seed(forLayer: named.name),
        memoryLimit: run.memoryLimit)
    }
    var values = made[layer].tensors
    for (index, spec) in (analysis.weights[layer] ?? []).enumerated() {
      guard let given = givenValues[spec.name], index < values.count else { continue }
      let tensor = try evaluator.tensor(from: given, for: spec.name)
      guard tensor.sizes == spec.shape else {
        throw evaluator.fault(
          "\(named.name): \(spec.name) should be \(Shape(sizes: spec.shape)), found \(tensor.shape)",
          at: location)
      }
      values[index] = tensor
    }
    if let given = givenWeights {
      let list = try evaluator.tensors(from: given, for: "weights")
      guard list.map(\.sizes) == values.map(\.sizes) else {
        throw evaluator.fault(
          "\(named.name): weights= has the shapes "
            + "\(list.map(\.shape.description).joined(separator: ", ")), the layer needs "
            + values.map(\.shape.description).joined(separator: ", "), at: location)
      }
      values = list
    }
    tensors = values
    return values
  }

  /// All numbers of the layer, in the order of `Layer.weights(for:)`.
  func allTensors(count: Int, in evaluator: Evaluator) throws -> [Tensor] {
    try holders(of: count, in: evaluator).flatMap { try $0.layer.ownTensors(in: evaluator) }
  }

  /// Takes numbers for the layer, in the order of `Layer.weights(for:)`.
  func setAllTensors(_ tensors: [Tensor], in evaluator: Evaluator) throws {
    var rest = tensors[...]
    for holder in try holders(of: tensors.count, in: evaluator) {
      holder.layer.tensors = Array(rest.prefix(holder.count))
      rest = rest.dropFirst(holder.count)
    }
  }
}

extension Shape {
  /// The shape of one timestep: without axis 1.
  fileprivate var withoutTime: Shape {
    guard rank > 2 else { return self }
    return Shape(sizes: Array(sizes.prefix(1)) + Array(sizes.dropFirst(2)))
  }
}

// MARK: - What a script sees
extension LayerObject {
  /// The objects that hold numbers, in Keras' order of `weights`.
  func weightHolders(in evaluator: Evaluator) throws -> [LayerObject] {
    if let model { return try model.weightHolders(in: evaluator) }
    return try holders(of: try weightSpecs(in: evaluator).count, in: evaluator).map(\.layer)
  }

  /// `get_weights`, `set_weights` and `count_params` of a layer.
  func weightMethod(_ name: String) -> Value? {
    switch name {
    case "get_weights":
      return .builtin(
        Builtin(name) { evaluator, _ in
          try evaluator.list(of: try self.weightHolders(in: evaluator))
        })
    case "set_weights":
      return .builtin(
        Builtin(name) { evaluator, arguments in
          guard let given = arguments.value(0, "weights") else { return .none }
          try evaluator.setWeights(
            given, of: try self.weightHolders(in: evaluator), name: self.named.name)
          return .none
        })
    case "count_params":
      return .builtin(
        Builtin(name) { evaluator, _ in
          let total = try self.weightHolders(in: evaluator)
            .flatMap { try $0.ownTensors(in: evaluator) }.reduce(0) { $0 + $1.count }
          return .int(total)
        })
    default: return nil
    }
  }

  /// `layer.weights`, `layer.kernel`, …; `nil` where the layer has no such weights.
  func weightAttribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    if let part = VariableList.Part(rawValue: name) {
      let holders = try weightHolders(in: evaluator)
      return try evaluator.list(VariableList.variables(of: holders, part, in: evaluator))
    }
    guard model == nil else { return nil }
    let specs = try weightSpecs(in: evaluator)
    guard let index = specs.firstIndex(where: { $0.name == name && $0.owner.isEmpty }) else {
      return nil
    }
    return .native(Variable(specs[index], index, of: self))
  }
}

extension Evaluator {
  /// The numbers of layers, as `get_weights()` gives them.
  func list(of holders: [LayerObject]) throws -> Value {
    try keras.takeLiveWeights(in: self)
    return try list(
      try holders.flatMap { try $0.ownTensors(in: self) }.map { try value(of: $0) })
  }

  /// `set_weights(given)`: as many arrays of the same shapes.
  func setWeights(_ given: Value, of holders: [LayerObject], name: String) throws {
    let values = try tensors(from: given, for: "weights")
    try keras.takeLiveWeights(in: self)
    let before = try holders.map { try $0.ownTensors(in: self) }
    let count = before.reduce(0) { $0 + $1.count }
    guard values.count == count else {
      throw fault(
        "set_weights() of '\(name)' takes \(count) arrays, found \(values.count)",
        remedy: "give as many as get_weights() gives")
    }
    for (value, old) in zip(values, before.joined()) where value.sizes != old.sizes {
      throw fault(
        "set_weights() of '\(name)': a weight has the shape \(old.shape), found \(value.shape)",
        remedy: "give arrays of the shapes that get_weights() gives")
    }
    var rest = values[...]
    for (holder, old) in zip(holders, before) {
      holder.tensors = Array(rest.prefix(old.count))
      rest = rest.dropFirst(old.count)
    }
    keras.run?.weightChanges += 1
  }
}

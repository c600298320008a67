extension HeadedAttention {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    _ = try knownOutputSizes(inputs)
    let arguments = try HeadArguments(of: self, inputs)
    let plan = try checkedPlan(inputs)
    var inner = context
    inner.masks = []
    if context.leavesTrainingToCalls, let said = call.values["training"]?.boolValue {
      inner.isTraining = said
    }
    var passes: [HeadPart.Role: Pass] = [:]
    var ranges: [Range<Int>] = []
    func run(_ part: HeadPart, on tensor: Tensor) throws(PassError) -> Tensor {
      let first = ranges.last?.upperBound ?? 0
      let range = first..<min(first + (options.useBias ? 2 : 1), weights.count)
      var own = inner.part(part.role.rawValue, isTrainable: inner.isTrainable)
      // What the heads give follows from trained weights.
      if part.role == .output { own.needsInputGradients = true }
      let pass = try part.layer.forward(
        [tensor], weights: weights.part(range), penalizedBy: options.activityRegularizer, in: own)
      ranges.append(range)
      passes[part.role] = pass
      return pass.outputs[0]
    }
    var projected: [HeadPart.Role: Tensor] = [:]
    for part in plan.parts where part.role != .output {
      projected[part.role] = try run(part, on: arguments.tensor(for: part.role))
    }
    guard let query = projected[.query], let key = projected[.key], let value = projected[.value],
      let joining = plan.parts.last
    else { throw PassError("\(className) lacks a part") }
    let heads = try AttendingHeads(
      query, key, value, plan: plan, mask: try mask(arguments, plan, context),
      dropout: dropout(inner), in: inner)
    let gate = projected[.gate]
    let given = gate.map { heads.output.zipped(with: $0, *) } ?? heads.output
    let output = try run(joining, on: given)
    let way = HeadWay(
      places: arguments.places, inputSizes: inputs.map(\.sizes), roles: plan.parts.map(\.role),
      useBias: options.useBias, pullbacks: passes.compactMapValues(\.pullback),
      heads: heads.way, gate: gate, attended: gate == nil ? nil : heads.output)
    var pass = Pass(returnsScores ? [output, heads.scores] : [output])
    pass.penalty = passes.values.reduce(0) { $0 + $1.penalty }
    pass.hasPenalty = passes.values.contains(where: \.hasPenalty)
    if context.isDifferentiated {
      let isNeeded = context.needsInputGradients
      pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
        try way.gradients(gradients, inputs: isNeeded)
      }
    }
    return pass
  }

  private func checkedPlan(_ inputs: [Tensor]) throws(PassError) -> HeadPlan {
    let plan: HeadPlan
    do throws(ShapeError) {
      plan = try self.plan(inputs.map(\.shape))
    } catch {
      throw PassError(error.message, remedy: error.remedy)
    }
    // Raw scores and those behind softmax.
    try MemoryLimit.standard.check(
      plan.scores.positions(dropLast: 0) * 8, what: "the scores \(plan.scores)",
      remedy: "use fewer samples or timesteps")
    return plan
  }

  /// What drops scores; `nil` where nothing does.
  private func dropout(_ context: PassContext) -> Dropout? {
    guard options.dropout > 0, context.isTraining else { return nil }
    var dropout = Dropout()
    dropout.rate = options.dropout
    dropout.seed = options.seed
    return dropout
  }
}

/// The tensors that a call names.
struct HeadArguments {
  let query: Tensor
  let value: Tensor
  let key: Tensor
  /// Whether the call names a key.
  let hasKey: Bool
  /// Which input query, value and key are; `nil` where they are no inputs.
  let places: (query: Int?, value: Int?, key: Int?)
  private let layer: any HeadedAttention
  private let inputs: [Tensor]

  init(of layer: any HeadedAttention, _ inputs: [Tensor]) throws(PassError) {
    self.layer = layer
    self.inputs = inputs
    let place = { (name: String) -> Int? in layer.input(name, of: inputs.count) }
    guard let query = try Self.tensor("query", layer, inputs),
      let value = try Self.tensor("value", layer, inputs)
    else { throw PassError("\(layer.className) takes a query and a value") }
    let key = try Self.tensor("key", layer, inputs)
    (self.query, self.value, self.key, hasKey) = (query, value, key ?? value, key != nil)
    // Without a key of its own the value is the key.
    places = (place("query"), place("value"), key == nil ? place("value") : place("key"))
  }

  /// What a part is called on.
  func tensor(for role: HeadPart.Role) -> Tensor {
    switch role {
    case .key: key
    case .value: value
    case .query, .gate, .output: query
    }
  }

  /// The numbers of an argument; `nil` where the call does not give it.
  func tensor(_ name: String) throws(PassError) -> Tensor? {
    try Self.tensor(name, layer, inputs)
  }

  private static func tensor(
    _ name: String, _ layer: any HeadedAttention, _ inputs: [Tensor]
  ) throws(PassError) -> Tensor? {
    if let place = layer.input(name, of: inputs.count) { return inputs[place] }
    return try layer.constant(name)?.tensor(for: layer.className)
  }
}

/// The way back through a layer of several heads.
private struct HeadWay: Sendable {
  let places: (query: Int?, value: Int?, key: Int?)
  let inputSizes: [[Int]]
  let roles: [HeadPart.Role]
  let useBias: Bool
  let pullbacks: [HeadPart.Role: Pullback]
  let heads: AttendingHeads.Way
  let gate: Tensor?
  let attended: Tensor?

  func gradients(_ gradients: [Tensor?], inputs isNeeded: Bool) throws(PassError) -> Gradients {
    var weights: [HeadPart.Role: [Tensor?]] = [:]
    func back(_ role: HeadPart.Role, _ gradient: Tensor?) throws(PassError) -> Tensor? {
      guard let found = try pullbacks[role]?([gradient]), !found.inputs.isEmpty else { return nil }
      weights[role] = found.weights
      return found.inputs[0]
    }
    var given = try back(.output, gradients.first ?? nil)
    var ofGate: Tensor?
    if let gate, let attended, let gradient = given {
      ofGate = gradient.zipped(with: attended, *)
      given = gradient.zipped(with: gate, *)
    }
    let scores = gradients.count > 1 ? gradients[1] : nil
    let found = try heads.gradients(output: given, scores: scores)
    var sums: [Tensor?] = inputSizes.map { _ in nil }
    func add(_ gradient: Tensor?, at place: Int?) {
      guard isNeeded, let gradient, let place else { return }
      if sums[place] == nil { sums[place] = gradient } else { sums[place]?.add(gradient) }
    }
    add(try back(.query, found.query), at: places.query)
    add(try back(.key, found.key), at: places.key)
    if gate != nil { add(try back(.gate, ofGate), at: places.query) }
    add(try back(.value, found.value), at: places.value)
    if isNeeded {
      // Masks change nothing where they change a little.
      for (place, sizes) in inputSizes.enumerated() where sums[place] == nil {
        sums[place] = Tensor(sizes)
      }
    }
    let none = Array(repeating: Tensor?.none, count: useBias ? 2 : 1)
    return Gradients(inputs: sums, weights: roles.flatMap { weights[$0] ?? none })
  }
}

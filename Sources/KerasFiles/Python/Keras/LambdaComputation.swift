import Neural

extension KerasSession {
  /// What a Lambda computes whose shape the script says: its function need not be understood.
  ///
  /// - Returns: `nil` where it is not.
  func computation(
    _ source: LambdaSource, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> LambdaFunction? {
    guard !source.asksForMask else { return nil }
    let warnings = evaluator.warnings
    defer { evaluator.warnings = warnings }
    do {
      return try probe(source, inputs, in: evaluator).flatMap {
        try computation($0, of: inputs, in: evaluator)
      }
    } catch Interruption.raised {
      return nil
    }
  }

  /// The operations between the inputs of a Lambda and what its function gave, as a graph.
  ///
  /// - Returns: `nil` where they rest on anything else: on another tensor, or on a layer with
  ///   weights.
  func computation(
    _ output: SymbolicTensor, of inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> LambdaFunction? {
    guard let calls = try calls(behind: output, inputs, in: evaluator) else { return nil }
    var graph = Model(name: "lambda", kind: .functional)
    var tensors: [Place: TensorRef] = [:]
    for (index, input) in inputs.enumerated() {
      let layer = NamedLayer("input_\(index)", InputLayer(batchShape: input.shape.sizes))
      tensors[Place(input)] = graph.addInput(layer)
    }
    for call in calls {
      var layer = try call.layer.value(in: evaluator)
      layer.name = graph.freshName(for: layer.className)
      let known = call.inputs.compactMap { tensors[Place($0)] }
      guard known.count == call.inputs.count, call.mask == nil else { return nil }
      let node = graph.call(graph.addLayer(layer), on: known, keywords: call.keywords)
      for tensor in call.outputs { tensors[Place(tensor)] = TensorRef(node, tensor.output) }
    }
    guard let result = tensors[Place(output)] else { return nil }
    graph.outputs = [result]
    return LambdaFunction(graph)
  }

  /// The calls that lead from the inputs to the output, first to last.
  private func calls(
    behind output: SymbolicTensor, _ inputs: [SymbolicTensor], in evaluator: Evaluator
  ) throws -> [CallNode]? {
    let ends = Set(inputs.map { Place($0) })
    var seen: Set<ObjectIdentifier> = []
    var found: [CallNode] = []
    var waiting = [output]
    while let tensor = waiting.popLast() {
      try evaluator.charge(1)
      if ends.contains(Place(tensor)) || !seen.insert(ObjectIdentifier(tensor.call)).inserted {
        continue
      }
      let call = tensor.call
      // A layer's weights are not the Lambda's, and another input is not among its own.
      guard !call.inputs.isEmpty, call.layer.weightShapes?.isEmpty ?? true else { return nil }
      found.append(call)
      waiting.append(contentsOf: call.inputs)
    }
    return found.sorted { $0.serial < $1.serial }
  }
}

/// Where a tensor comes from.
private struct Place: Hashable {
  let call: ObjectIdentifier
  let output: Int

  init(_ tensor: SymbolicTensor) {
    call = ObjectIdentifier(tensor.call)
    output = tensor.output
  }
}

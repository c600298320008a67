import OrderedCollections

/// What follows from a model: shapes, weights, costs, and what does not fit.
///
/// Every node has a report, whatever is wrong elsewhere. Reports of nodes whose layer and
/// inputs did not change are taken over from an earlier analysis, so that an edit costs what
/// stands below it.
public struct Analysis: Sendable {
  /// What follows for one node.
  public struct Report: Sendable {
    /// The shapes of its inputs, where all of them are known.
    public var inputs: [Shape]?
    /// The shapes of its outputs, where they are known.
    public var outputs: [Shape]?
    /// Why the layer cannot stand here.
    public var error: ShapeError?
    /// The nearest node above whose error or unknown shape keeps this one from being analysed.
    public var blockedBy: NodeID?
    /// The weights that the layer needs here.
    public var weights: [WeightSpec] = []
    /// What the weights come to, as the layer alone sees it.
    public var parameters = Parameters()
    /// Multiplications with an addition of one pass; free axes count as 1.
    public var multiplyAdds: Count = 0
    /// What Keras warns of, or where it is wrong.
    public var remarks: [String] = []
    let layer: NamedLayer
    /// Whether the error is that another call of the same layer needs other weights.
    var conflictsWithFirstCall = false
  }

  /// What parameters a layer or a model has.
  public struct Parameters: Hashable, Sendable {
    /// Changed by training.
    public var trainable: Count = 0
    /// Not changed by training.
    public var nonTrainable: Count = 0
    /// Bytes of the trainable ones.
    public var trainableBytes: Count = 0
    /// Bytes of the others.
    public var nonTrainableBytes: Count = 0
    /// All of them.
    public var total: Count { trainable + nonTrainable }
    /// Bytes of all of them.
    public var bytes: Count { trainableBytes + nonTrainableBytes }
    /// Whether the model's layers all know their weights.
    public var isBuilt = true
  }

  /// What follows for each node.
  public internal(set) var reports: [NodeID: Report] = [:]
  /// The weights of each layer, shared ones once.
  public internal(set) var weights: [LayerID: [WeightSpec]] = [:]
  /// The parameters of each layer, shared ones once.
  public internal(set) var parameters: [LayerID: Parameters] = [:]
  /// The parameters of the model.
  public internal(set) var total = Parameters()
  /// Multiplications with an addition of one pass; free axes count as 1.
  public internal(set) var multiplyAdds: Count = 0
  /// The first node that cannot stand where it is, and why.
  public internal(set) var firstError: (node: NodeID, error: ShapeError)?
  /// The shapes of the model's outputs; empty where one is not known.
  public internal(set) var outputShapes: [Shape] = []

  /// Analyses a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - previous: an earlier analysis of the model before an edit.
  ///   - inputShapes: what the inputs get, instead of what they say; for a model that stands
  ///     as a layer of another.
  public init(of model: Model, reusing previous: Analysis? = nil, inputShapes: [Shape]? = nil) {
    let roles = InputRoles(model)
    reports.reserveCapacity(model.nodes.count)
    weights.reserveCapacity(model.layers.count)
    parameters.reserveCapacity(model.layers.count)
    for node in model.nodes.values {
      guard let layer = model.layers[node.layer]?.called(by: node) else { continue }
      var report: Report
      if let index = model.inputs.firstIndex(where: { $0.node == node.id }),
        let given = inputShapes, index < given.count
      {
        report = Report(inputs: [], outputs: [given[index]], layer: layer)
      } else {
        report = analysed(node, layer, roles: roles, previous: previous?.reports[node.id])
      }
      addWeights(of: node, &report, trainable: model.trainable)
      if report.error != nil, firstError == nil, let error = report.error {
        firstError = (node.id, error)
      }
      multiplyAdds += report.multiplyAdds
      reports[node.id] = report
    }
    let shapes = model.outputs.map { shape(of: $0) }
    outputShapes = shapes.contains(nil) ? [] : shapes.compactMap { $0 }
  }

  /// The shape of a tensor, where it is known.
  public func shape(of tensor: TensorRef) -> Shape? {
    guard let outputs = reports[tensor.node]?.outputs, tensor.output < outputs.count else {
      return nil
    }
    return outputs[tensor.output]
  }

  private func analysed(
    _ node: Node, _ layer: NamedLayer, roles: InputRoles, previous: Report?
  ) -> Report {
    let known = node.inputs.map { shape(of: $0) }
    guard !known.contains(nil) else {
      let cause = node.inputs.first { shape(of: $0) == nil }?.node
      let root = cause.flatMap { reports[$0]?.blockedBy ?? $0 }
      var report = Report(blockedBy: root, layer: layer)
      // What a file says of an unknown layer's outputs holds whatever comes in.
      if let opaque = layer.layer as? any OpaqueNode {
        report.outputs = try? opaque.outputShapes(for: [])
      }
      return report
    }
    let inputs = layer.layer.naming(known.compactMap { $0 })
    if let previous, previous.inputs == inputs, previous.layer.computesLike(layer),
      !previous.conflictsWithFirstCall, !(layer.layer is InputLayer)
    {
      return previous
    }
    return Report(of: layer, on: inputs, roles: roles.roles(of: node.id))
  }

  /// A layer that is shared has its weights once; its other calls must fit them.
  private mutating func addWeights(of node: Node, _ report: inout Report, trainable: Bool) {
    guard report.error == nil, report.outputs != nil else {
      if report.blockedBy != nil || report.error != nil { total.isBuilt = false }
      return
    }
    guard let existing = weights[node.layer] else {
      weights[node.layer] = report.weights
      let parameters = trainable ? report.parameters : report.parameters.frozen
      self.parameters[node.layer] = parameters
      total.trainable += parameters.trainable
      total.nonTrainable += parameters.nonTrainable
      total.trainableBytes += parameters.trainableBytes
      total.nonTrainableBytes += parameters.nonTrainableBytes
      return
    }
    if existing.map(\.shape) != report.weights.map(\.shape) {
      let before = existing.first?.shape ?? []
      let now = report.weights.first?.shape ?? []
      report.error = ShapeError(
        "\(report.layer.name) is shared: its first call made a weight of \(before), "
          + "this one would need \(now)",
        remedy: "call it on inputs with equal features, or use a second layer")
      report.outputs = nil
      report.conflictsWithFirstCall = true
    }
  }
}

extension Analysis.Report {
  /// What a layer makes of inputs.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - inputs: the shape of each input, batch axis first.
  ///   - roles: what the axes of its outputs mean, where the graph around it says so.
  public init(of layer: NamedLayer, on inputs: [Shape], roles: [AxisRole]? = nil) {
    let inputs = layer.layer.naming(inputs)
    self.layer = layer
    self.inputs = inputs
    do throws(ShapeError) {
      let range = layer.layer.inputCount
      guard range.contains(inputs.count) else {
        throw ShapeError(
          inputs.count < range.lowerBound
            ? "\(layer.className) joins at least \(range.lowerBound) inputs, found \(inputs.count)"
            : "\(layer.className) takes at most \(range.upperBound) "
              + "input\(range.upperBound == 1 ? "" : "s"), found \(inputs.count)")
      }
      var shapes = try layer.layer.outputShapes(for: inputs)
      if let roles { shapes = shapes.map { $0.withRoles(roles) } }
      for shape in shapes { _ = try shape.elementsPerSample() }
      weights = try layer.layer.weights(for: inputs)
      parameters = Analysis.Parameters(weights, of: layer)
      multiplyAdds = layer.layer.multiplyAdds(for: inputs, outputs: shapes)
      remarks = layer.layer.remarks(for: inputs)
      outputs = shapes
    } catch {
      self.error = error
    }
  }
}

extension Analysis.Parameters {
  /// The parameters in `weights` of one layer.
  ///
  /// Keras' flag of a wrapper does not reach the layer inside: what counts is the inner one's.
  init(_ weights: [WeightSpec], of layer: NamedLayer) {
    let isTrainable = layer.trainable || layer.layer is any WrapperLayer
    for weight in weights {
      let count = weight.count
      let bytes = count * Count(weight.bytesPerNumber ?? layer.bytesPerNumber)
      if weight.isTrainable && isTrainable {
        self.trainable += count
        trainableBytes += bytes
      } else {
        nonTrainable += count
        nonTrainableBytes += bytes
      }
    }
  }
  /// The same parameters where nothing is trained.
  public var frozen: Analysis.Parameters {
    var result = self
    result.nonTrainable += trainable
    result.nonTrainableBytes += trainableBytes
    (result.trainable, result.trainableBytes) = (0, 0)
    return result
  }
}

extension Layer {
  /// The inputs with the axes of the first named as this layer takes them.
  fileprivate func naming(_ inputs: [Shape]) -> [Shape] {
    guard let first = inputs.first, let roles = inputRoles(rank: first.rank),
      roles != first.axes.map(\.role)
    else { return inputs }
    return [first.withRoles(roles)] + inputs.dropFirst()
  }
}

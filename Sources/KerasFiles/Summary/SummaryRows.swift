import Neural

/// What a summary says of a model, before a style lays it out.
struct SummaryRows {
  /// One layer or operation of the model.
  struct Row {
    var name: String
    var className: String
    var layer: LayerID
    /// The outputs of the layer's last call; `nil` where they are not known.
    var outputs: [Shape]?
    var parameters = Parameters()
    /// What the layer adds to the model's totals.
    ///
    /// A wrapper that is made with `trainable=False` does not pass that on: its row says N, and
    /// Keras trains and counts its weights.
    var counted = Parameters()
    /// Whether the layer has weights already.
    var hasWeights = false
    /// Whether the layer has been called on something known.
    var isCalled = true
    /// Whether the layer has its weights, or needs none.
    var isBuilt = true
    var isOperation = false
    var trainable = true
    var connections: [Connection] = []
    /// The shapes of the outputs of all calls in the model.
    var outputsOfCalls: [[Shape]] = []
    /// The rows of a model that stands as a layer.
    var inner: [Row] = []
  }

  /// One input of a call: which output of which call of which layer.
  struct Connection: Hashable {
    var layer: LayerID
    var name: String
    var call: Int
    var output: Int
  }

  /// What Keras' table lists.
  var rows: [Row] = []
  /// Whether Keras prints the table without connections.
  var isChain = true
  var total = Parameters()
  var outputShapes: [Shape] = []

  /// What a summary says of `model`.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - showsMasks: Whether Keras' own operations on masks are listed, as Keras 3 does.
  ///   - inputShapes: What the inputs get, for a model that stands in another.
  init(of model: Model, showsMasks: Bool = true, inputShapes: [Shape]? = nil) {
    let whole = model.kind == .functional && showsMasks ? model.withMaskOperations() : model
    let analysis = Analysis(of: whole, inputShapes: inputShapes)
    let order = KerasOrder(whole)
    let calls = Calls(whole, listed: order)
    isChain = model.kind == .sequential || order.isChain(whole)
    for id in order.layers {
      guard let named = whole.layers[id] else { continue }
      let row = Row(id, named, analysis, calls)
      total.add(model.trainable ? row.counted : row.counted.frozen)
      if model.kind == .sequential, named.layer is InputLayer { continue }
      rows.append(row)
    }
    outputShapes = analysis.outputShapes
  }
}

extension SummaryRows {
  /// Counts of parameters, of one layer or summed up.
  struct Parameters {
    var trainable: Count = 0
    var nonTrainable: Count = 0
    var trainableBytes: Count = 0
    var nonTrainableBytes: Count = 0
    var total: Count { trainable + nonTrainable }
    var bytes: Count { trainableBytes + nonTrainableBytes }

    fileprivate mutating func add(_ other: Parameters) {
      trainable += other.trainable
      nonTrainable += other.nonTrainable
      trainableBytes += other.trainableBytes
      nonTrainableBytes += other.nonTrainableBytes
    }

    init() {}

    /// The weights of one layer.
    fileprivate init(_ weights: [WeightSpec], of layer: NamedLayer, trainable isTrained: Bool) {
      for weight in weights {
        let bytes = weight.count * Count(weight.bytesPerNumber ?? layer.bytesPerNumber)
        if weight.isTrainable && isTrained {
          trainable += weight.count
          trainableBytes += bytes
        } else {
          nonTrainable += weight.count
          nonTrainableBytes += bytes
        }
      }
    }

    /// All of them not trained.
    fileprivate var frozen: Parameters {
      var result = Parameters()
      result.nonTrainable = total
      result.nonTrainableBytes = bytes
      return result
    }
  }
}

/// Which calls each layer has, and which of them are in the model.
private struct Calls {
  private(set) var byLayer: [LayerID: [Node]] = [:]
  private(set) var number: [NodeID: Int] = [:]
  private let listed: Set<NodeID>
  private let model: Model

  init(_ model: Model, listed order: KerasOrder) {
    self.model = model
    listed = Set(order.nodesByDepth.values.joined())
    for node in model.nodes.values {
      number[node.id] = node.callIndex ?? byLayer[node.layer]?.count ?? 0
      byLayer[node.layer, default: []].append(node)
    }
  }

  /// The calls of a layer in the model, first to last.
  func inModel(_ layer: LayerID) -> [Node] {
    (byLayer[layer] ?? []).filter { listed.contains($0.id) }
  }

  func connections(of layer: LayerID) -> [SummaryRows.Connection] {
    inModel(layer).flatMap(\.kerasInputs).compactMap { tensor in
      guard let producer = model.nodes[tensor.node], let named = model.layers[producer.layer]
      else { return nil }
      return SummaryRows.Connection(
        layer: producer.layer, name: named.name, call: number[tensor.node] ?? 0,
        output: tensor.output)
    }
  }
}

extension SummaryRows.Row {
  fileprivate init(_ id: LayerID, _ named: NamedLayer, _ analysis: Analysis, _ calls: Calls) {
    let all = calls.byLayer[id] ?? []
    let outputs = all.last.flatMap { analysis.reports[$0.id]?.outputs }
    name = named.name
    className = pythonClassName(named.className)
    layer = id
    self.outputs = outputs
    let weights = analysis.weights[id] ?? []
    parameters = SummaryRows.Parameters(weights, of: named, trainable: named.trainable)
    let isTrained = named.trainable || named.layer is any WrapperLayer
    counted = SummaryRows.Parameters(weights, of: named, trainable: isTrained)
    isOperation = named.layer.isOperation
    isBuilt = outputs != nil || !KerasBuilding.hasOwnBuild(named.layer)
    trainable = named.trainable
    connections = calls.connections(of: id)
    outputsOfCalls = calls.inModel(id).compactMap { analysis.reports[$0.id]?.outputs }
    if let submodel = named.layer as? Submodel {
      addModel(
        submodel, trainable: named.trainable, first: all.first.flatMap { analysis.reports[$0.id] })
    }
    hasWeights = parameters.total > 0
    if let inner = (named.layer as? any WrapperLayer)?.inner.layer as? Submodel, !isBuilt {
      let facts = SummaryRows(of: inner.model)
      hasWeights = !inner.model.isOpen && facts.total.total > 0
      if hasWeights { counted = facts.total }
    }
  }

  /// What a model that stands as a layer adds: its own rows and counts.
  ///
  /// It is built by itself where its inputs have shapes, whatever stands around it.
  private mutating func addModel(
    _ submodel: Submodel, trainable: Bool, first call: Analysis.Report?
  ) {
    let isOpen = submodel.model.isOpen
    let facts = SummaryRows(of: submodel.model, inputShapes: isOpen ? call?.inputs : nil)
    inner = facts.rows.filter { !$0.isOperation }
    guard !isOpen || call?.inputs != nil else { return }
    counted = trainable ? facts.total : facts.total.frozen
    parameters = counted
    isBuilt = true
    if outputs == nil, !facts.outputShapes.isEmpty {
      outputs = facts.outputShapes
      isCalled = false
    }
  }
}

extension Model {
  /// Whether nobody has said yet what comes in.
  var isOpen: Bool {
    inputs.contains { (layer(of: $0.node)?.layer as? InputLayer)?.batchShape == nil }
  }
}

import Neural
import OrderedCollections
import Screen

/// What is known of one model while it is trained: its curves and where it stands.
public struct TrainLog: Sendable {
  /// What tells the model from the one beside it.
  public let label: String
  /// The epoch under way, from 0; the number of epochs once all are made.
  public private(set) var epoch = 0
  /// How many epochs are to be made.
  public internal(set) var epochs: Int
  /// Batches of this epoch that are done.
  public private(set) var batch = 0
  /// Batches of an epoch.
  public internal(set) var batches: Int
  /// Batches of validation that are done, and how many there are; `nil` outside of it.
  public private(set) var validation: (batch: Int, of: Int)?
  /// Batches trained in all epochs.
  public private(set) var steps = 0
  /// The results so far in this epoch, or of the last one before its first batch.
  public private(set) var results: OrderedDictionary<String, Double> = [:]
  /// The results of the last epoch that has ended.
  public private(set) var epochResults: OrderedDictionary<String, Double> = [:]
  /// The results by name, over the epochs.
  public private(set) var curves: OrderedDictionary<String, [PlotPoint]> = [:]
  /// How the loss changes with the hidden states of the recurrent layers.
  public private(set) var gradients: [LayerGradients] = []
  /// What a callback said last.
  public private(set) var remark: String?
  /// Why it has ended; `nil` while it has not.
  public private(set) var ending: Fitting.Reason?
  /// The weights, as they were and as they are.
  public internal(set) var weights: [WeightReport] = []
  /// After which epoch (from 0) the weights were best, and by what.
  public internal(set) var best: (epoch: Int, name: String, value: Double)?
  private let model: Model

  /// Epochs that are shown batch by batch.
  static let detailedEpochs = 2
  /// Points of an epoch, and of a curve, at most.
  private static let mostPoints = (epoch: 200, curve: 2000)

  /// A training of `model` that has not begun.
  init(label: String, model: Model, epochs: Int, batches: Int) {
    self.label = label
    self.model = model
    self.epochs = epochs
    self.batches = max(batches, 1)
  }

  /// Takes in what happened.
  mutating func take(_ event: Fitting.Event) {
    switch event {
    case .epochBegan(let number):
      (epoch, batch, validation, ending) = (number, 0, nil, nil)
    case .trained(let result, let results):
      batch += 1
      steps += 1
      self.results = results
      if epoch < TrainLog.detailedEpochs { detail(result.loss) }
      if !result.timesteps.isEmpty { take(result.timesteps) }
    case .validated(let batch, let of):
      validation = (batch, of)
    case .epochEnded(let number, let results):
      end(number, results)
    case .remark(let text):
      remark = text
    case .ended(let reason):
      ending = reason
      validation = nil
    case .checkpoint, .log: break
    }
  }

  /// Goes on for more epochs than were planned.
  mutating func goOn(epochs: Int, batches: Int) {
    (self.epochs, self.batches, ending) = (epochs, max(batches, 1), nil)
  }

  private mutating func end(_ number: Int, _ results: OrderedDictionary<String, Double>) {
    // Shown batch by batch, the mean of the epoch would be a step back.
    let isDetailed = number < TrainLog.detailedEpochs && steps > 0
    for (name, value) in results where !isDetailed || name.hasPrefix("val_") {
      add(PlotPoint(x: Double(number + 1), y: value), to: name)
    }
    epochResults = results
    self.results = results
    (epoch, batch, validation) = (number + 1, 0, nil)
  }

  private mutating func detail(_ loss: Double) {
    let every = max((batches + TrainLog.mostPoints.epoch - 1) / TrainLog.mostPoints.epoch, 1)
    guard batch % every == 0 || batch == batches || steps == 1 else { return }
    for (name, value) in results {
      add(PlotPoint(x: progress, y: name == "loss" ? loss : value), to: name)
    }
  }

  private mutating func add(_ point: PlotPoint, to name: String) {
    curves[name, default: []].append(point)
    guard let points = curves[name], points.count > TrainLog.mostPoints.curve else { return }
    // Every second point, the newest among them.
    curves[name] = points.enumerated().filter { ($0.offset + points.count) % 2 == 1 }.map(\.element)
  }

  private mutating func take(_ timesteps: [NodeID: [TimestepGradients]]) {
    var all: [LayerGradients] = []
    for node in model.nodes.values {
      guard let layer = model.layers[node.layer] else { continue }
      for gradients in timesteps[node.id] ?? [] where !gradients.directions.isEmpty {
        all.append(LayerGradients(gradients, of: layer, at: node.id))
      }
    }
    gradients =
      all.count == gradients.count
      ? zip(gradients, all).map { $0.moved(towards: $1) } : all
  }
}

extension TrainLog {
  /// How far it is, in epochs.
  var progress: Double { Double(epoch) + Double(min(batch, batches)) / Double(batches) }

  /// The share of all epochs that is done.
  var share: Double { epochs > 0 ? min(progress / Double(epochs), 1) : 1 }

  /// What is measured: `loss`, then the metrics; without their validation.
  var names: [String] {
    var names: [String] = []
    for name in Array(curves.keys) + Array(results.keys) {
      let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
      guard plain != "learning_rate", !names.contains(plain) else { continue }
      names.append(plain)
    }
    // Keras' order is that of its progress bar; what training makes small comes first here.
    if let loss = names.firstIndex(of: "loss") { names.insert(names.remove(at: loss), at: 0) }
    return names
  }

  /// The points of a result, that of the epoch under way last.
  func points(of name: String) -> [PlotPoint] {
    var points = curves[name] ?? []
    let isUnderWay = batch > 0 && epoch >= TrainLog.detailedEpochs
    // The first batches of an epoch say little yet.
    if isUnderWay, batch * 4 >= batches, !name.hasPrefix("val_"), let value = results[name] {
      points.append(PlotPoint(x: progress, y: value))
    }
    return points
  }

  /// The newest number of a result: of validation that of the last epoch.
  func latest(_ name: String) -> Double? { results[name] ?? epochResults[name] }
}

/// How the loss changes with the hidden states of a recurrent layer.
public struct LayerGradients: Hashable, Sendable {
  /// The call.
  public let node: NodeID
  /// The layer, behind the models that it stands in.
  public let title: String
  /// Its directions.
  public var directions: [Direction]

  /// One direction.
  public struct Direction: Hashable, Sendable {
    /// Whether it reads from the last timestep to the first.
    public let isBackward: Bool
    /// How much at each timestep, in the order of the input.
    public var norms: [Float]
  }

  init(_ gradients: TimestepGradients, of layer: NamedLayer, at node: NodeID) {
    self.node = node
    let path =
      gradients.path.first == layer.name ? Array(gradients.path.dropFirst()) : gradients.path
    title = ([layer.name] + path).joined(separator: " / ")
    let goesBackward = layer.recurrent?.sequence.goBackwards ?? false
    directions = gradients.directions.enumerated().map { index, direction in
      let isBackward =
        gradients.directions.count > 1
        ? index > 0 : goesBackward || direction.name.hasPrefix("backward_")
      return Direction(isBackward: isBackward, norms: direction.norms)
    }
  }

  /// These gradients, a quarter of the way towards those of another batch: what is shown is the
  /// mean of the last few.
  func moved(towards next: LayerGradients) -> LayerGradients {
    guard node == next.node, title == next.title, directions.count == next.directions.count else {
      return next
    }
    var result = next
    for index in result.directions.indices {
      let before = directions[index].norms
      guard before.count == result.directions[index].norms.count else { continue }
      for t in before.indices where before[t].isFinite {
        result.directions[index].norms[t] =
          before[t] + 0.25 * (next.directions[index].norms[t] - before[t])
      }
    }
    return result
  }
}

import Neural
import Screen
import Synchronization

@testable import Explorer

/// The weights of a file that there is not; notes what is read of it.
final class MadeUpFile: WeightSource {
  private let numbers: ModelWeights
  private let noted = Mutex<[Read]>([])
  private let isDamaged: Bool

  /// Something that was read.
  enum Read: Hashable {
    case all
    case layer(LayerID)
    case stream(LayerID, Int)
  }

  /// What was read so far.
  var reads: [Read] { noted.withLock { $0 } }

  init(_ weights: ModelWeights, isDamaged: Bool = false) {
    numbers = weights
    self.isDamaged = isDamaged
  }

  /// Numbers that tell where they stand: 0.001 for each place in the weight, every other negative.
  convenience init(counting model: Model, isDamaged: Bool = false) {
    var weights = ModelWeights()
    for (layer, specs) in Analysis(of: model).weights where !specs.isEmpty {
      weights.layers[layer] = LayerWeights(specs.map { MadeUpFile.counting($0.shape) })
    }
    self.init(weights, isDamaged: isDamaged)
  }

  /// Numbers as trained weights have them: most near 0, the same on every machine.
  convenience init(spreading model: Model) {
    var weights = ModelWeights()
    var state: UInt64 = 1
    func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 48) / 65536 - 0.5
    }
    for layer in model.layers.keys {
      guard let specs = Analysis(of: model).weights[layer], !specs.isEmpty else { continue }
      weights.layers[layer] = LayerWeights(
        specs.map { spec in
          Tensor(
            spec.shape,
            (0..<spec.shape.reduce(1, *)).map { _ in (next() + next() + next() + next()) / 4 })
        })
    }
    self.init(weights)
  }

  static func counting(_ sizes: [Int]) -> Tensor {
    let count = sizes.reduce(1, *)
    return Tensor(
      sizes, (0..<count).map { Float($0.isMultiple(of: 2) ? $0 : -$0) / 1000 })
  }

  var layers: Set<LayerID> { Set(numbers.layers.keys) }
  func sizes(of layer: LayerID) -> [[Int]] { numbers[layer].tensors.map(\.sizes) }

  private func note(_ read: Read) throws(WeightFault) {
    noted.withLock { $0.append(read) }
    if isDamaged { throw WeightFault("model.keras: is damaged: the HDF5 library fails on it") }
  }

  func weights(of layer: LayerID) throws(WeightFault) -> LayerWeights {
    try note(.layer(layer))
    return numbers[layer]
  }

  func weights() throws(WeightFault) -> ModelWeights {
    try note(.all)
    return numbers
  }

  func stream(
    _ index: Int, of layer: LayerID, _ body: (UnsafeBufferPointer<Float>) -> Void
  ) throws(WeightFault) {
    try note(.stream(layer, index))
    numbers[layer][index].values.withUnsafeBufferPointer { numbers in
      // In odd portions, as files come.
      for start in stride(from: 0, to: numbers.count, by: 7) {
        body(UnsafeBufferPointer(rebasing: numbers[start..<min(start + 7, numbers.count)]))
      }
    }
  }
}

extension ExplorerProbe {
  /// The explorer on a model whose file has weights.
  init(_ model: Model, stored: any WeightSource, size: (Int, Int) = (100, 30)) {
    self.init(size: size)
    state = State(
      documents: [Document(model, path: "model.keras", stored: stored)],
      size: Size(width: size.0, height: size.1))
    state.selectWhatMatters()
    send(.input(.wake))
  }

  /// Opens a made-up file of the model.
  mutating func openMadeUpFile() {
    let model = state.model
    state.documents = [
      Document(model, path: "model.keras", stored: MadeUpFile(spreading: model))
    ]
    state.selectWhatMatters()
    readWeights()
  }

  /// Sums weights up and reads them, as they are asked for.
  mutating func readWeights() {
    while let place = effects.firstIndex(where: \.isAboutWeights) {
      switch effects.remove(at: place) {
      case .summarizeWeights(let request):
        var messages: [Message] = []
        request.carryOut { messages.append($0) }
        for message in messages { send(message) }
      case .readWeight(let request):
        if let message = request.carryOut() { send(message) }
      default: break
      }
    }
  }

  /// Presses keys, reading what follows from each.
  mutating func pressAndRead(_ keys: String) {
    readWeights()
    for key in ExplorerProbe.parse(keys) {
      send(.input(.key(key)))
      readWeights()
    }
  }
}

extension Effect {
  /// Whether it is about weights.
  var isAboutWeights: Bool {
    switch self {
    case .summarizeWeights, .readWeight: true
    default: false
    }
  }
}

/// An embedding, an LSTM in both directions, and a dense layer.
func sentenceModel(units: Int = 5, backward: Bool = true) -> Model {
  let lstm = LSTM(units: units)
  return Model(
    input: InputLayer(batchShape: [nil, 6]),
    layers: [
      NamedLayer("embedding", layer(Embedding.self, ["input_dim": 30, "output_dim": 4])),
      backward
        ? NamedLayer("bidirectional", Bidirectional(NamedLayer("lstm", lstm)))
        : NamedLayer("lstm", lstm),
      NamedLayer("dense", layer(Dense.self, ["units": 2])),
    ])
}

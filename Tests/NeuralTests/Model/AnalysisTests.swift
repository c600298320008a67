import Testing

@testable import Neural

@Suite struct AnalysisTests {
  private func lstm(_ units: Int, sequences: Bool = true) -> LSTM {
    LSTM(units: units, returnSequences: sequences)
  }

  private func stack(_ layers: [(String, any Layer)], input: [Int?] = [32, 128, 20]) -> Model {
    Model(
      input: InputLayer(batchShape: input), layers: layers.map { NamedLayer($0.0, $0.1) })
  }

  @Test func theFirstOriginModelHasItsCounts() {
    let bidirectional = Bidirectional(NamedLayer("lstm", lstm(50)))
    let analysis = Analysis(
      of: stack([
        ("bidirectional", bidirectional), ("batch_normalization", BatchNormalization()),
        ("dropout", Dropout()),
      ]))
    #expect(analysis.total.total == 28_800)
    #expect(analysis.total.trainable == 28_600)
    #expect(analysis.total.nonTrainable == 200)
    #expect(analysis.total.bytes == 115_200)
    #expect(analysis.outputShapes.map(\.sizes) == [[32, 128, 100]])
    // 2 directions × 32 × 128 positions × 4 × (20 + 50) × 50, and one for each normalised number.
    #expect(analysis.multiplyAdds >= 114_688_000)
  }

  @Test func partsAreProvenanceThatLayersKeepOrDrop() {
    let bidirectional = Bidirectional(NamedLayer("lstm", lstm(50)))
    let model = stack([
      ("b", bidirectional), ("n", BatchNormalization()), ("d", Dropout()), ("dense", Dense()),
    ])
    let analysis = Analysis(of: model)
    let parts = model.nodes.keys.map { analysis.reports[$0]?.outputs?.first?.axes.last?.parts }
    let both = [Part(size: 50, origin: .forward), Part(size: 50, origin: .backward)]
    #expect(parts == [[], both, both, both, []])
  }

  @Test func anErrorBlocksWhatStandsBelowAndNothingElse() {
    let model = stack([("a", lstm(4, sequences: false)), ("b", lstm(4)), ("c", Dense())])
    let analysis = Analysis(of: model)
    let reports = model.nodes.keys.compactMap { analysis.reports[$0] }
    #expect(reports[1].error == nil)
    #expect(reports[2].error?.remedy.contains("return_sequences") == true)
    #expect(reports[3].blockedBy == Array(model.nodes.keys)[2])
    #expect(!analysis.total.isBuilt)
    #expect(analysis.total.total == 400)
  }

  @Test func aSharedLayerCountsOnce() {
    var model = Model(name: "m", kind: .functional)
    let a = model.addInput(NamedLayer("a", InputLayer(batchShape: [nil, nil, 8])))
    let b = model.addInput(NamedLayer("b", InputLayer(batchShape: [nil, 4, 8])))
    let shared = model.addLayer(NamedLayer("lstm", lstm(6, sequences: false)))
    let (first, second) = (model.call(shared, on: [a]), model.call(shared, on: [b]))
    let sum = model.call(
      model.addLayer(NamedLayer("add", Add())), on: [TensorRef(first), TensorRef(second)])
    model.outputs = [TensorRef(sum)]
    let analysis = Analysis(of: model)
    #expect(analysis.total.total == 360)
    #expect(analysis.shape(of: TensorRef(sum))?.sizes == [nil, 6])
  }

  @Test func aSharedLayerRefusesInputsThatNeedOtherWeights() {
    var model = Model(name: "m", kind: .functional)
    let a = model.addInput(NamedLayer("a", InputLayer(batchShape: [nil, 3, 8])))
    let b = model.addInput(NamedLayer("b", InputLayer(batchShape: [nil, 3, 9])))
    let shared = model.addLayer(NamedLayer("dense", Dense()))
    model.call(shared, on: [a])
    let second = model.call(shared, on: [b])
    let analysis = Analysis(of: model)
    #expect(analysis.reports[second]?.error?.message.contains("is shared") == true)
    // The conflict goes when its cause goes, whatever an earlier analysis said.
    var mended = model
    if let id = model.nodes[b.node]?.layer {
      mended.replaceLayer(id, with: NamedLayer("b", InputLayer(batchShape: [nil, 3, 8])))
    }
    #expect(Analysis(of: mended, reusing: analysis).reports[second]?.error == nil)
  }

  @Test func inputsAreNamedByWhatReadsThem() {
    func roles(_ shape: [Int?], _ layer: any Layer) -> [AxisRole]? {
      let model = stack([("dropout", Dropout()), ("layer", layer)], input: shape)
      return Analysis(of: model).shape(of: model.inputs[0])?.axes.map(\.role)
    }
    #expect(roles([nil, 80], Embedding()) == [.batch, .time])
    #expect(roles([nil, 80], Dense()) == [.batch, .features])
    #expect(roles([nil, 9, 4], LSTM()) == [.batch, .time, .features])
    #expect(roles([nil, 28, 28, 1], Conv2D()) == [.batch, .height, .width, .channels])
  }

  @Test func aTrillionUnitsAreCountedExactlyAndNothingTraps() {
    let huge = Analysis(of: stack([("lstm", lstm(1_000_000_000_000))]))
    #expect(huge.total.total.grouped == "4,000,000,000,084,000,000,000,000")
    let tooLong = stack(
      [("flatten", Flatten())], input: [nil, 4_194_305, 4_194_305, 211_106_198_978_564])
    #expect(Analysis(of: tooLong).firstError != nil)
    let plane = stack([("dense", Dense())], input: [nil, 1 << 32, 1 << 32])
    #expect(Analysis(of: plane).firstError != nil)
  }

  @Test func whatWasNotChangedIsTakenOverAndTheResultIsTheSame() throws {
    var generator = SeededGenerator(state: 7)
    var model = stack([
      ("b", Bidirectional(NamedLayer("lstm", lstm(8)))), ("n", BatchNormalization()),
      ("l", lstm(5)), ("d", Dense()), ("p", Dropout()), ("e", lstm(3)),
    ])
    var analysis = Analysis(of: model)
    for _ in 0..<400 {
      model = randomEdit(model, &generator)
      analysis = Analysis(of: model, reusing: analysis)
      let fresh = Analysis(of: model)
      #expect(analysis.total == fresh.total)
      #expect(analysis.outputShapes == fresh.outputShapes)
      for node in model.nodes.keys {
        #expect(analysis.reports[node]?.outputs == fresh.reports[node]?.outputs)
        #expect(analysis.reports[node]?.error == fresh.reports[node]?.error)
      }
    }
  }

  private func randomEdit(_ model: Model, _ generator: inout SeededGenerator) -> Model {
    let nodes = Array(model.nodes.keys)
    let node = nodes[Int(generator.next() % UInt64(nodes.count))]
    guard let id = model.nodes[node]?.layer, let layer = model.layers[id] else { return model }
    switch generator.next() % 7 {
    case 0: return (try? model.removing(node)) ?? model
    case 1:
      return model.inserting(NamedLayer(model.freshName(for: "Dense"), Dense()), below: node).model
    case 2: return (try? model.movingUp(node)) ?? model
    case 3: return (try? model.togglingBidirectional(id)) ?? model
    case 4: return (try? model.togglingTimeDistributed(id)) ?? model
    case 5:
      var next = model
      if let changed = try? layer.togglingReturnSequences() { next.replaceLayer(id, with: changed) }
      return next
    default:
      let size = Int(generator.next() % 9) + 1
      return (try? model.settingInputAxis(.features, to: size)) ?? model
    }
  }
}

/// A small random generator with a seed, so that a failure can be seen again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}

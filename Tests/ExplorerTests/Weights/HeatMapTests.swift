import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct WeightMaps {
  /// The explorer on the weights in the inspector, all of them read.
  private func opened(
    _ model: Model = sentenceModel(), keys: String = "", size: (Int, Int) = (100, 30)
  ) -> ExplorerProbe {
    var probe = ExplorerProbe(model, stored: MadeUpFile(counting: model), size: size)
    probe.pressAndRead(keys)
    return probe
  }

  @Test func theInspectorShowsEachWeightAndTabChoosesOne() {
    var probe = opened(size: (160, 50))
    for text in [
      "Weights from the file", "forward →", "backward ←", "kernel", "(4, 20)",
      "recurrent_kernel", "(5, 20)", "bias", "(20,)", "min −0.0790  max 0.0780",
      "mean −0.0005", "std",
    ] {
      #expect(probe.screen.contains(text), "\(text)")
    }
    #expect(probe.line(with: "▁").contains("▁") || probe.line(with: "█").contains("█"))
    probe.pressAndRead("<tab>")
    #expect(probe.screen.contains("▸ kernel"))
    probe.pressAndRead("jj")
    #expect(probe.screen.contains("▸ bias"))
    probe.pressAndRead("<esc>")
    #expect(!probe.screen.contains("▸ bias"))
  }

  @Test func aNarrowInspectorScrollsToTheChosenWeight() {
    var probe = opened(size: (80, 24))
    #expect(!probe.screen.contains("min "))
    probe.pressAndRead("<tab>")
    #expect(probe.screen.contains("▸ kernel") && probe.screen.contains("min "))
    probe.pressAndRead("G")
    #expect(probe.screen.contains("▸ bias") && probe.screen.contains("backward ←"))
    probe.pressAndRead("g")
    #expect(probe.screen.contains("▸ kernel") && probe.screen.contains("Weights from the file"))
  }

  @Test func gatesStandAboveTheirColumnsAndTheCursorSaysWhatItIsOn() {
    var probe = opened(keys: "<tab><enter>")
    let gates = probe.line(with: "unit →").split(separator: "→").last ?? ""
    #expect(gates.split { " │".contains($0) } == ["i", "f", "c", "o"])
    #expect(probe.screen.contains("bidirectional → kernel  (4, 20)  1 of 6"))
    #expect(probe.screen.contains("kernel[0, 0] = 0 · unit 0 of gate i · feature 0"))
    // Row 2, column 7: number 47, the third of gate f.
    probe.pressAndRead("jjlllllll")
    #expect(probe.screen.contains("kernel[2, 7] = −0.047 · unit 2 of gate f · feature 2"))
    probe.pressAndRead("<end>G")
    #expect(probe.screen.contains("kernel[3, 19] = −0.079 · unit 4 of gate o · feature 3"))
    probe.pressAndRead("<home>g")
    #expect(probe.screen.contains("kernel[0, 0] = 0"))
  }

  @Test func tabGoesThroughTheWeightsAndEscGoesBackToTheOneThatWasShown() {
    var probe = opened(keys: "<tab><enter><tab><tab>")
    #expect(probe.screen.contains("→ bias  (20,)  3 of 6"))
    // A line for each gate.
    #expect(probe.screen.contains("gate ↓"))
    probe.pressAndRead("jlll")
    #expect(probe.screen.contains("bias[8] = 0.008 · unit 3 of gate f"))
    probe.pressAndRead("<tab>")
    #expect(probe.screen.contains("← kernel  (4, 20)  4 of 6"))
    probe.pressAndRead("<esc>")
    #expect(probe.screen.contains("▸ kernel") && probe.screen.contains("backward ←"))
  }

  @Test func aGRUsBiasHasALineForTheInputAndOneForTheState() {
    let model = recurrentModel(layer(GRU.self, ["units": 3]), timesteps: 4, features: 2)
    let probe = opened(model, keys: "<tab>jj<enter>lllllj")
    #expect(probe.screen.contains("recurrent"))
    #expect(probe.screen.contains("bias[1, 5] = 0.014 · unit 2 of gate r · recurrent bias"))
    #expect(probe.line(with: "unit →").contains("z") && probe.line(with: "unit →").contains("h"))
  }

  @Test func aLargeMatrixIsSeenWholeAndZoomsToItsNumbers() {
    let model = Model(
      input: InputLayer(batchShape: [nil, 1024]),
      layers: [NamedLayer("dense", layer(Dense.self, ["units": 2048]))])
    var probe = opened(model, keys: "<tab><enter>", size: (80, 24))
    #expect(probe.screen.contains("a cell is the mean of 64 × 32 numbers"))
    #expect(probe.screen.contains("feature 0 · cell mean "))
    probe.pressAndRead("<end>G")
    #expect(probe.screen.contains("feature 960"))
    probe.pressAndRead("zz")
    #expect(probe.screen.contains("rows ") && probe.screen.contains("of 1,024"))
    #expect(!probe.screen.contains("a cell is the mean"))
    probe.pressAndRead("<end>G")
    // Number 2,097,151 of the weight: an odd one.
    #expect(probe.screen.contains("kernel[1023, 2047] = −2097.151"))
    probe.pressAndRead("zz")
    #expect(probe.screen.contains("≣   −2097"))
    probe.pressAndRead("z")
    #expect(probe.screen.contains("a cell is the mean of 64 × 32 numbers"))
    probe.pressAndRead("-+")
    #expect(probe.screen.contains("a cell is the mean of"))
  }

  @Test func meansAreThoseOfTheirBlocksAndEndWithAGate() {
    let numbers = MadeUpFile.counting([6, 10])
    var builder = BlockMeans.Builder(rows: 6, columns: 10, segment: 5)
    numbers.values.withUnsafeBufferPointer {
      builder.take(.init(rebasing: $0[..<13]))
      builder.take(.init(rebasing: $0[13...]))
    }
    let means = builder.finished()
    #expect(means.means == numbers.values)
    #expect(builder.largest == 0.059)
    let merged = means.merged(blockRows: 4, blockColumns: 2)
    #expect(merged.cellRows == 2 && merged.cellColumns == 6)
    #expect(merged.columns(of: 2) == 4..<5 && merged.columns(of: 3) == 5..<7)
    func mean(_ rows: Range<Int>, _ columns: Range<Int>) -> Float {
      let picked = rows.flatMap { row in columns.map { Double(numbers[row, $0]) } }
      return Float(picked.reduce(0, +) / Double(picked.count))
    }
    for row in 0..<2 {
      for column in 0..<6 {
        let expected = mean(merged.rows(of: row), merged.columns(of: column))
        #expect(abs(merged[row, column] - expected) < 1e-7)
      }
    }
    // Twice in steps is once at large.
    let steps = means.merged(blockRows: 2, blockColumns: 1).merged(blockRows: 4, blockColumns: 2)
    #expect(zip(steps.means, merged.means).allSatisfy { abs($0 - $1) < 1e-7 })
  }

  @Test func ofAConvolutionAKeyGoesThroughThePositions() {
    let model = Model(
      input: InputLayer(batchShape: [nil, 8, 8, 3]),
      layers: [NamedLayer("conv2d", layer(Conv2D.self, ["filters": 4, "kernel_size": [2, 2]]))])
    var probe = opened(model, keys: "<tab><enter>")
    #expect(probe.screen.contains("position 0, 0 of 2 × 2"))
    probe.pressAndRead("..jl")
    #expect(probe.screen.contains("position 1, 0 of 2 × 2"))
    #expect(
      probe.screen.contains(
        "kernel[1, 0, 1, 1] = −0.029 · filter 1 · channel 1 · position (1, 0)"))
    probe.pressAndRead(".....")
    #expect(probe.screen.contains("position 1, 1 of 2 × 2"))
  }

  @Test func rowsOfAnEmbeddingAreTokensAndVectorsAreWrapped() {
    var probe = opened(keys: "k<tab><enter>zjjjl")
    #expect(probe.screen.contains("embeddings[3, 1] = −0.013 · feature 1 · token 3"))
    let model = Model(
      input: InputLayer(batchShape: [nil, 2]),
      layers: [NamedLayer("dense", layer(Dense.self, ["units": 300]))])
    probe = opened(model, keys: "<tab>j<enter>", size: (80, 24))
    #expect(probe.screen.contains("bias[0] = 0 · unit 0"))
    probe.pressAndRead("jl")
    let below = probe.line(with: "bias[")
    #expect(below.contains("bias[31] = −0.031 · unit 31"))
    probe.pressAndRead("G<end>")
    #expect(probe.line(with: "bias[").contains("bias[299]"))
  }

  @Test func withoutNumbersEnterSaysWhatToDo() {
    var probe = ExplorerProbe(bidirectionalModel(), size: (160, 50))
    probe.press("j")
    #expect(probe.screen.contains("no numbers yet: space runs the model"))
    #expect(probe.screen.contains("first values: glorot_uniform"))
    #expect(probe.screen.contains("first values: zeros, 1 for gate f"))
    probe.press("<tab><enter>")
    #expect(probe.screen.contains("no numbers yet: space runs the model, then enter shows them"))
    probe.pressAndRead("21<tab><enter>")
    #expect(probe.screen.contains("kernel[0, 0] = "))
    #expect(probe.screen.contains("first values"))
  }

  @Test func theCommandOpensAWeightByName() {
    var probe = opened()
    probe.pressAndRead(":weight backward_lstm/bias<enter>")
    #expect(probe.screen.contains("← bias"))
    probe.pressAndRead("<esc>:weight kernl<enter>")
    #expect(probe.screen.contains("did you mean kernel?"))
    probe.pressAndRead("G:weight<enter>")
    #expect(probe.screen.contains("select the layer"))
  }

  @Test func theMapClosesWithItsWeight() {
    var probe = opened(sentenceModel(backward: false), keys: "e6<enter>u<tab><enter>")
    #expect(probe.screen.contains("kernel[0, 0]"))
    probe.pressAndRead("<ctrl-r>")
    #expect(probe.screen.contains("no numbers yet"))
    probe.pressAndRead("u<tab><enter>2")
    #expect(probe.state.weights.map == nil)
  }

  @Test func notANumberIsSeenAndTold() throws {
    let model = sentenceModel()
    let dense = try #require(model.layers.first { $0.value.name == "dense" }?.key)
    var weights = ModelWeights()
    weights.layers[dense] = LayerWeights([
      Tensor([10, 2], repeating: .nan), Tensor([2], [.infinity, -1]),
    ])
    var probe = ExplorerProbe(model, stored: MadeUpFile(weights), size: (160, 50))
    probe.pressAndRead("j<tab>")
    #expect(probe.screen.contains("20 not a number") && probe.screen.contains("1 infinite"))
    probe.pressAndRead("<enter>")
    #expect(probe.screen.contains("kernel[0, 0] = NaN"))
    #expect(probe.screen.contains("N no number"))
  }

  @Test func ofAHugeMatrixNumbersAreReadAroundTheCursor() throws {
    let axes = WeightAxes("kernel", sizes: [5000, 4000], of: Dense())
    let tensor = Tensor([5000, 4000]) { out in
      for index in 0..<out.count { out[index] = Float(index % 1000) }
    }
    let model = sentenceModel()
    let layer = try #require(model.layers.keys.first)
    var weights = ModelWeights()
    weights.layers[layer] = LayerWeights([tensor])
    let request = WeightReadRequest(
      number: 1,
      place: .init(
        key: WeightKey(
          place: .init(document: 0, layer: layer), revision: nil, sizes: [[5000, 4000]]),
        index: 0, slice: 0),
      axes: axes, middle: 3000 * 4000, numbers: .file(WholeFile(weights)))
    guard case .weightRead(1, let plane) = request.carryOut() else {
      Issue.record("nothing was read")
      return
    }
    #expect(plane.value(3000, 0) == 0 && plane.value(3000, 999) == 999)
    #expect(plane.value(0, 0) == nil && plane.value(4999, 0) == nil)
    #expect(plane.largest == 999)
    #expect(plane.means.cellRows <= 1024 && plane.means.means.count <= 1 << 20)
    #expect(
      plane.means.merged(
        blockRows: plane.means.blockRows * 1000, blockColumns: plane.means.blockColumns * 1000
      )
      .means.allSatisfy { abs($0 - 499.5) < 0.01 })
  }

  @Test(arguments: [(60, 16), (80, 24), (100, 30), (160, 50), (300, 100)])
  func everySizeIsDrawnWithoutTrapping(width: Int, height: Int) {
    for keys in ["", "z", "zz", "zzz", "zzzz", "G<end>", "<pgdn><pgup>", "<tab>", "<tab><tab>"] {
      var probe = opened(keys: "<tab><enter>" + keys, size: (width, height))
      #expect(probe.screen.contains("Weight  bidirectional"))
      probe.mouse(.press, x: width / 2, y: height / 2)
      probe.mouse(.wheelDown, x: width / 2, y: height / 2)
      probe.resize(70, 18)
      probe.readWeights()
      #expect(probe.screen.contains("Weight  bidirectional"))
    }
  }
}

/// A made-up file that hands out a weight in one portion, as converted ones come.
private final class WholeFile: WeightSource {
  private let numbers: ModelWeights
  init(_ numbers: ModelWeights) { self.numbers = numbers }

  var layers: Set<LayerID> { Set(numbers.layers.keys) }
  func sizes(of layer: LayerID) -> [[Int]] { numbers[layer].tensors.map(\.sizes) }
  func weights(of layer: LayerID) throws(WeightFault) -> LayerWeights { numbers[layer] }
  func weights() throws(WeightFault) -> ModelWeights { numbers }
  func stream(
    _ index: Int, of layer: LayerID, _ body: (UnsafeBufferPointer<Float>) -> Void
  ) throws(WeightFault) {
    numbers[layer][index].values.withUnsafeBufferPointer(body)
  }
}

import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct WeightsOfAFile {
  private func id(_ name: String, _ model: Model) throws -> LayerID {
    try #require(model.layers.first { $0.value.name == name }?.key)
  }

  @Test func openingReadsNothingAndLookingReadsOneLayerOnce() throws {
    let model = sentenceModel()
    let file = MadeUpFile(counting: model)
    var probe = ExplorerProbe(model, stored: file, size: (160, 50))
    #expect(file.reads.isEmpty)
    #expect(probe.screen.contains("Weights from the file"))
    #expect(probe.screen.contains("reading …"))
    probe.readWeights()
    let (layer, embedding) = (try id("bidirectional", model), try id("embedding", model))
    #expect(file.reads == [.layer(layer)])
    probe.press("k")
    probe.press("j")
    probe.readWeights()
    // Both were asked for; only what was not known is read.
    #expect(file.reads == [.layer(layer), .layer(embedding)])
    probe.pressAndRead("kj<tab><tab><tab>ee<esc>")
    #expect(file.reads.count == 2)
  }

  @Test func aRunTakesTheNumbersOfTheFile() throws {
    let model = sentenceModel()
    let file = MadeUpFile(counting: model)
    var probe = ExplorerProbe(model, stored: file, size: (160, 50))
    probe.press("2")
    #expect(file.reads == [.all])
    let dense = try id("dense", model)
    #expect(probe.state.document.weights[dense].tensors.first == MadeUpFile.counting([10, 2]))
    #expect(!probe.state.document.isModified)
    // Another run has them in memory.
    probe.press(":input ramp<enter>")
    #expect(file.reads == [.all])
    probe.press("1")
    #expect(probe.state.sourceOfNumbers(dense) == "from the file")
  }

  @Test func anEditKeepsTheFileWhereSizesFitAndUndoBringsItBack() throws {
    let model = sentenceModel(backward: false)
    let file = MadeUpFile(counting: model)
    var probe = ExplorerProbe(model, stored: file, size: (160, 50))
    let (lstm, dense) = (try id("lstm", model), try id("dense", model))
    let embedding = try id("embedding", model)
    func source(_ layer: LayerID) -> String { probe.state.sourceOfNumbers(layer) }
    probe.press("e6<enter>")
    #expect(source(lstm).isEmpty && source(dense).isEmpty)
    #expect(source(embedding) == "from the file")
    #expect(probe.screen.contains("no numbers yet: space runs the"))
    probe.press("u")
    #expect(source(lstm) == "from the file" && source(dense) == "from the file")
    probe.press("e6<enter>2")
    // One layer of three is needed: it alone is read.
    #expect(file.reads == [.layer(embedding)])
    #expect(source(lstm) == "first values")
    probe.press("1e5<enter>")
    #expect(source(lstm) == "from the file")
    #expect(probe.state.document.seed == 0)
  }

  @Test func aSeedDrawsAnewAndUndoGoesBackToTheFile() throws {
    let model = sentenceModel(backward: false)
    var probe = ExplorerProbe(model, stored: MadeUpFile(counting: model), size: (160, 50))
    let lstm = try id("lstm", model)
    probe.press(":seed 7<enter>")
    #expect(probe.state.document.isModified)
    #expect(probe.screen.contains("not read from the file"))
    probe.press("2")
    #expect(probe.state.sourceOfNumbers(lstm) == "first values")
    probe.press("1u")
    #expect(probe.state.sourceOfNumbers(lstm) == "from the file")
    #expect(!probe.state.document.isModified)
    #expect(probe.state.document.seed == 0)
  }

  @Test func whatCannotBeReadIsToldOnce() throws {
    let model = sentenceModel()
    let file = MadeUpFile(counting: model, isDamaged: true)
    var probe = ExplorerProbe(model, stored: file, size: (160, 50))
    probe.readWeights()
    #expect(probe.screen.contains("✗ model.keras: is damaged"))
    probe.press("<tab>")
    #expect(file.reads.count == 1)
    probe.press("2")
    #expect(probe.screen.contains("The model cannot be run on this"))
    #expect(probe.screen.contains("model.keras: is damaged"))
    probe.pressAndRead("1<tab><enter>")
    #expect(probe.screen.contains("The weight cannot be read"))
  }

  @Test func completingRefusesWhatTakesTooMuchMemory() throws {
    let model = sentenceModel()
    let needed = Analysis(of: model).weights
    let file = MadeUpFile(counting: model)
    #expect(throws: PassError.self) {
      try ModelWeights().completed(from: file, for: needed, limit: MemoryLimit(bytes: 100))
    }
    #expect(file.reads.isEmpty)
    let read = try ModelWeights().completed(from: file, for: needed)
    #expect(read.layers.count == 3)
    let again = try read.completed(from: file, for: needed)
    #expect(again.layers.count == 3)
    #expect(file.reads == [.all])
  }

  @Test func trainingStartsFromTheFile() throws {
    let model = taggingModel()
    let file = MadeUpFile(counting: model)
    var probe = ExplorerProbe(model, stored: file, size: (160, 50))
    probe.press("3")
    probe.prepare()
    probe.press(" ")
    let start = try #require(probe.trainStart)
    #expect(file.reads.isEmpty)
    let run = try TrainingRun(
      number: start.number, plan: start.plan, weights: start.weights, stored: start.stored)
    #expect(!file.reads.isEmpty)
    let layer = try #require(file.layers.first)
    #expect(run.outcome?.weights[layer].tensors.map(\.sizes) == file.sizes(of: layer))
    let tensors = try file.weights(of: layer).tensors
    #expect(run.outcome?.weights[layer].tensors == tensors)
  }

  @Test func anAnswerToAnEarlierFileIsNotLookedAt() throws {
    let model = sentenceModel()
    var probe = ExplorerProbe(model, stored: MadeUpFile(counting: model), size: (160, 50))
    let old = probe.effects.last { $0.isAboutWeights }
    guard case .summarizeWeights(let request) = try #require(old) else { return }
    probe.send(
      .opened(
        models: [Document(model, path: "b.keras", stored: MadeUpFile(counting: model))],
        current: 0, remarks: []))
    request.carryOut { probe.send($0) }
    #expect(probe.screen.contains("reading …"))
    probe.readWeights()
    #expect(!probe.screen.contains("reading …"))
  }
}

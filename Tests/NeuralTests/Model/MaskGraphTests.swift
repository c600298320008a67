import Testing

@testable import Neural

@Suite struct MaskGraphTests {
  private func functional(_ input: InputLayer) -> (model: Model, tensor: TensorRef) {
    var model = Model(name: "functional", kind: .functional)
    let tensor = model.addInput(NamedLayer("input_layer", input))
    return (model, tensor)
  }

  private func add(_ layer: NamedLayer, on inputs: [TensorRef], to model: inout Model) -> TensorRef
  {
    TensorRef(model.call(model.addLayer(layer), on: inputs))
  }

  private var embedding: Embedding {
    var layer = Embedding()
    layer.maskZero = true
    return layer
  }

  @Test func theMaskOfAnEmbeddingReachesTheLSTM() {
    var (model, x) = functional(InputLayer(batchShape: [nil, 7], dtype: "int32"))
    x = add(NamedLayer("embedding", embedding), on: [x], to: &model)
    x = add(NamedLayer("lstm", LSTM()), on: [x], to: &model)
    model.outputs = [x]
    let whole = model.withMaskOperations()
    #expect(whole.layers.values.map(\.name) == ["input_layer", "embedding", "lstm", "not_equal"])
    let mask = whole.nodes[x.node]?.mask
    #expect(mask.flatMap { whole.layer(of: $0.node)?.name } == "not_equal")
    let shape = mask.flatMap { Analysis(of: whole).shape(of: $0) }
    #expect(shape?.sizes == [nil, 7])
  }

  @Test func aMaskThatNobodyLooksAtIsNotThere() {
    var (model, x) = functional(InputLayer(batchShape: [nil, 7, 3]))
    x = add(NamedLayer("masking", MaskingLayer()), on: [x], to: &model)
    x = add(NamedLayer("dense", Dense()), on: [x], to: &model)
    model.outputs = [x]
    #expect(model.withMaskOperations() == model)
  }

  @Test func reservedNamesAreTaken() {
    var (model, x) = functional(InputLayer(batchShape: [nil, 7, 3]))
    let masking = model.addLayer(NamedLayer("masking", MaskingLayer()))
    x = TensorRef(model.call(masking, on: [x], maskNames: ["not_equal_3", "any_2"]))
    x = add(NamedLayer("gru", GRU()), on: [x], to: &model)
    model.outputs = [x]
    let names = model.withMaskOperations().layers.values.map(\.name)
    #expect(names.suffix(2) == ["not_equal_3", "any_2"])
  }

  @Test func aSumHasTheMaskOfBothOrNone() {
    let add = MaskRecipe(of: Add(), masks: [2, 2])
    #expect(add.steps.map(\.className) == ["LogicalOr"])
    #expect(MaskRecipe(of: Add(), masks: [2, nil]).outputs == [nil])
    #expect(MaskRecipe(of: Dot(), masks: [2, 2]).outputs == [])
  }

  @Test func aConcatenationMakesItsMaskInKerasOrder() {
    let recipe = MaskRecipe(of: Concatenate(), masks: [2, nil], ranks: { [3, 3] })
    #expect(
      recipe.steps.map(\.className) == [
        "ExpandDims", "ZerosLike", "LogicalOr", "OnesLike", "Concatenate", "Any",
      ])
    #expect(recipe.outputRanks(masks: [2, nil], ranks: [3, 3]) == [2])
  }

  @Test func anInitialStateKeepsTheMaskOutOfTheCall() {
    var (model, x) = functional(InputLayer(batchShape: [nil, 7, 3]))
    x = add(NamedLayer("masking", MaskingLayer()), on: [x], to: &model)
    let state = model.addInput(NamedLayer("state", InputLayer(batchShape: [nil, 32])))
    x = add(NamedLayer("gru", GRU()), on: [x, state], to: &model)
    model.outputs = [x]
    #expect(model.withMaskOperations().nodes[x.node]?.mask == nil)
  }

  @Test func foldingIsTheInverse() {
    var (model, x) = functional(InputLayer(batchShape: [nil, 7, 3]))
    x = add(NamedLayer("masking", MaskingLayer()), on: [x], to: &model)
    x = add(NamedLayer("lstm", LSTM(units: 4, returnSequences: true)), on: [x], to: &model)
    x = add(NamedLayer("lstm_1", LSTM(units: 4)), on: [x], to: &model)
    model.outputs = [x]
    let whole = model.withMaskOperations()
    var kinds: [NodeID: MaskOperation.Kind] = [:]
    for node in whole.nodes.values {
      kinds[node.id] = (whole.layers[node.layer]?.layer as? MaskOperation)?.kind
    }
    let folded = whole.foldingMaskOperations(kinds, isComplete: true)
    #expect(folded.layers.values.map(\.name) == model.layers.values.map(\.name))
    #expect(folded.nodes.values.allSatisfy { $0.mask == nil && $0.keywords.isEmpty })
    #expect(
      folded.withMaskOperations().layers.values.map(\.name) == whole.layers.values.map(\.name))
  }

  @Test func anOperationThatIsAlsoAnOutputStays() {
    var (model, x) = functional(InputLayer(batchShape: [nil, 7], dtype: "int32"))
    let mask = add(NamedLayer("not_equal", MaskOperation(.notEqual(0))), on: [x], to: &model)
    x = add(NamedLayer("embedding", embedding), on: [x], to: &model)
    let lstm = model.call(model.addLayer(NamedLayer("lstm", LSTM())), on: [x], mask: mask)
    model.outputs = [TensorRef(lstm), mask]
    let folded = model.foldingMaskOperations([mask.node: .notEqual(0)], isComplete: true)
    #expect(folded.nodes[lstm]?.mask == mask)
  }
}

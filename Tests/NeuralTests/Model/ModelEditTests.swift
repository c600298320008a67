import Testing

@testable import Neural

@Suite struct ModelEditTests {
  private func towers() -> (model: Model, left: NodeID, right: NodeID, join: NodeID) {
    var model = Model(name: "m", kind: .functional)
    let a = model.addInput(NamedLayer("a", InputLayer(batchShape: [nil, 5, 8])))
    let b = model.addInput(NamedLayer("b", InputLayer(batchShape: [nil, 5, 8])))
    let left = model.call(model.addLayer(NamedLayer("lstm", LSTM(units: 4))), on: [a])
    let right = model.call(model.addLayer(NamedLayer("lstm_1", LSTM(units: 4))), on: [b])
    let join = model.call(
      model.addLayer(NamedLayer("add", Add())), on: [TensorRef(left), TensorRef(right)])
    model.outputs = [TensorRef(join)]
    return (model, left, right, join)
  }

  @Test func insertingBelowTakesOverTheConsumers() {
    let (model, left, _, join) = towers()
    let (next, new) = model.inserting(NamedLayer("dropout", Dropout()), below: left)
    #expect(next.nodes[new]?.inputs == [TensorRef(left)])
    #expect(next.nodes[join]?.inputs.first == TensorRef(new))
    #expect(Analysis(of: next).firstError == nil)
  }

  @Test func insertingBelowTheLastLayerMovesTheOutput() {
    let (model, _, _, join) = towers()
    let (next, new) = model.inserting(NamedLayer("dense", Dense()), below: join)
    #expect(next.outputs == [TensorRef(new)])
  }

  @Test func removingAJoinKeepsEveryTower() throws {
    let (model, left, right, join) = towers()
    let next = try model.removing(join)
    #expect(Set(next.outputs) == [TensorRef(left), TensorRef(right)])
    #expect(next.layers.values.map(\.name) == ["a", "b", "lstm", "lstm_1"])
  }

  @Test func removingALayerConnectsWhatWasAroundIt() throws {
    let (model, left, _, join) = towers()
    let next = try model.removing(left)
    #expect(next.nodes[join]?.inputs.first == model.inputs[0])
    #expect(next.nodes[left] == nil)
  }

  @Test func anInputStays() {
    let (model, _, _, _) = towers()
    #expect(throws: EditError.self) { try model.removing(model.inputs[0].node) }
  }

  @Test func movingSwapsNeighboursOfAChain() throws {
    let model = Model(
      input: InputLayer(batchShape: [nil, 5, 8]),
      layers: [NamedLayer("a", Dense()), NamedLayer("b", Dropout()), NamedLayer("c", Dense())])
    let nodes = Array(model.nodes.keys)
    func names(_ model: Model) -> [String?] { model.nodes.keys.map { model.layer(of: $0)?.name } }
    #expect(names(try model.movingUp(nodes[2])) == ["input_layer", "b", "a", "c"])
    #expect(names(try model.movingDown(nodes[2])) == ["input_layer", "a", "c", "b"])
    #expect(throws: EditError.self) { try model.movingUp(nodes[1]) }
    #expect(throws: EditError.self) { try model.movingDown(nodes[3]) }
  }

  @Test func aJoinCannotBeMovedPastItsTowers() {
    let (model, left, _, join) = towers()
    #expect(throws: EditError.self) { try model.movingUp(join) }
    #expect(throws: EditError.self) { try model.movingDown(left) }
  }

  @Test func wrappingAndUnwrappingGivesTheSameLayerBack() throws {
    let (model, left, _, _) = towers()
    let id = try #require(model.nodes[left]?.layer)
    let wrapped = try model.togglingBidirectional(id)
    #expect(wrapped.layers[id]?.name == "bidirectional")
    #expect(wrapped.layers[id]?.className == "Bidirectional")
    #expect(try wrapped.togglingBidirectional(id) == model)
  }

  @Test func aChosenNameSurvivesWrapping() throws {
    let model = Model(
      input: InputLayer(batchShape: [nil, 5, 8]), layers: [NamedLayer("reader", LSTM(units: 4))])
    let id = try #require(model.layers.keys.last)
    let wrapped = try model.togglingBidirectional(id)
    #expect(wrapped.layers[id]?.name == "reader")
    #expect(try wrapped.togglingBidirectional(id).layers[id]?.name == "reader")
  }

  @Test func bothDirectionsFollowWhatTheyMustAgreeOn() throws {
    var bidirectional = Bidirectional(NamedLayer("lstm", LSTM(units: 4)))
    var backward = LSTM(units: 6)
    backward.options.goBackwards = true
    bidirectional.backward = NamedLayer("lstm_1", backward)
    let layer = try NamedLayer("b", bidirectional).togglingReturnSequences()
    let changed = try #require(layer.layer as? Bidirectional)
    #expect(changed.forwardLayer?.sequence.returnSequences == true)
    #expect(changed.backwardLayer?.sequence.returnSequences == true)
  }

  @Test func unknownSettingsSayWhichOneWasMeant() {
    #expect {
      try NamedLayer("lstm", LSTM()).setting("untis", to: 3)
    } throws: { error in
      "\(error)".contains("did you mean units?")
    }
  }
}

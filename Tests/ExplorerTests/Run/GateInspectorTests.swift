import Neural
import Screen
import Testing

@testable import Explorer

@Suite struct GateInspection {
  /// A layer with sequences, so that everything it does is on the screen.
  private func probe(_ type: any Layer.Type, _ settings: [String: ConfigValue] = [:])
    -> ExplorerProbe
  {
    let inner = layer(type, ["units": 5, "return_sequences": true].merging(settings) { $1 })
    var probe = ExplorerProbe(recurrentModel(bidirectional(inner)), size: (100, 30))
    probe.press("2llljj")
    return probe
  }

  private func agree(_ a: Float?, _ b: Float?) -> Bool {
    guard let a, let b else { return false }
    return abs(a - b) < 3e-4
  }

  @Test func lstmSpellsItsArithmeticOut() {
    let probe = probe(LSTM.self)
    let cell = probe.numbers(behind: "c")
    #expect(cell.count == 5)
    #expect(agree(cell[0] * cell[1] + cell[2] * cell[3], cell[4]))
    #expect(agree(cell[0], probe.gate("forget gate")))
    #expect(agree(cell[2], probe.gate("input gate")))
    #expect(agree(cell[3], probe.gate("candidate")))
    let hidden = probe.numbers(behind: "h")
    #expect(hidden.count == 3)
    #expect(agree(hidden[0] * hidden[1], hidden[2]))
    #expect(agree(hidden[0], probe.gate("output gate")))
    #expect(probe.line(with: "│ h = ").contains("o·tanh(c)"))
    #expect(probe.screen.contains("┌ forward · t = 3 · unit 2 "))
  }

  @Test(arguments: [true, false])
  func gruSpellsItsArithmeticOutWithBothResets(resetAfter: Bool) {
    let probe = probe(GRU.self, ["reset_after": .bool(resetAfter)])
    let hidden = probe.numbers(behind: "h")
    #expect(hidden.count == 5)
    #expect(agree(hidden[0] * hidden[1] + hidden[2] * hidden[3], hidden[4]))
    #expect(agree(hidden[0] + hidden[2], 1))
    #expect(agree(hidden[3], probe.gate("candidate")))
    #expect(
      probe.line(with: "│ g = ").contains(resetAfter ? "r·(h₋₁·U + b)" : "(r·h₋₁)·U"))
  }

  @Test func simpleRNNHasOneFormulaAndItsStateBefore() {
    let probe = probe(SimpleRNN.self, ["activation": "relu"])
    #expect(probe.line(with: "│ h = ").contains("relu(x·W + h₋₁·U + b)"))
    #expect(probe.line(with: "from t = 2").contains("h₋₁ ="))
  }

  @Test func anotherActivationIsNamedAndComputed() {
    let probe = probe(LSTM.self, ["activation": "relu"])
    let hidden = probe.numbers(behind: "h")
    #expect(probe.line(with: "│ h = ").contains("o·relu(c)"))
    #expect(agree(hidden[0] * hidden[1], hidden[2]))
  }

  @Test func theOtherDirectionShowsItsOwnTimestep() {
    var probe = probe(LSTM.self)
    probe.press("<tab>")
    #expect(probe.screen.contains("┌ backward · t = 8 · unit 2 "))
    #expect(probe.screen.contains("from t = 9"))
    probe.press("<home>")
    #expect(probe.screen.contains("the first step, from the initial state"))
  }

  @Test func theNumbersAreThoseOfAPass() throws {
    let model = bidirectionalModel()
    var probe = ExplorerProbe(model)
    probe.press("2:goto 7<enter>jjjjjjjjjjjj<tab>")
    let inputs = try SampleInput.sine.tensors(for: model, samples: 1, length: nil)
    let analysis = try PassPlan(model, inputSizes: inputs.map(\.sizes)).analysis
    var options = PassOptions()
    options.recordingBytes = 1 << 26
    let pass = try model.pass(
      on: inputs, weights: try ModelWeights(initializing: model, analysis, seed: 0),
      options: options)
    let node = try #require(model.nodes.keys.dropFirst().first)
    let recording = try #require(pass.passes[node]?.recordings.first)
    #expect(probe.screen.contains("┌ backward · t = 120 · unit 12 "))
    for (title, quantity) in [
      ("input gate", Quantity.inputGate), ("forget gate", .forgetGate), ("candidate", .candidate),
      ("output gate", .outputGate),
    ] {
      let value = recording.directions[1].value(quantity, t: 120, unit: 12, sample: 0)
      #expect(agree(probe.gate(title), value))
    }
    let value = recording.directions[1].value(.hiddenState, t: 120, unit: 12, sample: 0)
    #expect(agree(probe.numbers(behind: "h").last, value))
  }
}

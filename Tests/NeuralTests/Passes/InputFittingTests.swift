import Testing

@testable import Neural

/// What fits a model's inputs, as in Keras' `_adjust_input_rank`, and what is said otherwise.
@Suite struct InputFittingTests {
  private func lstm(_ shape: [Int?]?) -> Model {
    Model(
      input: InputLayer(batchShape: shape),
      layers: [NamedLayer("lstm", LSTM(units: 3, returnSequences: true))])
  }

  private func message(_ model: Model, _ sizes: [[Int]]) -> String {
    do {
      _ = try PassPlan(model, inputSizes: sizes)
      return "fits"
    } catch {
      return error.description
    }
  }

  @Test func aLastAxisOfSizeOneIsAddedOrDropped() throws {
    #expect(try PassPlan(lstm([nil, 5, 1]), inputSizes: [[2, 5]]).inputSizes == [[2, 5, 1]])
    #expect(
      try PassPlan(lstm([nil, 5, 4]), inputSizes: [[2, 5, 4, 1]]).inputSizes == [[2, 5, 4]])
    #expect(message(lstm([nil, 5, 4]), [[2, 5, 4, 2]]).contains("has 4 axes, the model takes 3"))
  }

  @Test func anyNumberOfSamplesFits() {
    #expect(message(lstm([7, 5, 4]), [[2, 5, 4]]) == "fits")
    #expect(message(lstm([nil, nil, 4]), [[2, 9, 4]]) == "fits")
  }

  @Test func oneTimestepIsEnough() throws {
    let model = lstm([nil, nil, 4])
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 1)
    let pass = try model.pass(on: [Tensor([2, 1, 4], repeating: 1)], weights: weights)
    #expect(pass.outputs.map(\.sizes) == [[2, 1, 3]])
  }

  @Test(
    arguments: [
      (
        [[2, 5, 3]],
        "the input has 3 features, the model takes 4: found (2, 5, 3), "
          + "expected (None, 5, 4)"
      ),
      (
        [[2, 5, 1]],
        "the input has 1 feature, the model takes 4: found (2, 5, 1), "
          + "expected (None, 5, 4)"
      ),
      (
        [[2, 6, 4]],
        "the input has 6 timesteps, the model takes 5: found (2, 6, 4), "
          + "expected (None, 5, 4); --timesteps 6 makes the model take them"
      ),
      (
        [[5, 4]],
        "the input has 2 axes, the model takes 3: found (5, 4), expected (None, 5, 4); "
          + "the batch axis is missing: one sample is (1, 5, 4)"
      ),
      ([[5]], "the input has 1 axis, the model takes 3: found (5,), expected (None, 5, 4)"),
      ([[0, 5, 4]], "the input has no samples: its shape is (0, 5, 4)"),
      ([[]], "the input is a single number; give it a batch axis: (1, …)"),
      ([[2, 5, 4], [2, 5, 4]], "the model takes 1 input, found 2"),
      ([], "the model takes 1 input, found 0"),
    ] as [([[Int]], String)])
  func whatDoesNotFitIsSaid(_ sizes: [[Int]], expected: String) {
    #expect(message(lstm([nil, 5, 4]), sizes) == expected)
  }

  @Test func noTimestepsAreRefusedWithTheReason() {
    let reason = "has no timesteps: its shape is (2, 0, 4)"
    #expect(message(lstm([nil, nil, 4]), [[2, 0, 4]]).contains(reason))
    // Nor by an input that says nothing of its shape.
    #expect(message(lstm(nil), [[2, 0, 4]]).contains(reason))
    #expect(message(lstm([nil, nil, nil]), [[2, 5, 0]]).contains("has no features"))
  }

  @Test func anInputOfWordNumbersHasTimesteps() {
    let model = Model(
      input: InputLayer(batchShape: [nil, 80]),
      layers: [NamedLayer("embedding", Embedding()), NamedLayer("lstm", LSTM(units: 3))])
    #expect(message(model, [[2, 70]]).hasPrefix("the input has 70 timesteps, the model takes 80"))
  }

  @Test func severalInputsAreNamed() {
    var model = Model(name: "model", kind: .functional)
    let one = model.addInput(NamedLayer("left", InputLayer(batchShape: [nil, 4])))
    let other = model.addInput(NamedLayer("right", InputLayer(batchShape: [nil, 4])))
    let sum = model.addLayer(NamedLayer("add", Add()))
    model.outputs = [TensorRef(model.call(sum, on: [one, other]))]
    #expect(message(model, [[2, 4], [2, 4]]) == "fits")
    #expect(message(model, [[2, 4], [2, 3]]).hasPrefix("the input right has 3 features"))
    #expect(
      message(model, [[2, 4]])
        == "the model takes 2 inputs, found 1; give one for each of left, right")
    #expect(message(model, [[2, 4], [3, 4]]) != "fits")
  }
}

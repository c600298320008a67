import Testing

@testable import Neural

/// The way back through models: calls that share a layer, branches, models inside models.
@Suite struct ModelGradientTests {
  private func dense(_ units: Int, _ activation: String = "tanh") throws -> Dense {
    var layer = Dense()
    layer.units = units
    try layer.set("activation", to: .string(activation))
    return layer
  }

  /// Two towers that share a layer and a model, subtracted, normalised and joined once more.
  private func towers() throws -> Model {
    var penalty = ActivityRegularization()
    penalty.l2 = 0.1
    let inner = Submodel(
      Model(
        input: InputLayer(batchShape: [nil, 3, 4]),
        layers: [
          NamedLayer("lstm", LSTM(units: 3, returnSequences: false)),
          NamedLayer("penalty", penalty),
        ]))
    var model = Model(name: "towers", kind: .functional)
    let left = model.addInput(NamedLayer("left", InputLayer(batchShape: [nil, 3, 2])))
    let right = model.addInput(NamedLayer("right", InputLayer(batchShape: [nil, 3, 2])))
    let shared = model.addLayer(NamedLayer("shared", try dense(4)))
    let nested = model.addLayer(NamedLayer("nested", inner))
    let subtract = model.addLayer(NamedLayer("subtract", Subtract()))
    let norm = model.addLayer(NamedLayer("norm", BatchNormalization()))
    let join = model.addLayer(NamedLayer("join", Concatenate()))
    let last = model.addLayer(NamedLayer("last", try dense(2, "softmax")))
    func call(_ layer: LayerID, _ inputs: [TensorRef]) -> TensorRef {
      TensorRef(model.call(layer, on: inputs))
    }
    let one = call(nested, [call(shared, [left])])
    let other = call(nested, [call(shared, [right])])
    let difference = call(norm, [call(subtract, [one, other])])
    model.outputs = [call(last, [call(join, [difference, one])]), one]
    return model
  }

  @Test(arguments: [true, false])
  func sharedLayersAndModelsInsideSumTheirGradients(keepsEverything: Bool) throws {
    let model = try towers()
    let analysis = Analysis(of: model)
    try #require(analysis.firstError == nil)
    let weights = try ModelWeights(initializing: model, analysis, seed: 3)
    let inputs = [1.0, 2].map { phase in
      Tensor(
        [4, 3, 2],
        (0..<24).map { index in
          Float(1 - (Double(index) * 0.37 + phase).truncatingRemainder(dividingBy: 2))
        })
    }
    var options = PassOptions()
    options.isTraining = true
    options.keepsEverything = keepsEverything
    let factors = [
      Tensor([4, 2], (0..<8).map { Float($0 % 3) - 0.7 }),
      Tensor([4, 3], (0..<12).map { Float($0 % 5) / 4 - 0.4 }),
    ]
    func value(_ inputs: [Tensor], _ weights: ModelWeights) throws -> Double {
      let pass = try model.pass(on: inputs, weights: weights, options: options)
      return zip(pass.outputs, factors).reduce(pass.penalty) { sum, pair in
        zip(pair.0.values, pair.1.values).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    var differentiated = options
    differentiated.isDifferentiated = true
    differentiated.needsInputGradients = true
    let pass = try model.pass(on: inputs, weights: weights, options: differentiated)
    let gradients = try pass.gradients(for: factors.map { $0 })
    func expectEqual(
      _ gradient: Tensor?, _ name: String, _ value: (Int, Float) throws -> Double
    ) throws {
      let gradient = try #require(gradient, "\(name)")
      for index in stride(from: 0, to: gradient.count, by: max(gradient.count / 4, 1)) {
        let found = (try value(index, 0.01) - value(index, -0.01)) / 0.02
        let expected = Double(gradient.values[index])
        #expect(abs(found - expected) < 2e-3 * (1 + abs(expected)), "\(name) \(index)")
      }
    }
    for place in inputs.indices {
      try expectEqual(gradients.inputs[place], "input \(place)") { index, step in
        var moved = inputs
        moved[place].values[index] += step
        return try value(moved, weights)
      }
    }
    for (id, layer) in model.layers {
      for (index, spec) in (analysis.weights[id] ?? []).enumerated() where spec.isTrainable {
        try expectEqual(gradients.weights[id]?[index], "\(layer.name) \(spec.name)") {
          place, step in
          var moved = weights
          var tensors = weights[id].tensors
          tensors[index].values[place] += step
          moved.layers[id] = LayerWeights(tensors)
          return try value(inputs, moved)
        }
      }
    }
  }

  @Test func nothingIsKeptWhereNobodyAsks() throws {
    let model = try towers()
    let weights = try ModelWeights(initializing: model, Analysis(of: model), seed: 3)
    let inputs = [Tensor([1, 3, 2], repeating: 1), Tensor([1, 3, 2], repeating: 2)]
    let pass = try model.pass(on: inputs, weights: weights)
    #expect(pass.passes.values.allSatisfy { $0.pullback == nil })
  }

  /// A seeded Dropout drops other numbers in each step and each call, and the same ones again.
  @Test(arguments: [nil, 5] as [Int?])
  func dropoutDrawsAnewInEachStepAndCall(seed: Int?) throws {
    var layer = Dropout()
    layer.seed = seed
    var context = PassContext()
    context.isTraining = true
    let input = Tensor([1, 200], repeating: 1)
    func output(step: Int, call: Int) throws -> [Float] {
      context.step = step
      context.call = call
      return try layer.forward([input], weights: LayerWeights(), in: context).outputs[0].values
    }
    let first = try output(step: 0, call: 0)
    #expect(try output(step: 0, call: 0) == first)
    #expect(try output(step: 1, call: 0) != first)
    #expect(try output(step: 0, call: 1) != first)
    let kept = first.count { $0 == 2 }
    #expect((60...140).contains(kept) && first.allSatisfy { $0 == 0 || $0 == 2 })
  }
}

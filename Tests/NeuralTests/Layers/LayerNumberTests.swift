import Testing

@testable import Neural

/// Layers give the numbers that real Keras gives.
///
/// The table was made by `Fixtures/make_layer_numbers.py`; inputs and weights are made here as
/// there.
@Suite struct LayerNumberTests {
  @Test func numbersEqualThoseOfKeras() throws {
    let cases = try KerasTables.layerNumbers()
    #expect(cases.count > 600)
    var largest = 0.0
    for layerCase in cases { largest = max(largest, try check(layerCase)) }
    #expect(largest <= 1e-5)
  }

  /// Recurrent layers have tables of their own; an input has no numbers to make.
  @Test func everyLayerStandsInTheTable() throws {
    let tested = Set(try KerasTables.layerNumbers().map(\.className))
    let elsewhere: Set = ["InputLayer", "LSTM", "GRU", "SimpleRNN", "Bidirectional", "Lambda"]
    for type in LayerCatalog.types where !elsewhere.contains(type.className) {
      #expect(tested.contains(type.className), "\(type.className)")
    }
  }

  /// Compares a case; gives the largest difference, relative to 1 + |x|.
  private func check(_ layerCase: LayerNumbers) throws -> Double {
    let comment: Comment = "\(layerCase)"
    let layer = try layerCase.layer()
    let inputs = layerCase.inputs
    let shapes = inputs.map(\.shape)
    let weights = try layer.weights(for: shapes).enumerated().map { index, spec in
      layerCase.weight(spec, index)
    }
    let pass: Pass
    do {
      pass = try layer.forward(inputs, weights: LayerWeights(weights), in: layerCase.context)
    } catch {
      Issue.record("\(error): \(comment)")
      return 0
    }
    let predicted = try layer.outputShapes(for: shapes).map { $0.sizes }
    #expect(pass.outputs.map { $0.sizes.map(Optional.some) } == predicted, comment)
    let place = layerCase.how["output"]?.intValue ?? 0
    guard pass.outputs.indices.contains(place), case let output = pass.outputs[place],
      output.sizes == layerCase.expected.sizes
    else {
      Issue.record("\(pass.outputs.map(\.sizes)), Keras \(layerCase.expected.sizes): \(comment)")
      return 0
    }
    var largest = difference(output.values, layerCase.expected.values)
    if largest > 1e-5 {
      Issue.record("\(output.values), Keras has \(layerCase.expected.values): \(comment)")
    }
    #expect(pass.outputs.count > layerCase.more.count, comment)
    for (output, expected) in zip(pass.outputs.dropFirst(), layerCase.more) {
      let error =
        output.sizes == expected.sizes ? difference(output.values, expected.values) : .infinity
      if error > 1e-5 { Issue.record("\(output), Keras has \(expected): \(comment)") }
      largest = max(largest, error)
    }
    for (index, expected) in layerCase.moved {
      let found = pass.weightUpdates[index]?.values ?? []
      let error = difference(found, expected)
      if error > 1e-5 { Issue.record("weight \(index): \(found), \(expected): \(comment)") }
      largest = max(largest, error)
    }
    for index in pass.weightUpdates.keys where layerCase.moved[index] == nil {
      let error = difference(pass.weightUpdates[index]?.values ?? [], weights[index].values)
      #expect(error <= 1e-5, "weight \(index) moved: \(comment)")
    }
    return largest
  }

  private func difference(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { largest, pair in
      let (found, expected) = pair
      if found.isNaN && expected.isNaN || found == expected { return largest }
      let error = abs(Double(found) - Double(expected)) / (1 + abs(Double(expected)))
      return max(largest, error.isNaN ? .infinity : error)
    }
  }
}

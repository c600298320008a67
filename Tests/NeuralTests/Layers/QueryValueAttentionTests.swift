import Testing

@testable import Neural

/// Attention without heads: what its call may say, masks, dropout.
@Suite struct QueryValueAttentionTests {
  private let query = Tensor([1, 2, 2], [1, 0, 0, 2])
  private let value = Tensor([1, 3, 2], [1, 0, 0, 1, 3, 3])

  /// The layer as a call with these arguments has it; `{"__tensor__": i}` is input i.
  private func called(
    _ arguments: ConfigValue, positional: ConfigValue, count: Int,
    _ layer: Attention = Attention()
  ) throws -> Attention {
    let named = NamedLayer("attention", layer).called(
      with: ["__call__": ["args": positional, "kwargs": arguments]], count: count)
    return try #require(named.layer as? Attention)
  }

  private func place(_ index: Int) -> ConfigValue { ["__tensor__": .int(index)] }

  private func outputs(
    _ layer: Attention, _ inputs: [Tensor], masks: [Tensor?] = [], training: Bool = false
  ) throws -> Pass {
    var context = PassContext()
    context.masks = masks
    context.isTraining = training
    return try layer.forward(inputs, weights: LayerWeights(), in: context)
  }

  @Test func masksOfTheCallCountInsteadOfThoseOfTheTensors() throws {
    let mask = Tensor([1, 3], [1, 0, 1])
    let flowing = [Tensor([1, 2], [0, 1]), Tensor([1, 3], [0, 0, 1])]
    let expected = try outputs(Attention(), [query, value], masks: [nil, mask])
    let tensors: ConfigValue = [[place(0), place(1)]]
    let asInput = try called(["mask": [nil, place(2)]], positional: tensors, count: 3)
    let found = try outputs(asInput, [query, value, mask], masks: flowing + [nil])
    #expect(found.outputs == expected.outputs)
    #expect(found.masks == [nil])
    for array: ConfigValue in [
      [[true, false, true]],
      ["class_name": "__numpy__", "config": ["value": [[true, false, true]], "dtype": "bool"]],
    ] {
      let constant = try called(["mask": [nil, array]], positional: tensors, count: 2)
      #expect(try outputs(constant, [query, value], masks: flowing).outputs == expected.outputs)
    }
    let none = try called(["mask": [nil, nil]], positional: tensors, count: 2)
    let plain = try outputs(Attention(), [query, value])
    #expect(try outputs(none, [query, value], masks: flowing).outputs == plain.outputs)
  }

  @Test func theQuerysMaskMakesZerosAndFlowsOn() throws {
    let mask = Tensor([1, 2], [0, 1])
    let pass = try outputs(Attention(), [query, value], masks: [mask, nil])
    let plain = try outputs(Attention(), [query, value]).outputs[0]
    #expect(pass.outputs[0].values == [0, 0] + plain.values.suffix(2))
    #expect(pass.masks == [mask])
  }

  @Test func whereNothingCountsAllTimestepsCountAlike() throws {
    let pass = try outputs(Attention(), [query, value], masks: [nil, Tensor([1, 3])])
    for (index, number) in pass.outputs[0].values.enumerated() {
      #expect(abs(number - 4 / 3) < 1e-6, "\(index)")
    }
  }

  @Test func inputsMayBeNamedAndStandInAnyOrder() throws {
    let mask = Tensor([1, 3], [1, 1, 0])
    let layer = try called(
      ["mask": [nil, place(0)], "inputs": [place(2), place(1)]], positional: [], count: 3)
    let shapes = try layer.outputShapes(for: [mask.shape, value.shape, query.shape])
    #expect(shapes.map(\.sizes) == [[1, 2, 2]])
    let expected = try outputs(Attention(), [query, value], masks: [nil, mask])
    #expect(try outputs(layer, [mask, value, query]).outputs == expected.outputs)
  }

  @Test func callsThatKerasRefusesAreRefused() throws {
    let shapes = [query.shape, value.shape]
    let calls: [(ConfigValue, ConfigValue, String)] = [
      ([place(0), place(1)], [:], "a list of 2 or 3 tensors"),
      ([[place(0), place(1)]], ["mask": true], "the mask of Attention is a list"),
      ([[place(0)], place(1)], [:], "a list of 2 or 3 tensors"),
      ([[place(0), place(1)]], ["mask": [nil]], "a list of 2 or 3, found 1"),
    ]
    for (positional, arguments, message) in calls {
      let layer = try called(arguments, positional: positional, count: 2)
      let error = #expect(throws: ShapeError.self) { try layer.outputShapes(for: shapes) }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
    let wide = Shape(sizes: [nil, 3, 5])
    let error = #expect(throws: ShapeError.self) {
      try Attention().outputShapes(for: [query.shape, wide])
    }
    #expect(error?.message.contains("2 features of the query") == true)
  }

  @Test func dropoutLeavesSharesOutAndScalesTheOthersUp() throws {
    var layer = Attention()
    layer.dropout = 0.5
    layer.seed = 3
    layer = try called(
      ["return_attention_scores": true], positional: [[place(0), place(1)]], count: 2, layer)
    let queries = Tensor([4, 8, 2], (0..<64).map { Float($0 % 5) })
    let plain = try outputs(layer, [queries, queries]).outputs[1]
    let pass = try outputs(layer, [queries, queries], training: true)
    var dropped = 0
    for (found, share) in zip(pass.outputs[1].values, plain.values) {
      if found == 0 { dropped += 1 }
      #expect(found == 0 || abs(found - 2 * share) < 1e-6)
    }
    #expect((64...192).contains(dropped))
    let product = pass.outputs[1].samples(times: queries)
    for (one, other) in zip(pass.outputs[0].values, product.values) {
      #expect(abs(one - other) < 1e-5)
    }
    let again = try outputs(layer, [queries, queries], training: true)
    #expect(again.outputs == pass.outputs)
  }

  @Test func unequalAxesBeforeTheLastTwoAreRefusedWhereTheyDoNotRepeat() throws {
    let shapes = [Shape(sizes: [2, 4, 3, 5]), Shape(sizes: [2, 1, 6, 5])]
    #expect(try Attention().outputShapes(for: shapes).map(\.sizes) == [[2, 4, 3, 5]])
    #expect(throws: ShapeError.self) { try Attention().outputShapes(for: shapes.reversed()) }
  }
}

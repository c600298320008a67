import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Lambda layers of scripts compute what real Keras computes.
///
/// The table was made by `Fixtures/make_lambda_numbers.py`.
@Suite struct LambdaNumberTests {
  @Test func functionsOfScriptsGiveTheNumbersOfKeras() async throws {
    let cases = try Fixtures.json("lambda-numbers.json")["cases"]?.listValue ?? []
    #expect(cases.count > 50)
    // One script with a model for each case: Python parses it once.
    let texts = cases.compactMap { $0.listValue?[0].stringValue }
    let script = try await PythonScript(
      reading: Array(texts.joined(separator: "\n").utf8), settings: [:])
    try #require(script.models.count == cases.count)
    for (lambdaCase, text) in zip(zip(cases, script.models), texts) {
      let (parts, model) = (lambdaCase.0.listValue ?? [], lambdaCase.1.model)
      let comment: Comment = "\(text)"
      do {
        let inputs = parts[1].listValue ?? []
        let pass = try model.pass(on: tensors(inputs), weights: ModelWeights())
        check(pass.outputs, parts[2], comment)
      } catch {
        Issue.record("\(error): \(comment)")
      }
    }
  }

  /// The inputs of these sizes, as the script makes them.
  private func tensors(_ inputs: [ConfigValue]) -> [Tensor] {
    inputs.enumerated().map { place, sizes in
      let sizes = sizes.listValue?.compactMap(\.intValue) ?? []
      return Tensor(
        sizes,
        (0..<sizes.reduce(1, *)).map { k in
          Float(2 * sin(Double(k) * 0.37 + 10 * Double(place) + 1))
        })
    }
  }

  private func run(_ text: String, on inputs: [Tensor]) async throws -> [Tensor] {
    let script = try await PythonScript(reading: Array(text.utf8), settings: [:])
    return try script.models[script.main].model.pass(on: inputs, weights: ModelWeights()).outputs
  }

  private func check(_ outputs: [Tensor], _ expected: ConfigValue, _ comment: Comment) {
    let expected = (expected.listValue ?? []).map { output in
      Tensor(
        output.listValue?[0].listValue?.compactMap(\.intValue) ?? [],
        output.listValue?[1].listValue?.compactMap { $0.doubleValue.map { Float($0) } } ?? [])
    }
    #expect(outputs.map(\.sizes) == expected.map(\.sizes), comment)
    for (output, wanted) in zip(outputs, expected) where output.sizes == wanted.sizes {
      for (found, number) in zip(output.values, wanted.values) {
        #expect(abs(found - number) <= 1e-5 * (1 + abs(number)), comment)
      }
    }
  }

  @Test func whatAFunctionRestsOnMustBeKnown() async {
    let input = Tensor([2, 6, 4], repeating: 1)
    let scripts = [
      // Another position, other numbers.
      "Lambda(lambda x: x[:, position])",
      "Lambda(lambda x: x * np.load('scale.npy'), output_shape=(6, 4))",
      "Lambda(lambda x: x * np.ones((6, 4)))",
      // Not evaluated here.
      "Lambda(lambda x: anything(x), output_shape=(6, 4))",
      "Lambda(lambda x: layers.Dense(3)(x))",
      "Lambda(lambda x, mask=None: x if mask is None else x * 2)",
    ]
    for layer in scripts {
      let text = """
        import numpy as np
        from keras import Input, Sequential, layers
        from keras.layers import Lambda
        position = int(open('position.txt').read())
        model = Sequential([Input((6, 4)), \(layer)])
        """
      await #expect(throws: PassError.self, "\(layer)") { try await run(text, on: [input]) }
    }
  }

  /// `tf.pad` and Keras' files say by what a pad is filled in the call, not in the configuration.
  @Test func padKeepsWhatItFillsWith() async throws {
    let text = """
      from keras import Input, Model, ops
      i = Input((3,))
      model = Model(i, ops.pad(i, ((0, 0), (1, 2)), constant_values=2.5))
      """
    let script = try await PythonScript(reading: Array(text.utf8), settings: [:])
    let model = script.models[script.main].model
    let again = try KerasConfig.model(from: KerasConfig.config(of: model))
    for model in [model, again] {
      let outputs = try model.pass(on: [Tensor([1, 3])], weights: ModelWeights()).outputs
      #expect(outputs == [Tensor([1, 6], [2.5, 0, 0, 0, 2.5, 2.5])])
    }
  }

  @Test func aLambdaOfAFileSaysThatItsCodeIsNotExecuted() throws {
    var lambda = Lambda()
    lambda.givenOutputShape = [4]
    #expect {
      try lambda.forward([Tensor([2, 4])], weights: LayerWeights(), in: PassContext())
    } throws: { "\($0)".contains("not known without executing its code") }
  }

  @Test func equalLambdasOfTwoReadingsAreEqual() async throws {
    let text = """
      from keras import Input, Sequential
      from keras.layers import Lambda
      model = Sequential([Input((6, 4)), Lambda(lambda x: x[:, -1] * 2)])
      """
    let first = try await PythonScript(reading: Array(text.utf8), settings: [:])
    let second = try await PythonScript(reading: Array(text.utf8), settings: [:])
    #expect(first.models[0].model == second.models[0].model)
    #expect(first.models[0].model.hashValue == second.models[0].model.hashValue)
    let other = try await PythonScript(
      reading: Array(text.replacing("* 2", with: "* 3").utf8), settings: [:])
    #expect(first.models[0].model != other.models[0].model)
  }
}

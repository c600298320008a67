import Foundation
import Neural
import Testing

@testable import KerasFiles

/// Models with Lambda layers of scripts can be trained through them.
@Suite struct LambdaGradientScriptTests {
  /// Every function that `Fixtures/make_lambda_numbers.py` asks Keras about has a way back.
  @Test func gradientsOfFunctionsEqualFiniteDifferences() async throws {
    let cases = try Fixtures.json("lambda-numbers.json")["cases"]?.listValue ?? []
    let texts = cases.compactMap { $0.listValue?[0].stringValue }
    let script = try await PythonScript(
      reading: Array(texts.joined(separator: "\n").utf8), settings: [:])
    try #require(script.models.count == cases.count)
    var checked = 0
    for (lambdaCase, (model, text)) in zip(cases, zip(script.models.map(\.model), texts)) {
      let sizes = (lambdaCase.listValue?[1].listValue ?? []).map { sizes in
        sizes.listValue?.compactMap(\.intValue) ?? []
      }
      let inputs = sizes.enumerated().map { place, sizes in
        Tensor(
          sizes,
          (0..<sizes.reduce(1, *)).map { Float(2 * sin(Double($0) * 0.37 + Double(place) + 1)) })
      }
      // A function of whole numbers refuses these.
      guard (try? loss(model, inputs)) != nil else { continue }
      let changes = try gradients(of: model, inputs)
      checked += 1
      for (place, input) in inputs.enumerated() {
        for index in stride(from: 0, to: input.count, by: max(input.count / 5, 1)) {
          let steps: [Float] = [-0.004, 0, 0.004]
          let sums = try steps.map { step in
            var moved = inputs
            moved[place].values[index] += step
            return try loss(model, moved)
          }
          let (before, behind) = ((sums[1] - sums[0]) / 0.004, (sums[2] - sums[1]) / 0.004)
          // A kink, or a step, between them.
          guard abs(before) < 50, abs(before - behind) < 0.02 * (1 + abs(before)) else { continue }
          let gradient = Double(changes[place]?.values[index] ?? 0)
          #expect(
            abs(gradient - (before + behind) / 2) < 0.02 * (1 + abs(before)),
            "\(gradient), not \(before): \(text)")
        }
      }
    }
    #expect(checked > 50)
  }

  private func gradients(of model: Model, _ inputs: [Tensor]) throws -> [Tensor?] {
    var options = PassOptions()
    options.isDifferentiated = true
    options.needsInputGradients = true
    let pass = try model.pass(on: inputs, weights: ModelWeights(), options: options)
    return try pass.gradients(for: pass.outputs.map { weights($0.sizes) }).inputs
  }

  private func loss(_ model: Model, _ inputs: [Tensor]) throws -> Double {
    let outputs = try model.pass(on: inputs, weights: ModelWeights()).outputs
    return outputs.reduce(0) { sum, output in
      zip(output.values, weights(output.sizes).values).reduce(sum) {
        $0 + Double($1.0) * Double($1.1)
      }
    }
  }

  private func weights(_ sizes: [Int]) -> Tensor {
    Tensor(sizes, (0..<sizes.reduce(1, *)).map { Float(cos(0.7 * Double($0))) })
  }
}

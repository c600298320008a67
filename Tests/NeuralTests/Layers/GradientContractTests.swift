import Foundation
import Testing

@testable import Neural

/// What every layer of the catalog owes to training: a way back that agrees with finite differences
/// of its forward pass, to 1e-2 and mostly far better.
@Suite struct GradientContractTests {
  private static let classNames = LayerCatalog.types.map { $0.className }

  @Test func gradientsAreThoseOfFiniteDifferences() throws {
    for gradientCase in try LayerGradientCase.all() {
      do {
        var check = try GradientCheck(
          gradientCase.layer, on: gradientCase.sizes, context: gradientCase.context)
        check.regularizer = gradientCase.regularizer
        for problem in try check.problems() { Issue.record("\(gradientCase): \(problem)") }
      } catch {
        Issue.record("\(gradientCase): \(error)")
      }
    }
  }

  @Test func everyLayerHasACase() throws {
    let tried = Set(try LayerGradientCase.all().map { $0.layer.className })
    // An input has nothing in front of it.
    for name in Self.classNames where name != "InputLayer" {
      #expect(tried.contains(name), "\(name)")
    }
  }

  /// The settings that are compared with Keras' numbers are differentiated, too.
  @Test func settingsOfTheTableOfNumbersHaveGradients() throws {
    for layerCase in try KerasTables.layerNumbers() where layerCase.how["values"] == nil {
      let layer = try layerCase.layer()
      let specs = try layer.weights(for: layerCase.inputs.map(\.shape))
      let check = GradientCheck(
        layer: layer, inputs: layerCase.inputs,
        weights: specs.enumerated().map { layerCase.weight($1, $0) },
        isTrained: specs.map(\.isTrainable), context: layerCase.context, singles: 0)
      do {
        for problem in try check.problems() { Issue.record("\(layerCase): \(problem)") }
      } catch {
        Issue.record("\(layerCase): \(error)")
      }
    }
  }

  /// Keras takes r and d for fixed: what is left is a plain layer whose gamma is r · gamma.
  @Test func renormalisationIsTakenForFixedOnTheWayBack() throws {
    var renorm = BatchNormalization()
    renorm.renorm = true
    var context = PassContext()
    context.isTraining = true
    context.isDifferentiated = true
    let check = try GradientCheck(renorm, on: [[4, 3]], context: context)
    let pass = try renorm.forward(
      check.inputs, weights: LayerWeights(check.weights), in: context)
    // What the layer made of the numbers tells r: the ratio of the spreads.
    var plain = check.weights
    let variance = (0..<3).map { column -> Float in
      let numbers = (0..<4).map { check.inputs[0].values[$0 * 3 + column] }
      let mean = numbers.reduce(0, +) / 4
      return numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    }
    for column in 0..<3 {
      let deviation = (variance[column] + 0.001).squareRoot()
      plain[0].values[column] *= deviation / check.weights[6].values[column]
    }
    let factors = Tensor([4, 3], (0..<12).map { Float(sin(Double($0))) })
    let expected = try BatchNormalization().forward(
      check.inputs, weights: LayerWeights(Array(plain.prefix(4))), in: context)
    let found = try #require(try pass.pullback?([factors]).inputs[0])
    let wanted = try #require(try expected.pullback?([factors]).inputs[0])
    for (one, other) in zip(found.values, wanted.values) { #expect(abs(one - other) < 1e-4) }
  }

  /// Where several numbers are equally large: numbers of Keras 3.15.1 with JAX.
  @Test func equalNumbersShareAsInKeras() throws {
    let numbers = Tensor([1, 6, 1], [1, 2, 2, 2, 1, 1])
    let other = Tensor([1, 6, 1], [1, 2, 3, 2, 0, 1])
    var pooling = MaxPooling1D()
    pooling.options.poolSize = [3]
    pooling.options.strides = [1]
    #expect(try gradients(pooling, [numbers]) == [[0, 3, 3, 4, 0, 0]])
    let third: Float = 1 / 3
    #expect(try gradients(GlobalMaxPooling1D(), [numbers]) == [[0, third, third, third, 0, 0]])
    #expect(
      try gradients(Maximum(), [numbers, other]) == [
        [0.5, 1, 0, 2, 5, 3], [0.5, 1, 3, 2, 0, 3],
      ])
    let slopes = try gradients(
      PReLU(), [Tensor([1, 4], [0, -1, 1, 0])], weights: [Tensor([4], repeating: 0.25)])
    #expect(slopes == [[0, 0.5, 3, 0]])
  }

  /// The gradients of the inputs where those of the outputs are 1, 2, 3, ….
  private func gradients(
    _ layer: any Layer, _ inputs: [Tensor], weights: [Tensor] = []
  ) throws -> [[Float]?] {
    var context = PassContext()
    context.isDifferentiated = true
    let pass = try layer.forward(inputs, weights: LayerWeights(weights), in: context)
    let factors = pass.outputs.map { output in
      Tensor(output.sizes, (0..<output.count).map { Float($0 + 1) })
    }
    return try pass.pullback?(factors).inputs.map { $0?.values } ?? []
  }
}

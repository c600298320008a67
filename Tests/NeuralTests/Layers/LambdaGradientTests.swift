import Foundation
import Testing

@testable import Neural

/// The way back through functions of a script that stand as layers.
@Suite struct LambdaGradientTests {
  /// `lambda x, y: x[:, -1] * y + sum(x, axis=1) * 2`.
  private func sample() -> Lambda {
    var graph = Model(name: "lambda", kind: .functional)
    let x = graph.addInput(NamedLayer("x", InputLayer(batchShape: [nil, 3, 2])))
    let y = graph.addInput(NamedLayer("y", InputLayer(batchShape: [nil, 2])))
    func called(_ name: String, _ layer: any Layer, _ inputs: [TensorRef]) -> TensorRef {
      TensorRef(graph.call(graph.addLayer(NamedLayer(name, layer)), on: inputs))
    }
    let last = called(
      "last", GetItem([.slice(start: nil, stop: nil, step: nil), .position(-1)]), [x])
    let product = called("product", ElementwiseOperation(.multiply), [last, y])
    var sum = ReductionOperation(PlainReduction.sum)
    sum.axis = AxisList(1)
    let total = called("total", sum, [x])
    let doubled = called(
      "doubled", ElementwiseOperation(.multiply, operands: Operands([nil, 2])), [total])
    graph.outputs = [called("result", ElementwiseOperation(.add), [product, doubled])]
    var lambda = Lambda()
    lambda.computation = LambdaFunction(graph)
    return lambda
  }

  private let inputs = [
    Tensor([1, 3, 2], [1, 2, 3, 4, 5, 6]), Tensor([1, 2], [10, 20]),
  ]

  @Test func gradientsGoThroughTheGraph() throws {
    var context = PassContext()
    context.isDifferentiated = true
    let pass = try sample().forward(inputs, weights: LayerWeights(), in: context)
    #expect(pass.outputs == [Tensor([1, 2], [68, 144])])
    let gradients = try pass.pullback?([Tensor([1, 2], [1, 3])])
    #expect(
      gradients?.inputs == [
        Tensor([1, 3, 2], [2, 6, 2, 6, 12, 66]), Tensor([1, 2], [5, 18]),
      ])
    #expect(gradients?.weights.isEmpty == true)
  }

  @Test func nothingIsKeptWithoutAWayBack() throws {
    let pass = try sample().forward(inputs, weights: LayerWeights(), in: PassContext())
    #expect(pass.pullback == nil)
  }

  @Test func gradientsThatNobodyNeedsAreLeftOut() throws {
    var context = PassContext()
    context.isDifferentiated = true
    context.needsInputGradients = false
    let pass = try sample().forward(inputs, weights: LayerWeights(), in: context)
    let gradients = try pass.pullback?([Tensor([1, 2], [1, 3])])
    #expect(gradients?.inputs == [nil, nil])
  }

  /// A model that counts where numbers are positive has no gradient there, and trains elsewhere.
  @Test func aComparisonEndsTheWayBack() throws {
    var model = Model(name: "model", kind: .functional)
    let x = model.addInput(NamedLayer("x", InputLayer(batchShape: [nil, 2])))
    func called(_ name: String, _ layer: any Layer, _ inputs: [TensorRef]) -> TensorRef {
      TensorRef(model.call(model.addLayer(NamedLayer(name, layer)), on: inputs))
    }
    let isPositive = called(
      "positive", ElementwiseOperation(.greater, operands: Operands([nil, 0])), [x])
    let product = called("product", ElementwiseOperation(.multiply), [x, isPositive])
    let stopped = called("stopped", PlainOperation(UnaryOperation.stopGradient), [x])
    model.outputs = [called("result", ElementwiseOperation(.add), [product, stopped])]
    var options = PassOptions()
    options.isDifferentiated = true
    options.needsInputGradients = true
    let pass = try model.pass(
      on: [Tensor([1, 2], [-3, 4])], weights: ModelWeights(), options: options)
    #expect(pass.outputs == [Tensor([1, 2], [-3, 8])])
    let gradients = try pass.gradients(for: [Tensor([1, 2], [5, 7])])
    #expect(gradients.inputs == [Tensor([1, 2], [0, 7])])
  }
}

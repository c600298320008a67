/// What a Lambda's function computes: a small graph of operations that stands for its code.
///
/// Found by whoever read the function; no code is kept. Compared by reference first, so that
/// comparing models with Lambdas stays cheap.
package final class LambdaFunction: Hashable, Sendable {
  /// The graph: an input for each input of the layer, one output.
  package let graph: Model
  private let hash: Int

  /// The function that computes what `graph` does.
  package init(_ graph: Model) {
    self.graph = graph
    hash = graph.hashValue
  }

  package static func == (lhs: LambdaFunction, rhs: LambdaFunction) -> Bool {
    lhs === rhs || (lhs.hash == rhs.hash && lhs.graph == rhs.graph)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension Lambda {
  package func forward(
    _ inputs: [Tensor], weights: LayerWeights, in context: PassContext
  ) throws(PassError) -> Pass {
    guard let computation else {
      throw PassError(
        "what this Lambda does is not known without executing its code, so the model cannot be run",
        remedy: "its shapes are shown all the same")
    }
    var options = PassOptions()
    options.isTraining = context.isTraining
    options.seed = context.seed
    options.step = context.step
    // The way back needs what stands between.
    options.keepsEverything = context.isDifferentiated
    options.isDifferentiated = context.isDifferentiated
    options.needsInputGradients = context.needsInputGradients
    let pass = try computation.graph.pass(on: inputs, weights: ModelWeights(), options: options)
    var result = Pass(pass.outputs)
    guard context.isDifferentiated else { return result }
    result.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      Gradients(inputs: try pass.gradients(for: gradients).inputs)
    }
    return result
  }
}

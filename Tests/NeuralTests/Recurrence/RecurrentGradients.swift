@testable import Neural

/// A layer on some inputs, with what its way back is checked against.
struct GradientCase {
  var layer: any Layer
  var inputs: [Tensor]
  var weights: [Tensor]
  var mask: Tensor?
  var states: [Tensor] = []
  var isTraining = false
  var seed: UInt64 = 3

  /// Random inputs and weights for a layer; the sizes are those of its inputs.
  init(_ layer: any Layer, _ sizes: [[Int]], seed: UInt64 = 1, limit: Double = 0.6) throws {
    self.layer = layer
    var random = RandomNumbers(seed: seed)
    func numbers(_ sizes: [Int], _ limit: Double) -> Tensor {
      Tensor(sizes) { out in
        for index in out.indices { out[index] = Float(random.uniform(-limit, limit)) }
      }
    }
    inputs = sizes.map { numbers($0, 1) }
    weights = try layer.weights(for: sizes.map { Shape(sizes: $0) }).map {
      numbers($0.shape, limit)
    }
  }

  /// Runs the layer.
  func pass(_ change: (inout PassContext) -> Void = { _ in }) throws -> Pass {
    var context = PassContext()
    context.name = "layer"
    context.masks = [mask] + inputs.dropFirst().map { _ in nil }
    context.states = states
    context.isTraining = isTraining
    context.seed = seed
    change(&context)
    return try layer.forward(inputs, weights: LayerWeights(weights), in: context)
  }

  /// Random gradients of the outputs.
  func outputGradients(_ pass: Pass) -> [Tensor] {
    var random = RandomNumbers(seed: 77)
    return pass.outputs.map { output in
      Tensor(output.sizes) { out in
        for index in out.indices { out[index] = Float(random.uniform(-1, 1)) }
      }
    }
  }

  /// The way back for those gradients.
  func gradients(_ change: (inout PassContext) -> Void = { _ in }) throws -> Gradients {
    let pass = try pass { context in
      context.isDifferentiated = true
      change(&context)
    }
    guard let pullback = pass.pullback else { throw PassError("there is no way back") }
    return try pullback(outputGradients(pass))
  }

  /// How far the gradients are from differences of the loss Σ output · random number, along random
  /// directions; relative to their size.
  func largestError(step: Double = 1e-2) throws -> Double {
    let gradients = try gradients()
    let weighted = outputGradients(try pass())
    func loss(_ run: GradientCase) throws -> Double {
      let outputs = try run.pass().outputs
      return zip(outputs, weighted).reduce(0) { sum, pair in
        zip(pair.0.values, pair.1.values).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    var random = RandomNumbers(seed: 9)
    var largest = 0.0
    func check(_ gradient: Tensor?, _ place: WritableKeyPath<GradientCase, Tensor>) throws {
      guard let gradient, gradient.sizes == self[keyPath: place].sizes else {
        largest = .infinity
        return
      }
      for _ in 0..<3 {
        let direction = gradient.values.map { _ in random.uniform(-1, 1) }
        func moved(_ step: Double) throws -> Double {
          var run = self
          for (index, by) in direction.enumerated() {
            run[keyPath: place].values[index] += Float(step * by)
          }
          return try loss(run)
        }
        let numeric = try (moved(step) - moved(-step)) / (2 * step)
        let exact = zip(gradient.values, direction).reduce(0) { $0 + Double($1.0) * $1.1 }
        let size = gradient.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        let error = abs(exact - numeric) / max(size, 1e-2)
        if !(error <= largest) { largest = error }
      }
    }
    for index in inputs.indices { try check(gradients.inputs[index], \.inputs[index]) }
    for index in weights.indices { try check(gradients.weights[index], \.weights[index]) }
    return largest
  }
}

/// A mask with gaps: of some samples the first or the last timesteps do not count.
func gappyMask(_ batch: Int, _ timesteps: Int) -> Tensor {
  Tensor(
    [batch, timesteps],
    (0..<(batch * timesteps)).map { ($0 * 7 + $0 / timesteps * 3) % 5 < 2 ? 0 : 1 })
}

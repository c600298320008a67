import Foundation
import Testing

@testable import Neural

/// Compares a layer's way back with finite differences of its forward pass.
///
/// What is differentiated is Σ c · output + penalty with random numbers c, added up in 64 bits.
/// Differences are central ones, of two steps, freed of their first error (Richardson).
struct GradientCheck {
  /// The layer.
  var layer: any Layer
  /// Its inputs; whole numbers of an `Embedding` have no gradient.
  var inputs: [Tensor]
  /// Its weights.
  var weights: [Tensor]
  /// Which of them are learned by gradients.
  var isTrained: [Bool]
  /// How it is run.
  var context = PassContext()
  /// What its outputs cost.
  var regularizer: Regularizer?
  /// How many single numbers of each tensor are moved, besides all of them along a direction.
  var singles = 3
  /// How far the relative difference may be.
  var tolerance = 1e-2

  /// Whether Keras takes for fixed what the inputs change: the corrections of renormalisation.
  private var stopsInputGradients: Bool {
    (layer as? BatchNormalization)?.renorm == true && context.isTraining
  }

  /// Runs the comparison.
  ///
  /// - Returns: what is wrong; empty where all is right.
  func problems() throws -> [String] {
    var random = RandomNumbers(seed: 7)
    var differentiated = context
    differentiated.isDifferentiated = true
    let pass = try layer.forward(
      inputs, weights: LayerWeights(weights), penalizedBy: regularizer, in: differentiated)
    // Where a forward pass gives no number, as an average of nothing, there is no slope either.
    guard !pass.isConstant, pass.outputs.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      return []
    }
    guard let pullback = pass.pullback else { return ["there is no way back"] }
    let factors = pass.outputs.map { output in
      Tensor(output.sizes, output.values.map { _ in Float(random.uniform(-1, 1)) })
    }
    let gradients = try pullback(factors)
    var problems: [String] = []
    guard gradients.inputs.count == inputs.count else {
      return ["gradients of \(gradients.inputs.count) inputs, there are \(inputs.count)"]
    }
    guard gradients.weights.count == weights.count else {
      return ["gradients of \(gradients.weights.count) weights, there are \(weights.count)"]
    }
    let isIndex = layer.table != nil
    for index in inputs.indices {
      let place = "input \(index)"
      guard let gradient = gradients.inputs[index] else {
        if !isIndex { problems.append("\(place) has no gradient") }
        continue
      }
      if isIndex { problems.append("indices have a gradient") }
      if stopsInputGradients { continue }
      problems += try compare(gradient, inputs[index], place, &random) { moved in
        var inputs = inputs
        inputs[index] = moved
        return try value(inputs, weights, factors)
      }
    }
    for index in weights.indices {
      let place = "weight \(index)"
      guard let gradient = gradients.weights[index] else {
        if isTrained[index] { problems.append("\(place) has no gradient") }
        continue
      }
      if !isTrained[index] { problems.append("\(place) is not trained, but has a gradient") }
      problems += try compare(gradient, weights[index], place, &random) { moved in
        var weights = weights
        weights[index] = moved
        return try value(inputs, weights, factors)
      }
    }
    return problems + (try problemsWithoutInputs(differentiated, factors, gradients))
  }

  /// Where nobody needs the gradients of the inputs, those of the weights stay the same.
  private func problemsWithoutInputs(
    _ context: PassContext, _ factors: [Tensor], _ gradients: Gradients
  ) throws -> [String] {
    var context = context
    context.needsInputGradients = false
    let pass = try layer.forward(
      inputs, weights: LayerWeights(weights), penalizedBy: regularizer, in: context)
    let found = try pass.pullback?(factors).weights ?? []
    guard found.count == weights.count else { return ["no weights' gradients without inputs'"] }
    for (index, (one, other)) in zip(found, gradients.weights).enumerated() {
      let pairs = zip(one?.values ?? [], other?.values ?? [])
      guard one?.sizes == other?.sizes, pairs.allSatisfy({ abs($0 - $1) <= 1e-5 * (1 + abs($1)) })
      else { return ["weight \(index) has another gradient where inputs need none"] }
    }
    return []
  }

  private func value(
    _ inputs: [Tensor], _ weights: [Tensor], _ factors: [Tensor]
  ) throws -> Double {
    let pass = try layer.forward(
      inputs, weights: LayerWeights(weights), penalizedBy: regularizer, in: context)
    var sum = pass.penalty
    for (output, factors) in zip(pass.outputs, factors) {
      for (number, factor) in zip(output.values, factors.values) {
        sum += Double(number) * Double(factor)
      }
    }
    return sum
  }

  /// Compares a gradient along a random direction, and in single numbers.
  private func compare(
    _ gradient: Tensor, _ tensor: Tensor, _ place: String, _ random: inout RandomNumbers,
    _ value: (Tensor) throws -> Double
  ) throws -> [String] {
    guard gradient.sizes == tensor.sizes else {
      return ["\(place) is \(tensor.sizes), its gradient \(gradient.sizes)"]
    }
    guard gradient.values.allSatisfy(\.isFinite) else {
      return ["the gradient of \(place) is not finite"]
    }
    guard tensor.count > 0 else { return [] }
    var directions = [
      tensor.values.map { _ in
        Float(random.uniform(0.2, 1)) * (random.uniform() < 0.5 ? 1 : -1)
      }
    ]
    for _ in 0..<min(singles, tensor.count) {
      var single = Array(repeating: Float(0), count: tensor.count)
      single[Int(random.next() % UInt64(tensor.count))] = 1
      directions.append(single)
    }
    let squares = gradient.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let usual = (squares / Double(tensor.count)).squareRoot()
    var problems: [String] = []
    for direction in directions {
      let parts = zip(gradient.values, direction).map { Double($0) * Double($1) }
      let expected = parts.reduce(0, +)
      // A derivative that happens to be near 0 is measured by the size of its parts.
      let size = max(
        parts.reduce(0) { $0 + $1 * $1 }.squareRoot(), usual, abs(expected), 1e-3)
      var found = Double.nan
      // A step may meet a kink, or drown in rounding: one that fits is enough.
      for step in [0.02, 0.005, 0.001, 0.0002] {
        func difference(_ step: Double) throws -> Double {
          func moved(_ sign: Double) -> Tensor {
            Tensor(tensor.sizes, zip(tensor.values, direction).map { $0 + Float(sign * step) * $1 })
          }
          return (try value(moved(1)) - value(moved(-1))) / (2 * step)
        }
        found = (4 * (try difference(step / 2)) - (try difference(step))) / 3
        if abs(found - expected) <= tolerance * size { break }
      }
      if !(abs(found - expected) <= tolerance * size) {
        problems.append("\(place): \(expected), differences say \(found)")
      }
    }
    return problems
  }
}

extension GradientCheck {
  /// A layer on inputs of some sizes, with random numbers that are apart from each other and
  /// from 0.
  init(
    _ layer: any Layer, on sizes: [[Int]], seed: UInt64 = 1, context: PassContext = PassContext()
  ) throws {
    var random = RandomNumbers(seed: seed)
    self.layer = layer
    self.context = context
    inputs = sizes.map { sizes in
      if let table = layer.table {
        return Tensor(sizes, (0..<sizes.reduce(1, *)).map { Float($0 * 7 % table.inputDim) })
      }
      return Tensor(spreadIn: sizes, &random)
    }
    let specs = try layer.weights(for: inputs.map(\.shape))
    weights = specs.map { spec in
      let numbers = Tensor(spreadIn: spec.shape, &random).map { 0.5 * $0 }
      let isSpread = spec.name.contains("variance") || spec.name.contains("stddev")
      return isSpread ? numbers.map { abs($0) + 0.5 } : numbers
    }
    isTrained = specs.map(\.isTrainable)
    self.context.name = "layer"
  }
}

extension Layer {
  /// The layer, or the one inside, where it takes indices.
  fileprivate var table: Embedding? {
    self as? Embedding ?? (self as? SpectralNormalization)?.inner.layer as? Embedding
  }
}

extension Tensor {
  /// Evenly spaced numbers from −1.2 to 1.2, in random order: no two are equal, and none is 0.
  fileprivate init(spreadIn sizes: [Int], _ random: inout RandomNumbers) {
    let count = sizes.reduce(1, *)
    let places = (0..<count).shuffled(using: &random)
    self.init(sizes, places.map { Float(2.4 * (Double($0) + 0.47) / Double(max(count, 1)) - 1.2) })
  }
}

@testable import Neural

/// Numbers 0, 1, 2 … in a tensor, as Keras' own tests have them.
func counting(_ sizes: [Int], times factor: Float = 1) -> Tensor {
  Tensor(sizes, (0..<sizes.reduce(1, *)).map { Float($0) * factor })
}

/// A tensor of equal rows (batch, units), written as one number a row.
func rows(_ numbers: [Float], units: Int) -> Tensor {
  Tensor([numbers.count, units], numbers.flatMap { Array(repeating: $0, count: units) })
}

/// The weights that Keras' own tests give a layer: kernels and bias of one number each.
func constantWeights(
  _ layer: any RecurrentLayer, features: Int, kernel: Float = 0.01, recurrent: Float = 0.02,
  bias: Float = 0.03
) throws -> [Tensor] {
  try layer.weights(for: [Shape(sizes: [1, 1, features])]).map { spec in
    switch spec.name {
    case "kernel": return Tensor(spec.shape, repeating: kernel)
    case "recurrent_kernel": return Tensor(spec.shape, repeating: recurrent)
    default:
      var numbers = Tensor(spec.shape, repeating: bias)
      guard (layer as? LSTM)?.unitForgetBias == true else { return numbers }
      for unit in layer.units..<(2 * layer.units) { numbers.values[unit] = 1 }
      return numbers
    }
  }
}

/// The largest difference, relative to 1 + |x|; not a number where one is not.
func difference(_ one: Tensor, _ other: Tensor) -> Float {
  guard one.sizes == other.sizes else { return .infinity }
  var largest: Float = 0
  for (a, b) in zip(one.values, other.values) {
    let difference = abs(a - b) / (1 + abs(b))
    if !(difference <= largest) { largest = difference }
  }
  return largest
}

/// A recurrent layer on random numbers, all drawn from a seed.
struct RandomCase: CustomStringConvertible {
  var layer: any RecurrentLayer
  var weights: [Tensor]
  var input: Tensor
  var states: [Tensor]
  var mask: Tensor?

  var description: String {
    "\(layer.className) \(layer.units) on \(input.sizes), \(layer.options), "
      + "\(states.count) states, \(mask == nil ? "no mask" : "mask")"
  }

  init(seed: UInt64, timesteps: Int? = nil) throws {
    var random = RandomNumbers(seed: seed)
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func numbers(_ sizes: [Int], _ limit: Double = 0.5) -> Tensor {
      Tensor(sizes) { out in
        for index in out.indices { out[index] = Float(random.uniform(-limit, limit)) }
      }
    }
    let (batch, features) = (draw(1...9), draw(1...9))
    let timesteps = timesteps ?? draw(1...7)
    var layer: any RecurrentLayer
    switch draw(0...3) {
    case 0: layer = LSTM()
    case 1: layer = GRU()
    case 2:
      var gru = GRU()
      gru.resetAfter = false
      layer = gru
    default: layer = SimpleRNN()
    }
    layer.units = draw(1...40)
    layer.options.useBias = draw(0...3) > 0
    layer.options.goBackwards = draw(0...1) > 0
    layer.options.returnSequences = true
    layer.options.returnState = true
    layer.options.zeroOutputForMask = draw(0...2) == 0
    layer.options.unroll = draw(0...3) == 0
    self.layer = layer
    input = numbers([batch, timesteps, features], 2)
    weights = try layer.weights(for: [input.shape]).map { numbers($0.shape) }
    states =
      draw(0...1) == 0
      ? [] : (0..<type(of: layer).stateNames.count).map { _ in numbers([batch, layer.units]) }
    guard draw(0...1) == 0 else { return }
    mask = Tensor([batch, timesteps]) { out in
      for index in out.indices { out[index] = random.uniform() < 0.6 ? 1 : 0 }
    }
  }

  /// Runs the layer.
  func pass(recordingBytes: Int? = nil) throws -> Pass {
    var context = PassContext()
    context.masks = [mask]
    context.recordingBytes = recordingBytes
    return try layer.forward([input] + states, weights: LayerWeights(weights), in: context)
  }
}

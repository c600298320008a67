import VectorKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// w ← w − rate · g ÷ √(a + epsilon), where a is the sum of all g² so far.
///
/// Source: `keras/src/optimizers/adagrad.py`.
struct Adagrad: UpdateRule {
  private let start: Float
  private let epsilon: Float
  private var rate: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    start = Float(try optimizer.number("initial_accumulator_value"))
    epsilon = Float(try optimizer.number("epsilon"))
  }

  var slots: [Slot] { [Slot(name: "accumulator", start: .number(start))] }

  mutating func begin(step number: Int, rate: Float) { self.rate = rate }

  func move(_ part: WeightPart) {
    let (weights, gradients, sums) = (part.weights, part.gradients, part.slots[0])
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (rate, epsilon) = (rate, epsilon)
    for index in 0..<part.count {
      let gradient = gradients[index]
      let sum = sums[index] + gradient * gradient
      sums[index] = sum
      weights[index] -= rate * gradient / square_root(sum + epsilon)
    }
  }
}

/// w ← w − rate · d, d = g · √(D + epsilon) ÷ √(G + epsilon): averages of d² and g².
///
/// Source: `keras/src/optimizers/adadelta.py`.
struct Adadelta: UpdateRule {
  private let rho: Float
  private let rest: Float
  private let epsilon: Float
  private var rate: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    let rho = try optimizer.number("rho", 0...1)
    (self.rho, rest) = (Float(rho), Float(1 - rho))
    epsilon = Float(try optimizer.number("epsilon"))
  }

  var slots: [Slot] { [Slot(name: "accumulated_grad"), Slot(name: "accumulated_delta_var")] }

  mutating func begin(step number: Int, rate: Float) { self.rate = rate }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let (squares, deltas) = (part.slots[0], part.slots[1])
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (rate, rho, rest, epsilon) = (rate, rho, rest, epsilon)
    for index in 0..<part.count {
      let gradient = gradients[index]
      let square = rho * squares[index] + rest * (gradient * gradient)
      let delta =
        -(square_root(deltas[index] + epsilon) * gradient) / square_root(square + epsilon)
      squares[index] = square
      deltas[index] = rho * deltas[index] + rest * (delta * delta)
      weights[index] += rate * delta
    }
  }
}

/// Follow the regularized leader: weights that matter little become 0.
///
/// Source: `keras/src/optimizers/ftrl.py`; H. McMahan et al., 2013.
struct Ftrl: UpdateRule {
  private let power: Float
  private let start: Float
  private let l1: Float
  private let l2: Float
  private let shrinkage: Float
  private let beta: Float
  private var rate: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    power = -Float(try optimizer.number("learning_rate_power", -1e30...0))
    start = Float(try optimizer.number("initial_accumulator_value"))
    l1 = Float(try optimizer.number("l1_regularization_strength"))
    l2 = Float(try optimizer.number("l2_regularization_strength"))
    shrinkage = Float(2 * (try optimizer.number("l2_shrinkage_regularization_strength")))
    beta = Float(try optimizer.number("beta"))
  }

  var slots: [Slot] {
    [Slot(name: "accumulator", start: .number(start)), Slot(name: "linear")]
  }

  mutating func begin(step number: Int, rate: Float) { self.rate = rate }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let (sums, linears) = (part.slots[0], part.slots[1])
    let l2 = l2 + beta / (2 * rate)
    func powered(_ sum: Float) -> Float { power == 0.5 ? sum.squareRoot() : pow(sum, power) }
    for index in 0..<part.count {
      let gradient = gradients[index]
      let sum = sums[index] + gradient * gradient
      let size = powered(sum)
      let linear =
        linears[index] + gradient + shrinkage * weights[index]
        - (size - powered(sums[index])) / rate * weights[index]
      let clipped = linear < -l1 ? -l1 : linear > l1 ? l1 : linear
      weights[index] = (clipped - linear) / (size / rate + 2 * l2)
      sums[index] = sum
      linears[index] = linear
    }
  }
}

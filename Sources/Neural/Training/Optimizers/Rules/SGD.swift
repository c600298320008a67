/// w ← w − rate · g; with momentum v ← momentum · v − rate · g, w ← w + v.
///
/// Nesterov's way looks ahead: w ← w + momentum · v − rate · g.
/// Source: `keras/src/optimizers/sgd.py`.
struct SGD: UpdateRule {
  private let momentum: Float
  private let nesterov: Bool
  private var rate: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    momentum = Float(try optimizer.number("momentum", 0...1))
    nesterov = optimizer.flag("nesterov")
  }

  var slots: [Slot] { momentum == 0 ? [] : [Slot(name: "momentum")] }

  mutating func begin(step number: Int, rate: Float) { self.rate = rate }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (rate, momentum, nesterov) = (rate, momentum, nesterov)
    guard momentum != 0 else {
      for index in 0..<part.count { weights[index] -= gradients[index] * rate }
      return
    }
    let velocities = part.slots[0]
    for index in 0..<part.count {
      let step = gradients[index] * rate
      let velocity = velocities[index] * momentum - step
      velocities[index] = velocity
      weights[index] += nesterov ? velocity * momentum - step : velocity
    }
  }
}

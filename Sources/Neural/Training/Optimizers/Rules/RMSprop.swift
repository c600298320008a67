import VectorKernels

/// w ← w − rate · g ÷ √(v + epsilon), where v is a moving average of g².
///
/// Centered: v without the square of a moving average of g.
/// Source: `keras/src/optimizers/rmsprop.py`.
struct RMSprop: UpdateRule {
  private let rho: Float
  private let rest: Float
  private let momentum: Float
  private let epsilon: Float
  private let centered: Bool
  private var rate: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    let rho = try optimizer.number("rho", 0...1)
    (self.rho, rest) = (Float(rho), Float(1 - rho))
    momentum = Float(try optimizer.number("momentum", 0...1))
    epsilon = Float(try optimizer.number("epsilon"))
    centered = optimizer.flag("centered")
  }

  var slots: [Slot] {
    [Slot(name: "velocity")] + (momentum > 0 ? [Slot(name: "momentum")] : [])
      + (centered ? [Slot(name: "average_gradient")] : [])
  }
  var slotGroups: [Range<Int>] { slots.indices.map { $0..<($0 + 1) } }

  mutating func begin(step number: Int, rate: Float) { self.rate = rate }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let velocities = part.slots[0]
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (rate, rho, rest, momentum, epsilon) = (rate, rho, rest, momentum, epsilon)
    let momenta = momentum > 0 ? part.slots[1] : nil
    let averages = centered ? part.slots[part.slots.count - 1] : nil
    guard momenta != nil || averages != nil else {
      for index in 0..<part.count {
        let gradient = gradients[index]
        let velocity = rho * velocities[index] + rest * (gradient * gradient)
        velocities[index] = velocity
        weights[index] -= rate * gradient / square_root(velocity + epsilon)
      }
      return
    }
    for index in 0..<part.count {
      let gradient = gradients[index]
      var velocity = rho * velocities[index] + rest * (gradient * gradient)
      velocities[index] = velocity
      if let averages {
        let average = rho * averages[index] + rest * gradient
        averages[index] = average
        velocity -= average * average
      }
      var step = rate * gradient / square_root(velocity + epsilon)
      if let momenta {
        step += momentum * momenta[index]
        momenta[index] = step
      }
      weights[index] -= step
    }
  }
}

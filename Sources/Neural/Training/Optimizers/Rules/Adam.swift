import VectorKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// w ← w − rate · m ÷ (√v + epsilon), where m and v are moving averages of g and g².
///
/// The rate is corrected for the averages' start at 0: √(1 − β₂ᵗ) ÷ (1 − β₁ᵗ). AMSGrad takes the
/// largest v so far. AdamW is the same: every optimizer decays weights before its step.
/// Source: `keras/src/optimizers/adam.py`; D. Kingma, J. Ba, "Adam", 2014.
struct Adam: UpdateRule {
  private let moments: Moments
  private let isAMSGrad: Bool
  private var alpha: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    moments = try Moments(optimizer)
    isAMSGrad = optimizer.flag("amsgrad")
    if optimizer.className == "AdamW", optimizer.config["weight_decay"]?.doubleValue == nil {
      throw PassError("AdamW has no weight_decay", remedy: "use a number, or Adam")
    }
  }

  var slots: [Slot] {
    [Slot(name: "momentum"), Slot(name: "velocity")]
      + (isAMSGrad ? [Slot(name: "velocity_hat")] : [])
  }
  var slotGroups: [Range<Int>] { isAMSGrad ? [0..<2, 2..<3] : [0..<2] }

  mutating func begin(step number: Int, rate: Float) {
    alpha = rate * (1 - moments.power2(number)).squareRoot() / (1 - moments.power1(number))
  }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let (momenta, velocities) = (part.slots[0], part.slots[1])
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (alpha, epsilon) = (alpha, moments.epsilon)
    let (rest1, rest2) = (moments.rest1, moments.rest2)
    guard !isAMSGrad else {
      let largest = part.slots[2]
      for index in 0..<part.count {
        let gradient = gradients[index]
        let momentum = momenta[index] + (gradient - momenta[index]) * rest1
        let velocity = velocities[index] + (gradient * gradient - velocities[index]) * rest2
        let most = largest[index] < velocity ? velocity : largest[index]
        (momenta[index], velocities[index], largest[index]) = (momentum, velocity, most)
        weights[index] -= momentum * alpha / (square_root(most) + epsilon)
      }
      return
    }
    for index in 0..<part.count {
      let gradient = gradients[index]
      let momentum = momenta[index] + (gradient - momenta[index]) * rest1
      let velocity = velocities[index] + (gradient * gradient - velocities[index]) * rest2
      momenta[index] = momentum
      velocities[index] = velocity
      weights[index] -= momentum * alpha / (square_root(velocity) + epsilon)
    }
  }
}

/// The parameters of the moving averages that Adam and its kin take of g and g².
struct Moments: Sendable {
  let beta1: Float
  let beta2: Float
  /// 1 − β₁.
  let rest1: Float
  /// 1 − β₂.
  let rest2: Float
  let epsilon: Float

  init(_ optimizer: Optimizer) throws(PassError) {
    let beta1 = try optimizer.number("beta_1", 0...1)
    let beta2 = try optimizer.number("beta_2", 0...1)
    (self.beta1, self.beta2) = (Float(beta1), Float(beta2))
    (rest1, rest2) = (Float(1 - beta1), Float(1 - beta2))
    epsilon = optimizer.config["epsilon"] == nil ? 0 : Float(try optimizer.number("epsilon"))
  }

  /// β₁ᵗ.
  func power1(_ step: Int) -> Float { pow(beta1, Float(step)) }
  /// β₂ᵗ.
  func power2(_ step: Int) -> Float { pow(beta2, Float(step)) }
}

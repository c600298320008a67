import VectorKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// w ← w − rate · m ÷ ((1 − β₁ᵗ) · (u + epsilon)), where u is the largest |g| lately.
///
/// Source: `keras/src/optimizers/adamax.py`.
struct Adamax: UpdateRule {
  private let moments: Moments
  private var rate: Float = 0
  private var correction: Float = 1

  init(_ optimizer: Optimizer) throws(PassError) { moments = try Moments(optimizer) }

  var slots: [Slot] { [Slot(name: "momentum"), Slot(name: "norm")] }

  mutating func begin(step number: Int, rate: Float) {
    self.rate = rate
    correction = 1 - moments.power1(number)
  }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let (momenta, norms) = (part.slots[0], part.slots[1])
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (moments, rate, correction) = (moments, rate, correction)
    for index in 0..<part.count {
      let gradient = gradients[index]
      let momentum = momenta[index] + (gradient - momenta[index]) * moments.rest1
      let (faded, size) = (moments.beta2 * norms[index], abs(gradient))
      let norm = faded < size ? size : faded
      momenta[index] = momentum
      norms[index] = norm
      weights[index] -= rate * momentum / (correction * (norm + moments.epsilon))
    }
  }
}

/// Adam that looks ahead as Nesterov's momentum does; the momentum itself grows with the steps.
///
/// Source: `keras/src/optimizers/nadam.py`; T. Dozat, 2016.
struct Nadam: UpdateRule {
  private let moments: Moments
  /// The product of the momenta of all steps.
  private var product: Float = 1
  private var rate: Float = 0
  /// What m and g are multiplied by.
  private var shares: (momentum: Float, gradient: Float) = (0, 0)
  /// 1 − β₂ᵗ.
  private var correction: Float = 1

  init(_ optimizer: Optimizer) throws(PassError) { moments = try Moments(optimizer) }

  var slots: [Slot] { [Slot(name: "momentum"), Slot(name: "velocity")] }
  var momentumProduct: Float? {
    get { product }
    set { product = newValue ?? 1 }
  }

  mutating func begin(step number: Int, rate: Float) {
    let now = moments.beta1 * (1 - 0.5 * pow(0.96, Float(number)))
    let next = moments.beta1 * (1 - 0.5 * pow(0.96, Float(number + 1)))
    product *= now
    self.rate = rate
    shares = (next / (1 - product * next), (1 - now) / (1 - product))
    correction = 1 - moments.power2(number)
  }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let (momenta, velocities) = (part.slots[0], part.slots[1])
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (moments, rate, shares, correction) = (moments, rate, shares, correction)
    for index in 0..<part.count {
      let gradient = gradients[index]
      let momentum = momenta[index] + (gradient - momenta[index]) * moments.rest1
      let velocity =
        velocities[index] + (gradient * gradient - velocities[index]) * moments.rest2
      momenta[index] = momentum
      velocities[index] = velocity
      let ahead = shares.momentum * momentum + shares.gradient * gradient
      weights[index] -= ahead * rate / (square_root(velocity / correction) + moments.epsilon)
    }
  }
}

/// Adam's step, as long as the weight is: w ← w − rate · (‖w‖ ÷ ‖step‖) · step.
///
/// Source: `keras/src/optimizers/lamb.py`.
struct Lamb: UpdateRule {
  private let moments: Moments
  private var rate: Float = 0
  private var corrections: (Float, Float) = (1, 1)

  init(_ optimizer: Optimizer) throws(PassError) { moments = try Moments(optimizer) }

  var slots: [Slot] { [Slot(name: "momentum"), Slot(name: "velocity")] }
  var needsWholeWeights: Bool { true }

  mutating func begin(step number: Int, rate: Float) {
    self.rate = rate
    corrections = (1 - moments.power1(number), 1 - moments.power2(number))
  }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let (momenta, velocities) = (part.slots[0], part.slots[1])
    let (moments, rate, corrections) = (moments, rate, corrections)
    func step(_ index: Int) -> Float {
      momenta[index] / corrections.0
        / (square_root(velocities[index] / corrections.1) + moments.epsilon)
    }
    var squares = (weight: 0.0, step: 0.0)
    for index in 0..<part.count {
      let gradient = gradients[index]
      momenta[index] += (gradient - momenta[index]) * moments.rest1
      velocities[index] += (gradient * gradient - velocities[index]) * moments.rest2
      let (weight, step) = (Double(weights[index]), Double(step(index)))
      squares.weight += weight * weight
      squares.step += step * step
    }
    let isMoving = squares.weight > 0 && squares.step > 0
    let ratio = isMoving ? Float((squares.weight / squares.step).squareRoot()) : 1
    for index in 0..<part.count { weights[index] -= ratio * rate * step(index) }
  }
}

/// w ← w − rate · sign(β₁ · m + (1 − β₁) · g).
///
/// Source: `keras/src/optimizers/lion.py`; X. Chen et al., 2023.
struct Lion: UpdateRule {
  private let moments: Moments
  private var rate: Float = 0

  init(_ optimizer: Optimizer) throws(PassError) {
    moments = try Moments(optimizer)
    guard moments.beta1 > 0 else {
      throw PassError("Lion has beta_1=0", remedy: "use a number above 0, up to 1")
    }
  }

  var slots: [Slot] { [Slot(name: "momentum")] }

  mutating func begin(step number: Int, rate: Float) { self.rate = rate }

  func move(_ part: WeightPart) {
    let (weights, gradients, momenta) = (part.weights, part.gradients, part.slots[0])
    let (moments, rate) = (moments, rate)
    let (rest1, rest2) = (1 - moments.beta1, 1 - moments.beta2)
    for index in 0..<part.count {
      let gradient = gradients[index]
      let lead = momenta[index] * moments.beta1 + gradient * rest1
      weights[index] -= lead > 0 ? rate : lead < 0 ? -rate : 0
      momenta[index] = momenta[index] * moments.beta2 + gradient * rest2
    }
  }
}

/// Adam without a schedule: what is trained lies between a fast weight and its average.
///
/// Source: `keras/src/optimizers/schedule_free_adamw.py`; A. Defazio et al., 2024.
struct ScheduleFreeAdamW: UpdateRule {
  private let moments: Moments
  private let warmupSteps: Int
  private var rate: Float = 0
  private var share: Float = 1
  private var correction: Float = 1

  init(_ optimizer: Optimizer) throws(PassError) {
    moments = try Moments(optimizer)
    warmupSteps = try optimizer.optionalCount("warmup_steps", from: 0) ?? 0
    guard moments.beta1 > 0 else {
      throw PassError("ScheduleFreeAdamW has beta_1=0", remedy: "use a number above 0, up to 1")
    }
  }

  var slots: [Slot] { [Slot(name: "momentum", start: .weight), Slot(name: "velocity")] }

  mutating func begin(step number: Int, rate: Float) {
    let warmth = warmupSteps > 0 ? Swift.min(Float(number) / Float(warmupSteps), 1) : 1
    self.rate = rate * warmth
    share = 1 / Float(number)
    correction = 1 - moments.power2(number)
  }

  func move(_ part: WeightPart) {
    let (weights, gradients) = (part.weights, part.gradients)
    let (fast, velocities) = (part.slots[0], part.slots[1])
    // Read once: memory that is written to could be theirs, for all the compiler knows.
    let (rate, share, correction, epsilon) = (rate, share, correction, moments.epsilon)
    let (beta1, rest1) = (moments.beta1, 1 - moments.beta1)
    let rest2 = 1 - moments.beta2
    for index in 0..<part.count {
      let gradient = gradients[index]
      let velocity = velocities[index] + (gradient * gradient - velocities[index]) * rest2
      velocities[index] = velocity
      let average = (weights[index] - rest1 * fast[index]) / beta1
      let moved =
        fast[index] - rate * gradient / (square_root(velocity / correction) + epsilon)
      fast[index] = moved
      weights[index] = rest1 * moved + beta1 * ((1 - share) * average + share * moved)
    }
  }
}

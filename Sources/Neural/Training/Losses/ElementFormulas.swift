#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A loss that looks at each prediction beside its target alone.
protocol ElementFormula {
  /// The loss of eight predictions p with their targets t, and how it changes with p.
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes)
}

/// Keras' `epsilon()`: what keeps logarithms and divisions finite.
let lossEpsilon: Float = 1e-7
/// The largest probability that has a logarithm of its own.
let largestProbability = Float(1 - 1e-7)

/// (p − t)².
struct SquaredError: ElementFormula {
  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let error = p - t
    return (error * error, 2 * error)
  }
}

/// |p − t|.
struct AbsoluteError: ElementFormula {
  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let error = p - t
    return (error.magnitudes, error.slopesOfMagnitudes)
  }
}

/// 100 |p − t| / max(|t|, ε).
struct PercentageError: ElementFormula {
  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let error = p - t
    let size = t.magnitudes.atLeast(lossEpsilon)
    return (100 * (error / size).magnitudes, 100 * error.slopesOfMagnitudes / size)
  }
}

/// (ln(1 + max(p, ε)) − ln(1 + max(t, ε)))².
struct LogarithmicError: ElementFormula {
  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let one = p.atLeast(lossEpsilon) + 1
    let error = one.logarithm - (t.atLeast(lossEpsilon) + 1).logarithm
    return (error * error, 2 * error / one * p.slope(ofAtLeast: lossEpsilon))
  }
}

/// ½ (p − t)² where |p − t| ≤ δ, else δ |p − t| − ½ δ².
struct HuberError: ElementFormula {
  let delta: Float

  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let error = p - t
    let size = error.magnitudes
    let isFar = size .> delta
    return (
      (0.5 * error * error).replacing(with: delta * size - 0.5 * delta * delta, where: isFar),
      error.replacing(with: delta * error.slopesOfMagnitudes, where: isFar)
    )
  }
}

/// ln cosh(p − t) = |e| + ln(1 + e^(−2|e|)) − ln 2.
struct LogCoshError: ElementFormula {
  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let error = p - t
    let size = error.magnitudes
    let power = (-2 * size).exponentialOfNonPositive
    let slope = (1 - power) / (1 + power)
    return (
      size + power.logarithmOfOneMore - 0.693_147_18,
      slope.replacing(with: -slope, where: error .< 0)
    )
  }
}

/// p − t ln(p + ε).
struct PoissonError: ElementFormula {
  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let moved = p + lossEpsilon
    return (p - t * moved.logarithm, 1 - t / moved)
  }
}

/// t ln(t / p), both within ε and 1.
struct DivergenceTerm: ElementFormula {
  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let target = t.atLeast(lossEpsilon).atMost(1)
    let prediction = p.atLeast(lossEpsilon).atMost(1)
    return (
      target * (target / prediction).logarithm,
      -target / prediction * p.slope(ofAtLeast: lossEpsilon, atMost: 1)
    )
  }
}

/// Targets as hinge losses want them, −1 or 1; made of 0 and 1 where a batch has these alone.
struct HingeSigns {
  let keep: Float
  let add: Float
}

/// max(1 − t p, 0).
struct HingeError: ElementFormula {
  let signs: HingeSigns

  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let sign = t * signs.keep + signs.add
    let margin = 1 - sign * p
    return (margin.atLeast(0), -sign * margin.slope(ofAtLeast: 0))
  }
}

/// max(1 − t p, 0)².
struct SquaredHingeError: ElementFormula {
  let signs: HingeSigns

  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let sign = t * signs.keep + signs.add
    let margin = (1 - sign * p).atLeast(0)
    return (margin * margin, -2 * margin * sign)
  }
}

/// Targets with a part that goes to all answers alike: t · keep + add.
struct Smoothing {
  let keep: Float
  let add: Float

  @inline(__always)
  func callAsFunction(_ t: Lanes) -> Lanes { t * keep + add }
  @inline(__always)
  func callAsFunction(_ t: Float) -> Float { t * keep + add }
}

/// −t ln p − (1 − t) ln(1 − p), p within ε and 1 − ε.
struct BinaryEntropy: ElementFormula {
  let labels: Smoothing

  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let label = labels(t)
    let yes = p.atLeast(lossEpsilon).atMost(largestProbability)
    let no = 1 - yes
    let clipping = p.slope(ofAtLeast: lossEpsilon, atMost: largestProbability)
    if all((label .== 0) .| (label .== 1)) {
      // One logarithm will do where targets are sure.
      let isYes = label .== 1
      let share = no.replacing(with: yes, where: isYes)
      let slope = (1 / share).replacing(with: -1 / share, where: isYes)
      return (-share.logarithm, slope * clipping)
    }
    return (
      -(label * yes.logarithm + (1 - label) * no.logarithm),
      ((1 - label) / no - label / yes) * clipping
    )
  }
}

/// The same of p = σ(x): t softplus(−x) + (1 − t) softplus(x).
struct BinaryEntropyOfLogits: ElementFormula {
  let labels: Smoothing

  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let label = labels(t)
    let (sigmoid, softplus) = p.sigmoidAndSoftplus
    return (softplus - label * p, sigmoid - label)
  }
}

/// w (1 − pₜ)^γ · binary cross-entropy, pₜ = t p + (1 − t)(1 − p), w = t α + (1 − t)(1 − α) where
/// classes are balanced.
struct BinaryFocalEntropy: ElementFormula {
  let labels: Smoothing
  let fromLogits: Bool
  let gamma: Float
  /// `nil`: classes are not balanced.
  let alpha: Float?

  @inline(__always)
  func callAsFunction(_ p: Lanes, _ t: Lanes) -> (value: Lanes, slope: Lanes) {
    let label = labels(t)
    let prediction = fromLogits ? p.sigmoidAndSoftplus.sigmoid : p
    let entropy = BinaryEntropy(labels: Smoothing(keep: 1, add: 0))(prediction, label)
    let missed = 1 - (label * prediction + (1 - label) * (1 - prediction))
    var focus = Lanes()
    var focusSlope = Lanes()
    for lane in 0..<Lanes.scalarCount {
      focus[lane] = powf(missed[lane], gamma)
      focusSlope[lane] = gamma == 0 ? 0 : gamma * powf(missed[lane], gamma - 1)
    }
    var value = focus * entropy.value
    var slope = focus * entropy.slope + focusSlope * (1 - 2 * label) * entropy.value
    if let alpha {
      let weight = label * alpha + (1 - label) * (1 - alpha)
      value *= weight
      slope *= weight
    }
    if fromLogits { slope *= prediction * (1 - prediction) }
    return (value, slope)
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The formulas of learning rate schedules, at one step, in 32 bits as Keras computes them.
struct ScheduledRates {
  /// The parameter of a name.
  let number: (String) -> Float
  /// How many steps were made before.
  let step: Float

  private var initial: Float { number("initial_learning_rate") }
  private var decaySteps: Float { number("decay_steps") }

  /// initial · rateˢᵗᵉᵖ ᐟ ˢᵗᵉᵖˢ.
  func exponential(_ isStaircase: Bool) -> Float {
    initial * pow(number("decay_rate"), periods(isStaircase))
  }

  /// initial ÷ (1 + rate · step ÷ steps).
  func inverseTime(_ isStaircase: Bool) -> Float {
    initial / (1 + number("decay_rate") * periods(isStaircase))
  }

  private func periods(_ isStaircase: Bool) -> Float {
    let periods = step / decaySteps
    return isStaircase ? periods.rounded(.down) : periods
  }

  /// From the initial rate to the last along a power of what is left.
  func polynomial(cycles: Bool) -> Float {
    let end = number("end_learning_rate")
    var (step, steps) = (step, decaySteps)
    if cycles {
      steps *= step == 0 ? 1 : (step / steps).rounded(.up)
    } else {
      step = Swift.min(step, steps)
    }
    return (initial - end) * pow(1 - step / steps, number("power")) + end
  }

  /// Half a cosine from the initial rate down to alpha of it, behind a straight warm-up.
  func cosine(isWarmedUp: Bool) -> Float {
    guard isWarmedUp else {
      return initial * decayed(Swift.min(step, decaySteps) / decaySteps)
    }
    let (target, warmupSteps) = (number("warmup_target"), number("warmup_steps"))
    let step = Swift.min(step, decaySteps + warmupSteps)
    guard step >= warmupSteps else {
      return (target - initial) * (step / warmupSteps) + initial
    }
    return target * decayed((step - warmupSteps) / decaySteps)
  }

  private func decayed(_ fraction: Float, height: Float = 1) -> Float {
    let cosine = 0.5 * height * (1 + cos(Float.pi * fraction))
    return (1 - number("alpha")) * cosine + number("alpha")
  }

  /// Half cosines one after the other, each `t_mul` times as long and `m_mul` times as high.
  func cosineRestarts() -> Float {
    let growth = number("t_mul")
    var fraction = step / number("first_decay_steps")
    let restarts: Float
    if growth == 1 {
      restarts = fraction.rounded(.down)
      fraction -= restarts
    } else {
      restarts = (log(1 - fraction * (1 - growth)) / log(growth)).rounded(.down)
      let length = pow(growth, restarts)
      fraction = (fraction - (1 - length) / (1 - growth)) / length
    }
    return initial * decayed(fraction, height: pow(number("m_mul"), restarts))
  }
}

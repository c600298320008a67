#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension LossRows {
  /// max(max((1 − t) p) − Σ t p + 1, 0).
  func runCategoricalHinge() {
    for row in 0..<count {
      let (p, t) = (predictions + row * width, targets + row * width)
      var positive: Float = 0
      var negative = -Float.infinity
      var ties: Float = 0
      for index in 0..<width {
        positive += t[index] * p[index]
        let other = (1 - t[index]) * p[index]
        if other == negative {
          ties += 1
        } else if !(other <= negative) {
          // NaN is above all, and stays.
          if !negative.isNaN { (negative, ties) = (other, 1) }
        }
      }
      let margin = negative - positive + 1
      values[row] = margin < 0 ? 0 : margin
      guard let back = gradient.map({ $0 + row * width }) else { continue }
      let slope: Float = margin < 0 ? 0 : (margin == 0 ? 0.5 : 1)
      for index in 0..<width {
        let other = 1 - t[index]
        let isTop = other * p[index] == negative
        back[index] = ((isTop ? other / ties : 0) - t[index]) * slope * factor(row)
      }
    }
  }

  /// −Σ t̂ p̂, where x̂ = x · min(1 / √Σ x², 1 / ε).
  func runCosine() {
    for row in 0..<count {
      let (p, t) = (predictions + row * width, targets + row * width)
      var (squares, targetSquares, product): (Float, Float, Float) = (0, 0, 0)
      for index in 0..<width {
        squares += p[index] * p[index]
        targetSquares += t[index] * t[index]
        product += t[index] * p[index]
      }
      let bound = 1 / lossEpsilon
      let scale = lesser(1 / squares.squareRoot(), bound)
      let targetScale = lesser(1 / targetSquares.squareRoot(), bound)
      let cosine = product * scale * targetScale
      values[row] = -cosine
      guard let back = gradient.map({ $0 + row * width }) else { continue }
      // Too short a vector is only multiplied: its length does not come in. (At zero itself Keras'
      // gradient is not a number.)
      let turning = scale < bound || scale.isNaN ? cosine * scale : 0
      for index in 0..<width {
        back[index] = (turning * p[index] - t[index] * targetScale) * scale * factor(row)
      }
    }
  }

  private func lesser(_ one: Float, _ other: Float) -> Float { one > other ? other : one }

  /// One minus how much predictions and targets have in common, each a set with shares of members.
  func runOverlap(_ overlap: LossFormula.Overlap) {
    for row in 0..<count {
      let (p, t) = (predictions + row * width, targets + row * width)
      var (common, all, targets): (Float, Float, Float) = (0, 0, 0)
      common = dot(p, t)
      all = p.sum(width)
      targets = t.sum(width)
      let (scale, whole, perTarget, base): (Float, Float, Float, Float)
      switch overlap {
      case .dice:
        // 2 C / (T + P + ε).
        (scale, whole) = (2, targets + all + lossEpsilon)
        (perTarget, base) = (0, 1)
      case .tversky(let alpha, let beta):
        // C / (C + α (T − C) + β (P − C) + ε).
        scale = 1
        whole = common + alpha * (targets - common) + beta * (all - common) + lossEpsilon
        (perTarget, base) = (1 - alpha - beta, beta)
      }
      values[row] = 1 - scale * common / whole
      guard let back = gradient.map({ $0 + row * width }) else { continue }
      for index in 0..<width {
        let wholeSlope = perTarget * t[index] + base
        back[index] =
          -scale * (t[index] * whole - common * wholeSlope) / (whole * whole) * factor(row)
      }
    }
  }

  private func dot(_ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>) -> Float {
    var lanes = Lanes.zero
    var index = 0
    while index + 8 <= width {
      lanes += Lanes(at: one + index) * Lanes(at: other + index)
      index += 8
    }
    var sum = lanes.sum()
    while index < width {
      sum += one[index] * other[index]
      index += 1
    }
    return sum
  }
}

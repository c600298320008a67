#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much a position counts for a new one, by their distance.
///
/// Source: `jax.image.resize`.
enum ResamplingKernel {
  /// A triangle: the two nearest positions.
  case linear
  /// R. Keys, "Cubic convolution interpolation for digital image processing", 1981.
  case cubic
  /// A sinc, windowed by a wider one.
  case lanczos(radius: Float)

  /// How far the kernel reaches.
  var radius: Float {
    switch self {
    case .linear: 1
    case .cubic: 2
    case .lanczos(let radius): radius
    }
  }

  /// The weight at a distance of `x`, 0 or more.
  func weight(at x: Float) -> Float {
    switch self {
    case .linear: return max(0, 1 - x)
    case .cubic:
      if x >= 2 { return 0 }
      return x >= 1
        ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : ((1.5 * x - 2.5) * x) * x + 1
    case .lanczos(let radius):
      if x > radius { return 0 }
      guard x > 1e-3 else { return 1 }
      return radius * sinf(.pi * x) * sinf(.pi * x / radius) / (.pi * .pi * x * x)
    }
  }

  /// For each of `new` positions, the old ones that count: weights that add up to 1.
  ///
  /// - Parameters:
  ///   - old: how many positions there were.
  ///   - new: how many there are to be.
  ///   - isSmoothed: whether the kernel is wider where there are fewer new positions than old
  ///     ones, so that all of these count (`antialias`).
  /// - Returns: for each new position the old ones that it is made of, and how much each counts.
  func weights(
    from old: Int, to new: Int, isSmoothed: Bool = false
  ) -> [[(position: Int, weight: Float)]] {
    let step = 1 / (Float(new) / Float(old))
    let width = isSmoothed ? max(step, 1) : 1
    return (0..<new).map { place in
      let center = (Float(place) + 0.5) * step - 0.5
      let first = max(0, Int(center - radius * width) - 1)
      let last = min(old - 1, Int(center + radius * width) + 1)
      guard first <= last else { return [] }
      let parts = (first...last).map { ($0, weight(at: abs(center - Float($0)) / width)) }
      let sum = parts.reduce(Float(0)) { $0 + $1.1 }
      guard abs(sum) > 1000 * Float.ulpOfOne else { return [] }
      return parts.compactMap { $0.1 == 0 ? nil : (position: $0.0, weight: $0.1 / sum) }
    }
  }
}

extension UpSampling2D.Interpolation {
  /// The kernel; `nil` where each position is repeated.
  var kernel: ResamplingKernel? {
    switch self {
    case .nearest: nil
    case .bilinear: .linear
    case .bicubic: .cubic
    case .lanczos3: .lanczos(radius: 3)
    case .lanczos5: .lanczos(radius: 5)
    }
  }
}

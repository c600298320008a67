/// Predictions beside targets, row by row: what makes one value of a loss lies side by side.
struct LossRows {
  /// How many values the loss has.
  var count: Int
  /// How many predictions make a value.
  var width: Int
  /// The size of the last axis, which Keras takes for the count of classes when it smooths labels,
  /// even where the classes stand on another axis.
  var lastSize: Int
  /// (count, width).
  var predictions: UnsafePointer<Float>
  /// (count, width); (count) where these are numbers of classes.
  var targets: UnsafePointer<Float>
  /// How much each value counts; `nil`: all as much as `factor`.
  var factors: UnsafePointer<Float>?
  /// How much every value counts.
  var factor: Float
  /// (count): where the values go.
  var values: UnsafeMutablePointer<Float>
  /// (count, width): where the way back goes, factors included; `nil`: nobody wants it.
  var gradient: UnsafeMutablePointer<Float>?

  /// How much the value of a row counts.
  @inline(__always)
  func factor(_ row: Int) -> Float {
    if let factors { factors[row] } else { factor }
  }
}

extension LossFormula {
  /// Computes values and, where it is wanted, the way back.
  func run(_ rows: LossRows) {
    switch self {
    case .squaredError: rows.mean(of: SquaredError())
    case .absoluteError: rows.mean(of: AbsoluteError())
    case .percentageError: rows.mean(of: PercentageError())
    case .logarithmicError: rows.mean(of: LogarithmicError())
    case .huber(let delta): rows.mean(of: HuberError(delta: delta))
    case .logCosh: rows.mean(of: LogCoshError())
    case .poisson: rows.mean(of: PoissonError())
    case .divergence: rows.sum(of: DivergenceTerm())
    case .hinge: rows.mean(of: HingeError(signs: rows.hingeSigns))
    case .squaredHinge: rows.mean(of: SquaredHingeError(signs: rows.hingeSigns))
    case .categoricalHinge: rows.runCategoricalHinge()
    case .cosine: rows.runCosine()
    case .binary(let entropy):
      let labels = Smoothing(keep: 1 - entropy.smoothing, add: 0.5 * entropy.smoothing)
      if entropy.fromLogits {
        rows.mean(of: BinaryEntropyOfLogits(labels: labels))
      } else {
        rows.mean(of: BinaryEntropy(labels: labels))
      }
    case .binaryFocal(let entropy, let focus, let isBalanced):
      let labels = Smoothing(keep: 1 - entropy.smoothing, add: 0.5 * entropy.smoothing)
      rows.mean(
        of: BinaryFocalEntropy(
          labels: labels, fromLogits: entropy.fromLogits, gamma: focus.gamma,
          alpha: isBalanced ? focus.alpha.first : nil))
    case .categorical(let entropy): rows.runCategorical(entropy)
    case .categoricalFocal(let entropy, let focus): rows.runCategoricalFocal(entropy, focus)
    case .sparse(let entropy, let ignored):
      rows.runSparse(fromLogits: entropy.fromLogits, ignoring: ignored)
    case .generalized(let exponent): rows.runGeneralized(exponent: exponent)
    case .overlap(let overlap): rows.runOverlap(overlap)
    case .circle(let circle): rows.runCircle(circle)
    }
  }
}

/// What a merging layer does with two numbers, and how the result changes with them.
package enum MergeJoin: Sendable {
  case sum, difference, product, larger, smaller

  /// The number that two numbers at the same place become.
  @inline(__always) func callAsFunction(_ a: Float, _ b: Float) -> Float {
    switch self {
    case .sum: a + b
    case .difference: a - b
    case .product: a * b
    case .larger: a > b || a.isNaN ? a : b
    case .smaller: a < b || a.isNaN ? a : b
    }
  }

  /// Two tensors joined number by number, axes of size 1 repeated; `nil` where they do not fit.
  func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor? {
    // One loop for each, so that none asks which it is for every number.
    switch self {
    case .sum: a.broadcast(with: b, +)
    case .difference: a.broadcast(with: b, -)
    case .product: a.broadcast(with: b, *)
    case .larger: a.broadcast(with: b) { MergeJoin.larger($0, $1) }
    case .smaller: a.broadcast(with: b) { MergeJoin.smaller($0, $1) }
    }
  }

  /// Whether the way back needs the numbers that were joined, not their sizes alone.
  var needsNumbers: Bool {
    switch self {
    case .sum, .difference: false
    case .product, .larger, .smaller: true
    }
  }

  /// The gradients of two joined tensors, from that of the result.
  ///
  /// Where equal numbers are compared, each gets half, as in Keras with JAX.
  func gradients(_ gradient: Tensor, _ a: Tensor, _ b: Tensor) -> (a: Tensor, b: Tensor) {
    let share: Tensor?
    switch self {
    case .sum, .difference: return gradients(gradient, a.sizes, b.sizes)
    case .product:
      return (gradient.times(b, summedTo: a.sizes), gradient.times(a, summedTo: b.sizes))
    case .larger: share = a.broadcast(with: b) { $0 == $1 ? 0.5 : $0 > $1 ? 1 : 0 }
    case .smaller: share = a.broadcast(with: b) { $0 == $1 ? 0.5 : $0 < $1 ? 1 : 0 }
    }
    guard let share else { return (Tensor(a.sizes), Tensor(b.sizes)) }
    return (
      gradient.zipped(with: share, *).summed(to: a.sizes),
      gradient.zipped(with: share) { $0 * (1 - $1) }.summed(to: b.sizes)
    )
  }

  /// The same for a sum or a difference, of which the sizes are enough.
  func gradients(_ gradient: Tensor, _ a: [Int], _ b: [Int]) -> (a: Tensor, b: Tensor) {
    let other = gradient.summed(to: b)
    return (gradient.summed(to: a), self == .difference ? other.map { -$0 } : other)
  }
}

extension Tensor {
  /// The product with a factor that is repeated to these sizes, summed to smaller ones.
  fileprivate func times(_ factor: Tensor, summedTo sizes: [Int]) -> Tensor {
    (broadcast(with: factor, *) ?? self).summed(to: sizes)
  }
}

/// Inputs joined one after another, with what the way back needs.
struct MergeSteps: Sendable {
  private let join: MergeJoin
  private let keepsSteps: Bool
  private var steps: [Step] = []
  /// What all inputs so far became.
  private(set) var result: Tensor

  /// What came before an input, and the input.
  private struct Step {
    let before: [Int]
    let input: [Int]
    /// The same as numbers, where they are needed.
    let numbers: (before: Tensor, input: Tensor)?
  }

  /// The first input; what the way back needs is kept where `context` asks for it.
  init(_ first: Tensor, _ join: MergeJoin, in context: PassContext) {
    self.join = join
    keepsSteps = context.isDifferentiated
    result = first
  }

  /// Joins the next input.
  ///
  /// - Returns: whether it fits.
  mutating func add(_ input: Tensor) -> Bool {
    guard let joined = join(result, input) else { return false }
    if keepsSteps {
      let numbers = join.needsNumbers ? (before: result, input: input) : nil
      steps.append(Step(before: result.sizes, input: input.sizes, numbers: numbers))
    }
    result = joined
    return true
  }

  /// The gradients of the inputs, from that of the result.
  func gradients(_ gradient: Tensor) -> [Tensor] {
    var (gradient, gradients) = (gradient, [Tensor]())
    for step in steps.reversed() {
      let parts =
        step.numbers.map { join.gradients(gradient, $0.before, $0.input) }
        ?? join.gradients(gradient, step.before, step.input)
      gradient = parts.a
      gradients.append(parts.b)
    }
    return [gradient] + gradients.reversed()
  }
}

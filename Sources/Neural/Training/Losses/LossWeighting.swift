/// How much each value of a loss counts in the result: sample weights, mask and reduction in one.
///
/// A loss is Σ factor · value. Source: `reduce_weighted_values` and `apply_mask` in
/// `keras/src/losses/loss.py`. Weights and masks stand at the leading axes of the values: (n) counts
/// whole samples whatever they answer with, where Keras 3 lines (n) up with the last axis, which
/// fails for all but square batches.
struct LossWeighting {
  /// A factor for each value; empty where all are alike.
  let factors: [Float]
  /// The factor of all values, where there is one.
  let factor: Float

  /// The factors of values of some sizes.
  ///
  /// - Parameters:
  ///   - sizes: the sizes of the values: the predictions without the axes that a value is made of.
  ///   - weights: how much samples, or timesteps of samples, count; `nil`: all alike.
  ///   - masks: which count, 1 or 0; those that count in all of them do.
  ///   - reduction: how values become one number.
  /// - Throws: `PassError` where weights or a mask do not fit.
  init(
    sizes: [Int], weights: Tensor?, masks: [Tensor], reduction: LossReduction
  ) throws(PassError) {
    let count = sizes.reduce(1, *)
    let isMean =
      switch reduction {
      case .sum, .none: false
      default: true
      }
    guard var merged = try Self.merged(sizes, weights, masks, reduction) else {
      factors = []
      factor = isMean && count > 0 ? 1 / Float(count) : 1
      return
    }
    let total = merged.values.reduce(0.0) { $0 + Double($1) }
    if sizes.isEmpty {
      // One value for the whole batch: it is weighed by each weight, then all are reduced.
      let divisor = reduction == .meanWithSampleWeight ? total : Double(merged.count)
      factor = Float(isMean ? (divisor == 0 ? 0 : total / divisor) : total)
      factors = []
      return
    }
    let divisor = reduction == .meanWithSampleWeight ? Float(total) : Float(count)
    merged = merged.reshaped(merged.sizes + Array(repeating: 1, count: sizes.count - merged.rank))
    guard merged.sizes.stretches(to: sizes) else {
      throw Self.mismatch("weights", merged.sizes, sizes)
    }
    merged = merged.stretched(toSizes: sizes)
    let share = isMean ? (divisor == 0 ? 0 : 1 / divisor) : 1
    factors = merged.values.map { $0 * share }
    factor = 1
  }

  /// Weights and masks as one; `nil` where there are none.
  ///
  /// Where a mean is taken, what counts is raised by the share of what does not.
  static func merged(
    _ sizes: [Int], _ weights: Tensor?, _ masks: [Tensor], _ reduction: LossReduction = .none
  ) throws(PassError) -> Tensor? {
    var result: Tensor?
    for mask in masks {
      let mask = try trimmed(mask, to: sizes, what: "mask").map { $0 != 0 ? 1 : 0 }
      result = try result.map { (known) throws(PassError) in try product(known, mask) } ?? mask
    }
    if let mask = result, reduction == .mean || reduction == .sumOverBatchSize {
      let valid = mask.values.reduce(Float(0), +)
      let share = valid == 0 ? 0 : Float(mask.count) / valid
      result = mask.map { $0 * share }
    }
    guard let weights else { return result }
    let own = try trimmed(weights, to: sizes, what: "sample weights")
    return try result.map { (known) throws(PassError) in try product(own, known) } ?? own
  }

  /// A tensor without axes of size 1 behind those that the values have.
  private static func trimmed(
    _ tensor: Tensor, to sizes: [Int], what: String
  ) throws(PassError) -> Tensor {
    if tensor.rank == 0 { return tensor.reshaped([1]) }
    // Where there is one value for the batch, anything can weigh it.
    guard !sizes.isEmpty, tensor.rank > sizes.count else {
      if !sizes.isEmpty, !tensor.sizes.stretches(to: Array(sizes.prefix(tensor.rank))) {
        throw mismatch(what, tensor.sizes, sizes)
      }
      return tensor
    }
    let kept = Array(tensor.sizes.prefix(sizes.count))
    guard tensor.sizes.dropFirst(sizes.count).allSatisfy({ $0 == 1 }), kept.stretches(to: sizes)
    else { throw mismatch(what, tensor.sizes, sizes) }
    return tensor.reshaped(kept)
  }

  /// Two tensors multiplied, lined up at their leading axes.
  private static func product(_ one: Tensor, _ other: Tensor) throws(PassError) -> Tensor {
    let rank = max(one.rank, other.rank)
    let first = one.reshaped(one.sizes + Array(repeating: 1, count: rank - one.rank))
    let second = other.reshaped(other.sizes + Array(repeating: 1, count: rank - other.rank))
    var sizes: [Int] = []
    for (a, b) in zip(first.sizes, second.sizes) {
      guard a == b || a == 1 || b == 1 else {
        throw mismatch("sample weights", one.sizes, other.sizes)
      }
      sizes.append(a == 1 ? b : a)
    }
    return first.stretched(toSizes: sizes).zipped(with: second.stretched(toSizes: sizes), *)
  }

  private static func mismatch(_ what: String, _ found: [Int], _ values: [Int]) -> PassError {
    let samples = values.prefix(1).map { "(\($0),)" }
    let timesteps = values.count > 1 ? ["(\(values[0]), \(values[1]))"] : []
    return PassError(
      "the \(what) are \(Shape(sizes: found)), the answers \(Shape(sizes: values))",
      remedy: "give weights of the shape " + (samples + timesteps).joined(separator: " or "))
  }
}

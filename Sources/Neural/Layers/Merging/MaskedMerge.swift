/// A merging layer that looks at the masks of its inputs: where only one input counts, its
/// number is taken.
///
/// Source: `_apply_merge_op_and_or_mask` in `keras/src/layers/merging/base_merge.py`.
protocol MaskedMerge: ElementwiseMerge {}

extension Maximum: MaskedMerge {}
extension Minimum: MaskedMerge {}

/// Inputs joined one after another, each with its mask.
struct MaskedMergeSteps: Sendable {
  let className: String
  let join: MergeJoin
  /// What all inputs so far became.
  private(set) var result: Tensor?
  /// Which numbers of the result count, of the result's sizes; `nil`: not known.
  private var counts: Tensor?
  private var steps: [Step] = []

  private struct Step {
    let before: Tensor
    /// Which numbers of it counted.
    let counts: Tensor?
    let input: Tensor
    /// Which numbers of the input count.
    let counting: Tensor?
    /// What was joined.
    let one: Tensor
    let other: Tensor
  }

  init(className: String, join: MergeJoin) {
    self.className = className
    self.join = join
  }

  /// Joins the next input.
  ///
  /// - Throws: `PassError` where its sizes, or its mask, do not fit.
  mutating func add(_ input: Tensor, mask: Tensor?) throws(PassError) {
    var counting: Tensor?
    if let mask {
      counting = mask.reshaped(mask.sizes + [1]).broadcast(to: input.sizes)
      if counting == nil {
        throw PassError(
          "\(className) has an input of \(input.shape) with a mask of \(mask.shape)",
          remedy: "a mask has one axis less than its input")
      }
    }
    guard let before = result else {
      (result, counts) = (input, counting)
      return
    }
    var (one, other) = (before, input)
    if let counting { other = try chosen(where: counting, input, else: before) }
    if let counts { one = try chosen(where: counts, before, else: other) }
    guard let joined = join(one, other) else { throw misfit(one, other) }
    steps.append(
      Step(
        before: before, counts: counts, input: input, counting: counting, one: one, other: other))
    result = joined
    guard let known = counts, let counting else {
      counts = nil
      return
    }
    counts = known.broadcast(with: counting) { $0 != 0 || $1 != 0 ? 1 : 0 }
  }

  /// The gradients of the inputs, from that of the result.
  func gradients(_ gradient: Tensor) -> [Tensor] {
    var (gradient, gradients) = (gradient, [Tensor]())
    for step in steps.reversed() {
      var (one, other) = join.gradients(gradient, step.one, step.other)
      if let counts = step.counts {
        other.add(one.kept(where: counts, is: false).summed(to: other.sizes))
        one = one.kept(where: counts, is: true)
      }
      var before = one.summed(to: step.before.sizes)
      if let counting = step.counting {
        before.add(other.kept(where: counting, is: false).summed(to: before.sizes))
        other = other.kept(where: counting, is: true)
      }
      gradients.append(other.summed(to: step.input.sizes))
      gradient = before
    }
    return [gradient] + gradients.reversed()
  }

  private func chosen(
    where condition: Tensor, _ one: Tensor, else other: Tensor
  ) throws(PassError) -> Tensor {
    guard let sizes = Tensor.commonSizes(one.sizes, other.sizes),
      let full = Tensor.commonSizes(sizes, condition.sizes),
      let condition = condition.broadcast(to: full), let one = one.broadcast(to: full),
      let other = other.broadcast(to: full)
    else { throw misfit(one, other) }
    return Tensor(full) { out in
      for index in out.indices {
        out[index] = condition.values[index] != 0 ? one.values[index] : other.values[index]
      }
    }
  }

  private func misfit(_ one: Tensor, _ other: Tensor) -> PassError {
    PassError("\(className) cannot join \(one.shape) and \(other.shape)")
  }
}

extension Tensor {
  /// The numbers where a condition holds, or does not, and 0 elsewhere.
  ///
  /// - Precondition: the condition can be broadcast to these sizes.
  fileprivate func kept(where condition: Tensor, is wanted: Bool) -> Tensor {
    broadcast(with: condition) { ($1 != 0) == wanted ? $0 : 0 } ?? self
  }
}

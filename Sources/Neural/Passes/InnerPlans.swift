import Synchronization

/// The plans of models that stand as layers, made once for inputs of each size.
///
/// Kept with the plan of the model around them: they outlive a change of the weights.
final class InnerPlans: Sendable {
  private let plans = Mutex<[Key: Result<PassPlan, PassError>]>([:])

  /// The plan of a model on inputs of these sizes.
  ///
  /// - Throws: `PassError` where they do not fit.
  func plan(for model: Model, inputSizes: [[Int]]) throws(PassError) -> PassPlan {
    let key = Key(model: model, inputSizes: inputSizes)
    if let known = plans.withLock({ $0[key] }) { return try known.get() }
    let made: Result<PassPlan, PassError>
    do throws(PassError) {
      made = .success(try PassPlan(model, inputSizes: inputSizes))
    } catch {
      made = .failure(error)
    }
    plans.withLock { plans in
      // Inputs of ever new lengths must not fill the memory with plans.
      if plans.count >= 64 { plans = [:] }
      plans[key] = made
    }
    return try made.get()
  }

  /// A model on inputs of given sizes.
  private struct Key: Hashable, Sendable {
    let model: Model
    let inputSizes: [[Int]]

    /// Hashes the sizes: models are seldom different where they are equal, and long to hash.
    func hash(into hasher: inout Hasher) { hasher.combine(inputSizes) }
  }
}

/// Scores of queries and keys, and the means of the values that they weigh.
///
/// scores = softmax(scale · query · key), output = scores · value, in each head.
struct AttendingHeads {
  /// What the heads give, of the query's sizes with the features of a value.
  let output: Tensor
  /// The scores: those of one query add up to 1, before any of them is dropped.
  let scores: Tensor
  /// The way back.
  let way: Way

  /// The way back to queries, keys and values.
  struct Way: Sendable {
    fileprivate let plan: HeadPlan
    fileprivate let queries: [Int]
    fileprivate let products: [Int]
    fileprivate let scores: Tensor
    fileprivate let mask: Tensor?
    fileprivate let scoring: EinsumWay
    fileprivate let combining: EinsumWay
    fileprivate let dropping: Pullback?
  }

  /// Lets the heads look.
  ///
  /// - Parameters:
  ///   - query: (batch, T, heads, features), or with more axes.
  ///   - key: (batch, S, heads, features).
  ///   - value: (batch, S, heads, features of a value).
  ///   - plan: how they work.
  ///   - mask: 0 where a query does not look at a key, of the scores' rank.
  ///   - dropout: what drops scores; `nil`: nothing does.
  ///   - context: whether this is training, and what is drawn from.
  /// - Throws: `PassError` where it would take more memory than allowed.
  init(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, plan: HeadPlan, mask: Tensor?,
    dropout: Dropout?, in context: PassContext
  ) throws(PassError) {
    let scale = plan.scale
    let queries = plan.split(query.sizes)
    let scaled = query.map { $0 * scale }.reshaped(queries)
    let (raw, scoring) = try EinsumEquation.parsed(plan.scoring).result(of: [key, scaled])
    let sizes = plan.scores.sizes.map { $0 ?? 1 }
    var scores = raw.reshaped(sizes)
    if let mask { scores.fill(plan.isFused ? Self.lowest : Self.low, where: mask) }
    let width = sizes.suffix(plan.keyAxes).reduce(1, *)
    scores.values.withUnsafeMutableBufferPointer {
      ActivationFunction.softmax.apply(to: $0, width: width)
    }
    // A query that looks at no key gets nothing from Keras' softmax layer, but the mean of all
    // values from the fused operation.
    if let mask, !plan.isFused { scores.fill(0, where: mask) }
    var inner = context
    // The way back to queries and keys goes through what was dropped.
    inner.needsInputGradients = true
    let kept = try dropout?.forward([scores], weights: LayerWeights(), in: inner)
    let weights = (kept?.outputs[0] ?? scores).reshaped(raw.sizes)
    let (sums, combining) = try EinsumEquation.parsed(plan.combining).result(of: [weights, value])
    output = sums.reshaped(plan.joined(sums.sizes))
    self.scores = scores
    way = Way(
      plan: plan, queries: queries, products: raw.sizes, scores: scores, mask: mask,
      scoring: scoring, combining: combining, dropping: kept?.pullback)
  }

  /// What Keras' fused operation puts where a query does not look.
  private static let lowest = -0.7 * Float.greatestFiniteMagnitude
  /// What its softmax layer puts there.
  private static let low: Float = -1e9
}

extension AttendingHeads.Way {
  /// The gradients of queries, keys and values; `nil` where none flows.
  func gradients(
    output: Tensor?, scores given: Tensor?
  ) throws(PassError) -> (query: Tensor?, key: Tensor?, value: Tensor?) {
    var (ofScores, ofValue) = (given, Tensor?.none)
    if let output {
      let found = combining.gradients(output.reshaped(plan.split(output.sizes)))
      ofValue = found[1]
      var own = found[0]?.reshaped(scores.sizes)
      if let dropping { own = try dropping([own]).inputs.first ?? nil }
      if let own {
        if ofScores == nil { ofScores = own } else { ofScores?.add(own) }
      }
    }
    guard let ofScores else { return (nil, nil, ofValue) }
    let width = max(scores.sizes.suffix(plan.keyAxes).reduce(1, *), 1)
    let shape = [scores.count / width, width]
    var back = ActivationFunction.softmax.gradient(
      ofScores.reshaped(shape), arguments: scores.reshaped(shape), values: scores.reshaped(shape)
    ).reshaped(scores.sizes)
    if let mask { back.fill(0, where: mask) }
    let found = scoring.gradients(back.reshaped(products))
    let scale = plan.scale
    let query = found[1]?.map { $0 * scale }
    return (query.map { $0.reshaped(plan.joined($0.sizes)) }, found[0], ofValue)
  }
}

extension HeadPlan {
  /// (batch, T, heads, features) as (batch, T, heads of the key, heads that share one, features).
  fileprivate func split(_ sizes: [Int]) -> [Int] {
    guard let sharing else { return sizes }
    return sizes.dropLast(2) + [sizes[sizes.count - 2] / sharing, sharing] + sizes.suffix(1)
  }

  /// The inverse of `split`.
  fileprivate func joined(_ sizes: [Int]) -> [Int] {
    guard let sharing else { return sizes }
    return sizes.dropLast(3) + [sizes[sizes.count - 3] * sharing] + sizes.suffix(1)
  }
}

extension Tensor {
  /// Puts a number where a mask of the same rank, repeated along axes of 1, is 0.
  fileprivate mutating func fill(_ number: Float, where mask: Tensor) {
    let (sizes, width) = (sizes, sizes.last ?? 1)
    guard count > 0, mask.rank == rank else { return }
    var steps = Array(repeating: 0, count: rank)
    var step = 1
    for axis in sizes.indices.reversed() {
      if mask.sizes[axis] != 1 { steps[axis] = step }
      step *= mask.sizes[axis]
    }
    var index = Array(repeating: 0, count: rank)
    values.withUnsafeMutableBufferPointer { numbers in
      mask.values.withUnsafeBufferPointer { mask in
        let lastStep = steps.last ?? 0
        var from = 0
        for start in stride(from: 0, to: numbers.count, by: width) {
          for column in 0..<width where mask[from + column * lastStep] == 0 {
            numbers[start + column] = number
          }
          var axis = index.count - 2
          while axis >= 0 {
            index[axis] += 1
            from += steps[axis]
            if index[axis] < sizes[axis] { break }
            from -= index[axis] * steps[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
  }
}

extension HeadedAttention {
  /// Which keys each query looks at: 1, and 0 where it does not; of the scores' rank.
  ///
  /// Source: `_compute_attention_mask` in `keras/src/layers/attention/multi_head_attention.py`.
  ///
  /// - Returns: `nil` where every query looks at every key.
  /// - Throws: `PassError` where masks do not fit.
  func mask(
    _ arguments: HeadArguments, _ plan: HeadPlan, _ context: PassContext
  ) throws(PassError) -> Tensor? {
    func flowing(_ place: Int?) -> Tensor? {
      place.flatMap { $0 < context.masks.count ? context.masks[$0] : nil }
    }
    var mask: Tensor?
    func add(_ other: Tensor?) throws(PassError) {
      guard let other else { return }
      guard let known = mask else {
        mask = other
        return
      }
      guard let sizes = Tensor.commonSizes(known.sizes, other.sizes) else {
        throw misfit(other, plan)
      }
      try MemoryLimit.standard.check(
        Count.product(sizes) * 12, what: "a mask of \(Shape(sizes: sizes))",
        remedy: "use fewer samples or timesteps")
      mask = known.broadcast(with: other) { number(isTrue($0) && isTrue($1)) }
    }
    // Keras' MultiHeadAttention looks at the mask that flows with the query, whatever it is told.
    let told = self is MultiHeadAttention ? nil : try arguments.tensor("query_mask")
    let ofQuery = told ?? flowing(arguments.places.query)
    try add(ofQuery.map { $0.reshaped($0.sizes + [1]) })
    let ofValue = try arguments.tensor("value_mask") ?? flowing(arguments.places.value)
    try add(ofValue.map { $0.reshaped($0.insertingAxis) })
    if arguments.hasKey {
      let ofKey = try arguments.tensor("key_mask") ?? flowing(arguments.places.key)
      try add(ofKey.map { $0.reshaped($0.insertingAxis) })
    } else {
      try add(try arguments.tensor("key_mask").map { $0.reshaped($0.insertingAxis) })
    }
    // Keras counts along the second axis, whichever the queries look along.
    let (queries, keys) = (arguments.query.sizes[1], arguments.value.sizes[1])
    if call.flag("use_causal_mask") {
      try add(try Self.band(queries, keys) { $0 >= $1 })
    }
    if let window = options.slidingWindow {
      try add(try Self.band(queries, keys) { abs($0 - $1) < window })
    }
    if let given = try arguments.tensor("attention_mask") {
      try add(given.map { number(keeps($0, plan, isAlone: mask == nil)) })
    }
    return try mask.map { (mask) throws(PassError) in try expanded(mask, plan) }
  }

  /// Whether a number of the caller's mask lets a query look.
  ///
  /// Everything but 0 does; but alone before a softmax layer, Keras' `GroupQueryAttention` leaves
  /// numbers as they are, and that layer asks for more than a half.
  private func keeps(_ value: Float, _ plan: HeadPlan, isAlone: Bool) -> Bool {
    self is GroupQueryAttention && isAlone && !plan.isFused ? value > 0.5 : isTrue(value)
  }

  private static func band(
    _ queries: Int, _ keys: Int, _ keeps: (Int, Int) -> Bool
  ) throws(PassError) -> Tensor {
    try MemoryLimit.standard.check(
      Count(queries) * Count(keys) * 4, what: "a mask of \(queries) by \(keys)",
      remedy: "use fewer timesteps")
    return Tensor([1, queries, keys]) { out in
      for query in 0..<queries {
        for key in 0..<keys { out[query * keys + key] = number(keeps(query, key)) }
      }
    }
  }

  /// The mask with the axes that it lacks, which stand before those of queries and keys.
  private func expanded(_ mask: Tensor, _ plan: HeadPlan) throws(PassError) -> Tensor {
    var sizes = mask.sizes
    while sizes.count < plan.scores.rank {
      guard sizes.count >= plan.maskAxes else { throw misfit(mask, plan) }
      sizes.insert(1, at: sizes.count - plan.maskAxes)
    }
    let fits =
      sizes.count == plan.scores.rank
      && zip(sizes, plan.scores.sizes).allSatisfy { $0 == 1 || $0 == $1 }
    guard fits else { throw misfit(mask, plan) }
    return mask.reshaped(sizes)
  }

  private func misfit(_ mask: Tensor, _ plan: HeadPlan) -> PassError {
    PassError(
      "\(className): a mask of \(mask.shape) does not fit the scores \(plan.scores)",
      remedy: "give (batch, queries, keys), or 1 where it is the same for all")
  }
}

extension Tensor {
  /// The sizes with an axis of 1 before the last one.
  fileprivate var insertingAxis: [Int] { sizes.dropLast() + [1] + sizes.suffix(1) }
}

extension Bidirectional {
  /// What the outputs of each direction cost.
  ///
  /// - Throws: `PassError` where a file has a regularizer that is not known.
  func regularizers() throws(PassError) -> (Regularizer?, Regularizer?) {
    (try inner.activityRegularizer(), try (backward ?? inner).activityRegularizer())
  }

  /// Whether the outputs of a direction cost something.
  var hasPenalty: Bool {
    guard let regularizers = try? regularizers() else { return true }
    return regularizers.0 != nil || regularizers.1 != nil
  }

  /// The pass of directions that are merged behind both: where their outputs cost something, or
  /// one is more than a plain recurrent layer.
  ///
  /// Keras calls both directions as layers, which adds the penalty of each; see
  /// `Layer.forward(_:weights:penalizedBy:in:)`.
  ///
  /// - Parameters:
  ///   - inputs: the sequence, and first states where the call gives them.
  ///   - weights: the weights of both directions.
  ///   - regularizers: what the outputs of each direction cost.
  ///   - context: the context of the whole layer.
  /// - Returns: the pass, with its penalty.
  /// - Throws: `PassError` where the layer or a regularizer cannot stand on these numbers.
  func joinedForward(
    _ inputs: [Tensor], weights: LayerWeights, by regularizers: (Regularizer?, Regularizer?),
    in context: PassContext
  ) throws(PassError) -> Pass {
    var pass = try apartForward(inputs, weights: weights, in: context)
    let states = pass.outputs.count - 2
    // Outputs and states of the first direction stand before those of the second one.
    let own = states > 0 ? forwardLayer?.stateCount ?? 0 : 0
    let first = [0] + (0..<own).map { 2 + $0 }
    let second = [1] + (own..<states).map { 2 + $0 }
    for (regularizer, places) in [(regularizers.0, first), (regularizers.1, second)] {
      if let regularizer { try pass.penalize(with: regularizer, outputs: places) }
    }
    guard let join = mergeMode.join else { return pass }
    var plain = PassContext()
    plain.isDifferentiated = context.isDifferentiated
    let joined = try join.forward(
      Array(pass.outputs.prefix(2)), weights: LayerWeights(), in: plain)
    pass.outputs.replaceSubrange(0..<2, with: joined.outputs)
    pass.recordings = pass.recordings.map { recording in
      LayerRecording(
        path: recording.path, input: recording.input, mask: recording.mask,
        directions: recording.directions, mergeMode: mergeMode, outputs: joined.outputs,
        returnsSequences: recording.returnsSequences)
    }
    guard let pullback = pass.pullback, let apartAgain = joined.pullback else { return pass }
    pass.pullback = { (gradients: [Tensor?]) throws(PassError) -> Gradients in
      var parts: [Tensor?] = [nil, nil]
      if let gradient = gradients.first, gradient != nil {
        parts = try apartAgain([gradient]).inputs
      }
      return try pullback(parts + gradients.dropFirst())
    }
    return pass
  }
}

extension Bidirectional.MergeMode {
  /// The layer that does the same with two outputs; `nil` where they stay two.
  fileprivate var join: (any Layer)? {
    switch self {
    case .concat: Concatenate()
    case .sum: Add()
    case .mul: Multiply()
    case .ave: Average()
    case .none: nil
    }
  }
}

extension Bidirectional {
  /// Both directions, checked to fit each other.
  ///
  /// - Throws: `ShapeError` where one is not recurrent or they contradict each other.
  package func directions() throws(ShapeError) -> (
    forward: any SequenceLayer, backward: any SequenceLayer
  ) {
    guard let forward = forwardLayer else {
      throw ShapeError(
        "Bidirectional wraps a recurrent layer, found \(inner.className)",
        remedy: "use LSTM, GRU, SimpleRNN, RNN or a ConvLSTM")
    }
    guard let backward = backwardLayer else {
      throw ShapeError(
        "the backward_layer of Bidirectional is a \(self.backward?.className ?? "?"), "
          + "which is not recurrent", remedy: "use LSTM, GRU, SimpleRNN, RNN or a ConvLSTM")
    }
    if forward.sequence.goBackwards == backward.sequence.goBackwards {
      throw ShapeError(
        "both directions have go_backwards \(forward.sequence.goBackwards)",
        remedy: "set it to the contrary in one of them")
    }
    let common: [(String, KeyPath<SequenceOptions, Bool>)] = [
      ("stateful", \.stateful), ("return_sequences", \.returnSequences),
      ("return_state", \.returnState),
    ]
    for (key, path) in common
    where forward.sequence[keyPath: path] != backward.sequence[keyPath: path] {
      throw ShapeError(
        "the two directions differ in \(key): \(forward.sequence[keyPath: path]) forward, "
          + "\(backward.sequence[keyPath: path]) backward", remedy: "set both alike")
    }
    return (forward, backward)
  }

  /// The inputs of each direction: the sequence, then its half of the initial states.
  func inputsOfDirections(_ inputs: [Shape]) -> (forward: [Shape], backward: [Shape]) {
    guard let sequence = inputs.first else { return ([], []) }
    let states = inputs.dropFirst()
    let half = states.count / 2
    return ([sequence] + states.prefix(half), [sequence] + states.dropFirst(half))
  }

  package func outputShapes(for inputs: [Shape]) throws(ShapeError) -> [Shape] {
    let (forward, backward) = try directions()
    let (forwardInputs, backwardInputs) = inputsOfDirections(inputs)
    let ahead = try forward.outputShapes(for: forwardInputs)
    let back = try backward.outputShapes(for: backwardInputs)
    guard let first = ahead.first, let last = back.first else { return [] }
    return try merged(first, last) + ahead.dropFirst() + back.dropFirst()
  }

  private func merged(_ forward: Shape, _ backward: Shape) throws(ShapeError) -> [Shape] {
    guard let ahead = forward.axes.last?.size, let back = backward.axes.last?.size else {
      return [forward]
    }
    switch mergeMode {
    case .none:
      return [forward, backward]
    case .concat:
      guard let total = added(ahead, back) else {
        throw ShapeError("\(ahead) + \(back) features are too many")
      }
      return [
        forward.withFeatures(
          total,
          parts: [Part(size: ahead, origin: .forward), Part(size: back, origin: .backward)])
      ]
    case .sum, .mul, .ave:
      guard ahead == back else {
        throw ShapeError(
          "merge_mode \(mergeMode.rawValue) needs as many units forward as backward, "
            + "found \(ahead) and \(back)", remedy: "use concat, or equal units")
      }
      return [forward]
    }
  }

  package func weights(for inputs: [Shape]) throws(ShapeError) -> [WeightSpec] {
    let (forward, backward) = try directions()
    let (forwardInputs, backwardInputs) = inputsOfDirections(inputs)
    return try forward.weights(for: forwardInputs).map {
      $0.owned(by: forwardName, trainable: inner.trainable)
    }
      + backward.weights(for: backwardInputs).map {
        $0.owned(by: backwardName, trainable: (self.backward ?? inner).trainable)
      }
  }

  package func multiplyAdds(for inputs: [Shape], outputs: [Shape]) -> Count {
    let (forwardInputs, backwardInputs) = inputsOfDirections(inputs)
    let ahead = forwardLayer?.multiplyAdds(for: forwardInputs, outputs: outputs) ?? 0
    return ahead + (backwardLayer?.multiplyAdds(for: backwardInputs, outputs: outputs) ?? 0)
  }
}

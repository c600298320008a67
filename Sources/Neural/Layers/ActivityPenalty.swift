extension NamedLayer {
  /// What the layer adds to the loss for the numbers that it gives.
  ///
  /// Every layer of Keras takes an `activity_regularizer`, those too that do not name it.
  /// - Throws: `PassError` where a file has one that is not known.
  func activityRegularizer() throws(PassError) -> Regularizer? {
    if let known = layer.activityRegularizer { return known }
    guard let given = extra["activity_regularizer"], !given.isNull else { return nil }
    do throws(SettingError) {
      return try Regularizer(configValue: given, kind: .regularizer)
    } catch {
      throw PassError("activity_regularizer: \(error.message)")
    }
  }
}

extension Layer {
  /// Runs the layer, and adds what it costs to give such numbers.
  ///
  /// Keras does so wherever it calls a layer as `layer(x)`: in a model, and for both directions of
  /// `Bidirectional`; not for the layer inside `TimeDistributed`, of which it takes `call` alone.
  ///
  /// - Parameters:
  ///   - inputs: as `forward(_:weights:in:)` takes them.
  ///   - weights: the layer's weights.
  ///   - regularizer: what the outputs cost; `nil`: nothing.
  ///   - context: masks, states, and whether this is training.
  /// - Returns: the pass, with its penalty.
  /// - Throws: `PassError` where the layer or the regularizer cannot stand on these numbers.
  func forward(
    _ inputs: [Tensor], weights: LayerWeights, penalizedBy regularizer: Regularizer?,
    in context: PassContext
  ) throws(PassError) -> Pass {
    var pass = try forward(inputs, weights: weights, in: context)
    if let regularizer { try pass.penalize(with: regularizer) }
    return pass
  }
}

extension Pass {
  /// Adds the penalty on outputs to the pass, and its gradient to the way back.
  ///
  /// Divided by the number of samples. Source: `__call__` in `keras/src/layers/layer.py`.
  ///
  /// - Parameters:
  ///   - regularizer: what the outputs cost.
  ///   - places: which outputs; `nil`: all.
  /// - Throws: `PassError` where the regularizer is not known or does not fit the outputs.
  mutating func penalize(
    with regularizer: Regularizer, outputs places: [Int]? = nil
  ) throws(PassError) {
    let places = places ?? Array(outputs.indices)
    for place in places {
      penalty += try regularizer.value(of: outputs[place]) / outputs[place].samplesOfPenalty
    }
    hasPenalty = true
    guard let pullback else { return }
    self.pullback = { [outputs] (gradients: [Tensor?]) throws(PassError) -> Gradients in
      var sums = outputs.indices.map { $0 < gradients.count ? gradients[$0] : nil }
      for place in places {
        let scale = Float(1 / outputs[place].samplesOfPenalty)
        var gradient = try regularizer.gradient(of: outputs[place]).map { $0 * scale }
        if let known = sums[place] { gradient.add(known) }
        sums[place] = gradient
      }
      return try pullback(sums)
    }
  }
}

extension Tensor {
  /// What a penalty on an output is divided by.
  fileprivate var samplesOfPenalty: Double { Double(max(sizes.first ?? 1, 1)) }

  /// Adds the numbers at equal places.
  ///
  /// - Precondition: the sizes are equal.
  mutating func add(_ other: Tensor) {
    precondition(sizes == other.sizes, "\(sizes) and \(other.sizes) differ")
    values.withUnsafeMutableBufferPointer { numbers in
      other.values.withUnsafeBufferPointer { added in
        for index in 0..<numbers.count { numbers[index] += added[index] }
      }
    }
  }
}

extension ConvolutionLayer {
  package var activityRegularizer: Regularizer? { options.activityRegularizer }
}

extension RecurrentLayer {
  package var activityRegularizer: Regularizer? { options.activityRegularizer }
}

extension ActivityRegularization {
  package var activityRegularizer: Regularizer? {
    guard l1 != 0 || l2 != 0 else { return nil }
    var regularizer = Regularizer(known: "L1L2")
    regularizer.config["l1"] = .double(l1)
    regularizer.config["l2"] = .double(l2)
    return regularizer
  }
}

extension Loss {
  /// The loss of predictions.
  ///
  /// - Parameters:
  ///   - predictions: (batch, …): what the model gives.
  ///   - targets: what it should give; of the same sizes, or without the last axis for sparse
  ///     losses and where Keras adds an axis of 1.
  ///   - weights: how much each sample, or each timestep of each sample, counts; `nil`: all alike.
  ///   - mask: which timesteps count, as the predictions carry it; `nil`: all.
  /// - Returns: the loss, and how it changes with the predictions.
  /// - Throws: `PassError` where targets do not fit, or a label is out of range.
  public func value(
    of predictions: Tensor, targets: Tensor, weights: Tensor? = nil, mask: Tensor? = nil
  ) throws(PassError) -> LossValue {
    let loss = resolved(outputSizes: predictions.sizes, targetSizes: targets.sizes)
    let function = try LossFunction(loss)
    guard function.reduction != .none else {
      throw PassError(
        "\(loss.className) without reduction gives a loss for each sample, training needs one",
        remedy: "use reduction=\"sum_over_batch_size\"")
    }
    let batch = try LossBatch(
      function, predictions: predictions, targets: targets,
      weights: [weights?.sizes, mask?.sizes].compactMap { $0 })
    // The circle loss leaves out samples by their own values.
    var values: Tensor?
    if case .circle = function.formula { values = batch.values() }
    let weighting = try LossWeighting(
      sizes: batch.valueSizes, weights: weights,
      masks: [mask, batch.ownMask(values: values)].compactMap { $0 }, reduction: function.reduction)
    let result = batch.valuesAndGradient(weighting)
    return LossValue(
      value: weighting.sum(of: result.values),
      gradient: result.gradient.reshaped(predictions.sizes))
  }

  /// The losses of predictions before they are reduced to one number: of each sample, or each
  /// timestep of each sample.
  ///
  /// - Parameters:
  ///   - predictions: (batch, …): what the model gives.
  ///   - targets: what it should give.
  ///   - weights: how much each sample, or each timestep of each sample, counts; `nil`: all alike.
  ///   - mask: which timesteps count; `nil`: all.
  /// - Returns: a number for each, as Keras gives with `reduction=None`.
  /// - Throws: `PassError` where targets do not fit, or a label is out of range.
  public func values(
    of predictions: Tensor, targets: Tensor, weights: Tensor? = nil, mask: Tensor? = nil
  ) throws(PassError) -> Tensor {
    let loss = resolved(outputSizes: predictions.sizes, targetSizes: targets.sizes)
    let batch = try LossBatch(
      LossFunction(loss), predictions: predictions, targets: targets,
      weights: [weights?.sizes, mask?.sizes].compactMap { $0 })
    let values = batch.values()
    if values.rank == 0,
      let weight = try LossWeighting.merged([], weights, [mask].compactMap { $0 })
    {
      return weight.map { $0 * values.values[0] }
    }
    let weighting = try LossWeighting(
      sizes: batch.valueSizes, weights: weights,
      masks: [mask, batch.ownMask(values: values)].compactMap { $0 }, reduction: .none)
    return weighting.weighing(values)
  }

  /// Whether targets fit an output, and every label names one of its classes: before training, so
  /// that messages tell samples as the data counts them.
  ///
  /// - Parameters:
  ///   - targets: (samples, …): those of all samples.
  ///   - outputSizes: the sizes of the output; its batch axis does not count.
  /// - Throws: `PassError` where targets do not fit, a label is out of range, or a parameter of the
  ///   loss cannot be.
  public func check(targets: Tensor, outputSizes: [Int]) throws(PassError) {
    guard let samples = targets.sizes.first, !outputSizes.isEmpty else { return }
    let sizes = [samples] + outputSizes.dropFirst()
    let function = try LossFunction(resolved(outputSizes: sizes, targetSizes: targets.sizes))
    let plan = try LossPlan(function, predictions: sizes, targets: targets.sizes)
    if function.formula.takesClassNumbers {
      try function.formula.check(labels: targets.reshaped(plan.targets), classes: plan.width)
    }
  }
}

extension LossWeighting {
  /// Σ factor · value.
  fileprivate func sum(of values: Tensor) -> Double {
    if factors.isEmpty {
      return Double(factor) * values.values.reduce(0.0) { $0 + Double($1) }
    }
    return zip(factors, values.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// factor · value of each.
  fileprivate func weighing(_ values: Tensor) -> Tensor {
    factors.isEmpty
      ? values.map { $0 * factor } : values.zipped(with: Tensor(values.sizes, factors), *)
  }
}

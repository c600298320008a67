/// Predictions and targets of a batch, laid out as the rows of a loss.
struct LossBatch {
  let function: LossFunction
  /// (rows, width): the axes that a value is made of stand last.
  private let predictions: Tensor
  private let targets: Tensor
  private let count: Int
  private let width: Int
  /// The order that brought those axes to the end; `nil`: they stood there.
  private let order: [Int]?
  /// The sizes of the predictions under which the order holds.
  private let fitted: [Int]
  /// The sizes of the loss' values: none where one stands for the whole batch.
  let valueSizes: [Int]

  /// Fits targets to predictions.
  ///
  /// - Parameters:
  ///   - function: the loss.
  ///   - predictions: (batch, …): what the model gives.
  ///   - targets: what it should give.
  ///   - weights: the sizes of sample weights and mask; see `TargetFitting`.
  ///   - checksLabels: whether labels that name no class are refused.
  /// - Throws: `PassError` where targets do not fit, or a label is out of range.
  init(
    _ function: LossFunction, predictions: Tensor, targets: Tensor, weights: [[Int]],
    checksLabels: Bool = true
  ) throws(PassError) {
    let formula = function.formula
    self.function = function
    let plan = try LossPlan(
      function, predictions: predictions.sizes, targets: targets.sizes, weights: weights)
    fitted = plan.predictions
    order = plan.order
    valueSizes = plan.valueSizes
    count = plan.rows
    width = plan.width
    self.predictions = LossBatch.arranged(predictions.reshaped(fitted), order)
    let given = targets.reshaped(plan.targets)
    if formula.takesClassNumbers {
      self.targets = given
      if checksLabels { try formula.check(labels: given, classes: width) }
    } else {
      self.targets = LossBatch.arranged(given.stretched(toSizes: fitted), order)
    }
  }

  private static func arranged(_ tensor: Tensor, _ order: [Int]?) -> Tensor {
    order.map { tensor.transposed($0) } ?? tensor
  }

  /// What counts by what the loss itself says: not the class that is ignored.
  func ownMask(values: Tensor?) -> Tensor? {
    switch function.formula {
    case .sparse(_, let ignored?):
      let number = Float(ignored)
      return Tensor(valueSizes, targets.values.map { $0 == number ? 0 : 1 })
    case .circle: return values?.map { $0 > 0 ? 1 : 0 }
    default: return nil
    }
  }

  /// The values of the loss, one for each row, not weighed.
  func values() -> Tensor {
    Tensor(valueSizes) { out in
      run(values: out.baseAddress, factors: nil, factor: 1, gradient: nil)
    }
  }

  /// The values, and the way back with a factor for each.
  ///
  /// - Returns: the values, and a gradient of the predictions' sizes as they were laid out.
  func valuesAndGradient(_ weighting: LossWeighting) -> (values: Tensor, gradient: Tensor) {
    var values = Tensor(valueSizes)
    let arranged = Tensor(predictions.sizes) { out in
      values.values.withUnsafeMutableBufferPointer { values in
        weighting.factors.withUnsafeBufferPointer { factors in
          run(
            values: values.baseAddress, factors: factors.isEmpty ? nil : factors.baseAddress,
            factor: weighting.factor, gradient: out.baseAddress)
        }
      }
    }
    guard let order else { return (values, arranged) }
    var back = Array(repeating: 0, count: order.count)
    for (place, axis) in order.enumerated() { back[axis] = place }
    return (values, arranged.transposed(back))
  }

  private func run(
    values: UnsafeMutablePointer<Float>?, factors: UnsafePointer<Float>?, factor: Float,
    gradient: UnsafeMutablePointer<Float>?
  ) {
    predictions.values.withUnsafeBufferPointer { predictions in
      targets.values.withUnsafeBufferPointer { targets in
        guard let predictions = predictions.baseAddress, let targets = targets.baseAddress,
          let values, count > 0, width > 0
        else {
          if let values { values.update(repeating: 0, count: count) }
          return
        }
        function.formula.run(
          LossRows(
            count: count, width: width, lastSize: fitted.last ?? 1, predictions: predictions,
            targets: targets, factors: factors, factor: factor, values: values, gradient: gradient))
      }
    }
  }
}

/// The sizes of a loss: how targets and predictions are read, and what comes out.
struct LossPlan {
  /// The sizes under which predictions are read.
  let predictions: [Int]
  /// The sizes under which targets are read; where they are no class numbers, axes of size 1 are
  /// stretched.
  let targets: [Int]
  /// The order of axes that brings those of a value to the end; `nil` where they are there.
  let order: [Int]?
  /// The sizes of the values.
  let valueSizes: [Int]
  let rows: Int
  let width: Int

  /// Plans a loss.
  ///
  /// - Throws: `PassError` where targets do not fit, or an axis is not there.
  init(
    _ function: LossFunction, predictions: [Int], targets: [Int], weights: [[Int]] = []
  ) throws(PassError) {
    let formula = function.formula
    if formula.takesClassNumbers {
      (self.predictions, self.targets) = try Self.classNumbers(function, predictions, targets)
    } else {
      let fitting = TargetFitting(predictions: predictions, targets: targets, weights: weights)
      let fits =
        formula.stretchesTargets
        ? fitting.targets.stretches(to: fitting.predictions)
          && fitting.targets.first == fitting.predictions.first
        : fitting.targets == fitting.predictions
      guard fits else { throw formula.mismatch(predictions: predictions, targets: targets) }
      (self.predictions, self.targets) = (fitting.predictions, fitting.targets)
    }
    let sizes = self.predictions
    let axes = try Self.axes(function, rank: sizes.count)
    let kept = sizes.indices.filter { !axes.contains($0) }
    let arranged = kept + axes
    order = arranged == Array(sizes.indices) ? nil : arranged
    valueSizes = kept.map { sizes[$0] }
    rows = valueSizes.reduce(1, *)
    width = axes.map { sizes[$0] }.reduce(1, *)
  }

  /// The axes that a value is made of, counted from the front.
  private static func axes(_ function: LossFunction, rank: Int) throws(PassError) -> [Int] {
    guard let given = function.axes else { return Array(0..<rank) }
    var axes: Set<Int> = []
    for axis in given {
      guard axis >= -rank, axis < rank else {
        throw PassError(
          "axis \(axis) is not there: the predictions have \(rank) ax\(rank == 1 ? "is" : "es")")
      }
      axes.insert(axis < 0 ? axis + rank : axis)
    }
    return axes.sorted()
  }

  private static func classNumbers(
    _ function: LossFunction, _ predictions: [Int], _ targets: [Int]
  ) throws(PassError) -> ([Int], [Int]) {
    let axes = try axes(function, rank: predictions.count)
    let wanted = predictions.indices.filter { !axes.contains($0) }.map { predictions[$0] }
    let isFitting =
      targets == wanted || targets == wanted + [1]
      || (targets.count == predictions.count && axes.allSatisfy { targets[$0] == 1 }
        && targets.indices.filter { !axes.contains($0) }.map { targets[$0] } == wanted)
    guard isFitting, !predictions.isEmpty else {
      throw function.formula.mismatch(predictions: predictions, targets: targets)
    }
    return (predictions, wanted)
  }
}

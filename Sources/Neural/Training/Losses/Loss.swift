import OrderedCollections

/// What training makes small: how far predictions are from targets.
public typealias Loss = KerasObject<LossFamily>

/// The losses of `keras.losses`, parameters in the order of their constructors.
public enum LossFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.losses"
  /// The word in messages.
  public static let noun = "loss"
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "MeanSquaredError": ["reduction": "sum_over_batch_size", "name": "mean_squared_error"]
  ]
  /// Other names that Keras accepts.
  public static let aliases = ["mse": "MeanSquaredError", "MSE": "MeanSquaredError"]
}

/// A loss of one output for one batch, with its way back.
public struct LossValue: Sendable {
  /// The loss.
  public var value: Double
  /// How it changes with the predictions; of their sizes.
  public var gradient: Tensor

  /// A loss and its gradient.
  public init(value: Double, gradient: Tensor) {
    self.value = value
    self.gradient = gradient
  }
}

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
    guard predictions.sizes == targets.sizes else {
      throw PassError("the targets are \(targets.shape), the predictions \(predictions.shape)")
    }
    let difference = predictions.zipped(with: targets, -)
    let sum = difference.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let count = Float(max(predictions.count, 1))
    return LossValue(
      value: sum / Double(count), gradient: difference.map { 2 * $0 / count })
  }
}

import OrderedCollections

/// Something that is measured while a model trains, but not made small.
public typealias Metric = KerasObject<MetricFamily>

/// The metrics of `keras.metrics`, parameters in the order of their constructors.
public enum MetricFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.metrics"
  /// The word in messages.
  public static let noun = "metric"
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "MeanSquaredError": ["name": "mean_squared_error", "dtype": nil]
  ]
  /// Other names that Keras accepts.
  public static let aliases = ["mse": "MeanSquaredError", "MSE": "MeanSquaredError"]
}

/// A metric on its way over the batches of an epoch.
public struct MetricState: Sendable {
  /// What is measured.
  public let metric: Metric
  /// Its name among the results: `accuracy`.
  public let name: String
  private var total = 0.0
  private var count = 0.0

  /// A metric that has seen nothing.
  ///
  /// - Parameters:
  ///   - metric: what is measured.
  ///   - name: its name among the results; `nil`: its own.
  ///   - outputSizes: the sizes of the output that is measured, from which `accuracy` follows
  ///     which accuracy is meant; the batch axis first.
  ///   - targetSizes: the sizes of its targets.
  ///   - loss: the loss of the same output; `crossentropy` follows from it.
  /// - Throws: `PassError` where it is not known or cannot measure such an output.
  public init(
    _ metric: Metric, name: String? = nil, outputSizes: [Int], targetSizes: [Int], loss: Loss?
  ) throws(PassError) {
    self.metric = metric
    self.name = name ?? metric.config["name"]?.stringValue ?? metric.shortName
  }

  /// Takes a batch in.
  ///
  /// - Throws: `PassError` where targets do not fit.
  public mutating func update(
    predictions: Tensor, targets: Tensor, weights: Tensor? = nil, mask: Tensor? = nil
  ) throws(PassError) {
    guard predictions.sizes == targets.sizes else {
      throw PassError("the targets are \(targets.shape), the predictions \(predictions.shape)")
    }
    for (prediction, target) in zip(predictions.values, targets.values) {
      total += Double((prediction - target) * (prediction - target))
    }
    count += Double(predictions.count)
  }

  /// The metric over all batches since the last reset.
  public var result: Double { count == 0 ? 0 : total / count }

  /// Forgets all batches: a new epoch begins.
  public mutating func reset() { (total, count) = (0, 0) }
}

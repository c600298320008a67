import OrderedCollections

/// Something that is measured while a model trains, but not made small.
///
/// Source: `keras/src/metrics`.
public typealias Metric = KerasObject<MetricFamily>

/// The metrics of `keras.metrics`, parameters in the order of their constructors.
///
/// A `name` of `null`: the class name in small letters. Other parameters without a default in Keras
/// stand as `null`, too, and have to be given.
public enum MetricFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.metrics"
  /// The word in messages.
  public static let noun = "metric"
  /// The classes with their parameters.
  ///
  /// `accuracy` and `crossentropy` are words that `compile` takes for the metric that the shapes
  /// call for; `MeanMetricWrapper` is a function or a loss that is measured.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "Accuracy": named("accuracy"),
    "BinaryAccuracy": named("binary_accuracy", ["threshold": 0.5]),
    "CategoricalAccuracy": named("categorical_accuracy"),
    "SparseCategoricalAccuracy": named("sparse_categorical_accuracy"),
    "TopKCategoricalAccuracy": ["k": 5, "name": "top_k_categorical_accuracy", "dtype": nil],
    "SparseTopKCategoricalAccuracy": [
      "k": 5, "name": "sparse_top_k_categorical_accuracy", "dtype": nil, "from_sorted_ids": false,
    ],
    "MeanSquaredError": named("mean_squared_error"),
    "RootMeanSquaredError": named("root_mean_squared_error"),
    "MeanAbsoluteError": named("mean_absolute_error"),
    "MeanAbsolutePercentageError": named("mean_absolute_percentage_error"),
    "MeanSquaredLogarithmicError": named("mean_squared_logarithmic_error"),
    "CosineSimilarity": named("cosine_similarity", ["axis": -1]),
    "LogCoshError": named("logcosh"),
    "R2Score": [
      "class_aggregation": "uniform_average", "num_regressors": 0, "name": "r2_score", "dtype": nil,
    ],
    "AUC": [
      "num_thresholds": 200, "curve": "ROC", "summation_method": "interpolation", "name": nil,
      "dtype": nil, "thresholds": nil, "multi_label": false, "num_labels": nil,
      "label_weights": nil, "from_logits": false,
    ],
    "TruePositives": counted, "TrueNegatives": counted, "FalsePositives": counted,
    "FalseNegatives": counted,
    "Precision": ["thresholds": nil, "top_k": nil, "class_id": nil, "name": nil, "dtype": nil],
    "Recall": ["thresholds": nil, "top_k": nil, "class_id": nil, "name": nil, "dtype": nil],
    "SensitivityAtSpecificity": balanced("specificity"),
    "SpecificityAtSensitivity": balanced("sensitivity"),
    "PrecisionAtRecall": balanced("recall"),
    "RecallAtPrecision": balanced("precision"),
    "F1Score": ["average": nil, "threshold": nil, "name": "f1_score", "dtype": nil],
    "FBetaScore": [
      "average": nil, "beta": 1.0, "threshold": nil, "name": "fbeta_score", "dtype": nil,
    ],
    "Hinge": named("hinge"), "SquaredHinge": named("squared_hinge"),
    "CategoricalHinge": named("categorical_hinge"),
    "KLDivergence": named("kl_divergence"), "Poisson": named("poisson"),
    "BinaryCrossentropy": named(
      "binary_crossentropy", ["from_logits": false, "label_smoothing": 0]),
    "CategoricalCrossentropy": named(
      "categorical_crossentropy", ["from_logits": false, "label_smoothing": 0, "axis": -1]),
    "SparseCategoricalCrossentropy": named(
      "sparse_categorical_crossentropy", ["from_logits": false, "ignore_class": nil, "axis": -1]),
    "PearsonCorrelation": named("pearson_correlation", ["axis": -1]),
    "ConcordanceCorrelation": named("concordance_correlation", ["axis": -1]),
    "IoU": [
      "num_classes": nil, "target_class_ids": nil, "name": nil, "dtype": nil, "ignore_class": nil,
      "sparse_y_true": true, "sparse_y_pred": true, "axis": -1,
    ],
    "BinaryIoU": ["target_class_ids": [0, 1], "threshold": 0.5, "name": nil, "dtype": nil],
    "MeanIoU": [
      "num_classes": nil, "name": nil, "dtype": nil, "ignore_class": nil, "sparse_y_true": true,
      "sparse_y_pred": true, "axis": -1,
    ],
    "OneHotIoU": [
      "num_classes": nil, "target_class_ids": nil, "name": nil, "dtype": nil, "ignore_class": nil,
      "sparse_y_pred": false, "axis": -1,
    ],
    "OneHotMeanIoU": [
      "num_classes": nil, "name": nil, "dtype": nil, "ignore_class": nil, "sparse_y_pred": false,
      "axis": -1,
    ],
    "Mean": named("mean"), "Sum": named("sum"),
    "MeanMetricWrapper": ["fn": nil, "name": nil, "dtype": nil],
    "accuracy": ["name": "accuracy"],
    "crossentropy": ["name": "crossentropy"],
  ]
  /// Other names that Keras accepts.
  public static let aliases = [
    "acc": "accuracy", "ACC": "accuracy", "Acc": "accuracy", "ACCURACY": "accuracy",
    "ce": "crossentropy", "CE": "crossentropy", "Crossentropy": "crossentropy",
    "bce": "BinaryCrossentropy", "BCE": "BinaryCrossentropy",
    "mse": "MeanSquaredError", "MSE": "MeanSquaredError",
    "mae": "MeanAbsoluteError", "MAE": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError", "MAPE": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError", "MSLE": "MeanSquaredLogarithmicError",
  ]

  private static let counted: OrderedDictionary<String, ConfigValue> = [
    "thresholds": nil, "name": nil, "dtype": nil,
  ]

  private static func named(
    _ name: String, _ more: OrderedDictionary<String, ConfigValue> = [:]
  ) -> OrderedDictionary<String, ConfigValue> {
    let first: OrderedDictionary<String, ConfigValue> = ["name": .string(name), "dtype": nil]
    return first.merging(more) { $1 }
  }

  private static func balanced(_ value: String) -> OrderedDictionary<String, ConfigValue> {
    let first: OrderedDictionary<String, ConfigValue> = [value: nil]
    return first.merging(["num_thresholds": 200, "class_id": nil, "name": nil, "dtype": nil]) { $1 }
  }
}

extension Metric {
  /// The metric that `compile` understands by a word: among results it has the word for its name.
  ///
  /// `Accuracy` is as good as `accuracy` here: which one is meant follows from the shapes.
  /// Source: `get_metric` in `keras/src/trainers/compile_utils.py`.
  /// - Throws: `PassError` where there is none of that name (did you mean).
  public init(spelled word: String) throws(PassError) {
    let small = word.lowercased()
    let meant = small == "accuracy" || small == "acc" ? "accuracy" : word
    guard word != "MeanMetricWrapper", let known = Metric(named: meant) else {
      throw MetricFamily.unknown(word)
    }
    self = known
    config["name"] = .string(word)
  }

  /// A function of `keras.losses` or `keras.metrics` that is measured: `keras.losses.huber`; `nil`
  /// where there is no such function.
  ///
  /// - Parameter name: the function's name, under which its results stand.
  public init?(function name: String) {
    if let loss = Loss(named: name), loss.className != "crossentropy" {
      self.init(known: "MeanMetricWrapper")
      config["fn"] = .string(loss.className)
    } else {
      guard let known = Metric(named: name) else { return nil }
      self = known
    }
    config["name"] = .string(name)
  }

  /// A loss that is measured: the mean of what it gives for each batch.
  public init(measuring loss: Loss) {
    self.init(known: "MeanMetricWrapper")
    config["fn"] = loss.configValue
    config["name"] = loss.config["name"] ?? .string(loss.shortName)
  }

  /// The name among results: what it was given, or the class name in small letters.
  public var name: String { config["name"]?.stringValue ?? shortName }

  /// The metric that is meant for outputs and targets of some sizes: where a script says
  /// `accuracy`, they say which.
  ///
  /// - Parameters:
  ///   - outputSizes: the sizes of the output, the batch axis first.
  ///   - targetSizes: the sizes of its targets.
  ///   - loss: the loss of the same output: where that takes logits, `crossentropy` does.
  /// - Returns: the metric itself where it is no such word.
  public func resolved(outputSizes: [Int], targetSizes: [Int], loss: Loss? = nil) -> Metric {
    guard original == nil, className == "accuracy" || className == "crossentropy" else {
      return self
    }
    let kind =
      switch AnswerKind(outputSizes: outputSizes, targetSizes: targetSizes) {
      case .binary: "Binary"
      case .sparse: "SparseCategorical"
      case .categorical: "Categorical"
      }
    var metric = Metric(known: kind + (className == "accuracy" ? "Accuracy" : "Crossentropy"))
    metric.config["name"] = .string(name)
    if let logits = loss?.config["from_logits"], metric.config["from_logits"] != nil {
      metric.config["from_logits"] = logits
    }
    return metric
  }

  /// Which way it gets better; `auto` where neither way is.
  public var mode: FitCallback.MonitorMode {
    switch className {
    case "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives", "Mean", "Sum": .auto
    case "MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError",
      "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "LogCoshError", "Hinge",
      "SquaredHinge", "CategoricalHinge", "KLDivergence", "Poisson", "BinaryCrossentropy",
      "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "MeanMetricWrapper",
      "crossentropy":
      .min
    default: original == nil ? .max : .auto
    }
  }
}

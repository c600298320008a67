import OrderedCollections

/// What training makes small: how far predictions are from targets.
///
/// Source: `keras/src/losses/losses.py`, `keras/src/losses/loss.py`.
public typealias Loss = KerasObject<LossFamily>

/// The losses of `keras.losses`, parameters in the order of their constructors.
///
/// A `null` where Keras has no default: the parameter has to be given. Numbers are those of Keras on
/// JAX: predictions that are probabilities are clipped to [10⁻⁷, 1 − 10⁻⁷], whatever activation
/// made them.
public enum LossFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.losses"
  /// The word in messages.
  public static let noun = "loss"
  /// The classes with their parameters.
  ///
  /// `crossentropy` is the word that `compile` takes for the cross-entropy that the shapes call for.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "MeanSquaredError": plain("mean_squared_error"),
    "MeanAbsoluteError": plain("mean_absolute_error"),
    "MeanAbsolutePercentageError": plain("mean_absolute_percentage_error"),
    "MeanSquaredLogarithmicError": plain("mean_squared_logarithmic_error"),
    "CosineSimilarity": plain("cosine_similarity", before: ["axis": -1]),
    "Huber": plain("huber_loss", before: ["delta": 1.0]),
    "LogCosh": plain("log_cosh"),
    "Hinge": plain("hinge"),
    "SquaredHinge": plain("squared_hinge"),
    "CategoricalHinge": plain("categorical_hinge"),
    "KLDivergence": plain("kl_divergence"),
    "Poisson": plain("poisson"),
    "BinaryCrossentropy": plain("binary_crossentropy", before: logits),
    "BinaryFocalCrossentropy": plain(
      "binary_focal_crossentropy",
      before: ["apply_class_balancing": false, "alpha": 0.25, "gamma": 2.0], logits),
    "CategoricalCrossentropy": plain("categorical_crossentropy", before: logits),
    "CategoricalFocalCrossentropy": plain(
      "categorical_focal_crossentropy", before: ["alpha": 0.25, "gamma": 2.0], logits),
    "SparseCategoricalCrossentropy": [
      "from_logits": false, "ignore_class": nil, "reduction": "sum_over_batch_size", "axis": -1,
      "name": "sparse_categorical_crossentropy", "dtype": nil,
    ],
    "Dice": [
      "reduction": "sum_over_batch_size", "name": "dice", "axis": nil, "dtype": nil,
    ],
    "Tversky": [
      "alpha": 0.5, "beta": 0.5, "reduction": "sum_over_batch_size", "name": "tversky",
      "axis": nil, "dtype": nil,
    ],
    "Circle": plain("circle", before: ["gamma": 80.0, "margin": 0.4, "remove_diagonal": true]),
    "CategoricalGeneralizedCrossEntropy": plain(
      "categorical_generalized_cross_entropy", before: ["q": 0.5]),
    "crossentropy": ["name": "crossentropy"],
  ]
  /// Other names that Keras accepts, some of them of its older versions.
  public static let aliases = [
    "mse": "MeanSquaredError", "MSE": "MeanSquaredError",
    "mae": "MeanAbsoluteError", "MAE": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError", "MAPE": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError", "MSLE": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy", "BCE": "BinaryCrossentropy",
    "kld": "KLDivergence", "KLD": "KLDivergence",
    "kullback_leibler_divergence": "KLDivergence",
    "logcosh": "LogCosh",
    "ce": "crossentropy", "CE": "crossentropy", "Crossentropy": "crossentropy",
    "CrossEntropy": "crossentropy", "CROSSENTROPY": "crossentropy",
  ]

  private static let logits: OrderedDictionary<String, ConfigValue> = [
    "from_logits": false, "label_smoothing": 0.0, "axis": -1,
  ]

  private static func plain(
    _ name: String, before first: OrderedDictionary<String, ConfigValue> = [:],
    _ second: OrderedDictionary<String, ConfigValue> = [:]
  ) -> OrderedDictionary<String, ConfigValue> {
    let last: OrderedDictionary<String, ConfigValue> = [
      "reduction": "sum_over_batch_size", "name": .string(name), "dtype": nil,
    ]
    return first.merging(second) { $1 }.merging(last) { $1 }
  }
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
  /// The loss that `compile` understands by a word: a name, a class, `crossentropy`, `ce`.
  ///
  /// - Throws: `PassError` where there is none of that name (did you mean).
  public init(spelled word: String) throws(PassError) {
    guard let known = Loss(named: word) else { throw LossFamily.unknown(word) }
    self = known
  }

  /// The loss that is meant for outputs and targets of some sizes: where a script says
  /// `crossentropy`, they say which.
  ///
  /// One number an output: binary. Targets with an axis less, or one number where the output has
  /// several: class numbers, sparse categorical. Else categorical.
  /// Source: `get_loss` in `keras/src/trainers/compile_utils.py`.
  public func resolved(outputSizes: [Int], targetSizes: [Int]) -> Loss {
    guard className == "crossentropy", original == nil else { return self }
    let kind = AnswerKind(outputSizes: outputSizes, targetSizes: targetSizes)
    var loss =
      switch kind {
      case .binary: Loss(known: "BinaryCrossentropy")
      case .sparse: Loss(known: "SparseCategoricalCrossentropy")
      case .categorical: Loss(known: "CategoricalCrossentropy")
      }
    if let name = config["name"] { loss.config["name"] = name }
    return loss
  }
}

/// What an output answers with, as far as shapes say it.
///
/// Source: `is_binary_or_sparse_categorical` in `keras/src/trainers/compile_utils.py`.
enum AnswerKind {
  /// One number, for yes or no.
  case binary
  /// A number for each class, where targets are numbers of classes.
  case sparse
  /// A number for each class, where targets are one-hot.
  case categorical

  init(outputSizes: [Int], targetSizes: [Int]) {
    if outputSizes.last == 1 {
      self = .binary
    } else if targetSizes.count < outputSizes.count
      || (targetSizes.last == 1 && (outputSizes.last ?? 1) > 1)
    {
      self = .sparse
    } else {
      self = .categorical
    }
  }
}

extension KerasObjectFamily {
  /// The error where nothing of the family is called so.
  static func unknown(_ word: String) -> PassError {
    let names = classes.keys.map(snakeCase) + Array(classes.keys) + aliases.keys.sorted()
    let near = nearest(to: word, in: names)
    return PassError(
      "no \(noun) is called '\(word)'", remedy: near.map { "did you mean \($0)?" } ?? "")
  }
}

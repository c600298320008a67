import OrderedCollections

/// How a weight gets its first values.
public typealias Initializer = KerasObject<InitializerFamily>

/// The initializers of `keras.initializers`, parameters in the order of their constructors.
public enum InitializerFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.initializers"
  /// The word in messages.
  public static let noun = "initializer"
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "Constant": ["value": 0.0],
    "GlorotNormal": seededFan,
    "GlorotUniform": seededFan,
    "HeNormal": seededFan,
    "HeUniform": seededFan,
    "Identity": ["gain": 1.0],
    "LecunNormal": seededFan,
    "LecunUniform": seededFan,
    "Ones": [:],
    "Orthogonal": ["gain": 1.0, "seed": nil],
    "RandomNormal": ["mean": 0.0, "stddev": 0.05, "seed": nil],
    "RandomUniform": ["minval": -0.05, "maxval": 0.05, "seed": nil],
    "STFT": ["side": "real", "window": "hann", "scaling": "density", "periodic": false],
    "TruncatedNormal": ["mean": 0.0, "stddev": 0.05, "seed": nil],
    "VarianceScaling": [
      "scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal", "seed": nil,
      "input_axes": nil, "output_axes": nil,
    ],
    "Zeros": [:],
  ]
  /// Other names that Keras accepts.
  public static let aliases = [
    "IdentityInitializer": "Identity", "normal": "RandomNormal", "one": "Ones",
    "STFTInitializer": "STFT", "OrthogonalInitializer": "Orthogonal", "uniform": "RandomUniform",
    "zero": "Zeros", "stft": "STFT",
  ]

  private static let seededFan: OrderedDictionary<String, ConfigValue> = [
    "seed": nil, "input_axes": nil, "output_axes": nil,
  ]
}

extension Initializer {
  /// Keras' default for kernels.
  public static let glorotUniform = Initializer(known: "GlorotUniform")
  /// Keras' default for recurrent kernels.
  public static let orthogonal = Initializer(known: "Orthogonal")
  /// Keras' default for embeddings.
  public static let uniform = Initializer(known: "RandomUniform")
  /// All zeros: Keras' default for biases.
  public static let zeros = Initializer(known: "Zeros")
  /// All ones.
  public static let ones = Initializer(known: "Ones")
}

/// A penalty on weights or outputs that training adds to the loss.
public typealias Regularizer = KerasObject<RegularizerFamily>

/// The regularizers of `keras.regularizers`.
public enum RegularizerFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.regularizers"
  /// The word in messages.
  public static let noun = "regularizer"
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "L1": ["l1": 0.01],
    "L2": ["l2": 0.01],
    "L1L2": ["l1": 0.0, "l2": 0.0],
    "OrthogonalRegularizer": ["factor": 0.01, "mode": "rows"],
  ]
  /// Other names that Keras accepts.
  public static let aliases = ["l1": "L1", "l2": "L2", "l1_l2": "L1L2"]
}

/// What a weight is forced to after each training step.
public typealias WeightConstraint = KerasObject<ConstraintFamily>

/// The constraints of `keras.constraints`.
public enum ConstraintFamily: KerasObjectFamily {
  /// The module in files.
  public static let module = "keras.constraints"
  /// The word in messages.
  public static let noun = "constraint"
  /// The classes with their parameters.
  public static let classes: OrderedDictionary<String, OrderedDictionary<String, ConfigValue>> = [
    "MaxNorm": ["max_value": 2, "axis": 0],
    "MinMaxNorm": ["min_value": 0.0, "max_value": 1.0, "rate": 1.0, "axis": 0],
    "NonNeg": [:],
    "UnitNorm": ["axis": 0],
  ]
  /// Other names that Keras accepts.
  public static let aliases = [
    "maxnorm": "MaxNorm", "nonneg": "NonNeg", "unitnorm": "UnitNorm",
  ]
}

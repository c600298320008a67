/// The function a layer applies to its result: one of Keras' by name, or an object of a file.
public struct Activation: Hashable, Sendable {
  /// The name, or the object as the file has it.
  public private(set) var configValue: ConfigValue

  /// The name of the function; `nil` for an object that Keras' list does not have.
  public var name: String? { configValue.stringValue }

  private init(known name: String) {
    configValue = .string(name)
  }

  private init(object: ConfigValue) {
    configValue = object
  }

  /// f(x) = x.
  public static let linear = Activation(known: "linear")
  /// Keras' default for the candidate of recurrent layers.
  public static let tanh = Activation(known: "tanh")
  /// Keras' default for gates.
  public static let sigmoid = Activation(known: "sigmoid")

  /// The names of `keras.activations`.
  ///
  /// Source: `keras/src/activations/__init__.py`.
  public static let names = [
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu",
    "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6",
    "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "sparsemax", "squareplus", "tanh", "tanh_shrink", "threshold",
  ]

  /// Other names that Keras accepts.
  public static let aliases = ["swish": "silu", "hard_swish": "hard_silu"]
}

extension Activation: SettingValue {
  /// Reads a name, `null` for linear, or an object.
  public init(configValue: ConfigValue, kind: SettingKind) throws(SettingError) {
    switch configValue {
    case .null:
      self = .linear
    case .string(let name):
      let name = Activation.aliases[name] ?? name
      guard Activation.names.contains(name) else {
        let near = nearest(to: name, in: Activation.names)
        throw SettingError(
          "no activation is called '\(name)'" + (near.map { "; did you mean \($0)?" } ?? ""))
      }
      self.init(known: name)
    case .object:
      self.init(object: configValue)
    default:
      throw SettingError(
        "expected the name of an activation, found \(configValue.shortDescription)")
    }
  }
}

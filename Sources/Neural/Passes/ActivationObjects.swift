extension Activation {
  /// The function that the name or the object of a file stands for.
  ///
  /// - Throws: `PassError` where it is not one of Keras', needs more than an activation has, or
  ///   changes the shape.
  func function() throws(PassError) -> ActivationFunction {
    guard let name else { return try object() }
    guard let function = Activation.functions[name] else { throw refusal(of: name) }
    return function
  }

  /// Keras' functions with their defaults; `glu` and `threshold` are refused with a reason.
  private static let functions: [String: ActivationFunction] = [
    "celu": .celu(alpha: 1), "elu": .elu(alpha: 1), "exponential": .exponential, "gelu": .gelu,
    "hard_shrink": .hardShrink, "hard_sigmoid": .hardSigmoid, "hard_silu": .hardSilu,
    "hard_tanh": .hardTanh, "leaky_relu": .leakyReLU(slope: 0.2), "linear": .linear,
    "log_sigmoid": .logSigmoid, "log_softmax": .logSoftmax, "mish": .mish,
    "relu": .relu(RectifierOptions()), "relu6": .relu6, "selu": .selu, "sigmoid": .sigmoid,
    "silu": .silu, "soft_shrink": .softShrink, "softmax": .softmax, "softplus": .softplus,
    "softsign": .softsign, "sparse_plus": .sparsePlus, "sparse_sigmoid": .sparseSigmoid,
    "sparsemax": .sparsemax, "squareplus": .squareplus, "tanh": .tanh,
    "tanh_shrink": .tanhShrink,
  ]

  private func refusal(of name: String) -> PassError {
    switch name {
    case "glu":
      PassError(
        "glu makes the last axis half as long, but a layer's output keeps its size",
        remedy: "use sigmoid and Multiply on two halves")
    case "threshold":
      PassError(
        "the activation threshold needs a threshold and a default value, which a name cannot say",
        remedy: "use relu, or a ReLU layer with a threshold")
    default: PassError("no activation is called '\(name)'")
    }
  }

  /// A function, or a layer of Keras' that acts as one, as `serialize_keras_object` writes it.
  private func object() throws(PassError) -> ActivationFunction {
    let className = configValue["class_name"]?.stringValue ?? ""
    let config = configValue["config"] ?? .null
    guard configValue["registered_name"]?.stringValue.map({ $0 == className }) ?? true else {
      throw unknown(className)
    }
    if className == "function", let name = config.stringValue {
      return try named(name)
    }
    guard let type = LayerCatalog.type(named: className) else {
      // A function's name alone may stand where a class could.
      return try named(className)
    }
    var layer: any Layer = type.init()
    do throws(SettingError) {
      for info in type.settingInfos where info.kind != .layer {
        if let value = config[info.key] { try layer.set(info.key, to: value) }
      }
    } catch {
      throw PassError("the activation \(className): \(error.message)")
    }
    guard let function = try (layer as? any ActivationLike)?.function else {
      throw PassError(
        "a layer of class \(className) cannot stand in for an activation here",
        remedy: "put it behind the layer instead")
    }
    return function
  }

  private func named(_ name: String) throws(PassError) -> ActivationFunction {
    let name = Activation.aliases[name] ?? name
    if let function = Activation.functions[name] { return function }
    if Activation.names.contains(name) { throw refusal(of: name) }
    throw unknown(name)
  }

  private func unknown(_ name: String) -> PassError {
    PassError(
      "the activation \(name.isEmpty ? configValue.shortDescription : name) is not one of Keras'",
      remedy: "only its own code tells what it computes")
  }
}

/// A layer without weights that changes every number, or every row, by itself.
protocol ActivationLike: Layer {
  /// What it does.
  ///
  /// - Throws: `PassError` where it is known only for a whole tensor.
  var function: ActivationFunction { get throws(PassError) }
}

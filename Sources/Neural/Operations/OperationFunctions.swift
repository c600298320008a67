extension OperationCatalog {
  /// The function behind a full name: `keras.ops.squeeze`, `keras.backend.squeeze`,
  /// `tensorflow.squeeze`, `keras.activations.relu`.
  public static let functions: [String: OperationFunction] = {
    var functions: [String: OperationFunction] = [:]
    func list(_ module: String, _ lines: [(String, String, String)], makesLayer: Bool = false) {
      for (name, className, parameters) in lines {
        functions["\(module).\(name)"] = OperationFunction(
          className, parameters, makesLayer: makesLayer)
      }
    }
    list("keras.ops", kerasFunctions + unaryFunctions + binaryFunctions + reductionFunctions)
    list("keras.activations", activationFunctions)
    list(
      "keras.backend",
      unaryFunctions + binaryFunctions + reductionFunctions + kerasFunctions + backendFunctions)
    list("keras.backend", backendLayers, makesLayer: true)
    list("tensorflow", tensorFlowFunctions)
    for name in ["math", "nn"] { list("tensorflow.\(name)", tensorFlowFunctions) }
    return functions
  }()

  /// The class behind a Python operator on tensors: `+`, `//`, `@`, `-x`.
  public static let operators: [String: String] = [
    "+": "Add", "-": "Subtract", "*": "Multiply", "/": "TrueDivide", "//": "FloorDivide",
    "%": "Mod", "**": "Power", "@": "Matmul", "<": "Less", "<=": "LessEqual", ">": "Greater",
    ">=": "GreaterEqual", "==": "Equal", "!=": "NotEqual", "&": "LogicalAnd", "|": "LogicalOr",
    "^": "LogicalXor", "-x": "Negative", "~x": "LogicalNot", "abs": "Absolute",
  ]

  /// Functions of one tensor and nothing else, under the snake-case name of their class.
  private static let unaryFunctions: [(String, String, String)] =
    UnaryOperation.allCases.map { (snakeCase($0.rawValue), $0.rawValue, "x") } + [
      ("abs", "Absolute", "x"), ("ravel", "Ravel", "x"),
    ]

  private static let binaryFunctions: [(String, String, String)] =
    ElementwiseOperation.Kind.allCases.filter { $0 != .choose }.map {
      (snakeCase($0.rawValue), $0.rawValue, "x1, x2")
    }

  private static let reductionFunctions: [(String, String, String)] =
    PlainReduction.allCases.map {
      (snakeCase($0.rawValue), $0.rawValue, "x, axis=None, keepdims=False")
    } + [
      ("max", "Max", "x, axis=None, keepdims=False, initial=None"),
      ("min", "Min", "x, axis=None, keepdims=False, initial=None"),
      ("amax", "Max", "x, axis=None, keepdims=False"),
      ("amin", "Min", "x, axis=None, keepdims=False"),
      ("prod", "Prod", "x, axis=None, keepdims=False, dtype=None"),
      ("count_nonzero", "CountNonzero", "x, axis=None"),
      ("norm", "Norm", "x, ord=None, axis=None, keepdims=False"),
    ]

  private static let kerasFunctions: [(String, String, String)] = [
    ("squeeze", "Squeeze", "x, axis=None"),
    ("expand_dims", "ExpandDims", "x, axis"),
    ("transpose", "Transpose", "x, axes=None"),
    ("swapaxes", "Swapaxes", "x, axis1, axis2"),
    ("moveaxis", "Moveaxis", "x, source, destination"),
    ("reshape", "Reshape", "x, newshape"),
    ("broadcast_to", "BroadcastTo", "x, shape"),
    ("concatenate", "Concatenate", "xs, axis=0"),
    ("stack", "Stack", "x:xs, axis=0"),
    ("unstack", "Unstack", "x, num=None, axis=0"),
    ("split", "Split", "x, indices_or_sections, axis=0"),
    ("repeat", "Repeat", "x, repeats, axis=None"),
    ("tile", "Tile", "x, repeats"),
    ("pad", "Pad", "x, pad_width, mode=constant, constant_values=None"),
    ("flip", "Flip", "x, axis=None"),
    ("roll", "Roll", "x, shift, axis=None"),
    ("sort", "Sort", "x, axis=-1"),
    ("argsort", "Argsort", "x, axis=-1"),
    ("cumsum", "Cumsum", "x, axis=None, dtype=None"),
    ("matmul", "Matmul", "x1, x2"),
    ("dot", "Dot", "x1, x2"),
    ("einsum", "Einsum", "subscripts, operands:*operands"),
    ("take", "Take", "x:x1, indices, axis=None"),
    ("get_item", "GetItem", "x, key"),
    ("where", "Where", "condition, x1, x2"),
    ("clip", "Clip", "x, x_min, x_max"),
    ("cast", "Cast", "x, dtype"),
    ("ones_like", "OnesLike", "x, dtype=None"),
    ("zeros_like", "ZerosLike", "x, dtype=None"),
    ("round", "Round", "x, decimals=0"),
    ("tril", "Tril", "x, k=0"),
    ("triu", "Triu", "x, k=0"),
    ("one_hot", "OneHot", "x, num_classes, axis=-1, dtype=None, sparse=False"),
    ("normalize", "Normalize", "x, axis=-1, order=2, epsilon=None"),
    ("softmax", "Softmax", "x, axis=-1"),
    ("log_softmax", "LogSoftmax", "x, axis=-1"),
    ("sparsemax", "Sparsemax", "x, axis=-1"),
    ("elu", "Elu", "x, alpha=1.0"),
    ("celu", "Celu", "x, alpha=1.0"),
    ("gelu", "Gelu", "x, approximate=True"),
    ("leaky_relu", "LeakyRelu", "x, negative_slope=0.2"),
    ("swish", "Silu", "x"),
    ("hard_swish", "HardSilu", "x"),
  ]

  /// `keras.activations`: mostly the same classes as in `keras.ops`.
  private static let activationFunctions: [(String, String, String)] =
    [
      ("relu", "ReLU", "x, negative_slope=0.0, max_value=None, threshold=0.0"),
      ("exponential", "Exp", "x"), ("gelu", "Gelu", "x, approximate=False"),
    ]
    + unaryFunctions.filter {
      [
        "relu6", "sigmoid", "softplus", "softsign", "silu", "hard_sigmoid", "hard_silu", "tanh",
        "hard_tanh", "tanh_shrink", "selu", "log_sigmoid",
      ].contains($0.0)
    }
    + kerasFunctions.filter {
      ["softmax", "log_softmax", "sparsemax", "elu", "celu", "leaky_relu", "swish", "hard_swish"]
        .contains($0.0)
    }

  /// Keras 2's `keras.backend`, where it differs from `keras.ops`.
  private static let backendFunctions: [(String, String, String)] = [
    ("squeeze", "Squeeze", "x, axis"),
    ("expand_dims", "ExpandDims", "x, axis=-1"),
    ("permute_dimensions", "Transpose", "x, pattern:axes"),
    ("transpose", "Transpose", "x"),
    ("reshape", "Reshape", "x, shape:newshape"),
    ("flatten", "Ravel", "x"),
    ("concatenate", "Concatenate", "tensors:xs, axis=-1"),
    ("repeat_elements", "Repeat", "x, rep:repeats, axis"),
    ("tile", "Tile", "x, n:repeats"),
    ("reverse", "Flip", "x, axes:axis"),
    ("gather", "Take", "reference:x1, indices, axis=0"),
    ("cumsum", "Cumsum", "x, axis=0"),
    ("dot", "Dot", "x:x1, y:x2"),
    ("clip", "Clip", "x, min_value:x_min, max_value:x_max"),
    ("pow", "Power", "x:x1, a:x2"),
    ("maximum", "Maximum", "x:x1, y:x2"),
    ("minimum", "Minimum", "x:x1, y:x2"),
    ("equal", "Equal", "x:x1, y:x2"),
    ("not_equal", "NotEqual", "x:x1, y:x2"),
    ("greater", "Greater", "x:x1, y:x2"),
    ("greater_equal", "GreaterEqual", "x:x1, y:x2"),
    ("less", "Less", "x:x1, y:x2"),
    ("less_equal", "LessEqual", "x:x1, y:x2"),
    ("switch", "Where", "condition, then_expression:x1, else_expression:x2"),
    ("argmax", "Argmax", "x, axis=-1"),
    ("argmin", "Argmin", "x, axis=-1"),
    ("l2_normalize", "Normalize", "x, axis=-1"),
    ("one_hot", "OneHot", "indices:x, num_classes"),
    ("relu", "ReLU", "x, alpha:negative_slope=0.0, max_value=None, threshold=0.0"),
    ("elu", "Elu", "x, alpha=1.0"),
    ("softmax", "Softmax", "x, axis=-1"),
  ]

  /// Functions of Keras 2's `keras.backend` that a layer of Keras 3 stands for.
  private static let backendLayers: [(String, String, String)] = [
    ("batch_dot", "Dot", "x:x1, y:x2, axes=None"),
    ("batch_flatten", "Flatten", "x"),
    ("repeat", "RepeatVector", "x, n"),
    ("temporal_padding", "ZeroPadding1D", "x, padding=1"),
    ("dropout", "Dropout", "x, level:rate, noise_shape=None, seed=None"),
  ]

  private static let tensorFlowFunctions: [(String, String, String)] =
    unaryFunctions.filter { !["absolute", "copy", "ravel"].contains($0.0) }
    + binaryFunctions.map { name, className, _ in (name, className, "x:x1, y:x2, name:-=None") }
    + tensorFlowReductions + [
      ("squeeze", "Squeeze", "input:x, axis=None, name:-=None"),
      ("expand_dims", "ExpandDims", "input:x, axis, name:-=None"),
      ("transpose", "Transpose", "a:x, perm:axes=None, conjugate:-=False, name:-=None"),
      ("reshape", "Reshape", "tensor:x, shape:newshape, name:-=None"),
      ("broadcast_to", "BroadcastTo", "input:x, shape, name:-=None"),
      ("concat", "Concatenate", "values:xs, axis, name:-=None"),
      ("stack", "Stack", "values:xs, axis=0, name:-=None"),
      ("unstack", "Unstack", "value:x, num=None, axis=0, name:-=None"),
      ("repeat", "Repeat", "input:x, repeats, axis=None, name:-=None"),
      ("tile", "Tile", "input:x, multiples:repeats, name:-=None"),
      ("pad", "Pad", "tensor:x, paddings:pad_width, mode=constant, constant_values=None"),
      ("reverse", "Flip", "tensor:x, axis, name:-=None"),
      ("roll", "Roll", "input:x, shift, axis, name:-=None"),
      ("matmul", "Matmul", "a:x1, b:x2, name:-=None"),
      ("einsum", "Einsum", "equation:subscripts, inputs:*operands"),
      ("gather", "Take", "params:x1, indices, validate_indices:-=None, axis=0"),
      ("where", "Where", "condition, x:x1, y:x2, name:-=None"),
      ("clip_by_value", "Clip", "t:x, clip_value_min:x_min, clip_value_max:x_max"),
      ("cast", "Cast", "x, dtype, name:-=None"),
      ("ones_like", "OnesLike", "input:x, dtype=None"),
      ("zeros_like", "ZerosLike", "input:x, dtype=None"),
      ("identity", "Copy", "input:x, name:-=None"),
      ("one_hot", "OneHot", "indices:x, depth:num_classes"),
      ("pow", "Power", "x:x1, y:x2, name:-=None"),
      ("abs", "Absolute", "x, name:-=None"),
      ("divide", "TrueDivide", "x:x1, y:x2, name:-=None"),
      ("truediv", "TrueDivide", "x:x1, y:x2, name:-=None"),
      ("floordiv", "FloorDivide", "x:x1, y:x2, name:-=None"),
      ("argmax", "Argmax", "input:x, axis=0, name:-=None"),
      ("argmin", "Argmin", "input:x, axis=0, name:-=None"),
      ("l2_normalize", "Normalize", "x, axis, epsilon=1e-12, name:-=None"),
      ("relu", "Relu", "features:x, name:-=None"),
      ("relu6", "Relu6", "features:x, name:-=None"),
      ("elu", "Elu", "features:x, name:-=None"),
      ("selu", "Selu", "features:x, name:-=None"),
      ("gelu", "Gelu", "features:x, approximate=False, name:-=None"),
      ("leaky_relu", "LeakyRelu", "features:x, alpha:negative_slope=0.2, name:-=None"),
      ("softmax", "Softmax", "logits:x, axis=-1, name:-=None"),
      ("log_softmax", "LogSoftmax", "logits:x, axis=-1, name:-=None"),
      ("softplus", "Softplus", "features:x, name:-=None"),
      ("swish", "Silu", "features:x, beta:-=1.0"),
    ]

  private static let tensorFlowReductions: [(String, String, String)] = [
    ("sum", "Sum"), ("mean", "Mean"), ("max", "Max"), ("min", "Min"), ("prod", "Prod"),
    ("any", "Any"), ("all", "All"), ("std", "Std"), ("variance", "Var"),
    ("logsumexp", "Logsumexp"),
  ].map {
    (
      "reduce_\($0.0)", $0.1, "input_tensor:x, axis=None, keepdims=False, name:-=None"
    )
  }
}

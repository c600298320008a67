import Neural

/// Functions and layers of Keras, called on arrays: they make a graph as on tensors, which then
/// runs.
extension Evaluator {
  /// Calls `body` with tensors of a graph in place of the arrays, and computes what it gives.
  ///
  /// - Returns: arrays in place of tensors; `nil` where no argument holds an array.
  func computed(
    _ arguments: CallArguments, _ body: (CallArguments) throws -> Value
  ) throws -> Value? {
    var inputs: [(symbol: SymbolicTensor, tensor: Tensor)] = []
    let result: Value? = try keras.probing {
      var replaced = arguments
      for index in replaced.positional.indices {
        replaced.positional[index] = try symbolic(replaced.positional[index], &inputs)
      }
      for index in replaced.keywords.indices {
        replaced.keywords[index].value = try symbolic(replaced.keywords[index].value, &inputs)
      }
      return inputs.isEmpty ? nil : try body(replaced)
    }
    guard let result else { return nil }
    var outputs: [SymbolicTensor] = []
    guard try keras.collect(result, into: &outputs, self), !outputs.isEmpty else { return result }
    let graph = ModelObject(name: "arrays", kind: .functional, at: location)
    graph.inputs = inputs.map(\.symbol)
    graph.outputs = outputs
    graph.listsInputs = true
    try graph.connect(in: self)
    let assembled = try graph.assembled(in: self)
    let tensors = inputs.map(\.tensor)
    let plan = try computing { () throws(PassError) in
      try PassPlan(assembled.model, inputSizes: tensors.map(\.sizes))
    }
    let weights = try graph.weights(of: assembled, plan.analysis, in: self)
    var options = PassOptions()
    options.isTraining = nil
    options.keepsEverything = false
    options.memoryLimit = memoryLimit
    options.seed = keras.run?.nextSeed() ?? 0
    let pass = try computing { () throws(PassError) in
      try plan.run(on: tensors, weights: weights, options: options)
    }
    let values = try pass.outputs.map { try value(of: $0) }
    if case .native = result, values.count == 1 { return values[0] }
    return try list(values)
  }

  /// A value with an input of a graph for every array in it.
  private func symbolic(
    _ value: Value, _ inputs: inout [(symbol: SymbolicTensor, tensor: Tensor)]
  ) throws -> Value {
    switch value {
    case .array(let array):
      guard let numbers = array.numbers, numbers.dtype.isNumber, numbers.rank > 0 else {
        return value
      }
      return try symbolic(try arrays { try numbers.tensor() }, &inputs)
    case .native(let object):
      guard let numbers = try object.numbers(in: self), numbers.rank > 0 else { return value }
      return try symbolic(try arrays { try numbers.tensor() }, &inputs)
    case .list, .tuple:
      guard let elements = value.sequence, elements.contains(where: { holdsArray($0) }) else {
        return value
      }
      return try list(try elements.map { try symbolic($0, &inputs) })
    default: return value
    }
  }

  private func symbolic(
    _ tensor: Tensor, _ inputs: inout [(symbol: SymbolicTensor, tensor: Tensor)]
  ) throws -> Value {
    let layer = try inputLayer(
      InputLayer(batchShape: tensor.sizes), name: "array_\(inputs.count)")
    guard let symbol = layer.calls.first?.outputs.first else {
      throw fault("an array of shape \(tensor.shape) cannot come into a graph")
    }
    inputs.append((symbol, tensor))
    return .native(symbol)
  }

  /// Whether a value is an array with numbers, or a list that holds one.
  func holdsArray(_ value: Value) -> Bool {
    switch value {
    case .array(let array): array.numbers != nil
    case .native(let object): object is Variable
    case .list, .tuple: value.sequence?.contains { holdsArray($0) } ?? false
    default: false
    }
  }

  /// Functions that Keras and NumPy have under one name with one meaning: on arrays they are
  /// NumPy's.
  static let sharedFunctions: Set<String> = [
    "abs", "absolute", "add", "all", "any", "arange", "argmax", "argmin", "argsort", "array",
    "ceil",
    "clip", "concatenate", "cos", "cumprod", "cumsum", "diag", "divide", "dot", "equal", "exp",
    "expand_dims", "expm1", "eye", "flip", "floor", "full", "full_like", "greater", "greater_equal",
    "isfinite", "isinf", "isnan", "less", "less_equal", "linspace", "log", "log10", "log1p", "log2",
    "logical_and", "logical_not", "logical_or", "matmul", "max", "maximum", "mean", "median", "min",
    "minimum", "mod", "moveaxis", "multiply", "not_equal", "ones", "ones_like", "outer", "pad",
    "power", "prod", "repeat", "reshape", "round", "sign", "sin", "sort", "split", "sqrt", "square",
    "squeeze", "stack", "std", "subtract", "sum", "swapaxes", "take", "tan", "tanh", "tensordot",
    "tile", "transpose", "tril", "triu", "unique", "var", "where", "zeros", "zeros_like",
  ]

  /// What `K.pow` and the like are called in NumPy.
  private static let renamedFunctions = [
    "pow": "power", "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max",
    "reduce_min": "min", "true_divide": "divide", "permute_dimensions": "transpose",
    "amax": "max", "amin": "min", "reverse": "flip",
  ]

  /// A function of the backend on arrays and numbers in a script that is run.
  ///
  /// - Returns: `nil` where there is no such function here.
  func runFunction(_ name: String, _ arguments: CallArguments) throws -> Value? {
    switch name {
    case "cast", "to_dense", "convert_to_tensor", "convert_to_numpy", "eval", "get_value",
      "constant", "variable", "Variable", "identity", "stop_gradient":
      guard let first = arguments.positional.first ?? arguments["x"] ?? arguments["value"] else {
        return nil
      }
      let type = try (arguments.value(1, "dtype")).flatMap { value in
        value.isNone || name == "variable" ? nil : try arrays { try dtype(from: value) }
      }
      return try arrays { .numbers(try ndarray(from: first, type)) }
    case "set_value":
      guard let target = arguments.value(0, "x"), let value = arguments.value(1, "value"),
        let assign = try attributeIfPresent("assign", of: target)
      else { return nil }
      return try call(assign, CallArguments(positional: [value]))
    default: break
    }
    let same = Self.renamedFunctions[name] ?? name
    guard Self.sharedFunctions.contains(same),
      let function = try attributeIfPresent(same, of: try module(named: "numpy"))
    else { return nil }
    return try call(function, arguments)
  }
}

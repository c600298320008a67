import Neural

/// A function of `keras.ops`, `keras.backend`, `keras.activations` or `tensorflow`: a node of the
/// model's graph when it is called on a tensor, an activation's name where a layer is given it.
final class BackendFunction: NativeObject {
  let name: String
  /// The module, as `OperationCatalog.functions` names it.
  let module: String

  init(_ name: String, in module: String) {
    self.name = name
    self.module = module
  }

  var typeName: String { "function" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    name == "__name__" ? .string(self.name) : nil
  }

  func call(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value? {
    guard let function = OperationCatalog.functions["\(module).\(name)"] else {
      return try evaluator.callUnknown(self, arguments)
    }
    return try evaluator.call(function, named: name, arguments)
  }
}

extension KerasSession {
  private static let parts: Set<String> = [
    "nn", "math", "linalg", "image", "numpy", "core", "tensorflow_backend", "load_backend",
    "compat", "v1", "v2",
  ]

  /// `keras.ops`, `keras.backend`, `keras.activations` or a part of `tensorflow`.
  func operations(_ module: String, in evaluator: Evaluator) -> Module {
    let prefix = "\(module)."
    let known = OperationCatalog.functions.keys.filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
    return Module(module, names: { known }) { [unowned self, unowned evaluator] member in
      if let constant = backendMember(member, in: evaluator) { return constant }
      if Self.parts.contains(member), !known.contains(member) {
        let isPart = module == "tensorflow" && ["nn", "math"].contains(member)
        return .module(operations(isPart ? "\(module).\(member)" : module, in: evaluator))
      }
      return .native(BackendFunction(member, in: module))
    }
  }

  /// What `keras.backend` has beside operations.
  private func backendMember(_ name: String, in evaluator: Evaluator) -> Value? {
    func function(_ body: @escaping Builtin.Body) -> Value {
      .builtin(Builtin(name, takesUnknown: true, body))
    }
    switch name {
    case "epsilon": return function { _, _ in .float(1e-7) }
    case "image_data_format": return function { _, _ in .string("channels_last") }
    case "image_dim_ordering": return function { _, _ in .string("tf") }
    case "backend": return function { _, _ in .string("tensorflow") }
    case "floatx": return function { _, _ in .string("float32") }
    case "clear_session":
      return function { [unowned self] _, _ in
        clearNames()
        return .none
      }
    case "set_image_data_format", "set_floatx", "set_epsilon", "set_session", "set_learning_phase",
      "set_image_dim_ordering", "manual_variable_initialization", "set_value":
      return function { _, _ in .none }
    case "int_shape", "shape": return function { try $0.keras.shape($1, in: $0) }
    case "ndim", "rank": return function { try $0.keras.rank($1, in: $0) }
    case "is_keras_tensor", "is_tensor":
      return function { _, arguments in
        guard case .native(let object)? = arguments.positional.first else { return .bool(false) }
        return .bool(object is SymbolicTensor)
      }
    case "learning_phase", "get_session", "set_random_seed":
      return evaluator.unknown(name, "there is no session here")
    default: return nil
    }
  }

  private func rank(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    guard case .native(let object)? = arguments.positional.first,
      let tensor = object as? SymbolicTensor
    else { return evaluator.doubt(about: arguments.positional.first ?? .none) }
    return .int(tensor.shape.rank)
  }

  private func shape(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    switch arguments.positional.first ?? arguments["x"] ?? .none {
    case .native(let object):
      if let tensor = object as? SymbolicTensor { return try tensor.shapeValue(evaluator) }
    case .array(let array): return try evaluator.attribute("shape", of: array) ?? .none
    case let other where other.isUnknown: return other
    default: break
    }
    return evaluator.unknown(nil, "its shape is not known")
  }

  /// `tensorflow`: its Keras, its operations; the rest is not known.
  func tensorflow(in evaluator: Evaluator) -> Module {
    if case .module(let known)? = evaluator.modules["tensorflow/"] { return known }
    let module = Module("tensorflow") { [unowned self, unowned evaluator] name in
      switch name {
      case "keras": return self.module(named: "keras", in: evaluator)
      case "__version__", "VERSION": return .string("2.16.0")
      case "float32", "float64", "float16", "int32", "int64", "uint8", "bool", "string":
        return .string(name)
      case "compat", "v1", "v2": return .module(tensorflow(in: evaluator))
      case "nn", "math": return .module(operations("tensorflow.\(name)", in: evaluator))
      case "newaxis": return Value.none
      case "constant", "zeros", "ones", "range", "fill", "eye":
        let same = ["constant": "array", "range": "arange", "fill": "full"][name] ?? name
        return numpyFunctions[same].map { .builtin(Builtin(name, takesUnknown: true, $0)) }
      case "shape":
        return .builtin(Builtin(name, takesUnknown: true) { try $0.keras.shape($1, in: $0) })
      default:
        if OperationCatalog.functions["tensorflow.\(name)"] != nil {
          return .native(BackendFunction(name, in: "tensorflow"))
        }
        return evaluator.unknown("tf.\(name)", "tensorflow.\(name) is not evaluated")
      }
    }
    evaluator.modules["tensorflow/"] = .module(module)
    return module
  }
}

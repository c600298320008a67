extension Evaluator {
  /// `numpy` in a run.
  func runningNumpyModule() -> Module {
    let random = runningRandomModule()
    let linear = Module(
      "numpy.linalg", names: { Array(NumPyFunctions.linearAlgebra.keys) + ["LinAlgError"] }
    ) { [unowned self] name in
      if name == "LinAlgError" { return .type(types.named("numpy.LinAlgError")) }
      return NumPyFunctions.linearAlgebra[name].map { body in
        .builtin(
          Builtin("numpy.linalg.\(name)") { evaluator, arguments in
            try evaluator.arrays {
              try body(ArrayCall(name: name, evaluator: evaluator, arguments: arguments))
            }
          })
      }
    }
    return Module("numpy", names: { Array(NumPyFunctions.table.keys) + ["random", "linalg"] }) {
      [unowned self] name in
      switch name {
      case "random": return .module(random)
      case "linalg": return .module(linear)
      case "testing": return .native(SilentObject())
      case "pi": return .float(.pi)
      case "inf", "Inf", "PINF", "infty": return .float(.infinity)
      case "NINF": return .float(-.infinity)
      case "nan", "NaN", "NAN": return .float(.nan)
      case "e": return .float(2.718281828459045)
      case "euler_gamma": return .float(0.5772156649015329)
      case "newaxis": return Value.none
      case "True_": return .scalar(NumPyScalar(1, .bool))
      case "False_": return .scalar(NumPyScalar(0, .bool))
      case "ndarray": return .type(types.named("ndarray"))
      case "__version__": return .string("2.4.6")
      case "generic", "number", "integer", "signedinteger", "unsignedinteger", "inexact",
        "floating":
        return .type(types.named("numpy.\(name)"))
      case "float", "int", "str", "object": return nil
      case "c_": return .native(JoiningObject(axis: -1))
      case "r_": return .native(JoiningObject(axis: 0))
      default:
        if let type = Evaluator.scalarTypeNamed(name) { return scalarType(type) }
        return NumPyFunctions.builtin(name).map { .builtin($0) }
      }
    }
  }
}

/// `np.c_[a, b]` and `np.r_[a, b]`.
private final class JoiningObject: NativeObject {
  private let axis: Int

  init(axis: Int) { self.axis = axis }

  var typeName: String { axis == 0 ? "RClass" : "CClass" }

  func item(_ index: Value, in evaluator: Evaluator) throws -> Value? {
    try evaluator.arrays {
      var parts = [index]
      if case .tuple(let tuple) = index { parts = tuple.elements }
      let arrays = try parts.map { part -> NDArray in
        if case .slice(let slice) = part, let stop = slice.upper.intValue {
          let range = RangeValue(
            start: slice.lower.intValue ?? 0, stop: stop, step: slice.step.intValue ?? 1)
          return try evaluator.ndarray(from: .range(range))
        }
        let array = try evaluator.ndarray(from: part)
        if array.rank == 0 { return array.reshapedCopy([1]) }
        return axis != 0 && array.rank == 1 ? array.reshapedCopy([array.count, 1]) : array
      }
      return .array(ArrayValue(try NDArray.concatenated(arrays, axis: axis)))
    }
  }
}

typealias ArrayFunction = (Evaluator, CallArguments) throws -> Value

extension Evaluator {
  /// `numpy`: arrays know their shape, never their numbers.
  func numpyModule() -> Module {
    if isRunning { return runningNumpyModule() }
    let linalg = unknownModule("numpy.linalg", "it is computed from data")
    let random = numpyRandomModule()
    return Module("numpy", names: { Array(numpyFunctions.keys) + ["random"] }) {
      [unowned self] name in
      switch name {
      case "random": return .module(random)
      case "linalg": return .module(linalg)
      case "pi": return .float(.pi)
      case "inf", "Inf": return .float(.infinity)
      case "nan", "NaN": return .float(.nan)
      case "e": return .float(2.718281828459045)
      case "newaxis": return Value.none
      case "ndarray": return .type(types.named("ndarray"))
      case "float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16",
        "uint32", "bool_", "bool", "float", "int", "integer", "floating":
        return scalarType(name)
      default:
        if let function = numpyFunctions[name] {
          return .builtin(Builtin("numpy.\(name)", takesUnknown: true, function))
        }
        return .builtin(
          Builtin("numpy.\(name)", takesUnknown: true) { evaluator, _ in
            evaluator.unknown(nil, "numpy.\(name) is computed from data")
          })
      }
    }
  }

  /// `numpy.float32`: a type, a name for one, and a function.
  private func scalarType(_ name: String) -> Value {
    .builtin(
      Builtin(name) { evaluator, arguments in
        let value = arguments.positional.first ?? .int(0)
        if case .array = value { return value }
        return name.contains("float")
          ? value.doubleValue.map { .float($0) } ?? value
          : value.doubleValue.flatMap { Int(exactly: $0.rounded(.towardZero)) }.map { .int($0) }
            ?? evaluator.unknown(nil, "its number is not known")
      })
  }

  private func numpyRandomModule() -> Module {
    Module("numpy.random") { [unowned self] name in
      switch name {
      case "seed", "shuffle": return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
      case "rand", "randn":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            arguments.positional.isEmpty
              ? evaluator.unknown(nil, "it is random")
              : evaluator.array(ofShape: arguments.positional)
          })
      case "random", "random_sample", "ranf", "sample":
        return randomFunction(name, sizeIndex: 0)
      case "randint": return randomFunction(name, sizeIndex: 2, dtype: "int64")
      case "uniform", "normal", "binomial", "beta", "gamma":
        return randomFunction(name, sizeIndex: 2)
      case "choice", "poisson", "exponential": return randomFunction(name, sizeIndex: 1)
      case "standard_normal": return randomFunction(name, sizeIndex: 0)
      case "permutation":
        return .builtin(
          Builtin(name) { evaluator, arguments in
            switch arguments.positional.first {
            case .int(let count)?: .array(ArrayValue([max(0, count)], dtype: "int64"))
            case .array(let array)?: .array(array)
            case let other?: other
            default: .none
            }
          })
      case "RandomState", "default_rng":
        return .builtin(
          Builtin(name, takesUnknown: true) { [unowned self] _, _ in
            .module(numpyRandomModule())
          })
      default: return unknown("numpy.random.\(name)", "it is random")
      }
    }
  }

  private func randomFunction(_ name: String, sizeIndex: Int, dtype: String = "float64") -> Value {
    .builtin(
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        guard let size = arguments.value(sizeIndex, "size"), !size.isNone else {
          return evaluator.unknown(nil, "it is random")
        }
        if size.isUnknown { return size }
        let sizes = size.sequence ?? [size]
        guard case .array(var array) = evaluator.array(ofShape: sizes) else { return .none }
        array.dtype = dtype
        return .array(array)
      })
  }

  /// An array whose sizes are these values, known or not.
  func array(ofShape sizes: [Value], dtype: String = "float64") -> Value {
    .array(
      ArrayValue(
        sizes.map { $0.intValue.map { max(0, $0) } }, dtype: dtype,
        unknown: sizes.lazy.compactMap(\.unknown).first))
  }

  /// What numpy makes of a value: nested lists have the shape of their first elements.
  func array(from value: Value, depth: Int = 0) -> ArrayValue? {
    switch value {
    case .array(let array): return array
    case .unknown, .native: return nil
    case .list, .tuple:
      guard let elements = value.sequence else {
        if case .list(let list) = value { return ArrayValue([nil], unknown: list.unknownTail) }
        return nil
      }
      guard let first = elements.first, depth < 32 else { return ArrayValue([elements.count]) }
      let inner = array(from: first, depth: depth + 1)
      if inner == nil { return ArrayValue([elements.count], unknown: first.unknown) }
      return ArrayValue(
        [elements.count] + (inner?.shape ?? []), dtype: inner?.dtype ?? "float64",
        unknown: inner?.unknown)
    case .range(let range): return ArrayValue([range.count], dtype: "int64")
    case .int, .bool: return ArrayValue([], dtype: "int64")
    default: return ArrayValue([])
    }
  }
}

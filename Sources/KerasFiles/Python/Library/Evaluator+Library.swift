#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension Evaluator {
  /// A module of Python's own library or numpy, as far as scripts need it to build models.
  func library(named name: String) -> Module? {
    switch name {
    case _ where isRunning && RunningModules.names.contains(name): runningModule(name)
    case "math": mathModule()
    case "os": osModule()
    case "sys": sysModule()
    case "random":
      isRunning ? runningPythonRandomModule() : unknownModule("random", "it is random")
    case "time", "datetime", "glob", "pickle", "shutil", "pathlib", "re", "json", "csv", "string",
      "uuid", "logging", "warnings", "copy", "gc", "io":
      ordinaryModule(name)
    case "argparse": argparseModule()
    case "collections": isRunning ? runningCollectionsModule() : collectionsModule()
    case "functools": functoolsModule()
    case "itertools": isRunning ? runningItertoolsModule() : itertoolsModule()
    case "typing", "typing_extensions", "abc", "enum", "dataclasses", "contextlib":
      declarationModule(name)
    case "numpy": numpyModule()
    case "six", "six.moves", "builtins", "future.builtins":
      Module(name) { [unowned self] member in
        builtins[member == "xrange" ? "range" : member]
          ?? unknown(member, "the module \(name) is not evaluated")
      }
    default: nil
    }
  }

  /// A module all of whose members are not known, for one reason.
  func unknownModule(_ name: String, _ reason: String) -> Module {
    Module(name) { [unowned self] member in unknown("\(name).\(member)", reason) }
  }

  private func ordinaryModule(_ name: String) -> Module {
    Module(name) { [unowned self] member in
      switch (name, member) {
      case ("copy", "copy"), ("copy", "deepcopy"):
        return .builtin(Builtin(member, takesUnknown: true) { try $0.copied($1) })
      case ("string", "ascii_lowercase"): return .string("abcdefghijklmnopqrstuvwxyz")
      case ("string", "ascii_uppercase"): return .string("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
      case ("string", "ascii_letters"):
        return .string("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
      case ("string", "digits"): return .string("0123456789")
      case ("string", "punctuation"): return .string("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
      default: return unknown("\(name).\(member)", "the module \(name) is not evaluated")
      }
    }
  }

  private func copied(_ arguments: CallArguments) throws -> Value {
    switch arguments.positional.first ?? .none {
    case .list(let source):
      let copy = try keep(ListObject(source.elements))
      copy.unknownTail = source.unknownTail
      return .list(copy)
    case .dict(let source):
      let copy = try keep(DictObject())
      try update(copy, with: .dict(source))
      return .dict(copy)
    case let other: return other
    }
  }

  /// Decorators and annotations: whatever is asked for leaves things as they are.
  private func declarationModule(_ name: String) -> Module {
    Module(name) { [unowned self] member in
      switch member {
      case "dataclass", "abstractmethod", "contextmanager", "unique", "overload":
        return .builtin(
          Builtin(member, takesUnknown: true) { evaluator, arguments in
            arguments.positional.first ?? evaluator.unknown(nil, "it is a decorator")
          })
      case "ABC", "Enum", "IntEnum", "NamedTuple", "Protocol", "Generic":
        return .type(types.named("object"))
      case "field":
        return .builtin(
          Builtin("field", takesUnknown: true) { evaluator, arguments in
            if let factory = arguments["default_factory"] {
              return try evaluator.call(factory, CallArguments())
            }
            return arguments["default"] ?? .none
          })
      default: return unknown("\(name).\(member)", "annotations are not evaluated")
      }
    }
  }

  private func mathModule() -> Module {
    var table: [String: Value] = [
      "pi": .float(.pi), "e": .float(M_E), "inf": .float(.infinity), "nan": .float(.nan),
      "tau": .float(2 * .pi),
    ]
    let functions: [(String, (Double) -> Double)] = [
      ("sqrt", sqrt), ("exp", exp), ("log2", log2), ("log10", log10), ("sin", sin), ("cos", cos),
      ("tan", tan), ("tanh", tanh), ("fabs", { $0.magnitude }), ("log1p", log1p),
      ("radians", { $0 * .pi / 180 }), ("degrees", { $0 * 180 / .pi }),
    ]
    for (name, function) in functions {
      table[name] = .builtin(
        Builtin("math.\(name)") { evaluator, arguments in
          guard let number = arguments.positional.first?.doubleValue else {
            throw evaluator.raise("TypeError", "math.\(name)() takes a number")
          }
          let result = function(number)
          if result.isNaN, !number.isNaN {
            throw evaluator.raise("ValueError", "math domain error")
          }
          return .float(result)
        })
    }
    let roundings: [(String, FloatingPointRoundingRule)] = [
      ("ceil", .up), ("floor", .down), ("trunc", .towardZero),
    ]
    for (name, rule) in roundings {
      table[name] = .builtin(
        Builtin("math.\(name)") { evaluator, arguments in
          let value = arguments.positional.first ?? .none
          if let whole = value.intValue { return .int(whole) }
          guard let number = value.doubleValue else {
            throw evaluator.raise("TypeError", "math.\(name)() takes a number")
          }
          if evaluator.isRunning, !number.isFinite {
            throw evaluator.raise(
              number.isNaN ? "ValueError" : "OverflowError",
              "cannot convert float \(number.isNaN ? "NaN" : "infinity") to integer")
          }
          return Int(exactly: number.rounded(rule)).map { .int($0) } ?? evaluator.tooLarge()
        })
    }
    table["log"] = .builtin(
      Builtin("math.log") { evaluator, arguments in
        let numbers = arguments.positional.compactMap(\.doubleValue)
        guard let first = numbers.first, first > 0 else {
          throw evaluator.raise("ValueError", "math domain error")
        }
        return .float(numbers.count > 1 ? log(first) / log(numbers[1]) : log(first))
      })
    table["pow"] = .builtin(
      Builtin("math.pow") { _, arguments in
        let numbers = arguments.positional.compactMap(\.doubleValue)
        return numbers.count == 2 ? .float(pow(numbers[0], numbers[1])) : .none
      })
    table["prod"] = .builtin(
      Builtin("math.prod", takesUnknown: true) { try $0.product(of: $1.positional.first ?? .none) })
    table["gcd"] = .builtin(
      Builtin("math.gcd") { _, arguments in
        var (a, b) = (
          arguments.positional.first?.intValue?.magnitude ?? 0,
          arguments.positional.last?.intValue?.magnitude ?? 0
        )
        while b != 0 { (a, b) = (b, a % b) }
        return .int(Int(clamping: a))
      })
    for (name, test) in [("isnan", \Double.isNaN), ("isinf", \.isInfinite)] {
      table[name] = .builtin(
        Builtin("math.\(name)") { _, arguments in
          .bool(arguments.positional.first?.doubleValue?[keyPath: test] ?? false)
        })
    }
    guard isRunning else { return Module("math", table) }
    let known = table
    return Module("math", names: { Array(known.keys) }) { [unowned self] name in
      runningMathMember(name) ?? known[name]
    }
  }

  /// The product of an iterable's elements.
  func product(of source: Value) throws -> Value {
    guard let elements = try elements(of: source) else { return doubt(about: source) }
    var total = Value.int(1)
    for element in elements { total = try binary(.multiply, total, element) }
    return total
  }
}

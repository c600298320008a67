extension Evaluator {
  func collectionsModule() -> Module {
    Module("collections") { [unowned self] name in
      switch name {
      case "OrderedDict": return .type(types.named("dict"))
      case "deque":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            guard let source = arguments.positional.first else { return try evaluator.list([]) }
            guard let elements = try evaluator.elements(of: source) else {
              return evaluator.doubt(about: source)
            }
            return try evaluator.list(elements)
          })
      case "defaultdict":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            let dict = try evaluator.keep(DictObject())
            dict.factory = arguments.positional.first
            return .dict(dict)
          })
      case "Counter": return .builtin(Builtin(name, takesUnknown: true) { try $0.counter($1) })
      case "namedtuple":
        return .builtin(Builtin(name) { try $0.namedTuple($1) })
      default: return unknown("collections.\(name)", "collections.\(name) is not evaluated")
      }
    }
  }

  private func counter(_ arguments: CallArguments) throws -> Value {
    let dict = try keep(DictObject())
    guard let source = arguments.positional.first else { return .dict(dict) }
    guard let elements = try elements(of: source) else { return doubt(about: source) }
    for element in elements {
      guard let key = HashKey(element) else { return doubt(about: element) }
      let count = dict.members[key]?.value.intValue ?? 0
      try setItem(element, of: .dict(dict), to: .int(count + 1))
    }
    return .dict(dict)
  }

  private func namedTuple(_ arguments: CallArguments) throws -> Value {
    guard arguments.positional.count > 1 else { return .none }
    let fields: [Value]
    switch arguments.positional[1] {
    case .string(let text):
      fields = text.split { $0 == " " || $0 == "," }.map { .string(String($0)) }
    case let other: fields = try elements(of: other) ?? []
    }
    let type = try keep(
      ClassObject(arguments.positional[0].stringValue ?? "tuple", isScripted: true))
    type.attributes["__fields__"] = try tuple(fields)
    return .type(type)
  }

  func functoolsModule() -> Module {
    Module("functools") { [unowned self] name in
      switch name {
      case "partial":
        return .builtin(
          Builtin(name, takesUnknown: true) { _, arguments in
            guard let function = arguments.positional.first else { return .none }
            let given = Array(arguments.positional.dropFirst())
            return .builtin(
              Builtin("partial", takesUnknown: true) { evaluator, more in
                var all = more
                all.positional = given + more.positional
                all.keywords =
                  arguments.keywords.filter { more[$0.name] == nil } + more.keywords
                return try evaluator.call(function, all)
              })
          })
      case "reduce":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            guard arguments.positional.count > 1,
              var rest = try evaluator.elements(of: arguments.positional[1])?[...]
            else { return evaluator.doubt(about: arguments.positional.dropFirst().first ?? .none) }
            var total = arguments.positional.count > 2 ? arguments.positional[2] : rest.popFirst()
            for element in rest {
              total = try evaluator.call(
                arguments.positional[0], CallArguments(positional: [total ?? .none, element]))
            }
            return total ?? .none
          })
      case "wraps", "lru_cache":
        return .builtin(
          Builtin(name, takesUnknown: true) { _, arguments in
            if name == "lru_cache", case .function(let function)? = arguments.positional.first {
              return .function(function)
            }
            return .builtin(
              Builtin(name, takesUnknown: true) { _, inner in inner.positional.first ?? .none })
          })
      default: return unknown("functools.\(name)", "functools.\(name) is not evaluated")
      }
    }
  }

  func itertoolsModule() -> Module {
    Module("itertools") { [unowned self] name in
      switch name {
      case "chain":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            var all: [Value] = []
            for source in arguments.positional {
              guard let elements = try evaluator.elements(of: source) else {
                return evaluator.doubt(about: source)
              }
              all += elements
            }
            return try evaluator.iterator(all)
          })
      case "product":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            var rows: [[Value]] = [[]]
            let times = min(max(arguments["repeat"]?.intValue ?? 1, 0), 64)
            for source in (0..<times).flatMap({ _ in arguments.positional }) {
              guard let elements = try evaluator.elements(of: source) else {
                return evaluator.doubt(about: source)
              }
              let size = rows.count.multipliedReportingOverflow(by: max(1, elements.count))
              try evaluator.charge(size.overflow ? .max : size.partialValue)
              rows = rows.flatMap { row in elements.map { row + [$0] } }
            }
            return try evaluator.iterator(try rows.map { try evaluator.tuple($0) })
          })
      case "count":
        return .builtin(
          Builtin(name) { evaluator, arguments in
            var next = arguments.positional.first?.intValue ?? 0
            return .iterator(
              try evaluator.keep(
                IteratorObject { [unowned evaluator] in
                  try evaluator.step()
                  next &+= 1
                  return .int(next &- 1)
                }))
          })
      case "repeat":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            guard let count = arguments.value(1, "times")?.intValue else {
              return evaluator.unknown(nil, "an endless repetition is not evaluated")
            }
            try evaluator.charge(max(0, count))
            return try evaluator.iterator(
              Array(repeating: arguments.positional.first ?? .none, count: max(0, count)))
          })
      default: return unknown("itertools.\(name)", "itertools.\(name) is not evaluated")
      }
    }
  }
}

extension BuiltinTypes {
  /// What calling `int`, `list`, `dict` … does.
  static func constructor(of name: String) -> Builtin? {
    switch name {
    case "int": Builtin(name) { try $0.makeInt($1) }
    case "float": Builtin(name) { try $0.makeFloat($1) }
    case "bool":
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        guard let value = arguments.positional.first else { return .bool(false) }
        return try evaluator.truth(of: value).map { .bool($0) } ?? value
      }
    case "str":
      Builtin(name) { evaluator, arguments in
        guard let value = arguments.positional.first else { return .string("") }
        if case .array(let array) = value, array.numbers == nil {
          return evaluator.unknown(nil, "the array's numbers are not known")
        }
        if evaluator.isRunning { return .string(try evaluator.text(of: value)) }
        let text = evaluator.string(of: value)
        if evaluator.isTooLong(value) {
          return evaluator.unknown(nil, "the text is too long to write out")
        }
        try evaluator.charge(text: text.utf8.count)
        return .string(text)
      }
    case "tuple":
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        try evaluator.collected(arguments) { try evaluator.tuple($0) }
      }
    case "list":
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        try evaluator.collected(arguments) { try evaluator.list($0) }
      }
    case "set", "frozenset":
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        try evaluator.collected(arguments) {
          try evaluator.set($0, isFrozen: name == "frozenset")
        }
      }
    case "dict": Builtin(name, takesUnknown: true) { try $0.makeDict($1) }
    case "range": Builtin(name) { try $0.makeRange($1) }
    case "slice":
      Builtin(name, takesUnknown: true) { _, arguments in
        let values = arguments.positional
        return switch values.count {
        case 1: .slice(SliceObject(.none, values[0], .none))
        case 2: .slice(SliceObject(values[0], values[1], .none))
        default:
          .slice(
            SliceObject(
              values.first ?? .none, values.dropFirst().first ?? .none, values.last ?? .none))
        }
      }
    case "bytes", "bytearray", "complex":
      Builtin(name) { evaluator, _ in evaluator.unknown(nil, "\(name) is not evaluated") }
    case "object": nil
    case "type":
      Builtin(name, takesUnknown: true) { evaluator, arguments in
        guard let value = arguments.positional.first, arguments.positional.count == 1 else {
          return evaluator.unknown(nil, "classes made by type() are not evaluated")
        }
        return value.isUnknown ? value : .type(evaluator.type(of: value))
      }
    default: nil
    }
  }
}

extension Evaluator {
  fileprivate func collected(
    _ arguments: CallArguments, _ make: ([Value]) throws -> Value
  ) throws -> Value {
    guard let source = arguments.positional.first else { return try make([]) }
    if let elements = try elements(of: source) { return try make(elements) }
    if let unknown = source.unknown { return .unknown(unknown.derived(nil)) }
    if case .list(let list) = source, let tail = list.unknownTail { return .unknown(tail) }
    return unknown(nil, "its elements are not known")
  }

  fileprivate func makeInt(_ arguments: CallArguments) throws -> Value {
    guard let value = arguments.positional.first else { return .int(0) }
    switch value {
    case .array(let array):
      guard let numbers = array.numbers else {
        return unknown(nil, "the array's numbers are not known")
      }
      return try makeInt(CallArguments(positional: [try single(numbers)]))
    case .string(let text):
      let base = arguments.value(1, "base")?.intValue ?? 10
      let digits = text.filter { $0 != "_" && !$0.isWhitespace }
      guard (2...36).contains(base), let number = Int(digits, radix: base) else {
        throw raise(
          "ValueError",
          "invalid literal for int()\(isRunning ? " with base \(base)" : ""): "
            + representation(of: value))
      }
      return .int(number)
    default:
      if let number = value.intValue { return .int(number) }
      guard let number = value.doubleValue else {
        if case .instance = value, let method = try attributeIfPresent("__int__", of: value) {
          return try call(method, CallArguments())
        }
        throw raise("TypeError", "int() cannot take a '\(typeName(of: value))'")
      }
      if !number.isFinite { throw raise("ValueError", "cannot convert \(number) to an integer") }
      return Int(exactly: number.rounded(.towardZero)).map { .int($0) } ?? tooLarge()
    }
  }

  fileprivate func makeFloat(_ arguments: CallArguments) throws -> Value {
    guard let value = arguments.positional.first else { return .float(0) }
    if let number = value.doubleValue { return .float(number) }
    if case .array(let array) = value {
      guard let numbers = array.numbers else {
        return unknown(nil, "the array's numbers are not known")
      }
      return try makeFloat(CallArguments(positional: [try single(numbers)]))
    }
    if case .native(let object) = value, let numbers = try object.numbers(in: self) {
      return try makeFloat(CallArguments(positional: [try single(numbers)]))
    }
    if let text = value.stringValue {
      let trimmed = text.filter { !$0.isWhitespace && $0 != "_" }.lowercased()
      if let number = Double(trimmed) { return .float(number) }
    }
    throw raise("ValueError", "float() cannot take \(representation(of: value))")
  }

  fileprivate func makeDict(_ arguments: CallArguments) throws -> Value {
    let dict = try keep(DictObject())
    if let source = arguments.positional.first { try update(dict, with: source) }
    for (name, value) in arguments.keywords { dict[name] = value }
    if let unknown = arguments.unknownRest { dict.unknownTail = unknown }
    return .dict(dict)
  }

  /// `dict.update`: from a mapping or from pairs.
  func update(_ dict: DictObject, with source: Value) throws {
    switch source {
    case .dict(let other):
      try charge(other.members.count)
      for (key, member) in other.members { dict.members[key] = member }
      dict.unknownTail = dict.unknownTail ?? other.unknownTail
    case .unknown(let unknown): dict.unknownTail = unknown
    case .native(let object as CounterObject): try update(dict, with: .dict(object.pairs()))
    default:
      guard let pairs = try elements(of: source) else {
        dict.unknownTail = Unknown(nil, reason: "its members are not known", at: location)
        return
      }
      for pair in pairs {
        guard let parts = try elements(of: pair), parts.count == 2 else { continue }
        try setItem(parts[0], of: .dict(dict), to: parts[1])
      }
    }
  }

  fileprivate func makeRange(_ arguments: CallArguments) throws -> Value {
    let numbers = arguments.positional.compactMap(\.intValue)
    guard numbers.count == arguments.positional.count, (1...3).contains(numbers.count) else {
      throw raise("TypeError", "range() takes one to three integers")
    }
    let step = numbers.count == 3 ? numbers[2] : 1
    if step == 0 { throw raise("ValueError", "range() arg 3 must not be zero") }
    return .range(
      numbers.count == 1
        ? RangeValue(start: 0, stop: numbers[0], step: 1)
        : RangeValue(start: numbers[0], stop: numbers[1], step: step))
  }
}

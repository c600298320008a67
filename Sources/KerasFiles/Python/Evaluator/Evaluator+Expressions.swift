extension Evaluator {
  func value(of expression: Expression) throws -> Value {
    try step()
    return try nested { try evaluate(expression) }
  }

  private func evaluate(_ expression: Expression) throws -> Value {
    switch expression.node {
    case .constant(let constant): return try value(of: constant)
    case .name(let name): return try value(ofName: name, at: expression.location)
    case .attribute(let base, let name):
      if let answer = override(expression) { return answer }
      let object = try value(of: base)
      location = expression.location
      return try attribute(name, of: object, in: expression)
    case .subscripted(let base, let index):
      if let answer = override(expression) { return answer }
      let object = try value(of: base)
      let key = try value(of: index)
      location = expression.location
      return try item(key, of: object, in: expression)
    case .call(let callee, let arguments):
      if let answer = override(expression) { return answer }
      return try call(callee, arguments, in: expression)
    case .binary(let symbol, let left, let right):
      let left = try value(of: left)
      let right = try value(of: right)
      location = expression.location
      return try binary(symbol, left, right)
    case .unary(let symbol, let operand):
      let operand = try value(of: operand)
      location = expression.location
      return try unary(symbol, operand)
    case .comparison(let first, let rest): return try comparison(first, rest)
    case .logical(let isAnd, let operands): return try logical(isAnd: isAnd, operands)
    default: return try evaluateDisplay(expression)
    }
  }

  private func evaluateDisplay(_ expression: Expression) throws -> Value {
    switch expression.node {
    case .tuple(let elements): return try tuple(try values(of: elements))
    case .list(let elements):
      return try list(try values(of: elements))
    case .set(let elements): return try set(try values(of: elements))
    case .dict(let members): return try dict(members)
    case .slice(let lower, let upper, let step):
      return .slice(
        SliceObject(
          try lower.map { try value(of: $0) } ?? .none,
          try upper.map { try value(of: $0) } ?? .none,
          try step.map { try value(of: $0) } ?? .none))
    case .conditional(let test, let body, let otherwise):
      return try conditional(test, body, otherwise)
    case .lambda(let parameters, let body):
      return try lambda(parameters, body, at: expression.location)
    case .comprehension(let kind, let element, let value, let generators):
      return try comprehension(kind, element, value, generators)
    case .formatted(let parts): return try formatted(parts)
    case .walrus(let name, let inner):
      let value = try value(of: inner)
      try bind(name, to: value)
      return value
    case .starred(let inner), .await(let inner): return try value(of: inner)
    case .yield(let inner):
      try yield(try inner.map { try value(of: $0) } ?? .none)
      return .none
    case .yieldFrom(let inner):
      let iterator = try iterator(over: try value(of: inner))
      if iterator.unknown != nil { return .none }
      while let element = try iterator.next() { try yield(element) }
      return .none
    default: throw raise("SyntaxError", "this expression is not understood")
    }
  }

  /// What a person said an expression such as `args.units` or `len(chars)` is.
  private func override(_ expression: Expression) -> Value? {
    guard overridesCalls else { return nil }
    let text = text(of: expression).filter { $0 != " " }
    guard let answer = overrides[text] else { return nil }
    usedOverrides.insert(text)
    return answer
  }

  private func value(of constant: Constant) throws -> Value {
    switch constant {
    case .none: .none
    case .ellipsis: .ellipsis
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .bigInt: tooLarge()
    case .float(let number): .float(number)
    case .complex(let text): unknown(text, "complex numbers are not evaluated")
    case .string(let text): .string(text)
    case .bytes(let bytes): .bytes(bytes)
    }
  }

  /// What an operation whose result 64 bits do not hold yields.
  func tooLarge() -> Value {
    unknown(nil, "the number is beyond 64 bits")
  }

  /// The values of elements, starred ones spread out.
  func values(of expressions: [Expression]) throws -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(min(expressions.count, 1024))
    for expression in expressions {
      guard case .starred(let inner) = expression.node else {
        values.append(try value(of: expression))
        continue
      }
      let source = try value(of: inner)
      if let elements = try elements(of: source) {
        values.append(contentsOf: elements)
      } else {
        values.append(source)
      }
    }
    return values
  }

  func set(_ elements: [Value], isFrozen: Bool = false) throws -> Value {
    try charge(elements.count)
    let set = try keep(SetObject(isFrozen: isFrozen))
    for element in elements { try add(element, to: set) }
    return .set(set)
  }

  func add(_ element: Value, to set: SetObject) throws {
    if let key = HashKey(element) {
      try charge(1)
      set.members[key] = element
    } else if let unknown = element.unknown {
      set.unknownTail = unknown
    } else {
      throw raise("TypeError", "unhashable type: '\(typeName(of: element))'")
    }
  }

  private func dict(_ members: [(key: Expression?, value: Expression)]) throws -> Value {
    let dict = try keep(DictObject())
    for member in members {
      if let key = member.key {
        try setItem(try value(of: key), of: .dict(dict), to: try value(of: member.value))
      } else {
        try update(dict, with: try value(of: member.value))
      }
    }
    return .dict(dict)
  }

  private func conditional(
    _ test: Expression, _ body: Expression, _ otherwise: Expression
  ) throws -> Value {
    let condition = try value(of: test)
    if let truth = try truth(of: condition) { return try value(of: truth ? body : otherwise) }
    let first = try value(of: body)
    let second = try value(of: otherwise)
    // Either value is fine where both are the same.
    if try equal(first, second) == true { return first }
    if case .native = first { return first }
    if case .native = second { return second }
    let unknown = condition.unknown ?? Unknown(nil, reason: "it is not known", at: location)
    return .unknown(unknown)
  }

  private func lambda(
    _ parameters: Parameters, _ body: Expression, at place: SourceLocation
  ) throws -> Value {
    var standards: [String: Value] = [:]
    for parameter in parameters.positional + parameters.keywordOnly {
      if let standard = parameter.standard { standards[parameter.name] = try value(of: standard) }
    }
    let definition = FunctionDefinition(
      name: "<lambda>", parameters: parameters,
      body: [Statement(.returnValue(body), at: body.location)], decorators: [], isGenerator: false)
    return .function(
      try keep(Function(definition, closure: frame, standards: standards, at: place)))
  }

  private func yield(_ value: Value) throws {
    if let coroutine = frame.coroutine { return try coroutine.yield(value) }
    try charge(1)
    frame.yielded.append(value)
    if frame.yielded.count >= limits.generatorItems { throw Interruption.generatorIsFull }
  }

  // MARK: Comprehensions

  private func comprehension(
    _ kind: ComprehensionKind, _ element: Expression, _ value: Expression?,
    _ generators: [Generator]
  ) throws -> Value {
    let inner = try keep(Frame(enclosing: frame))
    let outer = frame
    if kind == .generator, isRunning, let first = generators.first {
      let lazy = LazyComprehension(
        self, element, generators, inner,
        first: try iterator(over: try self.value(of: first.iterable)))
      return .iterator(try keep(IteratorObject { try lazy.next() }))
    }
    frame = inner
    defer { frame = outer }
    let dict = DictObject()
    var collected: [Value] = []
    var doubt: Unknown?
    try turn(generators[...], &doubt) {
      try charge(1)
      let item = try self.value(of: element)
      if let value {
        try setItem(item, of: .dict(dict), to: try self.value(of: value))
      } else {
        collected.append(item)
      }
    }
    if let doubt { return .unknown(doubt) }
    switch kind {
    case .list: return .list(try keep(ListObject(collected)))
    case .set: return try set(collected)
    case .dict: return .dict(try keep(dict))
    case .generator: return try iterator(collected)
    }
  }

  private func turn(
    _ generators: ArraySlice<Generator>, _ doubt: inout Unknown?, _ body: () throws -> Void
  ) throws {
    guard let generator = generators.first else { return try body() }
    let iterator = try iterator(over: try value(of: generator.iterable))
    if let unknown = iterator.unknown {
      doubt = unknown.derived(nil)
      return
    }
    while let item = try iterator.next() {
      try step()
      try assign(item, to: generator.target)
      var isWanted = true
      for condition in generator.conditions where isWanted {
        let result = try value(of: condition)
        guard let truth = try truth(of: result) else {
          doubt = result.unknown
          return
        }
        isWanted = truth
      }
      if isWanted { try turn(generators.dropFirst(), &doubt, body) }
      if doubt != nil { return }
    }
  }
}

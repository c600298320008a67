import Neural

extension Evaluator {
  func call(
    _ callee: Expression, _ arguments: [Argument], in expression: Expression
  ) throws -> Value {
    let function = try value(of: callee)
    if case .builtin(let builtin) = function, builtin.name == "super", arguments.isEmpty {
      return try superObject()
    }
    let values = try self.arguments(arguments)
    location = expression.location
    if case .unknown(let unknown) = function {
      return try callUnknown(unknown, callee, values, in: expression)
    }
    let result = try call(function, values)
    if case .unknown(let unknown) = result,
      unknown.name == nil || unknown.location == location || answersForItself(function)
    {
      return .unknown(unknown.derived(label(expression)))
    }
    return result
  }

  /// Whether a call such as `len(words)` is easier to answer than what it is called on.
  private func answersForItself(_ function: Value) -> Bool {
    guard case .builtin(let builtin) = function else { return false }
    return ["len", "max", "min", "sum"].contains(builtin.name)
  }

  /// The text of an expression, if it is short enough to stand in a message.
  private func label(_ expression: Expression) -> String? {
    let text = text(of: expression)
    return text.count <= 48 && !text.contains("…") ? text : nil
  }

  func arguments(_ arguments: [Argument]) throws -> CallArguments {
    var result = CallArguments()
    for argument in arguments {
      let value = try value(of: argument.value)
      switch argument.kind {
      case .positional: result.positional.append(value)
      case .keyword(let name): result.keywords.append((name, value))
      case .starred:
        if let elements = try elements(of: value) {
          try charge(elements.count)
          result.positional.append(contentsOf: elements)
        } else {
          result.unknownRest = value.unknown ?? Unknown(nil, reason: "it is open", at: location)
        }
      case .doubleStarred:
        guard case .dict(let dict) = value else {
          result.unknownRest = value.unknown
          continue
        }
        for (key, value) in dict.members.values {
          if let name = key.stringValue { result.keywords.append((name, value)) }
        }
        result.unknownRest = dict.unknownTail ?? result.unknownRest
      }
    }
    return result
  }

  /// A call of what is not known: its result is not known either, with two exceptions.
  private func callUnknown(
    _ unknown: Unknown, _ callee: Expression, _ arguments: CallArguments, in expression: Expression
  ) throws -> Value {
    if unknown.isUndefined, case .name(let name) = callee.node {
      try keras.refuseMisspelt(name, in: self)
    }
    // `model.add(LSTM(…))` of a fragment makes the model it adds to.
    if case .attribute(let base, "add") = callee.node, arguments.positional.count == 1,
      try keras.probing({ try keras.layer(from: arguments.positional[0], in: self) }) != nil
    {
      let holder = try value(of: base)
      if holder.unknown?.isUndefined ?? false || isImplicitAttribute(base),
        let model = try keras.impliedModel(toHold: arguments.positional[0], in: self)
      {
        try assign(model, to: base)
        if let add = try attributeIfPresent("add", of: model) { return try call(add, arguments) }
      }
    }
    try keras.refuseLayer(in: arguments, unknown, in: self)
    if isRunning { leaveOut(unknown, label(expression)) }
    let name = label(expression)
    if unknown.isUndefined, case .name = callee.node {
      return .unknown(Unknown(name, reason: unknown.reason, at: expression.location))
    }
    return .unknown(unknown.derived(name))
  }

  private func isImplicitAttribute(_ expression: Expression) -> Bool {
    guard case .attribute(let base, _) = expression.node, case .name("self") = base.node,
      case .instance(let instance)? = lookUp("self")
    else { return false }
    return instance.type.name == "self"
  }

  func call(_ function: Value, _ arguments: CallArguments) throws -> Value {
    try step()
    return try nested {
      switch function {
      case .function(let function): return try call(function, arguments)
      case .builtin(let builtin):
        if !builtin.takesUnknown, let unknown = arguments.firstUnknown {
          return .unknown(unknown.derived(nil))
        }
        return try arrays { try builtin.body(self, arguments) }
      case .method(let method):
        return try call(method.function, arguments.prepending(method.receiver))
      case .type(let type): return try make(type, arguments)
      case .native(let object):
        if let result = try object.call(arguments, in: self) { return result }
      case .instance(let instance): return try call(instance, arguments)
      case .unknown(let unknown): return .unknown(unknown.derived(nil))
      default: break
      }
      throw raise("TypeError", "'\(typeName(of: function))' object is not callable")
    }
  }

  private func call(_ instance: Instance, _ arguments: CallArguments) throws -> Value {
    if let method = instance.type.lookUp("__call__"), case .function = method {
      return try call(method, arguments.prepending(.instance(instance)))
    }
    if let result = try keras.callScripted(instance, arguments, in: self) { return result }
    if let result = try instance.native?.call(arguments, in: self) { return result }
    if let unknown = instance.type.lineage.lazy.compactMap(\.unknownBase).first {
      return .unknown(unknown.derived(nil))
    }
    throw raise("TypeError", "'\(instance.type.name)' object is not callable")
  }

  func call(_ function: Function, _ arguments: CallArguments) throws -> Value {
    guard let closure = function.closure else { return .none }
    let inner = try keep(Frame(enclosing: closure))
    inner.function = function
    try bind(arguments, to: function, in: inner)
    if function.definition.isGenerator {
      return try isRunning ? runningGenerator(function, inner) : generator(function, inner)
    }
    let place = location
    defer { location = place }
    let flow = try inFrame(inner) { try run(function.definition.body) }
    var result = Value.none
    if case .leaveFunction(let value) = flow { result = value }
    if let doubt = inner.returnDoubt, isForgettable(result) { return .unknown(doubt.derived(nil)) }
    return result
  }

  /// Runs a generator's body when its first value is asked for, up to a bound of values.
  ///
  /// Who asks for more than that is told: to end there would be a wrong answer.
  private func generator(_ function: Function, _ inner: Frame) throws -> Value {
    var values: [Value]?
    var index = 0
    var isCut = false
    return .iterator(
      try keep(
        IteratorObject { [unowned self] in
          if values == nil {
            values = []
            do {
              _ = try inFrame(inner) { try run(function.definition.body) }
            } catch Interruption.generatorIsFull {
              // An endless generator: as many values as most loops need.
              isCut = true
            }
            values = inner.yielded
          }
          guard let values, index < values.count else {
            guard !isCut else {
              throw stop(
                "\(function.definition.name) yields more than \(limits.generatorItems) values",
                "give what it computes with --set NAME=VALUE")
            }
            return nil
          }
          index += 1
          return values[index - 1]
        }))
  }

  private func bind(
    _ arguments: CallArguments, to function: Function, in inner: Frame
  ) throws {
    let definition = function.definition
    let parameters = definition.parameters
    let given = arguments.positional
    for (parameter, value) in zip(parameters.positional, given) {
      inner.variables[parameter.name] = value
    }
    if let name = parameters.variadic {
      let rest = given.dropFirst(parameters.positional.count)
      if let unknown = arguments.unknownRest {
        inner.variables[name] = .unknown(unknown)
      } else {
        inner.variables[name] = try tuple(Array(rest))
      }
    } else if given.count > parameters.positional.count {
      throw raise(
        "TypeError",
        "\(definition.name)() takes \(parameters.positional.count) positional arguments "
          + "but \(given.count) were given")
    }
    try bindKeywords(arguments, to: function, in: inner)
    for parameter in parameters.positional + parameters.keywordOnly
    where inner.variables[parameter.name] == nil {
      if let standard = function.standards[parameter.name] {
        inner.variables[parameter.name] = standard
      } else if let unknown = arguments.unknownRest {
        inner.variables[parameter.name] = .unknown(unknown.derived(parameter.name))
      } else {
        throw raise(
          "TypeError", "\(definition.name)() is missing its argument '\(parameter.name)'")
      }
    }
  }

  private func bindKeywords(
    _ arguments: CallArguments, to function: Function, in inner: Frame
  ) throws {
    let parameters = function.definition.parameters
    let names =
      parameters.positional.dropFirst(parameters.positionalOnly).map(\.name)
      + parameters.keywordOnly.map(\.name)
    var extra: [(String, Value)] = []
    for (name, value) in arguments.keywords {
      if names.contains(name) {
        if inner.variables[name] != nil {
          throw raise(
            "TypeError", "\(function.definition.name)() got several values for '\(name)'")
        }
        inner.variables[name] = value
      } else if parameters.keywordVariadic != nil {
        extra.append((name, value))
      } else {
        let hint = nearest(to: name, in: names).map { "did you mean \($0)?" } ?? ""
        throw raise(
          "TypeError", "\(function.definition.name)() has no argument '\(name)'", remedy: hint)
      }
    }
    if let name = parameters.keywordVariadic {
      let dict = try dict(extra)
      if case .dict(let object) = dict { object.unknownTail = arguments.unknownRest }
      inner.variables[name] = dict
    }
  }
}

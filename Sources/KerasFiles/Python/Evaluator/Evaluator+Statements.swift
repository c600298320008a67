extension Evaluator {
  func run(_ statements: [Statement]) throws -> Flow {
    for statement in statements {
      let flow = try run(statement)
      if case .next = flow { continue }
      return flow
    }
    return .next
  }

  private func run(_ statement: Statement) throws -> Flow {
    try step()
    location = statement.location
    return try nested { try perform(statement) }
  }

  private func perform(_ statement: Statement) throws -> Flow {
    switch statement.node {
    case .expression(let expression): _ = try value(of: expression)
    case .assign(let targets, let expression):
      let value = try value(of: expression)
      for target in targets { try assign(value, to: target) }
    case .augmentedAssign(let target, let symbol, let expression):
      try augment(target, symbol, try value(of: expression))
    case .annotatedAssign(let target, let expression):
      if let expression { try assign(try value(of: expression), to: target) }
    case .delete(let targets): for target in targets { try delete(target) }
    case .returnValue(let expression):
      return .leaveFunction(try expression.map { try value(of: $0) } ?? .none)
    case .breakLoop: return .leaveLoop
    case .continueLoop: return .nextTurn
    case .pass: break
    case .global(let names): frame.globalNames.formUnion(names)
    case .nonlocal(let names): frame.nonlocalNames.formUnion(names)
    case .assert(let test, let message): try assert(test, message, at: statement.location)
    case .raise(let exception): throw try raised(exception)
    case .importModules(let aliases): try importModules(aliases)
    case .importFrom(let module, let level, let aliases):
      try importNames(from: module, level: level, aliases)
    case .function(let definition): try define(definition, at: statement.location)
    case .classDefinition(let definition): try define(definition)
    default: return try compound(statement)
    }
    return .next
  }

  private func compound(_ statement: Statement) throws -> Flow {
    switch statement.node {
    case .ifElse(let test, let body, let otherwise): return try branch(test, body, otherwise)
    case .forIn(let target, let iterable, let body, let otherwise):
      return try loop(target, over: iterable, body, otherwise: otherwise)
    case .whileLoop(let test, let body, let otherwise):
      return try loop(while: test, body, otherwise: otherwise)
    case .with(let items, let body): return try with(items[...], body)
    case .attempt(let body, let handlers, let otherwise, let finally):
      return try attempt(body, handlers, otherwise: otherwise, finally: finally)
    case .match(let subject, let cases): return try match(try value(of: subject), cases)
    default: return .next
    }
  }

  private func branch(
    _ test: Expression, _ body: [Statement], _ otherwise: [Statement]
  ) throws -> Flow {
    let condition = try value(of: test)
    if let truth = try truth(of: condition) { return try run(truth ? body : otherwise) }
    let reason = condition.unknown ?? Unknown(nil, reason: "it is not known", at: location)
    let flow: Flow
    if buildsLayers(body) {
      warnOfChoice(reason, "the first branch is taken")
      flow = try run(body)
    } else if buildsLayers(otherwise) {
      warnOfChoice(reason, "the other branch is taken")
      flow = try run(otherwise)
    } else {
      // Whether the turn or the call goes on behind here is not known.
      if Jumps.leaveLoop(body) || Jumps.leaveLoop(otherwise) { loopDoubt = reason }
      if Jumps.leaveFunction(body) || Jumps.leaveFunction(otherwise) { frame.returnDoubt = reason }
      flow = try run(otherwise)
    }
    try forget(whatIsChangedIn: body + otherwise, because: reason)
    return flow
  }

  private func warnOfChoice(_ unknown: Unknown, _ choice: String) {
    let name = unknown.name.map { "`\($0)` is" } ?? "this condition is"
    warn("\(name) not known here, so \(choice); \(unknown.remedy)")
  }

  private func assert(
    _ test: Expression, _ message: Expression?, at place: SourceLocation
  ) throws {
    guard try truth(of: try value(of: test)) == false else { return }
    let words = try message.map { string(of: try value(of: $0)) }
    location = place
    throw raise(
      "AssertionError", words ?? "`\(text(of: test))` does not hold",
      remedy: "the script itself asserts it")
  }

  private func with(
    _ items: ArraySlice<(context: Expression, target: Expression?)>, _ body: [Statement]
  ) throws -> Flow {
    guard let item = items.first else { return try run(body) }
    let context = try value(of: item.context)
    var entered = context
    if let enter = try attributeIfPresent("__enter__", of: context), !enter.isUnknown {
      entered = try call(enter, CallArguments())
    }
    if let target = item.target { try assign(entered, to: target) }
    let flow = try with(items.dropFirst(), body)
    if let exit = try attributeIfPresent("__exit__", of: context), !exit.isUnknown {
      _ = try call(exit, CallArguments(positional: [.none, .none, .none]))
    }
    return flow
  }

  private func define(_ definition: FunctionDefinition, at place: SourceLocation) throws {
    var standards: [String: Value] = [:]
    let parameters = definition.parameters
    for parameter in parameters.positional + parameters.keywordOnly {
      if let standard = parameter.standard { standards[parameter.name] = try value(of: standard) }
    }
    let function = try keep(
      Function(definition, closure: frame, standards: standards, at: place))
    var result = Value.function(function)
    for decorator in definition.decorators.reversed() {
      let wrapper = try value(of: decorator)
      location = decorator.location
      // A decorator that is not known is taken to leave the function what it was.
      let wrapped =
        wrapper.isUnknown ? result : try call(wrapper, CallArguments(positional: [result]))
      if !wrapped.isUnknown { result = wrapped }
    }
    try bind(definition.name, to: result)
  }
}

extension Unknown {
  /// What to do about it.
  var remedy: String {
    guard let name else { return "write a known value there" }
    let quoted = name.contains { !($0.isLetter || $0.isNumber || "_.".contains($0)) }
    return quoted ? "give it with --set '\(name)=VALUE'" : "give it with --set \(name)=VALUE"
  }
}

/// Statements that jump, found in their syntax.
private enum Jumps {
  /// Whether statements may end the loop, or the turn of the loop, that they stand in.
  static func leaveLoop(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.node {
      case .breakLoop, .continueLoop: true
      case .ifElse(_, let body, let otherwise): leaveLoop(body) || leaveLoop(otherwise)
      case .with(_, let body): leaveLoop(body)
      case .attempt(let body, let handlers, let otherwise, let finally):
        leaveLoop(body + otherwise + finally) || handlers.contains { leaveLoop($0.body) }
      default: false
      }
    }
  }

  /// Whether statements may end the function that they stand in.
  static func leaveFunction(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.node {
      case .returnValue: true
      case .ifElse(_, let body, let otherwise), .forIn(_, _, let body, let otherwise),
        .whileLoop(_, let body, let otherwise):
        leaveFunction(body) || leaveFunction(otherwise)
      case .with(_, let body): leaveFunction(body)
      case .attempt(let body, let handlers, let otherwise, let finally):
        leaveFunction(body + otherwise + finally) || handlers.contains { leaveFunction($0.body) }
      default: false
      }
    }
  }
}

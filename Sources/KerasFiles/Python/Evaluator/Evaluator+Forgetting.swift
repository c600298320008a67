extension Evaluator {
  /// Makes unknown what statements may have changed that ran nobody knows how often.
  ///
  /// Layers, models, functions, classes and modules are kept: forgetting them would lose the very
  /// thing that is looked for.
  func forget(whatIsChangedIn statements: [Statement], because unknown: Unknown) throws {
    var changes = Changes()
    changes.search(statements)
    for name in changes.names where frame.variables[name] != nil {
      if let value = frame.variables[name], isForgettable(value) {
        frame.variables[name] = .unknown(unknown.renamed(name))
      }
    }
    for expression in changes.mutated {
      guard let value = try peek(expression) else { continue }
      let derived = unknown.renamed(text(of: expression))
      switch value {
      case .list(let list): list.unknownTail = derived
      case .dict(let dict): dict.unknownTail = derived
      case .set(let set): set.unknownTail = derived
      default: break
      }
    }
    for case (let target, let name) in changes.attributes {
      guard case .instance(let instance)? = try peek(target) else { continue }
      if let value = instance.attributes[name], isForgettable(value) {
        instance.attributes[name] = .unknown(unknown.renamed("\(text(of: target)).\(name)"))
      }
    }
  }

  func isForgettable(_ value: Value) -> Bool {
    switch value {
    case .native, .function, .builtin, .method, .type, .module, .instance: false
    case .list(let list): list.elements.allSatisfy(isForgettable)
    case .tuple(let tuple): tuple.elements.allSatisfy(isForgettable)
    default: true
    }
  }

  /// The value of a name or dotted name, without any effect.
  func peek(_ expression: Expression) throws -> Value? {
    switch expression.node {
    case .name(let name): return lookUp(name)
    case .attribute(let base, let name):
      guard case .instance(let instance)? = try peek(base) else { return nil }
      return instance.attributes[name]
    default: return nil
    }
  }
}

extension Unknown {
  /// The same doubt about another name.
  func renamed(_ name: String) -> Unknown {
    Unknown(name, reason: reason, at: location)
  }
}

/// What statements assign and change, found in their syntax.
private struct Changes {
  var names: [String] = []
  var attributes: [(Expression, String)] = []
  var mutated: [Expression] = []

  private static let mutators: Set<String> = [
    "append", "extend", "insert", "pop", "remove", "clear", "add", "update", "setdefault",
    "discard", "popitem", "appendleft", "popleft", "sort", "reverse",
  ]

  mutating func search(_ statements: [Statement]) {
    for statement in statements { search(statement) }
  }

  private mutating func search(_ statement: Statement) {
    switch statement.node {
    case .assign(let targets, _): targets.forEach { target($0) }
    case .augmentedAssign(let assigned, _, _), .annotatedAssign(let assigned, _): target(assigned)
    case .ifElse(_, let body, let otherwise), .whileLoop(_, let body, let otherwise):
      search(body)
      search(otherwise)
    case .forIn(let assigned, _, let body, let otherwise):
      target(assigned)
      search(body)
      search(otherwise)
    case .with(let items, let body):
      for item in items { if let assigned = item.target { target(assigned) } }
      search(body)
    case .attempt(let body, let handlers, let otherwise, let finally):
      search(body)
      for handler in handlers { search(handler.body) }
      search(otherwise)
      search(finally)
    case .match(_, let cases): for item in cases { search(item.body) }
    case .expression(let expression): call(expression)
    case .delete(let targets): targets.forEach { target($0) }
    default: break
    }
  }

  private mutating func target(_ expression: Expression) {
    switch expression.node {
    case .name(let name): names.append(name)
    case .tuple(let elements), .list(let elements): elements.forEach { target($0) }
    case .starred(let inner): target(inner)
    case .attribute(let base, let name): attributes.append((base, name))
    case .subscripted(let base, _): mutated.append(base)
    default: break
    }
  }

  private mutating func call(_ expression: Expression) {
    guard case .call(let callee, _) = expression.node,
      case .attribute(let base, let name) = callee.node, Self.mutators.contains(name)
    else { return }
    mutated.append(base)
  }
}

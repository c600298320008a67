import Neural

extension Evaluator {
  /// The value of a name as Python finds it: here, around, in the module, among the builtins.
  func lookUp(_ name: String) -> Value? {
    if frame.globalNames.contains(name) { return globals.variables[name] ?? builtins[name] }
    if let value = frame.variables[name] { return value }
    var outer = frame.enclosing
    while let next = outer {
      if !next.isClassBody || next === globals, let value = next.variables[name] { return value }
      outer = next.enclosing
    }
    return builtins[name]
  }

  func value(ofName name: String, at place: SourceLocation) throws -> Value {
    if let override = overrides[name] {
      usedOverrides.insert(name)
      return override
    }
    if let value = lookUp(name) { return value }
    if name == "self", let implicit = try implicitSelf() { return implicit }
    // A fragment is often pasted without its imports.
    if let implied = keras.implicitValue(of: name, in: self) {
      globals.variables[name] = implied
      return implied
    }
    location = place
    let near = nearest(to: name, in: visibleNames())
    if nameErrorHandlers > 0 || isRunning {
      throw raise(
        "NameError", "name '\(name)' is not defined",
        remedy: near.map { "did you mean \($0)?" } ?? "")
    }
    let hint = near.map { "; did you mean \($0)?" } ?? ""
    return .unknown(
      Unknown(
        name, reason: "the script never defines it\(hint)", at: place, isUndefined: true))
  }

  /// `self` where a fragment was cut out of a class.
  private func implicitSelf() throws -> Value? {
    guard frame === globals else { return nil }
    let type = ClassObject("self", isScripted: true)
    type.unknownBase = Unknown(nil, reason: "the fragment does not define it", at: location)
    let instance = try keep(Instance(type))
    globals.variables["self"] = .instance(instance)
    return .instance(instance)
  }

  private func visibleNames() -> [String] {
    var names = Array(builtins.keys)
    var next: Frame? = frame
    while let current = next {
      names.append(contentsOf: current.variables.keys)
      next = current.enclosing
    }
    return names.sorted()
  }

  func bind(_ name: String, to value: Value) throws {
    if frame.globalNames.contains(name) {
      globals.variables[name] = value
      return
    }
    if frame.nonlocalNames.contains(name) {
      var outer = frame.enclosing
      while let next = outer {
        if next.variables[name] != nil {
          next.variables[name] = value
          return
        }
        outer = next.enclosing
      }
    }
    frame.variables[name] = value
  }

  // MARK: Assignment

  func assign(_ value: Value, to target: Expression) throws {
    switch target.node {
    case .name(let name): try bind(name, to: named(value, name))
    case .starred(let inner): try assign(value, to: inner)
    case .tuple(let targets), .list(let targets): try unpack(value, into: targets)
    case .attribute(let base, let name):
      let object = try self.value(of: base)
      location = target.location
      let label = value.isUnknown ? text(of: target) : name
      try setAttribute(name, of: object, to: named(value, label))
    case .subscripted(let base, let index):
      let object = try self.value(of: base)
      let key = try self.value(of: index)
      location = target.location
      try setItem(key, of: object, to: value)
    default: throw raise("SyntaxError", "cannot assign here")
    }
  }

  /// An unknown takes the name of the variable it is assigned to, for that is what `--set` can
  /// answer.
  private func named(_ value: Value, _ name: String) -> Value {
    switch value {
    case .unknown(let unknown):
      if unknown.isUndefined { return value }
      return .unknown(Unknown(name, reason: unknown.reason, at: unknown.location))
    case .native(let object):
      (object as? any NamedNative)?.take(name: name, isGlobal: frame === globals)
      return value
    default: return value
    }
  }

  private func unpack(_ value: Value, into targets: [Expression]) throws {
    if case .array(let array) = value, let first = array.shape.first, first == nil {
      for target in targets { try assign(Value.item(of: array), to: target) }
      return
    }
    guard let elements = try elements(of: value) else {
      let unknown = value.unknown ?? Unknown(nil, reason: "it is not known", at: location)
      for target in targets { try assign(.unknown(unknown), to: target) }
      return
    }
    let star = targets.firstIndex { if case .starred = $0.node { true } else { false } }
    let isFitting =
      star == nil ? elements.count == targets.count : elements.count >= targets.count - 1
    guard isFitting else {
      throw raise(
        "ValueError",
        "\(elements.count) values cannot be unpacked into \(targets.count) names")
    }
    var next = 0
    for (index, target) in targets.enumerated() {
      if index == star {
        let count = elements.count - targets.count + 1
        try assign(try list(Array(elements[next..<next + count])), to: target)
        next += count
      } else {
        try assign(elements[next], to: target)
        next += 1
      }
    }
  }

  func augment(_ target: Expression, _ symbol: BinaryOperator, _ operand: Value) throws {
    if isRunning { return try runAugment(target, symbol, operand) }
    let current = try value(of: target)
    location = target.location
    if case .list(let list) = current, symbol == .add {
      // `a += b` changes the list itself.
      if let added = try elements(of: operand) {
        try charge(added.count)
        list.elements.append(contentsOf: added)
      } else {
        list.unknownTail = operand.unknown ?? Unknown(nil, reason: "it is not known", at: location)
      }
      return
    }
    try assign(try binary(symbol, current, operand), to: target)
  }

  func delete(_ target: Expression) throws {
    switch target.node {
    case .name(let name): frame.variables[name] = nil
    case .tuple(let targets), .list(let targets): for inner in targets { try delete(inner) }
    case .attribute(let base, let name):
      if case .instance(let instance) = try value(of: base) { instance.attributes[name] = nil }
    case .subscripted(let base, let index):
      try deleteItem(try value(of: index), of: try value(of: base))
    default: break
    }
  }
}

/// An object that remembers under which variable the script keeps it.
protocol NamedNative: AnyObject {
  func take(name: String, isGlobal: Bool)
}

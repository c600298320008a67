extension Evaluator {
  func define(_ definition: ClassDefinition) throws {
    var bases: [ClassObject] = []
    var unknownBase: Unknown?
    for argument in definition.bases {
      guard case .positional = argument.kind else { continue }
      switch try value(of: argument.value) {
      case .type(let base): bases.append(base)
      case .unknown(let unknown): unknownBase = unknown
      default: break
      }
    }
    let type = try keep(ClassObject(definition.name, bases: bases, isScripted: true))
    type.unknownBase = unknownBase
    let body = try keep(Frame(enclosing: frame, isClassBody: true))
    _ = try inFrame(body) { try run(definition.body) }
    for (name, value) in body.variables.sorted(by: { $0.key < $1.key }) {
      type.attributes[name] = value
      if case .function(let function) = value { function.owner = type }
      if case .native(let object) = value, let property = object as? Property {
        property.claim(for: type)
      }
    }
    for decorator in definition.decorators { _ = try value(of: decorator) }
    try bind(definition.name, to: .type(type))
    if isDataClass(definition) { type.attributes["__fields__"] = try fields(of: definition, body) }
  }

  private func isDataClass(_ definition: ClassDefinition) -> Bool {
    definition.decorators.contains { text(of: $0).contains("dataclass") }
  }

  private func fields(of definition: ClassDefinition, _ body: Frame) throws -> Value {
    var names: [Value] = []
    for statement in definition.body {
      if case .annotatedAssign(let target, _) = statement.node, case .name(let name) = target.node {
        names.append(.string(name))
      }
    }
    return try tuple(names)
  }

  /// Calls a class.
  func make(_ type: ClassObject, _ arguments: CallArguments) throws -> Value {
    if let construct = type.construct { return try call(.builtin(construct), arguments) }
    let instance = try keep(Instance(type))
    let value = Value.instance(instance)
    guard let initializer = type.lookUp("__init__") else {
      try setFields(of: instance, arguments)
      return value
    }
    _ = try call(initializer, arguments.prepending(value))
    return value
  }

  private func setFields(of instance: Instance, _ arguments: CallArguments) throws {
    guard case .tuple(let fields)? = instance.type.lookUp("__fields__") else {
      if instance.type.isSubclass(ofNamed: "BaseException") {
        instance.attributes["args"] = try tuple(arguments.positional)
      }
      return
    }
    for (field, value) in zip(fields.elements, arguments.positional) {
      if let name = field.stringValue { instance.attributes[name] = value }
    }
    for (name, value) in arguments.keywords { instance.attributes[name] = value }
  }

  /// `super()` inside a method: the rest of the lineage, with the same `self`.
  func superObject() throws -> Value {
    var current: Frame? = frame
    while let next = current, next.function?.owner == nil { current = next.enclosing }
    guard let function = current?.function, let owner = function.owner,
      let first = function.definition.parameters.positional.first,
      let receiver = current?.variables[first.name]
    else { throw raise("RuntimeError", "super(): no arguments") }
    return .native(SuperObject(owner: owner, receiver: receiver))
  }
}

/// What `super()` gives: attributes of the bases, bound to `self`.
final class SuperObject: NativeObject {
  let owner: ClassObject
  let receiver: Value

  init(owner: ClassObject, receiver: Value) {
    self.owner = owner
    self.receiver = receiver
  }

  var typeName: String { "super" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    guard case .instance(let instance) = receiver else {
      return try evaluator.superOfClass(owner, name)
    }
    let lineage = instance.type.lineage
    let start = lineage.firstIndex { $0 === owner } ?? 0
    for type in lineage[(start + 1)...] {
      if let found = type.attributes[name] {
        return try evaluator.bound(found, to: receiver)
      }
    }
    if let value = try instance.native?.attribute(name, in: evaluator) { return value }
    if let unknown = lineage.lazy.compactMap(\.unknownBase).first { return .unknown(unknown) }
    // `object` and our own bases have methods that do nothing.
    return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
  }
}

extension Evaluator {
  fileprivate func superOfClass(_ owner: ClassObject, _ name: String) throws -> Value? {
    for type in owner.lineage.dropFirst() {
      if let found = type.attributes[name] { return found }
    }
    return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
  }
}

/// `@property`, `@staticmethod` and `@classmethod`.
final class Property: NativeObject {
  enum Kind { case property, staticMethod, classMethod }
  let kind: Kind
  let getter: Value
  private(set) var setter: Value?

  init(_ kind: Kind, _ getter: Value, setter: Value? = nil) {
    self.kind = kind
    self.getter = getter
    self.setter = setter
  }

  var typeName: String { "property" }

  func claim(for type: ClassObject) {
    for case .function(let function)? in [getter, setter] { function.owner = type }
  }

  /// `@units.setter` above a second function.
  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    guard name == "setter" else { return nil }
    return .builtin(
      Builtin("setter") { [self] _, arguments in
        .native(Property(kind, getter, setter: arguments.positional.first))
      })
  }
}

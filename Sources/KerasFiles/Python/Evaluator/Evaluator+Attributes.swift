import Neural

extension Evaluator {
  func attribute(_ name: String, of object: Value, in expression: Expression) throws -> Value {
    if case .unknown(let unknown) = object {
      if case .name(let base) = unwrapped(expression), unknown.isUndefined {
        return .unknown(Unknown("\(base).\(name)", reason: unknown.reason, at: location))
      }
      return .unknown(unknown.derived(short(expression)))
    }
    if let value = try attributeIfPresent(name, of: object) {
      if case .unknown(let unknown) = value, unknown.name == nil {
        return .unknown(unknown.derived(short(expression)))
      }
      return value
    }
    let near = nearest(to: name, in: attributeNames(of: object))
    if case .module(let module) = object, module.name.hasPrefix("keras") {
      throw fault(
        "\(module.name) has no '\(name)'",
        remedy: near.map { "did you mean \($0)?" } ?? "check the spelling", type: "AttributeError")
    }
    throw raise(
      "AttributeError", "\(description(of: object)) has no attribute '\(name)'",
      remedy: near.map { "did you mean \($0)?" } ?? "")
  }

  private func unwrapped(_ expression: Expression) -> Expression.Node? {
    if case .attribute(let base, _) = expression.node { base.node } else { nil }
  }

  private func short(_ expression: Expression) -> String? {
    let text = text(of: expression)
    return text.count <= 48 && !text.contains("…") ? text : nil
  }

  private func description(of object: Value) -> String {
    switch object {
    case .module(let module): "module '\(module.name)'"
    case .type(let type): "class '\(type.name)'"
    default: "'\(typeName(of: object))' object"
    }
  }

  private func attributeNames(of object: Value) -> [String] {
    switch object {
    case .module(let module): module.names()
    case .instance(let instance):
      Array(instance.attributes.keys) + instance.type.lineage.flatMap(\.attributes.keys)
    case .type(let type): type.lineage.flatMap(\.attributes.keys)
    default: []
    }
  }

  /// An attribute of a value; `nil` where it has none of that name.
  func attributeIfPresent(_ name: String, of object: Value) throws -> Value? {
    switch object {
    case .unknown(let unknown): return .unknown(unknown)
    case .module(let module): return module[name]
    case .instance(let instance): return try attribute(name, of: instance)
    case .type(let type): return try attribute(name, of: type)
    case .native(let native):
      if let value = try native.attribute(name, in: self) { return value }
      return name == "__class__" ? .type(self.type(of: object)) : nil
    case .array(let array):
      if let numbers = array.numbers { return try attribute(name, of: numbers) }
      return try attribute(name, of: array)
    case .scalar(let scalar): return try attribute(name, of: scalar)
    case .function(let function):
      if name == "__name__" { return .string(function.definition.name) }
      return function.attributes[name]
    case .builtin(let builtin):
      guard name == "__name__" || name == "__qualname__" else { return nil }
      return .string(builtin.name.split(separator: ".").last.map(String.init) ?? builtin.name)
    case .method(let method): return try attributeIfPresent(name, of: method.function)
    default:
      if let method = method(name, of: object) { return .method(BoundMethod(object, method)) }
      return name == "__class__" ? .type(self.type(of: object)) : nil
    }
  }

  private func attribute(_ name: String, of instance: Instance) throws -> Value? {
    if let value = instance.attributes[name] { return value }
    if let value = instance.type.lookUp(name) { return try bound(value, to: .instance(instance)) }
    if name == "__class__" { return .type(instance.type) }
    if name == "__dict__" { return try dict(instance.attributes.map { ($0, $1) }) }
    if let value = try instance.native?.attribute(name, in: self) { return value }
    if let value = try keras.attribute(name, ofScripted: instance, in: self) { return value }
    if let method = instance.type.lookUp("__getattr__") {
      return try call(method, CallArguments(positional: [.instance(instance), .string(name)]))
    }
    if let unknown = instance.type.lineage.lazy.compactMap(\.unknownBase).first {
      return .unknown(
        Unknown("self.\(name)", reason: unknown.reason, at: location, isUndefined: true))
    }
    return nil
  }

  private func attribute(_ name: String, of type: ClassObject) throws -> Value? {
    if name == "__name__" { return .string(type.name) }
    if let value = type.lookUp(name) {
      if case .native(let object) = value, let property = object as? Property {
        switch property.kind {
        case .staticMethod: return property.getter
        case .classMethod: return .method(BoundMethod(.type(type), property.getter))
        case .property: return value
        }
      }
      return value
    }
    if let method = method(name, ofTypeNamed: type.name) { return method }
    return type.unknownBase.map { .unknown($0) }
  }

  /// What a class holds under a name, seen from one of its objects.
  func bound(_ value: Value, to receiver: Value) throws -> Value {
    switch value {
    case .function, .builtin: return .method(BoundMethod(receiver, value))
    case .native(let object):
      guard let property = object as? Property else { return value }
      switch property.kind {
      case .property: return try call(property.getter, CallArguments(positional: [receiver]))
      case .staticMethod: return property.getter
      case .classMethod:
        return .method(BoundMethod(.type(type(of: receiver)), property.getter))
      }
    default: return value
    }
  }

  func setAttribute(_ name: String, of object: Value, to value: Value) throws {
    switch object {
    case .instance(let instance):
      if case .native(let native)? = instance.type.lookUp(name),
        let setter = (native as? Property)?.setter
      {
        _ = try call(setter, CallArguments(positional: [object, value]))
        return
      }
      try charge(1)
      instance.attributes[name] = value
      if let native = instance.native {
        _ = try native.setAttribute(name, to: value, in: self)
      }
    case .type(let type): type.attributes[name] = value
    case .module(let module): module[name] = value
    case .function(let function): function.attributes[name] = value
    case .native(let native): _ = try native.setAttribute(name, to: value, in: self)
    case .array(let array):
      if let numbers = array.numbers { try setAttribute(name, of: numbers, to: value) }
    case .unknown: break
    default:
      throw raise(
        "AttributeError", "'\(typeName(of: object))' object has no attribute '\(name)'")
    }
  }
}

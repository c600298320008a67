extension Evaluator {
  /// The builtins that do something in a run only.
  func defineRunning(_ define: Define) {
    define("print", true) { try $0.print($1) }
    define("exit", true) { try $0.exit($1.positional.first ?? .none) }
    define("quit", true) { try $0.exit($1.positional.first ?? .none) }
    for (name, message, remedy) in [
      ("input", "input() asks nobody here", "write the value into the script, or give it by --set"),
      ("open", "a run opens no file but the script", "make the data in the script"),
      ("eval", "eval() is not supported", "write the expression out"),
      ("exec", "exec() is not supported", "write the statements out"),
      ("compile", "compile() is not supported", ""),
      ("breakpoint", "there is no debugger here", ""),
      ("__import__", "__import__() is not supported", "use import"),
    ] {
      define(name, true) { evaluator, _ in
        throw evaluator.raise(
          name == "open" ? "PermissionError" : name == "input" ? "EOFError" : "NotImplementedError",
          message, remedy: remedy)
      }
    }
    define("id", false) { _, arguments in
      guard let value = arguments.positional.first,
        case .identity(let identity)? = HashKey(identity: value)
      else { return .int(0) }
      return .int(Int(bitPattern: identity) & .max)
    }
    define("hash", false) { evaluator, arguments in
      let value = arguments.positional.first ?? .none
      guard let key = HashKey(value) else {
        throw evaluator.raise("TypeError", "unhashable type: '\(evaluator.typeName(of: value))'")
      }
      if case .int(let number) = key { return .int(number) }
      return .int(key.hashValue)
    }
    define("globals", true) { evaluator, _ in
      try evaluator.dict(evaluator.globals.variables.sorted { $0.key < $1.key }.map { ($0, $1) })
    }
    define("locals", true) { evaluator, _ in
      try evaluator.dict(evaluator.frame.variables.sorted { $0.key < $1.key }.map { ($0, $1) })
    }
  }

  /// `print(*values, sep=' ', end='\n', file=None, flush=False)`.
  private func print(_ arguments: CallArguments) throws -> Value {
    if let unknown = arguments.firstUnknown { throw needed(unknown) }
    func setting(_ keyword: String, _ standard: String) throws -> String {
      guard let value = arguments[keyword], !value.isNone else { return standard }
      guard let text = value.stringValue else {
        throw raise("TypeError", "\(keyword) must be None or a string, not \(typeName(of: value))")
      }
      return text
    }
    for (name, _) in arguments.keywords where !["sep", "end", "file", "flush"].contains(name) {
      throw raise("TypeError", "print() got an unexpected keyword argument '\(name)'")
    }
    let parts = try arguments.positional.map { try text(of: $0) }
    let line = parts.joined(separator: try setting("sep", " ")) + (try setting("end", "\n"))
    guard let file = arguments["file"], !file.isNone else {
      write(line)
      return .none
    }
    if case .native(let object) = file, let stream = object as? StreamObject {
      write(line, to: stream.stream)
    } else if let method = try attributeIfPresent("write", of: file) {
      _ = try call(method, CallArguments(positional: [.string(line)]))
    } else {
      throw raise("AttributeError", "'\(typeName(of: file))' object has no attribute 'write'")
    }
    return .none
  }

  /// `str(value)` in a run: what the script's own `__str__` raises is raised.
  func text(of value: Value) throws -> String {
    if case .instance(let instance) = value {
      for name in ["__str__", "__repr__"] {
        guard let method = instance.type.lookUp(name), case .function(let function) = method else {
          continue
        }
        let result = try call(function, CallArguments(positional: [value]))
        guard case .string(let text) = result else {
          throw raise("TypeError", "\(name) returned non-string (type \(typeName(of: result)))")
        }
        return text
      }
    }
    if let unknown = try firstUnknown(in: value) { throw needed(unknown) }
    return string(of: value)
  }

  /// An unknown inside nested containers, which nothing sensible can be printed of.
  private func firstUnknown(in value: Value, depth: Int = 0) throws -> Unknown? {
    guard depth < 100 else { return nil }
    let elements: [Value]
    switch value {
    case .unknown(let unknown): return unknown
    case .list(let list):
      if let tail = list.unknownTail { return tail }
      elements = list.elements
    case .tuple(let tuple): elements = tuple.elements
    case .dict(let dict):
      if let tail = dict.unknownTail { return tail }
      elements = dict.members.values.map(\.value)
    default: return nil
    }
    for element in elements {
      switch element {
      case .unknown, .list, .tuple, .dict:
        if let unknown = try firstUnknown(in: element, depth: depth + 1) { return unknown }
      default: break
      }
    }
    return nil
  }
}

extension HashKey {
  /// The key of an object's identity; that of its value for what has none.
  init?(identity value: Value) {
    switch value {
    case .list(let object): self = .identity(ObjectIdentifier(object))
    case .dict(let object): self = .identity(ObjectIdentifier(object))
    case .set(let object): self = .identity(ObjectIdentifier(object))
    case .tuple(let object): self = .identity(ObjectIdentifier(object))
    case .array(let array):
      guard let numbers = array.numbers else { return nil }
      self = .identity(ObjectIdentifier(numbers))
    default: self.init(value)
    }
  }
}

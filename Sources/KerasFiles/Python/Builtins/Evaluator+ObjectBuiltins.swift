extension Evaluator {
  /// `isinstance`, `getattr` and the like.
  func defineObjects(_ define: Define) {
    define("isinstance", true) { evaluator, arguments in
      guard arguments.positional.count == 2 else { return .bool(false) }
      let value = arguments.positional[0]
      if value.isUnknown { return value }
      let types: [Value]
      if case .tuple(let tuple) = arguments.positional[1] {
        types = tuple.elements
      } else {
        types = [arguments.positional[1]]
      }
      var doubt: Value?
      for type in types {
        if case .type(let type) = type {
          if evaluator.isInstance(value, of: type) { return .bool(true) }
        } else if type.isUnknown {
          doubt = type
        }
      }
      return doubt ?? .bool(false)
    }
    define("issubclass", true) { _, arguments in
      guard case .type(let type)? = arguments.positional.first else { return .bool(false) }
      var bases = Array(arguments.positional.dropFirst())
      if case .tuple(let tuple)? = bases.first { bases = tuple.elements }
      return .bool(
        bases.contains { base in
          guard case .type(let base) = base else { return false }
          return type.isSubclass(of: base)
            || !base.isScripted && type.isSubclass(ofNamed: base.name)
        })
    }
    define("callable", true) { _, arguments in
      switch arguments.positional.first {
      case .function?, .builtin?, .method?, .type?: .bool(true)
      case .native?, .instance?: .bool(true)
      case .unknown(let unknown)?: .unknown(unknown)
      default: .bool(false)
      }
    }
    define("getattr", true) { evaluator, arguments in
      guard arguments.positional.count >= 2, let name = arguments.positional[1].stringValue else {
        return evaluator.doubt(about: arguments.positional.dropFirst().first ?? .none)
      }
      if let value = try evaluator.attributeIfPresent(name, of: arguments.positional[0]) {
        return value
      }
      if arguments.positional.count > 2 { return arguments.positional[2] }
      throw evaluator.raise("AttributeError", "there is no attribute '\(name)'")
    }
    define("hasattr", true) { evaluator, arguments in
      guard arguments.positional.count == 2, let name = arguments.positional[1].stringValue else {
        return .bool(false)
      }
      let value = try evaluator.attributeIfPresent(name, of: arguments.positional[0])
      if let value, value.isUnknown { return value }
      return .bool(value != nil)
    }
    define("setattr", true) { evaluator, arguments in
      guard arguments.positional.count == 3, let name = arguments.positional[1].stringValue else {
        return .none
      }
      try evaluator.setAttribute(name, of: arguments.positional[0], to: arguments.positional[2])
      return .none
    }
    define("vars", true) { evaluator, arguments in
      guard let value = arguments.positional.first else {
        return evaluator.unknown(nil, "vars() is not evaluated")
      }
      return try evaluator.attributeIfPresent("__dict__", of: value)
        ?? evaluator.unknown(nil, "vars() is not evaluated")
    }
    define("repr", false) { evaluator, arguments in
      .string(evaluator.representation(of: arguments.positional.first ?? .none))
    }
    define("format", false) { evaluator, arguments in
      .string(
        try evaluator.format(
          arguments.positional.first ?? .none, arguments.value(1, "")?.stringValue ?? ""))
    }
    define("id", true) { evaluator, _ in evaluator.unknown(nil, "identities are not known") }
    define("hash", true) { evaluator, _ in evaluator.unknown(nil, "hashes are not known") }
    define("dir", true) { evaluator, _ in evaluator.unknown(nil, "dir() is not evaluated") }
  }
}

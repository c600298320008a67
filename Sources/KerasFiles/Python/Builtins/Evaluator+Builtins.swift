import Neural

extension Evaluator {
  func makeBuiltins() -> [String: Value] {
    var table = types.visible
    func define(_ name: String, takesUnknown: Bool = false, _ body: @escaping Builtin.Body) {
      table[name] = .builtin(Builtin(name, takesUnknown: takesUnknown, body))
    }
    table["__name__"] = .string("__main__")
    table["__file__"] = .string("script.py")
    table["__doc__"] = Value.none
    table["NotImplemented"] = .notImplemented
    table["Ellipsis"] = .ellipsis
    for (name, kind) in [
      ("property", Property.Kind.property), ("staticmethod", .staticMethod),
      ("classmethod", .classMethod),
    ] {
      define(name, takesUnknown: true) { _, arguments in
        .native(Property(kind, arguments.positional.first ?? .none))
      }
    }
    // `super()` without arguments needs the frame it is called from; this is `super(A, self)`.
    define("super", takesUnknown: true) { evaluator, arguments in
      guard case .type(let owner)? = arguments.positional.first, arguments.positional.count == 2
      else { return try evaluator.superObject() }
      return .native(SuperObject(owner: owner, receiver: arguments.positional[1]))
    }
    for name in ["print", "breakpoint", "help", "exit", "quit"] {
      define(name, takesUnknown: true) { _, _ in
        if name == "exit" || name == "quit" { throw Interruption.exit }
        return .none
      }
    }
    for (name, reason) in [
      ("open", "files are not opened"), ("input", "nobody is asked"),
      ("raw_input", "nobody is asked"), ("eval", "eval is not evaluated"),
      ("exec", "exec is not evaluated"), ("globals", "globals() is not evaluated"),
      ("locals", "locals() is not evaluated"), ("memoryview", "memory is not looked at"),
      ("compile", "compile() is not evaluated"), ("__import__", "__import__ is not evaluated"),
    ] {
      define(name, takesUnknown: true) { evaluator, _ in evaluator.unknown(nil, reason) }
    }
    defineNumbers(define)
    defineIterables(define)
    defineObjects(define)
    if isRunning {
      defineRunning(define)
      table["__file__"] = .string(runOptions?.path ?? "script.py")
    }
    return table
  }

  typealias Define = (String, Bool, @escaping Builtin.Body) -> Void
}

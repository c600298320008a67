extension Evaluator {
  func argparseModule() -> Module {
    Module("argparse") { [unowned self] name in
      switch name {
      case "ArgumentParser":
        return .builtin(
          Builtin(name, takesUnknown: true) { _, _ in .native(ArgumentParser()) })
      case "Namespace":
        return .builtin(
          Builtin(name, takesUnknown: true) { evaluator, arguments in
            let space = try evaluator.keep(Instance(evaluator.types.named("Namespace")))
            for (key, value) in arguments.keywords { space.attributes[key] = value }
            return .instance(space)
          })
      default: return unknown("argparse.\(name)", "argparse.\(name) is not evaluated")
      }
    }
  }
}

/// `argparse.ArgumentParser`: parsing gives every option its default.
private final class ArgumentParser: NativeObject {
  private var options: [(name: String, value: Value?)] = []

  var typeName: String { "ArgumentParser" }

  func attribute(_ name: String, in evaluator: Evaluator) throws -> Value? {
    switch name {
    case "add_argument":
      return .builtin(Builtin(name, takesUnknown: true) { try self.addArgument($1, in: $0) })
    case "add_argument_group", "add_mutually_exclusive_group":
      return .builtin(Builtin(name, takesUnknown: true) { _, _ in .native(self) })
    case "set_defaults":
      return .builtin(
        Builtin(name, takesUnknown: true) { _, arguments in
          for (key, value) in arguments.keywords { self.options.append((key, value)) }
          return .none
        })
    case "parse_args":
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, _ in try self.parse(evaluator) })
    case "parse_known_args":
      return .builtin(
        Builtin(name, takesUnknown: true) { evaluator, _ in
          try evaluator.tuple([try self.parse(evaluator), try evaluator.list([])])
        })
    default: return .builtin(Builtin(name, takesUnknown: true) { _, _ in .none })
    }
  }

  private func addArgument(_ arguments: CallArguments, in evaluator: Evaluator) throws -> Value {
    let flags = arguments.positional.compactMap(\.stringValue)
    let flag = flags.first { $0.hasPrefix("--") } ?? flags.first ?? ""
    let name = String(flag.drop { $0 == "-" }).replacing("-", with: "_")
    var value = arguments["default"]
    switch arguments["action"]?.stringValue {
    case "store_true": value = value ?? .bool(false)
    case "store_false": value = value ?? .bool(true)
    case "count", "append", "store_const": value = value ?? Value.none
    default: break
    }
    if let text = value, text.stringValue != nil, let type = arguments["type"], !type.isUnknown {
      value = try evaluator.call(type, CallArguments(positional: [text]))
    }
    let isRequired = try arguments["required"].flatMap { try evaluator.truth(of: $0) } ?? false
    let isPositional = !flag.hasPrefix("-")
    if value == nil, !isRequired, !isPositional { value = Value.none }
    options.append((arguments["dest"]?.stringValue ?? name, value))
    return .none
  }

  private func parse(_ evaluator: Evaluator) throws -> Value {
    let space = try evaluator.keep(Instance(evaluator.types.named("Namespace")))
    for (name, value) in options {
      // An option without a default is for the person who calls the script to say.
      space.attributes[name] =
        value.flatMap { $0.isNone ? nil : $0 }
        ?? evaluator.unknown("args.\(name)", "it is an option of the script without a default")
    }
    return .instance(space)
  }
}

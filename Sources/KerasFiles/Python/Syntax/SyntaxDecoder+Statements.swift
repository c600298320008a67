import Neural

extension SyntaxDecoder {
  func statement(_ value: ConfigValue) throws(ScriptError) -> Statement {
    let node = try Node(value)
    return Statement(try content(of: node), at: node.location)
  }

  private func content(of node: Node) throws(ScriptError) -> Statement.Node {
    switch node.kind {
    case "Expr": return .expression(try expression(node["value"]))
    case "Assign":
      return .assign(try expressions(try node.list("targets")), try expression(node["value"]))
    case "AugAssign":
      return .augmentedAssign(
        try expression(node["target"]), try binaryOperator(node), try expression(node["value"]))
    case "AnnAssign":
      return .annotatedAssign(try expression(node["target"]), try optional(node["value"]))
    case "Return": return .returnValue(try optional(node["value"]))
    case "Delete": return .delete(try expressions(try node.list("targets")))
    case "Global": return .global(names(try node.list("names")))
    case "Nonlocal": return .nonlocal(names(try node.list("names")))
    case "Assert": return .assert(try expression(node["test"]), message: try optional(node["msg"]))
    case "Raise": return .raise(try optional(node["exc"]))
    case "Import": return .importModules(try aliases(node))
    case "ImportFrom":
      var level = 0
      if case .int(let dots) = node["level"] { level = dots }
      return .importFrom(
        module: node.optionalText("module") ?? "", level: level, try aliases(node))
    case "Pass": return .pass
    case "Break": return .breakLoop
    case "Continue": return .continueLoop
    case "TypeAlias": return .pass
    default: return try compound(node)
    }
  }

  private func compound(_ node: Node) throws(ScriptError) -> Statement.Node {
    switch node.kind {
    case "If":
      return .ifElse(
        try expression(node["test"]), try block(node["body"]), try block(node["orelse"]))
    case "For", "AsyncFor":
      return .forIn(
        try expression(node["target"]), try expression(node["iter"]), try block(node["body"]),
        otherwise: try block(node["orelse"]))
    case "While":
      return .whileLoop(
        try expression(node["test"]), try block(node["body"]),
        otherwise: try block(node["orelse"]))
    case "With", "AsyncWith":
      var items: [(context: Expression, target: Expression?)] = []
      for value in try node.list("items") {
        let item = try Node(value)
        items.append(
          (try expression(item["context_expr"]), try optional(item["optional_vars"])))
      }
      return .with(items, try block(node["body"]))
    case "Try", "TryStar":
      return .attempt(
        try block(node["body"]), try handlers(node), otherwise: try block(node["orelse"]),
        finally: try block(node["finalbody"]))
    case "FunctionDef", "AsyncFunctionDef": return .function(try function(node))
    case "ClassDef":
      return .classDefinition(
        ClassDefinition(
          name: try node.text("name"),
          bases: try arguments(try node.list("bases"), keywords: try node.list("keywords")),
          body: try block(node["body"]),
          decorators: try expressions(try node.list("decorator_list"))))
    case "Match": return try match(node)
    default: throw malformed(node.kind)
    }
  }

  private func function(_ node: Node) throws(ScriptError) -> FunctionDefinition {
    let body = try block(node["body"])
    return FunctionDefinition(
      name: try node.text("name"), parameters: try parameters(node["args"]), body: body,
      decorators: try expressions(try node.list("decorator_list")),
      isGenerator: Self.holdsYield(node["body"]))
  }

  /// Whether a function's own body, not that of a function inside it, holds a `yield`.
  private static func holdsYield(_ value: ConfigValue) -> Bool {
    switch value {
    case .list(let parts):
      if case .string(let kind)? = parts.first, parts.count == 4 {
        if kind == "Yield" || kind == "YieldFrom" { return true }
        if ["FunctionDef", "AsyncFunctionDef", "Lambda", "ClassDef"].contains(kind) {
          return false
        }
        return holdsYield(parts[3])
      }
      return parts.contains(where: holdsYield)
    case .object(let fields): return fields.values.contains(where: holdsYield)
    default: return false
    }
  }

  private func aliases(_ node: Node) throws(ScriptError) -> [Alias] {
    var aliases: [Alias] = []
    for value in try node.list("names") {
      let alias = try Node(value)
      // Python before 3.10 does not say where an alias stands.
      aliases.append(
        Alias(
          name: try alias.text("name"), asName: alias.optionalText("asname"),
          location: alias.location.line > 0 ? alias.location : node.location))
    }
    return aliases
  }

  private func handlers(_ node: Node) throws(ScriptError) -> [Handler] {
    var handlers: [Handler] = []
    for value in try node.list("handlers") {
      let handler = try Node(value)
      handlers.append(
        Handler(
          type: try optional(handler["type"]), name: handler.optionalText("name"),
          body: try block(handler["body"])))
    }
    return handlers
  }

  private func match(_ node: Node) throws(ScriptError) -> Statement.Node {
    var cases: [MatchCase] = []
    for value in try node.list("cases") {
      let item = try Node(value)
      cases.append(
        MatchCase(
          pattern: try pattern(item["pattern"]), condition: try optional(item["guard"]),
          body: try block(item["body"])))
    }
    return .match(try expression(node["subject"]), cases)
  }

  private func patterns(_ list: [ConfigValue]) throws(ScriptError) -> [Pattern] {
    var patterns: [Pattern] = []
    for item in list { patterns.append(try pattern(item)) }
    return patterns
  }

  private func pattern(_ value: ConfigValue) throws(ScriptError) -> Pattern {
    let node = try Node(value)
    switch node.kind {
    case "MatchValue": return .value(try expression(node["value"]))
    case "MatchSingleton": return .singleton(try constant(node["value"]))
    case "MatchSequence": return .sequence(try patterns(try node.list("patterns")))
    case "MatchStar": return .star(node.optionalText("name"))
    case "MatchOr": return .any(try patterns(try node.list("patterns")))
    case "MatchAs":
      var inner: Pattern?
      if case .list = node["pattern"] { inner = try pattern(node["pattern"]) }
      return .capture(inner, node.optionalText("name"))
    case "MatchMapping":
      let keys = try expressions(try node.list("keys"))
      let values = try patterns(try node.list("patterns"))
      return .mapping(Array(zip(keys, values)), rest: node.optionalText("rest"))
    case "MatchClass":
      let names = names(try node.list("kwd_attrs"))
      let values = try patterns(try node.list("kwd_patterns"))
      return .instance(
        try expression(node["cls"]), try patterns(try node.list("patterns")),
        Array(zip(names, values)))
    default: throw malformed(node.kind)
    }
  }
}

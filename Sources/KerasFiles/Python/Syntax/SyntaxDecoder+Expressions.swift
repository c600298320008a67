import Neural
import OrderedCollections

extension SyntaxDecoder {
  func expression(_ value: ConfigValue) throws(ScriptError) -> Expression {
    let node = try Node(value)
    return Expression(try content(of: node), at: node.location)
  }

  private func content(of node: Node) throws(ScriptError) -> Expression.Node {
    switch node.kind {
    case "Constant": return .constant(try constant(node["value"]))
    case "Name": return .name(try node.text("id"))
    case "Attribute": return .attribute(try expression(node["value"]), try node.text("attr"))
    case "Subscript":
      return .subscripted(try expression(node["value"]), try expression(node["slice"]))
    case "Slice":
      return .slice(
        lower: try optional(node["lower"]), upper: try optional(node["upper"]),
        step: try optional(node["step"]))
    case "ExtSlice": return .tuple(try expressions(try node.list("dims")))
    case "Call":
      return .call(
        try expression(node["func"]),
        try arguments(try node.list("args"), keywords: try node.list("keywords")))
    case "Tuple": return .tuple(try expressions(try node.list("elts")))
    case "List": return .list(try expressions(try node.list("elts")))
    case "Set": return .set(try expressions(try node.list("elts")))
    case "Dict": return try dict(node)
    case "Starred": return .starred(try expression(node["value"]))
    case "JoinedStr", "TemplateStr": return .formatted(try parts(try node.list("values")))
    case "FormattedValue", "Interpolation": return .formatted([try part(node)])
    case "Yield": return .yield(try optional(node["value"]))
    case "YieldFrom": return .yieldFrom(try expression(node["value"]))
    case "Await": return .await(try expression(node["value"]))
    default: return try operation(node)
    }
  }

  private func operation(_ node: Node) throws(ScriptError) -> Expression.Node {
    switch node.kind {
    case "BinOp":
      return .binary(
        try binaryOperator(node), try expression(node["left"]), try expression(node["right"]))
    case "UnaryOp":
      guard let symbol = UnaryOperator(rawValue: try node.text("op")) else {
        throw malformed("an operator")
      }
      return .unary(symbol, try expression(node["operand"]))
    case "BoolOp":
      return .logical(
        isAnd: try node.text("op") == "And", try expressions(try node.list("values")))
    case "Compare": return try comparison(node)
    case "IfExp":
      return .conditional(
        test: try expression(node["test"]), body: try expression(node["body"]),
        otherwise: try expression(node["orelse"]))
    case "Lambda":
      return .lambda(try parameters(node["args"]), try expression(node["body"]))
    case "NamedExpr":
      guard case .name(let name) = try expression(node["target"]).node else {
        throw malformed("NamedExpr")
      }
      return .walrus(name, try expression(node["value"]))
    case "ListComp": return try comprehension(.list, node)
    case "SetComp": return try comprehension(.set, node)
    case "GeneratorExp": return try comprehension(.generator, node)
    case "DictComp": return try comprehension(.dict, node)
    default: throw malformed(node.kind)
    }
  }

  func binaryOperator(_ node: Node) throws(ScriptError) -> BinaryOperator {
    guard let symbol = BinaryOperator(rawValue: try node.text("op")) else {
      throw malformed("an operator")
    }
    return symbol
  }

  private func comparison(_ node: Node) throws(ScriptError) -> Expression.Node {
    let operators = names(try node.list("ops")).compactMap(ComparisonOperator.init(rawValue:))
    let operands = try expressions(try node.list("comparators"))
    guard operators.count == operands.count else { throw malformed("Compare") }
    return .comparison(try expression(node["left"]), Array(zip(operators, operands)))
  }

  private func comprehension(
    _ kind: ComprehensionKind, _ node: Node
  ) throws(ScriptError) -> Expression.Node {
    var generators: [Generator] = []
    for item in try node.list("generators") {
      let generator = try Node(item)
      generators.append(
        Generator(
          target: try expression(generator["target"]), iterable: try expression(generator["iter"]),
          conditions: try expressions(try generator.list("ifs"))))
    }
    let element = try expression(kind == .dict ? node["key"] : node["elt"])
    return .comprehension(
      kind, element: element, value: kind == .dict ? try expression(node["value"]) : nil,
      generators)
  }

  private func dict(_ node: Node) throws(ScriptError) -> Expression.Node {
    let keys = try node.list("keys")
    let values = try node.list("values")
    guard keys.count == values.count else { throw malformed("Dict") }
    var members: [(key: Expression?, value: Expression)] = []
    for (key, value) in zip(keys, values) {
      members.append((try optional(key), try expression(value)))
    }
    return .dict(members)
  }

  func arguments(
    _ positional: [ConfigValue], keywords: [ConfigValue]
  ) throws(ScriptError) -> [Argument] {
    var arguments: [Argument] = []
    for value in try expressions(positional) {
      if case .starred(let sequence) = value.node {
        arguments.append(Argument(kind: .starred, value: sequence))
      } else {
        arguments.append(Argument(kind: .positional, value: value))
      }
    }
    for keyword in keywords {
      let node = try Node(keyword)
      let kind = node.optionalText("arg").map(Argument.Kind.keyword) ?? .doubleStarred
      arguments.append(Argument(kind: kind, value: try expression(node["value"])))
    }
    return arguments
  }

  private func parts(_ values: [ConfigValue]) throws(ScriptError) -> [FormattedPart] {
    var parts: [FormattedPart] = []
    for value in values { parts.append(try part(try Node(value))) }
    return parts
  }

  private func part(_ node: Node) throws(ScriptError) -> FormattedPart {
    if node.kind == "Constant" {
      guard case .string(let text) = try constant(node["value"]) else {
        throw malformed("JoinedStr")
      }
      return .text(text)
    }
    var conversion: Character?
    if case .int(let code) = node["conversion"], let byte = UInt8(exactly: code), byte > 0 {
      conversion = Character(Unicode.Scalar(byte))
    }
    var format: [FormattedPart] = []
    if case .list = node["format_spec"] {
      let specification = try Node(node["format_spec"])
      format = try parts(try specification.list("values"))
    }
    return .value(try expression(node["value"]), conversion: conversion, format: format)
  }

  func constant(_ value: ConfigValue) throws(ScriptError) -> Constant {
    guard case .object(let object) = value, let (type, content) = object.elements.first else {
      throw malformed("Constant")
    }
    switch (type, content) {
    case ("NoneType", _): return .none
    case ("ellipsis", _): return .ellipsis
    case ("bool", .bool(let flag)): return .bool(flag)
    case ("int", .int(let number)): return .int(number)
    case ("big", .string(let digits)): return .bigInt(digits)
    case ("float", .string(let text)): return .float(Double(text) ?? .infinity)
    case ("complex", .string(let text)): return .complex(text)
    case ("str", .string(let text)): return .string(text)
    case ("bytes", .string(let digits)): return .bytes(bytes(digits))
    default: throw malformed("a constant")
    }
  }

  private func bytes(_ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    func value(_ digit: UInt8) -> UInt8 { digit < 58 ? digit &- 48 : digit &- 87 }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      value(digits[$0]) << 4 | value(digits[$0 + 1])
    }
  }

  func parameters(_ value: ConfigValue) throws(ScriptError) -> Parameters {
    let node = try Node(value)
    func named(_ item: ConfigValue) throws(ScriptError) -> String { try Node(item).text("arg") }
    var standards: [Expression?] = try expressions(try node.list("defaults"))
    var names: [String] = []
    let positionalOnly = try node.list("posonlyargs")
    for item in positionalOnly + (try node.list("args")) { names.append(try named(item)) }
    standards.insert(
      contentsOf: repeatElement(nil, count: max(0, names.count - standards.count)), at: 0)
    var keywordOnly: [Parameters.Parameter] = []
    for (item, standard) in zip(try node.list("kwonlyargs"), try node.list("kw_defaults")) {
      keywordOnly.append(.init(name: try named(item), standard: try optional(standard)))
    }
    func optionalName(_ field: String) throws(ScriptError) -> String? {
      if case .null = node[field] { return nil }
      return try named(node[field])
    }
    return Parameters(
      positional: zip(names, standards).map { .init(name: $0, standard: $1) },
      positionalOnly: positionalOnly.count, variadic: try optionalName("vararg"),
      keywordOnly: keywordOnly, keywordVariadic: try optionalName("kwarg"))
  }
}

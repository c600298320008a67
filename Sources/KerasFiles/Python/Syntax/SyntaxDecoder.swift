import Neural
import OrderedCollections

/// Turns the JSON of a syntax tree into statements and expressions.
struct SyntaxDecoder {
  /// Decodes a whole script.
  static func statements(from tree: [UInt8]) throws(ScriptError) -> [Statement] {
    let value: ConfigValue
    do {
      value = try JSONReader.read(tree, depthLimit: PythonParser.depthLimit)
    } catch {
      throw ScriptError(
        at: nil, "the script is nested too deeply", remedy: "split its longest expressions")
    }
    if case .object(let failure) = value { throw syntaxError(failure) }
    let decoder = SyntaxDecoder()
    return try decoder.block(value)
  }

  private static func syntaxError(
    _ failure: OrderedDictionary<String, ConfigValue>
  ) -> ScriptError {
    var location: SourceLocation?
    if case .int(let line)? = failure["line"], case .int(let column)? = failure["column"] {
      location = SourceLocation(line: line, column: column)
    }
    guard case .string(let message)? = failure["error"] else {
      return ScriptError(at: location, "the script cannot be parsed", remedy: "")
    }
    return ScriptError(
      at: location, "Python cannot parse this: \(message)", remedy: "correct the script there")
  }

  /// One node of the tree: its kind, its place and its fields.
  struct Node {
    let kind: String
    let location: SourceLocation
    let fields: OrderedDictionary<String, ConfigValue>

    init(_ value: ConfigValue) throws(ScriptError) {
      guard case .list(let parts) = value, parts.count == 4, case .string(let kind) = parts[0],
        case .int(let line) = parts[1], case .int(let column) = parts[2],
        case .object(let fields) = parts[3]
      else { throw malformed("a node") }
      self.kind = kind
      self.location = SourceLocation(line: line, column: column)
      self.fields = fields
    }

    subscript(field: String) -> ConfigValue { fields[field] ?? .null }

    func text(_ field: String) throws(ScriptError) -> String {
      guard case .string(let text) = self[field] else { throw malformed("\(kind).\(field)") }
      return text
    }

    func optionalText(_ field: String) -> String? {
      if case .string(let text) = self[field] { text } else { nil }
    }

    func list(_ field: String) throws(ScriptError) -> [ConfigValue] {
      guard case .list(let list) = self[field] else { throw malformed("\(kind).\(field)") }
      return list
    }
  }

  func block(_ value: ConfigValue) throws(ScriptError) -> [Statement] {
    guard case .list(let list) = value else { throw malformed("a block") }
    var statements: [Statement] = []
    for item in list { statements.append(try statement(item)) }
    return statements
  }

  func expressions(_ list: [ConfigValue]) throws(ScriptError) -> [Expression] {
    var expressions: [Expression] = []
    for item in list { expressions.append(try expression(item)) }
    return expressions
  }

  func optional(_ value: ConfigValue) throws(ScriptError) -> Expression? {
    if case .null = value { return nil }
    return try expression(value)
  }

  func names(_ list: [ConfigValue]) -> [String] {
    list.compactMap { if case .string(let name) = $0 { name } else { nil } }
  }
}

/// The error for a tree that is not as any known Python writes it.
func malformed(_ what: String) -> ScriptError {
  ScriptError(
    at: nil, "Python's syntax tree holds something unexpected: \(what)",
    remedy: "use a released python3 from 3.8 on")
}

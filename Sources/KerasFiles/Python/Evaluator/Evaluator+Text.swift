import Neural

extension Evaluator {
  /// An expression as a person would write it, for messages and for `--set`.
  func text(of expression: Expression, depth: Int = 0) -> String {
    guard depth < 12 else { return "…" }
    func inner(_ expression: Expression) -> String { text(of: expression, depth: depth + 1) }
    func joined(_ expressions: [Expression]) -> String {
      expressions.map(inner).joined(separator: ", ")
    }
    switch expression.node {
    case .name(let name): return name
    case .attribute(let base, let name): return "\(inner(base)).\(name)"
    case .subscripted(let base, let index): return "\(inner(base))[\(inner(index))]"
    case .call(let callee, let arguments):
      let list = arguments.map { argument in
        switch argument.kind {
        case .positional: inner(argument.value)
        case .starred: "*" + inner(argument.value)
        case .keyword(let name): "\(name)=\(inner(argument.value))"
        case .doubleStarred: "**" + inner(argument.value)
        }
      }
      return "\(inner(callee))(\(list.joined(separator: ", ")))"
    case .binary(let symbol, let left, let right):
      return "\(inner(left)) \(symbol.symbol) \(inner(right))"
    case .unary(.negative, let operand): return "-" + inner(operand)
    case .unary(.not, let operand): return "not " + inner(operand)
    case .tuple(let elements): return "(\(joined(elements)))"
    case .list(let elements): return "[\(joined(elements))]"
    case .slice(let lower, let upper, _):
      return "\(lower.map(inner) ?? ""):\(upper.map(inner) ?? "")"
    case .constant(let constant): return text(of: constant)
    default: return "…"
    }
  }

  private func text(of constant: Constant) -> String {
    switch constant {
    case .none: "None"
    case .ellipsis: "..."
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): String(number)
    case .bigInt(let digits): digits
    case .float(let number): number.pythonDescription
    case .complex(let text): text
    case .string(let text): "'\(text)'"
    case .bytes: "b'…'"
    }
  }
}

import Neural

/// A piece of Python source that can be broken over several lines.
indirect enum PythonExpression {
  /// Source that stays on one line.
  case raw(String)
  /// `callee(arguments)`.
  case call(PythonExpression, [Argument])
  /// `[elements]`.
  case list([PythonExpression])
  /// `{key: value}`, the keys as source.
  case dictionary([(key: String, value: PythonExpression)])

  /// An argument, with its keyword or without.
  struct Argument {
    var keyword: String?
    var value: PythonExpression

    init(_ value: PythonExpression, keyword: String? = nil) {
      self.keyword = keyword
      self.value = value
    }
  }

  static func call(_ callee: String, _ arguments: [Argument]) -> PythonExpression {
    .call(.raw(callee), arguments)
  }

  /// The source on one line.
  var flat: String {
    switch self {
    case .raw(let text): text
    case .call(let callee, let arguments):
      callee.flat + "(" + arguments.map(\.flat).joined(separator: ", ") + ")"
    case .list(let elements): "[" + elements.map(\.flat).joined(separator: ", ") + "]"
    case .dictionary(let pairs):
      "{" + pairs.map { "\($0.key): \($0.value.flat)" }.joined(separator: ", ") + "}"
    }
  }

  /// The longest line that is written.
  static let lineLength = 88

  /// The source, broken where it does not fit.
  ///
  /// - Parameters:
  ///   - indent: Columns that lines begin with.
  ///   - before: Columns before it on its first line.
  ///   - after: Columns behind it on its last line.
  /// - Returns: The source, its further lines indented.
  func source(indent: Int, before: Int, after: Int) -> String {
    let flat = flat
    if before + flat.count + after <= Self.lineLength { return flat }
    switch self {
    case .raw: return flat
    case .list(let elements):
      return broken("[", elements.map { Argument($0) }, "]", indent: indent)
    case .dictionary(let pairs):
      let blank = String(repeating: " ", count: indent + 4)
      let lines = pairs.map { pair in
        let head = "\(blank)\(pair.key): "
        return head + pair.value.source(indent: indent + 4, before: head.count, after: 1) + ",\n"
      }
      return "{\n" + lines.joined() + String(repeating: " ", count: indent) + "}"
    case .call(.call(let callee, let inner), let arguments) where !inner.isEmpty:
      // `layers.LSTM(…)(x)`: the layer's settings are broken, not the tensor it is called on;
      // of `layers.LSTM(3)(x, initial_state=…)` what it is called on, where that is enough.
      let outer = "(" + arguments.map(\.flat).joined(separator: ", ") + ")"
      let head = PythonExpression.call(callee, inner).flat
      if arguments.count > 1, before + head.count + 1 <= Self.lineLength {
        return head + broken("(", arguments, ")", indent: indent)
      }
      if indent + 1 + outer.count <= Self.lineLength {
        return callee.flat + broken("(", inner, ")", indent: indent) + outer
      }
      return callee.flat + broken("(", inner, ")", indent: indent)
        + broken("(", arguments, ")", indent: indent)
    case .call(let callee, let arguments):
      guard !arguments.isEmpty else { return flat }
      // A list alone is broken inside: `keras.Sequential([`.
      if case .list(let elements)? = arguments.first?.value, arguments[0].keyword == nil,
        arguments.dropFirst().allSatisfy({ $0.keyword != nil && $0.flat.count < 40 }),
        !elements.isEmpty
      {
        let rest = arguments.dropFirst().map { ", " + $0.flat }.joined()
        return callee.flat + "("
          + broken("[", elements.map { Argument($0) }, "]", indent: indent) + rest + ")"
      }
      return callee.flat + broken("(", arguments, ")", indent: indent)
    }
  }

  private func broken(
    _ open: String, _ arguments: [Argument], _ close: String, indent: Int
  ) -> String {
    let inside = indent + 4
    let blank = String(repeating: " ", count: inside)
    let together = arguments.map(\.flat).joined(separator: ", ")
    if open == "(", inside + together.count <= Self.lineLength {
      return "(\n\(blank)\(together)\n" + String(repeating: " ", count: indent) + ")"
    }
    let lines = arguments.map { argument in
      let head = blank + (argument.keyword.map { $0 + "=" } ?? "")
      return head + argument.value.source(indent: inside, before: head.count, after: 1) + ",\n"
    }
    return open + "\n" + lines.joined() + String(repeating: " ", count: indent) + close
  }
}

extension PythonExpression.Argument {
  /// The argument on one line.
  var flat: String { (keyword.map { $0 + "=" } ?? "") + value.flat }
}

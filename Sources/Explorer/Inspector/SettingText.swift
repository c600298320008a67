import Neural
import OrderedCollections

/// Values of settings as a person reads and writes them.
enum SettingText {
  /// The value as text: `true`, `(3, 3)`, `glorot_uniform`, `None`.
  static func text(of value: ConfigValue, kind: SettingKind) -> String {
    switch value {
    case .null: return "None"
    case .bool(let flag): return flag ? "true" : "false"
    case .string(let text): return text
    case .list(let values):
      if case .window(let rank) = kind, rank == 1, let only = values.first, values.count == 1 {
        return self.text(of: only, kind: kind)
      }
      return tuple(values.map { text(of: $0, kind: kind) })
    case .object: return objectText(value)
    default: return value.description
    }
  }

  private static func tuple(_ texts: [String]) -> String {
    texts.count == 1 ? "(\(texts[0]),)" : "(" + texts.joined(separator: ", ") + ")"
  }

  /// An object by the name of its class, with parameters that are set: `l2(l2=0.01)`.
  private static func objectText(_ value: ConfigValue) -> String {
    guard let className = value["class_name"]?.stringValue else { return value.description }
    let usual = defaults(of: className)
    let parameters = (value["config"]?.objectValue ?? [:]).filter { parameter in
      !parameter.value.isNull && parameter.value != usual[parameter.key]
    }
    let name = snakeCase(className)
    guard !parameters.isEmpty else { return name }
    let texts = parameters.map { "\($0.key)=\(text(of: $0.value, kind: .value))" }
    return name + "(" + texts.joined(separator: ", ") + ")"
  }

  /// Reads what a person typed: numbers, `true`, `None`, `(3, 3)`, `3, 3`, names.
  static func value(of text: String, kind: SettingKind) -> ConfigValue {
    let trimmed = text.trimmingBlanks
    switch kind {
    case .initializer, .regularizer, .constraint:
      if let object = object(in: trimmed) { return object }
    default: break
    }
    return value(of: trimmed, depth: 0)
  }

  private static func value(of text: String, depth: Int) -> ConfigValue {
    let opened = text.first.map { "([".contains($0) } ?? false
    if depth < 8, opened || text.contains(",") {
      var inner = Substring(text)
      if opened { inner = inner.dropFirst() }
      if let last = inner.last, ")]".contains(last) { inner = inner.dropLast() }
      let parts = inner.split(separator: ",").map { String($0).trimmingBlanks }
      return .list(parts.filter { !$0.isEmpty }.map { value(of: $0, depth: depth + 1) })
    }
    switch text.lowercased() {
    case "none", "null", "": return .null
    case "true", "yes", "on": return .bool(true)
    case "false", "no", "off": return .bool(false)
    default: break
    }
    if let number = Int(text.replacing("_", with: "")) { return .int(number) }
    if let number = Double(text), number.isFinite { return .double(number) }
    return .string(text.trimmingQuotes)
  }

  /// `l2(0.01)` or `random_normal(stddev=0.1)`: a class with parameters.
  private static func object(in text: String) -> ConfigValue? {
    guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
    let name = String(text[..<open]).trimmingBlanks
    var positional: [ConfigValue] = []
    var config: ConfigValue = [:]
    guard case .object(var members) = config else { return nil }
    for part in text[text.index(after: open)...].dropLast().split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map { String($0).trimmingBlanks }
      if sides.count == 2 {
        members[sides[0]] = value(of: sides[1], depth: 1)
      } else if let only = sides.first {
        positional.append(value(of: only, depth: 1))
      }
    }
    for (key, value) in zip(defaults(of: name).keys, positional) { members[key] = value }
    config = .object(members)
    return ["class_name": .string(name), "config": config]
  }

  /// The parameters of an initializer, regularizer or constraint with their defaults.
  private static func defaults(of name: String) -> OrderedDictionary<String, ConfigValue> {
    Initializer(named: name)?.config ?? Regularizer(named: name)?.config
      ?? WeightConstraint(named: name)?.config ?? [:]
  }
}

extension String {
  /// The text without blanks at its ends.
  var trimmingBlanks: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  fileprivate var trimmingQuotes: String {
    guard count >= 2, let first, first == last, first == "'" || first == "\"" else { return self }
    return String(dropFirst().dropLast())
  }
}

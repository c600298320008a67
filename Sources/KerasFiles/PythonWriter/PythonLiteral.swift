import Neural

/// Values as Python source.
enum PythonLiteral {
  /// A text in double quotes.
  static func text(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      default: out += isPlain(scalar) ? String(Character(scalar)) : escape(scalar)
      }
    }
    return out + "\""
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      false
    default: true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let width = scalar.value < 0x100 ? 2 : scalar.value < 0x10000 ? 4 : 8
    let letter = width == 2 ? "x" : width == 4 ? "u" : "U"
    return "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
  }

  /// A number with a fraction; one that has gone through 32 bits loses the digits it got there.
  static func number(_ value: Double) -> String {
    guard value.isFinite else {
      return value.isNaN ? "float(\"nan\")" : value < 0 ? "-float(\"inf\")" : "float(\"inf\")"
    }
    let narrow = Float(value)
    if Double(narrow) == value, let short = Double("\(narrow)") { return short.pythonDescription }
    return value.pythonDescription
  }

  /// An array that a config holds, by NumPy.
  static func array(_ config: ConfigValue) -> String {
    let type = config["dtype"]?.stringValue.map { ", dtype=\(text($0))" } ?? ""
    return "np.array(\(value(config["value"] ?? []))\(type))"
  }

  /// Any value; lists as tuples where they are sizes or axes.
  static func value(_ value: ConfigValue, tuples: Bool = false) -> String {
    switch value {
    case .null: return "None"
    case .bool(let flag): return flag ? "True" : "False"
    case .int(let number): return String(number)
    case .double(let value): return number(value)
    case .string(let text): return self.text(text)
    case .list(let elements):
      let inside = elements.map { self.value($0, tuples: tuples) }.joined(separator: ", ")
      if tuples { return elements.count == 1 ? "(\(inside),)" : "(\(inside))" }
      return "[\(inside)]"
    case .object(let members):
      let inside = members.map { "\(text($0)): \(self.value($1, tuples: tuples))" }
      return "{" + inside.joined(separator: ", ") + "}"
    }
  }
}

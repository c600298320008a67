import Neural

/// Writes JSON text as Python's `json.dumps` does.
///
/// Floats are written so that Python reads back the same value and sees a float: `1.0`, `1e-07`,
/// `NaN`, `Infinity`. Text outside ASCII is written as it is, in UTF-8.
public struct JSONWriter {
  private var text = ""
  private let indent: Int?

  /// Writes a value as one text.
  ///
  /// - Parameters:
  ///   - value: The value to write.
  ///   - indent: Spaces a level, one member a line; `nil` writes all on one line, with a space
  ///     after each comma and colon.
  /// - Returns: The text, without a line break at its end.
  public static func write(_ value: ConfigValue, indent: Int? = nil) -> String {
    var writer = JSONWriter(indent: indent)
    writer.write(value, level: 0)
    return writer.text
  }

  private init(indent: Int?) {
    self.indent = indent
  }

  private mutating func write(_ value: ConfigValue, level: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .int(let number): text += String(number)
    case .double(let number): text += JSONWriter.literal(number)
    case .string(let string): quote(string)
    case .list(let elements):
      write(elements, between: ("[", "]"), level: level) { writer, element in
        writer.write(element, level: level + 1)
      }
    case .object(let members):
      write(members.elements, between: ("{", "}"), level: level) { writer, member in
        writer.quote(member.key)
        writer.text += ": "
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func write<Items: Collection>(
    _ items: Items, between brackets: (String, String), level: Int,
    each: (inout JSONWriter, Items.Element) -> Void
  ) {
    text += brackets.0
    var isFirst = true
    for item in items {
      if !isFirst { text += indent == nil ? ", " : "," }
      isFirst = false
      breakLine(level: level + 1)
      each(&self, item)
    }
    if !isFirst { breakLine(level: level) }
    text += brackets.1
  }

  private mutating func breakLine(level: Int) {
    guard let indent else { return }
    text += "\n"
    text += String(repeating: " ", count: indent * level)
  }

  private mutating func quote(_ string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// A float as Python's `repr` writes it: the shortest digits that read back as the same value.
  ///
  /// - Parameter value: Any double.
  /// - Returns: Such as `0.1`, `1e-07`, `1e+16`, `NaN`, `-Infinity`.
  public static func literal(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    let description = "\(value)"
    guard let mark = description.firstIndex(where: { $0 == "e" || $0 == "E" }) else {
      return value.magnitude >= 1e16 ? exponential(description, of: value) : description
    }
    var mantissa = String(description[..<mark])
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    guard let exponent = Int(description[description.index(after: mark)...]) else {
      return description
    }
    if (-4..<16).contains(exponent) { return positional(mantissa, exponent: exponent) }
    let digits = String(exponent.magnitude)
    let padded = digits.count < 2 ? "0" + digits : digits
    return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(padded)"
  }

  /// Rewrites digits such as `12345678901234567.0` with an exponent, as Python does from 1e16.
  private static func exponential(_ digits: String, of value: Double) -> String {
    let sign = value < 0 ? "-" : ""
    let whole = digits.drop { $0 == "-" }.prefix { $0 != "." }
    var fraction = String(whole.dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let point = fraction.isEmpty ? "" : "."
    return "\(sign)\(whole.prefix(1))\(point)\(fraction)e+\(whole.count - 1)"
  }

  /// Writes `1.2345` × 10^exponent without an exponent.
  private static func positional(_ mantissa: String, exponent: Int) -> String {
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    let parts = mantissa.drop { $0 == "-" }.split(separator: ".")
    let digits = parts.joined()
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let padded = digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
    let whole = padded.prefix(exponent + 1)
    let fraction = padded.dropFirst(exponent + 1)
    return sign + whole + "." + (fraction.isEmpty ? "0" : fraction)
  }
}

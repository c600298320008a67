#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A format specification: `[[fill]align][sign][#][0][width][,][.precision][type]`.
struct FormatSpecification {
  var fill: Character = " "
  var align: Character?
  var sign: Character = "-"
  var hasPrefix = false
  var width: Int?
  var grouping: Character?
  var precision: Int?
  var type: Character?

  init(_ text: String) {
    var rest = Substring(text)
    let aligns: Set<Character> = ["<", ">", "^", "="]
    if let second = rest.dropFirst().first, aligns.contains(second) {
      fill = rest.removeFirst()
      align = rest.removeFirst()
    } else if let first = rest.first, aligns.contains(first) {
      align = rest.removeFirst()
    }
    if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
    if rest.first == "#" {
      rest.removeFirst()
      hasPrefix = true
    }
    if rest.first == "0" {
      rest.removeFirst()
      if align == nil {
        fill = "0"
        align = "="
      }
    }
    width = FormatSpecification.number(&rest)
    if let first = rest.first, ",_".contains(first) { grouping = rest.removeFirst() }
    if rest.first == "." {
      rest.removeFirst()
      precision = FormatSpecification.number(&rest)
    }
    type = rest.first
  }

  private func based(_ value: Value, _ radix: Int, _ prefix: String) -> String {
    let number = value.intValue ?? 0
    return (number < 0 ? "-" : "") + (hasPrefix ? prefix : "")
      + String(number.magnitude, radix: radix)
  }

  /// Refuses a format that the value does not have, as Python does.
  func check(_ value: Value, _ text: String, in evaluator: Evaluator) throws {
    let name = evaluator.typeName(of: value)
    switch value {
    case .unknown(let unknown): throw evaluator.needed(unknown)
    case .string:
      if let type, type != "s" {
        throw evaluator.raise(
          "ValueError", "Unknown format code '\(type)' for object of type 'str'")
      }
    case .int, .bool, .float, .scalar:
      let isWhole = value.intValue != nil
      let codes = isWhole ? "bcdoxXneEfFgG%" : "eEfFgGn%"
      if let type, !codes.contains(type) {
        throw evaluator.raise(
          "ValueError",
          "Unknown format code '\(type)' for object of type '\(isWhole ? "int" : "float")'")
      }
    case .instance(let instance):
      // Which format a class has is its own affair; without one it takes none.
      if instance.type.lookUp("__format__") == nil { fallthrough }
    default:
      throw evaluator.raise(
        "TypeError", "unsupported format string passed to \(name).__format__")
    }
  }

  private static func number(_ rest: inout Substring) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest[digits.endIndex...]
    return digits.isEmpty ? nil : Int(digits) ?? .max
  }

  func body(of value: Value, in evaluator: Evaluator) -> String {
    guard let number = value.doubleValue, type != "s" else {
      let text = evaluator.string(of: value)
      return precision.map { String(text.prefix($0)) } ?? text
    }
    var digits: String
    switch type {
    case _ where number.isNaN: digits = "nan"
    case _ where number.isInfinite: digits = number < 0 ? "-inf" : "inf"
    case "d"?, "n"?: digits = evaluator.representation(of: value)
    case "E"?, "G"?:
      digits = FormatSpecification.printed(
        type == "E" ? "%.*E" : "%.*G", precision ?? 6, number)
    case "f"?, "F"?: digits = FormatSpecification.printed("%.*f", precision ?? 6, number)
    case "e"?, "E"?: digits = FormatSpecification.printed("%.*e", precision ?? 6, number)
    case "g"?, "G"?: digits = FormatSpecification.printed("%.*g", precision ?? 6, number)
    case "%"?: digits = FormatSpecification.printed("%.*f", precision ?? 6, number * 100) + "%"
    case "x"?: digits = based(value, 16, "0x")
    case "X"?: digits = based(value, 16, "0x").uppercased()
    case "b"?: digits = based(value, 2, "0b")
    case "o"?: digits = based(value, 8, "0o")
    case "c"?:
      digits =
        value.intValue.flatMap { Unicode.Scalar(UInt32(clamping: $0)) }.map(String.init) ?? ""
    default:
      if let precision {
        digits = FormatSpecification.printed("%.*g", precision, number)
        if !digits.contains(where: { $0 == "." || $0 == "e" }) { digits += ".0" }
      } else {
        digits = evaluator.representation(of: value)
      }
    }
    if let grouping { digits = group(digits, by: grouping) }
    if sign != "-", !digits.hasPrefix("-") { digits = String(sign) + digits }
    return digits
  }

  private static func printed(_ format: String, _ precision: Int, _ number: Double) -> String {
    withVaList([Int32(clamping: precision), number]) { list in
      var buffer = [CChar](repeating: 0, count: 2048)
      vsnprintf(&buffer, buffer.count, format, list)
      return String(
        decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  private func group(_ digits: String, by mark: Character) -> String {
    let start = digits.firstIndex { $0.isNumber } ?? digits.startIndex
    let end = digits[start...].firstIndex { !$0.isNumber } ?? digits.endIndex
    var grouped: [Character] = []
    for (index, digit) in digits[start..<end].reversed().enumerated() {
      if index > 0, index % 3 == 0 { grouped.append(mark) }
      grouped.append(digit)
    }
    return digits[..<start] + String(grouped.reversed()) + digits[end...]
  }

  func pad(_ text: String, isNumber: Bool) -> String {
    let missing = (width ?? 0) - text.count
    guard missing > 0 else { return text }
    let filling = String(repeating: fill, count: missing)
    switch align ?? (isNumber ? ">" : "<") {
    case "<": return text + filling
    case "^":
      let left = missing / 2
      return String(repeating: fill, count: left) + text
        + String(repeating: fill, count: missing - left)
    case "=":
      let sign = text.prefix { "+-".contains($0) }
      return sign + filling + text.dropFirst(sign.count)
    default: return filling + text
    }
  }
}

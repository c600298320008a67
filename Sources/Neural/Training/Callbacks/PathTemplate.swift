import OrderedCollections

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A path with places for numbers, as Python's `format` fills them: `{epoch:02d}-{val_loss:.2f}`.
struct PathTemplate {
  let text: String

  /// The path with these numbers in it.
  ///
  /// - Throws: `PassError` where a name is not among them, or a format is not one for numbers.
  func filled(
    epoch: Int, batch: Int? = nil, _ results: OrderedDictionary<String, Double>
  ) throws(PassError) -> String {
    var out = ""
    var rest = Substring(text)
    while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      out += rest[..<open]
      let mark = rest[open]
      rest = rest[rest.index(after: open)...]
      if rest.first == mark {
        out.append(mark)
        rest = rest.dropFirst()
        continue
      }
      guard mark == "{", let close = rest.firstIndex(of: "}") else {
        throw PassError("the path '\(text)' has a lone \(mark)", remedy: "write it twice")
      }
      let field = rest[..<close].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      rest = rest[rest.index(after: close)...]
      let (name, format) = (String(field[0]), field.count > 1 ? String(field[1]) : "")
      switch name {
      case "epoch": out += try formatted(Double(epoch), whole: epoch, format)
      case "batch" where batch != nil:
        out += try formatted(Double(batch ?? 0), whole: batch, format)
      default:
        guard let value = results[name] else {
          let near = nearest(to: name, in: results.keys)
          throw PassError(
            "the path '\(text)' names '\(name)', which is no result",
            remedy: near.map { "did you mean \($0)?" }
              ?? "the results are \(results.keys.joined(separator: ", "))")
        }
        out += try formatted(value, whole: nil, format)
      }
    }
    return out + rest
  }

  /// A number as a format such as `02d` or `.2f` says.
  private func formatted(
    _ value: Double, whole: Int?, _ format: String
  ) throws(PassError) -> String {
    var rest = Substring(format)
    let fillsWithZeros = rest.first == "0"
    let width = Int(rest.prefix(while: \.isNumber)) ?? 0
    rest = rest.drop(while: \.isNumber)
    var precision: Int?
    if rest.first == "." {
      rest = rest.dropFirst()
      precision = Int(rest.prefix(while: \.isNumber))
      rest = rest.drop(while: \.isNumber)
    }
    guard width <= 64, precision ?? 0 <= 32 else { throw wrong(format) }
    var text: String
    switch (String(rest), whole) {
    case ("", let whole?) where precision == nil: text = String(whole)
    case ("d", let whole?) where precision == nil: text = String(whole)
    case ("", nil) where precision == nil: text = value.pythonDescription
    case ("f", _), ("F", _): text = Self.printed(value, "f", precision ?? 6)
    case ("e", _), ("E", _): text = Self.printed(value, String(rest), precision ?? 6)
    case ("g", _), ("G", _), ("", _):
      text = Self.printed(value, rest.isEmpty ? "g" : String(rest), precision ?? 6)
    case ("%", _): text = Self.printed(value * 100, "f", precision ?? 6) + "%"
    default: throw wrong(format)
    }
    let missing = max(width - text.count, 0)
    guard fillsWithZeros else { return String(repeating: " ", count: missing) + text }
    let sign = text.hasPrefix("-") ? "-" : ""
    text = sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
    return text
  }

  private func wrong(_ format: String) -> PassError {
    PassError(
      "the path '\(text)' has the format ':\(format)'",
      remedy: "use one for numbers, such as :02d or :.2f")
  }

  /// A number with so many digits behind the point.
  static func fixed(_ value: Double, _ digits: Int) -> String { printed(value, "f", digits) }

  private static func printed(_ value: Double, _ kind: String, _ precision: Int) -> String {
    var buffer = Array(repeating: CChar(0), count: 512)
    let count = withVaList([Int32(precision), value]) {
      vsnprintf(&buffer, buffer.count, "%.*" + kind, $0)
    }
    let bytes = buffer.prefix(max(Int(count), 0)).map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The one place that makes text harmless to a terminal: screen, errors and results pass it.
///
/// Controls (C0, DEL, C1), bidirectional and zero-width controls, line and paragraph separators,
/// the byte order mark and tag characters become visible escapes: `\x1b`, `\n`, `\u{202e}`.
public enum Sanitizer {
  /// Text without any character that could command a terminal or hide.
  public static func sanitized(_ text: String) -> String {
    guard needsEscape(text) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if mustEscape(scalar) {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether any character of the text would be escaped.
  public static func needsEscape(_ text: String) -> Bool {
    var isPlain = true
    for byte in text.utf8 where byte < 0x20 || byte >= 0x7f {
      isPlain = false
      break
    }
    return !isPlain && text.unicodeScalars.contains(where: mustEscape)
  }

  /// Whether a scalar commands, hides or reorders instead of showing.
  public static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7f: false
    case 0..<0xa0, 0xad: true
    case 0xa0..<0x600: false
    // Fillers are letters by category, yet show nothing.
    case 0x115f, 0x1160, 0x3164, 0xffa0: true
    case 0x2070..<0xfe00: false
    default: isInvisible(scalar.properties.generalCategory)
    }
  }

  private static func isInvisible(_ category: Unicode.GeneralCategory) -> Bool {
    switch category {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let digits = String(scalar.value, radix: 16)
      guard scalar.value < 0x100 else { return "\\u{\(digits)}" }
      return "\\x" + (digits.count < 2 ? "0" : "") + digits
    }
  }
}

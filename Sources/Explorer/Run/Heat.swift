import Screen

/// A number as one character: how large by density, its sign by the kind of strokes.
///
/// Positive numbers are blocks ░▒▓█, negative ones lines - = ≡ ≣, four steps each; 0 is 0. The
/// sign never hangs on colour, which tells directions apart.
struct Heat {
  /// The magnitude that the fullest characters stand for.
  let limit: Float

  static let positive: [Character] = ["░", "▒", "▓", "█"]
  static let negative: [Character] = ["-", "=", "≡", "≣"]
  /// What was not computed yet when the clock stands here.
  static let pending: Character = "·"

  /// The character of a number.
  func glyph(_ value: Float) -> Character {
    if value.isNaN { return "N" }
    if value == 0 { return "0" }
    if value.isInfinite { return value > 0 ? "█" : "≣" }
    let share = limit > 0 ? min(value.magnitude / limit, 1) : 1
    let level = min(Int(share * 4), 3)
    return value < 0 ? Heat.negative[level] : Heat.positive[level]
  }

  /// The look of a number in a colour: what is no number stands out, zero steps back.
  func style(_ value: Float, _ style: Style) -> Style {
    if value.isNaN { return Style(.error, bold: true) }
    return value == 0 ? .muted : style
  }
}

/// A number with `digits` decimals: `−0.3122`; what is none in words.
func decimals(_ value: Float, _ digits: Int = 4) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "−∞" : "∞" }
  var power = 1.0
  for _ in 0..<digits { power *= 10 }
  let scaled = (Double(value) * power).rounded()
  guard abs(scaled) < 1e12, let whole = Int(exactly: scaled) else {
    return "\(value)".replacingMinus
  }
  let magnitude = whole.magnitude
  let fraction = String(magnitude % UInt(power))
  let sign = whole < 0 ? "−" : ""
  return sign + String(magnitude / UInt(power)) + "."
    + String(repeating: "0", count: max(digits - fraction.count, 0)) + fraction
}

extension String {
  fileprivate var replacingMinus: String { String(map { $0 == "-" ? "−" : $0 }) }
}

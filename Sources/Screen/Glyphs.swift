/// What stands for a character where the terminal knows ASCII only.
///
/// The terminal applies it at the last moment; views never ask.
public enum Glyphs {
  /// A text in ASCII of the same number of columns.
  public static func ascii(_ text: String) -> String {
    if isPlainASCII(text) { return text }
    return TextClusters(Sanitizer.sanitized(text)).reduce(into: "") {
      $0 += ascii($1.base, width: $1.width)
    }
  }

  /// The ASCII for a character of 1 or 2 columns; `?` for each column of one without a likeness.
  public static func ascii(_ scalar: Unicode.Scalar, width: Int = 1) -> String {
    if scalar.isASCII { return String(Character(scalar)) }
    if width == 2 { return "??" }
    return String(likeness(of: scalar) ?? "?")
  }

  private static func likeness(of scalar: Unicode.Scalar) -> Character? {
    switch scalar.value {
    case 0x2500...0x257f: boxDrawing(scalar)
    case 0x2580...0x259f: block(scalar)
    case 0x2800: " "
    case 0x2801...0x28ff: ":"
    default: signs[scalar]
    }
  }

  private static func boxDrawing(_ scalar: Unicode.Scalar) -> Character {
    switch scalar {
    // Heavy and broken lines are told from plain ones.
    case "━": "="
    case "╌": "."
    case "─", "┄", "┅", "┈", "┉", "╍", "╴", "╶", "╸", "╺", "╼", "╾": "-"
    case "│", "┃", "┆", "┇", "┊", "┋", "╎", "╏", "╵", "╷", "╹", "╻", "╽", "╿", "║": "|"
    case "═": "="
    case "╱": "/"
    case "╲": "\\"
    case "╳": "x"
    default: "+"
    }
  }

  private static func block(_ scalar: Unicode.Scalar) -> Character {
    switch scalar {
    case "█", "▇", "▉", "▊", "▀", "▐": "#"
    case "▆", "▅", "▄", "▋", "▌": "="
    case "▃", "▂", "▍": "-"
    case "▁", "▎", "▏", "▔", "▕": "."
    // Shades rise like this, beside lines for negative numbers.
    case "░": ":"
    case "▒": "+"
    case "▓": "*"
    default: "#"
    }
  }

  private static let signs: [Unicode.Scalar: Character] = [
    "→": ">", "←": "<", "↑": "^", "↓": "v", "↔": "-", "↕": "|", "⇒": ">", "⇐": "<", "↵": "<",
    "▸": ">", "▶": ">", "▹": ">", "▷": ">", "◂": "<", "◀": "<", "◃": "<", "◁": "<",
    "▴": "^", "▲": "^", "▾": "v", "▼": "v", "›": ">", "‹": "<", "»": ">", "«": "<",
    "·": ".", "•": "*", "●": "*", "○": "o", "◉": "*", "◆": "*", "◇": "o", "■": "#", "□": "o",
    "★": "*", "✓": "+", "✔": "+", "✗": "!", "✘": "!", "×": "x", "÷": "/", "⋅": ".", "∘": "o",
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "±": "~", "≈": "~", "≠": "!", "≤": "<",
    "≥": ">", "∞": "8", "≡": "%", "≣": "@", "‖": "|", "√": "V", "∑": "S", "∂": "d", "∇": "v",
    "…": "~", "⋯": "~", "⋮": ":",
    "‘": "'", "’": "'", "“": "\"", "”": "\"", "′": "'", "″": "\"", "°": "o", "\u{a0}": " ",
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8",
    "₉": "9", "₊": "+", "₋": "-", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁻": "-",
    "ₜ": "t", "σ": "s", "µ": "u", "μ": "u", "⟨": "<", "⟩": ">", "⊕": "+", "⊗": "x", "⊙": "o",
  ]
}

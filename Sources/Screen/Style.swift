/// How a cell looks: two colours, where nil is the terminal's own, and attributes.
public struct Style: Hashable, Sendable {
  /// The text's colour; nil is the terminal's own.
  public var foreground: Color?
  /// The colour behind the text; nil is the terminal's own.
  public var background: Color?
  private var attributes: UInt8

  /// The terminal's own text.
  public static let plain = Style()
  /// Hints and borders.
  public static let muted = Style(.muted)
  /// The selected row: seen in every terminal, with colours or without.
  public static let selected = Style(reverse: true)

  /// Makes a style; what is left out is the terminal's own.
  public init(
    _ foreground: Color? = nil, background: Color? = nil, bold: Bool = false, dim: Bool = false,
    italic: Bool = false, underline: Bool = false, reverse: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    attributes = 0
    self.bold = bold
    self.dim = dim
    self.italic = italic
    self.underline = underline
    self.reverse = reverse
  }

  /// Heavier strokes.
  public var bold: Bool {
    get { attributes & 1 != 0 }
    set { set(1, newValue) }
  }
  /// Fainter text.
  public var dim: Bool {
    get { attributes & 2 != 0 }
    set { set(2, newValue) }
  }
  /// Slanted text, where the terminal can.
  public var italic: Bool {
    get { attributes & 4 != 0 }
    set { set(4, newValue) }
  }
  /// A line below.
  public var underline: Bool {
    get { attributes & 8 != 0 }
    set { set(8, newValue) }
  }
  /// Foreground and background exchanged.
  public var reverse: Bool {
    get { attributes & 16 != 0 }
    set { set(16, newValue) }
  }

  private mutating func set(_ bit: UInt8, _ on: Bool) {
    attributes = on ? attributes | bit : attributes & ~bit
  }

  /// This style with another on top: the other's colours where it has any, the attributes of both.
  public func merging(_ other: Style) -> Style {
    var merged = self
    merged.foreground = other.foreground ?? foreground
    merged.background = other.background ?? background
    merged.attributes |= other.attributes
    return merged
  }
}

/// The modes that a program's output leaves a terminal in.
struct ScreenModes: Equatable {
  /// Private modes (`ESC [ ? n h`) that are on: 1 cursor keys, 7 wrapping,
  /// which is on at first, 1000… mouse, 1049 screen, 2004 paste.
  private(set) var on: Set<Int> = [7]
  /// Whether the cursor is hidden.
  private(set) var isCursorHidden = false
  /// Whether the keypad sends sequences.
  private(set) var isKeypadOn = false
  /// Whether text would come out with colours or attributes.
  private(set) var hasAttributes = false

  /// A terminal nobody has changed.
  static let untouched = ScreenModes()

  private init() {}

  /// Follows a program's output from its start.
  init(after output: [UInt8]) {
    var rest = output[...]
    while let byte = rest.popFirst() {
      guard byte == 0x1b, let next = rest.popFirst() else { continue }
      switch next {
      case UInt8(ascii: "="): isKeypadOn = true
      case UInt8(ascii: ">"): isKeypadOn = false
      case UInt8(ascii: "["):
        let parameters = rest.prefix { (0x20..<0x40).contains($0) }
        rest = rest.dropFirst(parameters.count)
        guard let final = rest.popFirst() else { return }
        apply(String(decoding: parameters, as: UTF8.self), final)
      default: break
      }
    }
  }

  private mutating func apply(_ parameters: String, _ final: UInt8) {
    switch (parameters.first, Character(Unicode.Scalar(final))) {
    case ("?", "h"), ("?", "l"):
      let isOn = final == UInt8(ascii: "h")
      for mode in parameters.dropFirst().split(separator: ";").compactMap({ Int($0) }) {
        switch mode {
        case 25: isCursorHidden = !isOn
        // Blinking of the cursor, which ncurses switches along with its visibility.
        case 12: break
        default: if isOn { on.insert(mode) } else { on.remove(mode) }
        }
      }
    case (_, "m"): hasAttributes = !["", "0", "39;49"].contains(parameters)
    default: break
    }
  }
}

@preconcurrency import CNcurses
import Screen

/// What ncurses needs to know to draw a style: its pair of colours and its attributes.
@MainActor
struct ColorPairs {
  let depth: ColorDepth
  private var pairs: [Colors: Int16] = [Colors(foreground: -1, background: -1): 0]
  private let limit: Int

  private struct Colors: Hashable {
    let foreground: Int16
    let background: Int16
  }

  /// Asks the terminal for its colours; none if `isMonochrome`.
  init(isMonochrome: Bool) {
    guard !isMonochrome, has_colors(), start_color() == OK else {
      depth = .none
      limit = 0
      return
    }
    _ = use_default_colors()
    // The numbers of a direct-colour terminal above 7 are not places in a palette.
    depth =
      switch COLORS {
      case 256: .palette256
      case 16..<256: .ansi16
      case 8...: .ansi8
      default: .none
      }
    limit = Int(min(COLOR_PAIRS, Int32(Int16.max)))
  }

  mutating func look(of style: Style) -> (attributes: UInt32, pair: Int16) {
    var attributes: UInt32 = 0
    if style.bold { attributes |= cn_bold }
    if style.dim { attributes |= cn_dim }
    if style.italic { attributes |= cn_italic }
    if style.underline { attributes |= cn_underline }
    if style.reverse { attributes |= cn_reverse }
    let foreground = style.foreground?.index(at: depth)
    let background = style.background?.index(at: depth)
    if style.foreground == .muted, foreground == nil { attributes |= cn_dim }
    // A selection is seen without colours too.
    if style.background != nil, background == nil { attributes |= cn_reverse }
    return (attributes, pair(foreground ?? -1, background ?? -1))
  }

  private mutating func pair(_ foreground: Int, _ background: Int) -> Int16 {
    let colors = Colors(foreground: Int16(foreground), background: Int16(background))
    if let pair = pairs[colors] { return pair }
    // With fewer pairs than wanted the rest shows in the terminal's own colours.
    guard pairs.count < limit else { return 0 }
    let pair = Int16(pairs.count)
    guard init_pair(pair, colors.foreground, colors.background) == OK else { return 0 }
    pairs[colors] = pair
    return pair
  }
}

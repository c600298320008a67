/// How many colours a terminal has.
public enum ColorDepth: Sendable, CaseIterable {
  /// None, or the person asked for none: bold, underline and reverse remain.
  case none
  /// The eight ANSI colours.
  case ansi8
  /// The eight ANSI colours and their bright variants.
  case ansi16
  /// The palette of 256.
  case palette256
}

/// A colour by what it stands for; each axis has one, the same on every screen.
///
/// The 256-colour values are of middling lightness, to be read on dark and on light backgrounds
/// alike. Forward is blue and backward orange, which colour-blind people tell apart.
public enum Color: UInt8, Hashable, Sendable, CaseIterable {
  /// The batch axis, B.
  case batch
  /// The time axis, T.
  case time
  /// The feature axis, F.
  case features
  /// The height axis, H.
  case height
  /// The width axis, W.
  case width
  /// The channel axis, C.
  case channels
  /// The direction that reads from the first timestep to the last.
  case forward
  /// The direction that reads from the last timestep to the first.
  case backward
  /// Numbers above zero, in a map of numbers.
  case positive
  /// Numbers below zero.
  case negative
  /// Titles, the active pane, keys.
  case accent
  /// What is there but does not matter now: borders, hints.
  case muted
  /// What is wrong.
  case error
  /// What deserves a look.
  case warning
  /// What was done.
  case success
  /// The background of a selection; pair it with ``onSelection``.
  case selection
  /// Text that stands on ``selection``.
  case onSelection

  /// The colour's number at a depth, as terminals count; nil where the terminal's own text
  /// colour serves.
  public func index(at depth: ColorDepth) -> Int? {
    switch depth {
    case .none: nil
    case .ansi8: values.ansi8
    case .ansi16: values.ansi16
    case .palette256: values.palette256
    }
  }

  private var values: (palette256: Int, ansi16: Int, ansi8: Int?) {
    switch self {
    case .batch: (133, 5, 5)
    case .time: (30, 6, 6)
    case .features: (64, 2, 2)
    case .height: (168, 13, 1)
    case .width: (137, 11, 3)
    case .channels: (103, 14, 4)
    case .forward: (33, 12, 4)
    case .backward: (166, 3, 3)
    // Green and magenta: colour-blind people tell them apart, and neither is a direction's.
    case .positive: (29, 10, 2)
    case .negative: (162, 13, 5)
    case .accent: (99, 13, 5)
    case .muted: (244, 8, nil)
    case .error: (160, 9, 1)
    case .warning: (136, 3, 3)
    case .success: (29, 10, 2)
    case .selection: (24, 4, 4)
    case .onSelection: (231, 15, 7)
    }
  }
}

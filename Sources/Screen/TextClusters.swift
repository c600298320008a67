/// What one cell shows: a character that takes 1 or 2 columns, and the marks on it.
struct TextCluster {
  let base: Unicode.Scalar
  let marks: String
  let width: Int

  var text: String { String(Character(base)) + marks }
}

/// A sanitised text as cells show it, one spacing character each.
///
/// Terminals follow `wcwidth` character by character and disagree about anything cleverer, so
/// variation selectors and skin tones, over which they disagree, are left out.
struct TextClusters: Sequence, IteratorProtocol {
  /// As many marks as a cell of ncurses holds beside its character.
  private static let mostMarks = 4
  private var scalars: String.UnicodeScalarView.Iterator
  private var pending: Unicode.Scalar?

  init(_ sanitized: String) {
    scalars = sanitized.unicodeScalars.makeIterator()
  }

  mutating func next() -> TextCluster? {
    guard let first = nextDrawn(after: nil) else { return nil }
    let width = displayWidth(of: first)
    // A mark with nothing before it stands on a blank.
    let base = width == 0 ? " " : first
    var marks = width == 0 ? String(Character(first)) : ""
    var count = marks.isEmpty ? 0 : 1
    while let scalar = nextDrawn(after: base) {
      guard displayWidth(of: scalar) == 0 else {
        pending = scalar
        break
      }
      if count < TextClusters.mostMarks { marks.unicodeScalars.append(scalar) }
      count += 1
    }
    return TextCluster(base: base, marks: marks, width: Swift.max(width, 1))
  }

  private mutating func nextDrawn(after base: Unicode.Scalar?) -> Unicode.Scalar? {
    if let scalar = pending {
      pending = nil
      return scalar
    }
    while let scalar = scalars.next() {
      switch scalar.value {
      case 0xfe00...0xfe0f, 0xe0100...0xe01ef: continue
      case 0x1f3fb...0x1f3ff where base?.properties.isEmojiModifierBase == true: continue
      default: return scalar
      }
    }
    return nil
  }
}

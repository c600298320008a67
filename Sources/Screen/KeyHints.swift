/// A key and what it does here.
public struct KeyHint: Hashable, Sendable {
  /// The key as a person reads it, such as `ctrl-r`.
  public let key: String
  /// What it does, in a word or two.
  public let label: String

  /// Makes a hint.
  public init(_ key: String, _ label: String) {
    self.key = key
    self.label = label
  }
}

/// A line of key hints; those that do not fit drop from the end.
public struct KeyHints: Hashable, Sendable {
  /// The hints, the most important first.
  public let hints: [KeyHint]
  /// Shown at the end however little fits, as `? help` is.
  public let last: KeyHint?

  /// Makes a line of hints.
  public init(_ hints: [KeyHint], last: KeyHint? = nil) {
    self.hints = hints
    self.last = last
  }

  /// Draws the hints that fit in the first row of `rect`, two blanks between them.
  public func render(
    into canvas: inout Canvas, in rect: Rect, keyStyle: Style = Style(.accent, bold: true),
    labelStyle: Style = .plain
  ) {
    guard rect.width > 0, rect.height > 0 else { return }
    var x = rect.minX
    for hint in shown(in: rect.width) {
      x += canvas.write(hint.key, at: Point(x: x, y: rect.minY), style: keyStyle) + 1
      x += canvas.write(hint.label, at: Point(x: x, y: rect.minY), style: labelStyle) + 2
    }
  }

  /// The hints that fit in a number of columns.
  public func shown(in columns: Int) -> [KeyHint] {
    var room = columns
    let end = last.filter { width(of: $0) <= columns }
    if let end { room -= width(of: end) + 2 }
    var shown: [KeyHint] = []
    for hint in hints {
      let width = width(of: hint)
      guard width <= room else { break }
      shown.append(hint)
      room -= width + 2
    }
    return shown + (end.map { [$0] } ?? [])
  }

  private func width(of hint: KeyHint) -> Int {
    displayWidth(of: hint.key) + 1 + displayWidth(of: hint.label)
  }
}

extension Optional {
  fileprivate func filter(_ isKept: (Wrapped) -> Bool) -> Wrapped? {
    flatMap { isKept($0) ? $0 : nil }
  }
}

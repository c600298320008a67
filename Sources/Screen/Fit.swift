/// Where a text that is too long loses its characters.
public enum Truncation: Sendable {
  /// The end goes: `bidirecti…`.
  case end
  /// The middle goes, as for file names: `bidi…nal.py`.
  case middle
  /// The start goes: `…ectional.py`.
  case start
}

/// Where a text that is too short stands.
public enum Alignment: Sendable {
  /// Blanks follow.
  case left
  /// Blanks precede, as for numbers.
  case right
  /// Blanks on both sides.
  case center
}

/// A text in at most `columns` columns, sanitised; `…` stands for what was left out.
public func fit(_ text: String, to columns: Int, truncation: Truncation = .end) -> String {
  guard columns > 0 else { return "" }
  if text.utf8.count <= columns, isPlainASCII(text) { return text }
  let shown = Sanitizer.sanitized(text)
  let clusters = Array(TextClusters(shown))
  guard clusters.reduce(0, { $0 + $1.width }) > columns else { return shown }
  let room = columns - 1
  let tail =
    switch truncation {
    case .end: 0
    case .middle: room / 2
    case .start: room
    }
  let end = prefix(clusters.reversed(), columns: tail).reversed()
  let endWidth = end.reduce(0) { $0 + $1.width }
  let start = truncation == .start ? [] : prefix(clusters, columns: room - endWidth)
  return start.reduce(into: "") { $0 += $1.text } + "…" + end.reduce(into: "") { $0 += $1.text }
}

/// A text in exactly `columns` columns: fitted, then filled with blanks.
public func pad(
  _ text: String, to columns: Int, alignment: Alignment = .left, truncation: Truncation = .end
) -> String {
  let fitted = fit(text, to: columns, truncation: truncation)
  let blanks = max(0, columns - displayWidth(of: fitted))
  let before =
    switch alignment {
    case .left: 0
    case .right: blanks
    case .center: blanks / 2
    }
  return String(repeating: " ", count: before) + fitted
    + String(repeating: " ", count: blanks - before)
}

private func prefix(_ clusters: some Sequence<TextCluster>, columns: Int) -> [TextCluster] {
  var taken: [TextCluster] = []
  var width = 0
  for cluster in clusters {
    width += cluster.width
    if width > columns { break }
    taken.append(cluster)
  }
  return taken
}

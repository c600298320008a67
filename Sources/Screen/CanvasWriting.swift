extension Canvas {
  /// Writes a line of text from `point` to the right.
  ///
  /// - Parameters:
  ///   - text: One line; line breaks and other controls show as escapes.
  ///   - point: Where the first character goes; it may lie outside.
  ///   - style: The look of every cell written.
  ///   - maxWidth: Columns the text may take; a longer one ends in `…`.
  /// - Returns: Columns from `point` to the end of the text, or to where the clip cut it off.
  @discardableResult
  public mutating func write(
    _ text: String, at point: Point, style: Style = .plain, maxWidth: Int? = nil
  ) -> Int {
    let reach = 1_000_000
    guard abs(point.x.clamped(to: -reach...reach)) < reach else { return 0 }
    if let maxWidth {
      return write(fit(text, to: min(maxWidth, reach)), at: point, style: style)
    }
    guard point.y >= clip.minY, point.y < clip.maxY else {
      return min(displayWidth(of: text), reach)
    }
    if isPlainASCII(text) { return writeASCII(text, at: point, style: style) }
    var x = point.x
    for cluster in TextClusters(Sanitizer.sanitized(text)) {
      guard x < clip.maxX else { break }
      put(cluster, at: Point(x: x, y: point.y), style: style)
      x += cluster.width
    }
    return x - point.x
  }

  private mutating func writeASCII(_ text: String, at point: Point, style: Style) -> Int {
    var x = point.x
    for byte in text.utf8 {
      guard x < clip.maxX else { break }
      if x >= clip.minX {
        set(PackedCell(symbol: UInt32(byte), width: 1, style: style), at: Point(x: x, y: point.y))
      }
      x += 1
    }
    return x - point.x
  }

  private mutating func put(_ cluster: TextCluster, at point: Point, style: Style) {
    let last = point.x + cluster.width - 1
    guard point.x >= clip.minX, last < clip.maxX else {
      // Half a wide character cannot be shown: a blank stands in its place.
      for x in max(point.x, clip.minX)..<max(min(last + 1, clip.maxX), max(point.x, clip.minX)) {
        set(PackedCell(symbol: 0x20, width: 1, style: style), at: Point(x: x, y: point.y))
      }
      return
    }
    var symbol = cluster.base.value
    if !cluster.marks.isEmpty {
      symbol = PackedCell.markedFlag | UInt32(marked.count)
      marked.append(TextMarks(base: cluster.base, marks: cluster.marks))
    }
    set(PackedCell(symbol: symbol, width: UInt8(cluster.width), style: style), at: point)
    if cluster.width == 2 {
      let right = Point(x: last, y: point.y)
      blankOtherHalf(at: right)
      cells[right.y * size.width + right.x] = PackedCell(symbol: 0, width: 0, style: style)
    }
  }

  /// Sets a cell inside the clip; a wide character that loses a half loses the other too.
  private mutating func set(_ cell: PackedCell, at point: Point) {
    blankOtherHalf(at: point)
    cells[point.y * size.width + point.x] = cell
  }

  private mutating func blankOtherHalf(at point: Point) {
    let index = point.y * size.width + point.x
    switch cells[index].width {
    case 0 where point.x > 0: cells[index - 1].blank()
    case 2 where point.x + 1 < size.width: cells[index + 1].blank()
    default: break
    }
  }

  /// Sets every cell of a rectangle to a blank of `style`.
  public mutating func fill(_ rect: Rect, style: Style = .plain) {
    fill(rect, with: " ", style: style)
  }

  /// Sets every cell of a rectangle to a character that takes one column.
  public mutating func fill(_ rect: Rect, with scalar: Unicode.Scalar, style: Style = .plain) {
    let rect = rect.intersection(clip)
    let shown =
      Sanitizer.mustEscape(scalar) || displayWidth(of: scalar) != 1 ? " " : scalar
    let cell = PackedCell(symbol: shown.value, width: 1, style: style)
    for y in rect.minY..<rect.maxY {
      for x in rect.minX..<rect.maxX { set(cell, at: Point(x: x, y: y)) }
    }
  }

  /// Lays a style over what a rectangle shows, as for a selected row.
  public mutating func restyle(_ rect: Rect, with style: Style) {
    let rect = rect.intersection(clip)
    for y in rect.minY..<rect.maxY {
      for x in rect.minX..<rect.maxX {
        let index = y * size.width + x
        cells[index].style = cells[index].style.merging(style)
      }
    }
  }
}

extension PackedCell {
  /// Removes the character and leaves the colours.
  mutating func blank() {
    symbol = 0x20
    width = 1
  }
}

extension Int {
  func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

extension Canvas {
  /// Draws a line from `point` to the right.
  public mutating func horizontalLine(at point: Point, length: Int, style: Style = .plain) {
    fill(Rect(x: point.x, y: point.y, width: length, height: 1), with: "─", style: style)
  }

  /// Draws a line from `point` downwards.
  public mutating func verticalLine(at point: Point, length: Int, style: Style = .plain) {
    fill(Rect(x: point.x, y: point.y, width: 1, height: length), with: "│", style: style)
  }

  /// Draws a border just inside a rectangle, with a title in its upper edge.
  ///
  /// A rectangle narrower or lower than two cells has room for no border and stays as it is.
  /// - Parameters:
  ///   - rect: The border's outer edge.
  ///   - title: Shown in the upper edge, cut to its length; none if empty.
  ///   - style: The border's look.
  ///   - titleStyle: The title's look; the border's if nil.
  /// - Returns: The room inside.
  @discardableResult
  public mutating func box(
    _ rect: Rect, title: String = "", style: Style = .plain, titleStyle: Style? = nil
  ) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else { return rect.inset() }
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    for y in [rect.minY, bottom] {
      horizontalLine(at: Point(x: rect.minX, y: y), length: rect.width, style: style)
    }
    for x in [rect.minX, right] {
      verticalLine(at: Point(x: x, y: rect.minY), length: rect.height, style: style)
    }
    write("┌", at: rect.origin, style: style)
    write("┐", at: Point(x: right, y: rect.minY), style: style)
    write("└", at: Point(x: rect.minX, y: bottom), style: style)
    write("┘", at: Point(x: right, y: bottom), style: style)
    // Corner, blank, title, blank, and one dash before the other corner.
    let shown = fit(title, to: rect.width - 5)
    if !shown.isEmpty {
      let look = titleStyle ?? style
      write(" \(shown) ", at: Point(x: rect.minX + 1, y: rect.minY), style: look)
    }
    return rect.inset()
  }
}

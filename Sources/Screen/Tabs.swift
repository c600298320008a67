/// Titles beside each other, one of them selected: `1 Stack  2 Run`.
public struct Tabs: Hashable, Sendable {
  /// The titles.
  public let titles: [String]
  /// The selected title's place, from 0.
  public let selected: Int

  /// Makes a row of tabs.
  public init(_ titles: [String], selected: Int) {
    self.titles = titles
    self.selected = selected
  }

  /// Columns of all titles, with two blanks between them.
  public var width: Int {
    titles.reduce(0) { $0 + displayWidth(of: $1) } + 2 * max(0, titles.count - 1)
  }

  /// Draws the titles in the first row of `rect`, cut off at its end.
  ///
  /// - Parameters:
  ///   - canvas: Drawn into.
  ///   - rect: The room; its first row is used.
  ///   - style: The look of the titles that are not selected.
  ///   - selectedStyle: The look of the selected one.
  /// - Returns: Where each title stands, for the mouse.
  @discardableResult
  public func render(
    into canvas: inout Canvas, in rect: Rect, style: Style = .muted,
    selectedStyle: Style = Style(.accent, bold: true, underline: true)
  ) -> [Rect] {
    let row = rect.row(0)
    var x = row.minX
    return canvas.clipped(to: row) { canvas in
      titles.enumerated().map { index, title in
        let look = index == selected ? selectedStyle : style
        canvas.write(title, at: Point(x: x, y: row.minY), style: look)
        let width = displayWidth(of: title)
        defer { x += width + 2 }
        return Rect(x: x, y: row.minY, width: width, height: 1).intersection(row)
      }
    }
  }
}

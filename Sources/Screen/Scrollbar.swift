/// A vertical bar that tells which part of a list is on screen.
public struct Scrollbar: Hashable, Sendable {
  /// Rows of the list.
  public let count: Int
  /// The rows on screen.
  public let visible: Range<Int>

  /// Makes a scrollbar for the rows on screen out of `count`.
  public init(count: Int, visible: Range<Int>) {
    self.count = max(0, count)
    self.visible = visible
  }

  /// Draws the thumb in the first column of `rect`; nothing where everything is on screen.
  ///
  /// The column's other cells stay as they are, so that the bar can lie on a border.
  public func render(into canvas: inout Canvas, in rect: Rect, style: Style = .muted) {
    guard rect.width > 0, rect.height > 0, count > visible.count, !visible.isEmpty else { return }
    let track = rect.height
    let length = max(1, min(track, visible.count.multipliedClamped(by: track) / count))
    let hidden = count - visible.count
    let start = visible.lowerBound.multipliedClamped(by: track - length) / hidden
    canvas.fill(
      Rect(
        x: rect.minX, y: rect.minY + start.clamped(to: 0...track - length),
        width: 1, height: length),
      with: "▐", style: style)
  }
}

extension Int {
  fileprivate func multipliedClamped(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

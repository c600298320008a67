/// Which row of a list is selected, and which is the first on screen.
public struct ListCursor: Hashable, Sendable {
  /// The selected row, from 0.
  public private(set) var selection: Int
  /// The first visible row.
  public private(set) var offset: Int

  /// Makes a cursor on a row.
  public init(selection: Int = 0, offset: Int = 0) {
    self.selection = max(0, selection)
    self.offset = max(0, offset)
  }

  /// The rows on screen: the fewest steps from ``offset`` at which the selection is among them.
  ///
  /// - Parameters:
  ///   - count: Rows of the list.
  ///   - height: Rows on screen.
  /// - Returns: As many rows as fit; empty if there are none or no room.
  public func visible(count: Int, height: Int) -> Range<Int> {
    guard count > 0, height > 0 else { return 0..<0 }
    let height = min(height, count)
    let selection = min(self.selection, count - 1)
    let lowest = max(0, selection - height + 1)
    let first = min(max(offset, lowest), selection, count - height)
    return first..<first + height
  }

  /// Brings selection and offset inside a list that changed.
  public mutating func settle(count: Int, height: Int) {
    selection = max(0, min(selection, count - 1))
    offset = visible(count: count, height: height).lowerBound
  }

  /// Selects a row, or the nearest there is, and scrolls no more than it takes to show it.
  public mutating func select(_ row: Int, count: Int, height: Int) {
    selection = max(0, row)
    settle(count: count, height: height)
  }

  /// Scrolls without leaving the screen's selection behind, as the mouse wheel does.
  public mutating func scroll(by rows: Int, count: Int, height: Int) {
    guard count > 0, height > 0 else { return }
    let reach = max(0, count - height)
    offset = (offset + rows.clamped(to: -count...count)).clamped(to: 0...reach)
    selection = selection.clamped(to: offset...max(offset, min(offset + height, count) - 1))
  }

  /// Applies a list key.
  ///
  /// - Parameters:
  ///   - key: Arrows, home, end, page up and down; with `letters` also `j k g G`.
  ///   - count: Rows of the list.
  ///   - height: Rows on screen.
  ///   - letters: False where letters are text, as in a filter.
  /// - Returns: Whether the key is one of the list's.
  @discardableResult
  public mutating func handle(
    _ key: Key, count: Int, height: Int, letters: Bool = true
  ) -> Bool {
    let page = max(1, height - 1)
    let target: Int
    switch key {
    case .up: target = selection - 1
    case .down: target = selection + 1
    case .home: target = 0
    case .end: target = count - 1
    case .pageUp: target = selection - page
    case .pageDown: target = selection + page
    case .character("k") where letters: target = selection - 1
    case .character("j") where letters: target = selection + 1
    case .character("g") where letters: target = 0
    case .character("G") where letters: target = count - 1
    default: return false
    }
    select(target, count: count, height: height)
    return true
  }
}

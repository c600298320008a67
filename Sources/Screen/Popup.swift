/// A box that lies over the rest of the screen.
public struct Popup: Hashable, Sendable {
  /// The wanted room inside the border; the screen may have less.
  public let content: Size
  /// Shown in the upper edge.
  public let title: String

  /// Makes a popup with room for `content` inside its border.
  public init(content: Size, title: String = "") {
    self.content = content
    self.title = title
  }

  /// Clears what is under the popup, in the middle of `rect`, and draws its border.
  ///
  /// - Parameters:
  ///   - canvas: Drawn into; its cursor is hidden.
  ///   - rect: The room to stand in.
  ///   - style: The border's look.
  ///   - titleStyle: The title's look; the border's if nil.
  /// - Returns: The room inside the border.
  @discardableResult
  public func render(
    into canvas: inout Canvas, in rect: Rect, style: Style = Style(.accent),
    titleStyle: Style? = Style(.accent, bold: true)
  ) -> Rect {
    let outer = rect.centered(Size(width: content.width + 2, height: content.height + 2))
    canvas.fill(outer)
    canvas.cursor = nil
    return canvas.box(outer, title: title, style: style, titleStyle: titleStyle)
  }
}

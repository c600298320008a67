import Screen

/// Where the parts of the Stack screen stand, for a size of the terminal.
struct Frame {
  /// The title bar.
  let header: Rect
  /// The list of layers, its border included.
  let stack: Rect
  /// The inspector, its border included; empty where the terminal is too narrow for both.
  let inspector: Rect
  /// The totals of the model.
  let totals: Rect
  /// What just happened, or the command line.
  let status: Rect
  /// The keys.
  let hints: Rect
  /// The room between header and totals.
  let body: Rect

  private let isChain: Bool

  /// The smallest terminal that the screens fit.
  static let minimum = Size(width: 60, height: 16)

  /// The parts for a size.
  ///
  /// - Parameters:
  ///   - size: of the terminal.
  ///   - isChain: whether the list is a table; towers side by side get more room.
  init(size: Size, isChain: Bool) {
    let whole = Rect(size: size)
    let (header, rest) = whole.splitTop(1)
    let (footer, body) = rest.splitBottom(3)
    self.isChain = isChain
    self.header = header
    self.body = body
    totals = footer.row(0)
    status = footer.row(1)
    hints = footer.row(2)
    if size.width >= 80 {
      let share = isChain ? 38 : 34
      let split = body.splitRight(min(max(size.width * share / 100, 28), 60))
      (inspector, stack) = (split.right, split.rest)
    } else {
      (inspector, stack) = (Rect.zero, body)
    }
  }

  /// Whether the screens fit.
  static func fits(_ size: Size) -> Bool {
    size.width >= minimum.width && size.height >= minimum.height
  }

  /// The rows of the list that hold layers: the inside of its border below the column titles.
  var list: Rect {
    let inside = stack.inset().splitLeft(1).rest
    return isChain ? inside.splitTop(1).rest : inside
  }

  /// The inspector, or the whole body where there is no room beside the list.
  var inspectorOrBody: Rect { inspector.isEmpty ? body : inspector }
}

extension State {
  /// Where the parts of the screen stand now.
  var frame: Frame { Frame(size: size, isChain: document.layout.isChain) }
}

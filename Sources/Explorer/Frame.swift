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
  ///   - statusLines: the lines that the status takes; the panes give way to them.
  init(size: Size, isChain: Bool, statusLines: Int = 1) {
    let whole = Rect(size: size)
    let (header, rest) = whole.splitTop(1)
    let (footer, body) = rest.splitBottom(2 + statusLines)
    self.isChain = isChain
    self.header = header
    self.body = body
    totals = footer.row(0)
    let (message, last) = footer.splitTop(1).rest.splitTop(statusLines)
    status = message
    hints = last.row(0)
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
  var frame: Frame { frame(of: size) }

  /// Where the parts of a screen of `size` stand.
  func frame(of size: Size) -> Frame {
    Frame(
      size: size, isChain: document.layout.isChain,
      statusLines: max(statusText(width: size.width - 2).count, 1))
  }

  /// What just happened, in lines: a long message takes several, for its remedy stands at the end.
  func statusText(width: Int) -> [StyledText] {
    switch focus {
    case .command, .search, .confirmQuit, .confirmOverwrite: return []
    default: break
    }
    guard let status, width > 0 else { return [] }
    let text = Sanitizer.sanitized(status.text)
    return Array(wrapped(text, width, status.kind.style).prefix(4))
  }
}

import Screen

/// Where the parts that every screen has stand, for a size of the terminal.
struct Frame {
  /// The title bar.
  let header: Rect
  /// The room of the screen itself.
  let body: Rect
  /// A line below it: the totals of the model, the scale of what is shown.
  let summary: Rect
  /// What just happened, or the command line.
  let status: Rect
  /// The keys.
  let hints: Rect

  /// The smallest terminal that the screens fit.
  static let minimum = Size(width: 60, height: 16)

  /// The parts for a size.
  ///
  /// - Parameters:
  ///   - size: of the terminal.
  ///   - statusLines: the lines that the status takes; the body gives way to them.
  init(size: Size, statusLines: Int = 1) {
    let (header, rest) = Rect(size: size).splitTop(1)
    let (footer, body) = rest.splitBottom(2 + statusLines)
    self.header = header
    self.body = body
    summary = footer.row(0)
    let (message, last) = footer.splitTop(1).rest.splitTop(statusLines)
    status = message
    hints = last.row(0)
  }

  /// Whether the screens fit.
  static func fits(_ size: Size) -> Bool {
    size.width >= minimum.width && size.height >= minimum.height
  }
}

/// Where the parts of the Stack screen stand.
struct StackFrame {
  /// The list of layers, its border included.
  let stack: Rect
  /// The inspector, its border included; empty where the terminal is too narrow for both.
  let inspector: Rect

  private let body: Rect
  private let isChain: Bool

  /// The parts of a body.
  ///
  /// - Parameters:
  ///   - body: the room of the screen.
  ///   - isChain: whether the list is a table; towers side by side get more room.
  init(body: Rect, isChain: Bool) {
    self.body = body
    self.isChain = isChain
    if body.width >= 80 {
      let share = isChain ? 38 : 34
      let split = body.splitRight(min(max(body.width * share / 100, 28), 60))
      (inspector, stack) = (split.right, split.rest)
    } else {
      (inspector, stack) = (Rect.zero, body)
    }
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
    Frame(size: size, statusLines: max(statusText(width: size.width - 2).count, 1))
  }

  /// Where the parts of the Stack screen stand now.
  var stackFrame: StackFrame { stackFrame(in: frame.body) }

  /// Where the parts of the Stack screen stand in a body.
  func stackFrame(in body: Rect) -> StackFrame {
    StackFrame(body: body, isChain: document.layout.isChain)
  }

  /// What just happened, in lines: a long message takes several, for its remedy stands at the end.
  func statusText(width: Int) -> [StyledText] {
    switch focus {
    case .command, .search, .length, .confirmQuit, .confirmOverwrite: return []
    default: break
    }
    guard let status, width > 0 else { return [] }
    let text = Sanitizer.sanitized(status.text)
    return Array(wrapped(text, width, status.kind.style).prefix(4))
  }
}

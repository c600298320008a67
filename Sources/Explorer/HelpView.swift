import Neural
import Screen

/// The help of a screen, a line each.
private func helpLines(_ state: State) -> [StyledText] {
  var lines: [StyledText] = []
  for group in Keymap.groups(for: state) {
    if !lines.isEmpty { lines.append(StyledText()) }
    lines.append(StyledText(group.title, Style(bold: true)))
    for (key, help) in group.keys {
      lines.append(StyledText("  " + pad(key, to: 11) + " ", Style(.accent)) + StyledText(help))
    }
  }
  lines.append(StyledText())
  lines.append(StyledText("Commands", Style(bold: true)))
  for command in Command.all {
    lines.append(
      StyledText("  " + pad(command.usage, to: 16) + " ", Style(.accent)) + StyledText(command.help)
    )
  }
  return lines
}

/// Draws the keys of the screen over it, in two columns where there is room.
func viewHelp(_ state: State, from offset: Int, into canvas: inout Canvas, in rect: Rect) {
  let helpLines = helpLines(state)
  let title = state.showsMap ? "Weight" : state.screen.title
  let columns = rect.width >= 124 ? 2 : 1
  let rows = (helpLines.count + columns - 1) / columns
  let longest = helpLines.map(\.width).max() ?? 0
  let columnWidth = min(longest + 2, (rect.width - 6) / columns)
  let content = Size(
    width: columns == 2 ? columnWidth * 2 + 2 : rect.width < 96 ? rect.width - 2 : columnWidth + 2,
    height: min(rows, rect.height - 2))
  let inside = Popup(content: content, title: "\(title): keys and commands")
    .render(into: &canvas, in: rect).inset(columns: 1, rows: 0)
  let first = min(offset, max(rows - inside.height, 0))
  for column in 0..<columns {
    for row in 0..<inside.height {
      let index = column * rows + first + row
      guard first + row < rows, index < helpLines.count else { break }
      canvas.write(
        helpLines[index],
        at: Point(x: inside.minX + column * columnWidth, y: inside.minY + row),
        maxWidth: min(columnWidth - 2, inside.width))
    }
  }
  Scrollbar(count: rows, visible: first..<min(first + inside.height, rows)).render(
    into: &canvas, in: Rect(x: inside.maxX + 1, y: inside.minY, width: 1, height: inside.height))
}

/// Applies a key to the help.
func updateHelp(_ state: inout State, offset: Int, key: Key) {
  let helpLines = helpLines(state)
  let body = state.frame.body
  let columns = body.width >= 124 ? 2 : 1
  let rows = (helpLines.count + columns - 1) / columns
  let last = max(rows - (body.height - 2), 0)
  let target: Int
  switch key {
  case .up, .character("k"): target = offset - 1
  case .down, .character("j"): target = offset + 1
  case .pageUp: target = offset - body.height
  case .pageDown, .character(" "): target = offset + body.height
  case .home, .character("g"): target = 0
  case .end, .character("G"): target = last
  default:
    state.focus = .screen
    return
  }
  state.focus = .help(min(max(target, 0), last))
}

import Neural
import Screen

/// A command being typed behind `:`, with its completions.
public struct CommandPrompt: Sendable {
  /// What is typed.
  var field: TextField
  /// What the word at the cursor could become.
  private(set) var completions: [String] = []
  /// The completion that tab chose last.
  private(set) var chosen: Int?
  private var stem = ""
  /// How far back in the history the line is; 0 for a new one.
  var past = 0

  /// A line that begins with `text`.
  init(_ text: String = "") {
    field = TextField(text)
  }

  /// The part of the line before the word that completion replaces, and that word.
  var split: (before: String, word: String) {
    let text = field.textBeforeCursor
    guard let blank = text.lastIndex(of: " ") else { return ("", text) }
    return (String(text[...blank]), String(text[text.index(after: blank)...]))
  }

  mutating func insert(_ text: String) {
    field.insert(text)
    forget()
  }

  /// Forgets the completions: the line has changed.
  mutating func forget() {
    completions = []
    chosen = nil
  }

  /// Offers `candidates` for the word at the cursor and takes the first.
  mutating func complete(_ word: String, with candidates: [String]) {
    guard split.word == word else { return }
    stem = split.before
    completions = candidates
    chosen = nil
    cycle(by: 1)
  }

  /// Takes the next completion.
  mutating func cycle(by offset: Int) {
    guard !completions.isEmpty else { return }
    let next = chosen.map { ($0 + offset + completions.count) % completions.count }
    let index = next ?? (offset > 0 ? 0 : completions.count - 1)
    chosen = index
    field = TextField(stem + completions[index])
  }

  /// Draws the completions above the command line.
  func viewCompletions(into canvas: inout Canvas, above rect: Rect) {
    let shown = completions.isEmpty ? Command.help(for: field.text) : []
    let lines = completions.isEmpty ? shown : completions
    guard !lines.isEmpty else { return }
    let height = min(lines.count, 8)
    let width = min((lines.map { displayWidth(of: $0) }.max() ?? 0) + 2, rect.width - 2)
    let first = min(max((chosen ?? 0) - height + 1, 0), lines.count - height)
    let box = Rect(
      x: rect.minX + 1, y: rect.minY - height - 2, width: width + 2, height: height + 2)
    canvas.fill(box)
    let inside = canvas.box(box, style: .muted)
    for (row, line) in lines.dropFirst(first).prefix(height).enumerated() {
      let isChosen = first + row == chosen
      canvas.write(
        pad(" " + line, to: inside.width), at: Point(x: inside.minX, y: inside.minY + row),
        style: isChosen ? .selected : .plain, maxWidth: inside.width)
    }
  }
}

/// Applies a key to the command line.
func update(_ state: inout State, command line: CommandPrompt, key: Key) -> [Effect] {
  var line = line
  switch key {
  case .escape:
    state.focus = .screen
    state.status = nil
    return []
  case .enter:
    state.focus = .screen
    state.status = nil
    let text = line.field.text.trimmingBlanks
    guard !text.isEmpty else { return [] }
    if state.history.last != text { state.history.append(text) }
    return Command.run(text, &state)
  case .tab, .backTab:
    if !line.completions.isEmpty {
      line.cycle(by: key == .tab ? 1 : -1)
    } else if let path = Command.pathToComplete(line) {
      state.focus = .command(line)
      return [.complete(path: path)]
    } else {
      line.complete(line.split.word, with: Command.completions(line, state))
    }
  case .up, .down:
    let target = line.past + (key == .up ? 1 : -1)
    guard (0...state.history.count).contains(target) else { break }
    line = CommandPrompt(target == 0 ? "" : state.history[state.history.count - target])
    line.past = target
  case .backspace where line.field.isEmpty:
    state.focus = .screen
    return []
  default:
    if line.field.handle(key) { line.forget() }
  }
  state.focus = .command(line)
  return []
}

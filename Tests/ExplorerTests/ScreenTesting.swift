import Neural
import Screen
import Testing

@testable import Explorer

/// The explorer without a terminal: keys go in, the screen comes out as text.
struct ExplorerProbe {
  var state: State
  /// The effects that the keys asked for.
  var effects: [Effect] = []

  init(_ model: Model? = nil, path: String? = nil, size: (Int, Int) = (100, 30)) {
    let document = Document(model ?? State.emptyModel, path: path)
    state = State(
      documents: [document], size: Size(width: size.0, height: size.1))
  }

  /// Presses keys: characters, and names in angle brackets such as `<enter>` or `<ctrl-r>`.
  mutating func press(_ keys: String) {
    for key in ExplorerProbe.parse(keys) {
      effects += update(&state, .input(.key(key)))
    }
  }

  mutating func resize(_ width: Int, _ height: Int) {
    effects += update(&state, .input(.resize(Size(width: width, height: height))))
  }

  /// The screen.
  var canvas: Canvas {
    var canvas = Canvas(size: state.size)
    view(state, into: &canvas)
    return canvas
  }

  /// The screen as text.
  var screen: String { canvas.text }

  /// The row of the screen that holds `text`.
  func line(with text: String) -> String {
    screen.split(separator: "\n").map(String.init).first { $0.contains(text) } ?? ""
  }

  static func parse(_ keys: String) -> [Key] {
    let names: [String: Key] = [
      "enter": .enter, "esc": .escape, "tab": .tab, "backspace": .backspace, "up": .up,
      "down": .down, "left": .left, "right": .right, "home": .home, "end": .end,
      "pgup": .pageUp, "pgdn": .pageDown, "delete": .delete,
    ]
    var result: [Key] = []
    var rest = Substring(keys)
    while let first = rest.popFirst() {
      guard first == "<", let end = rest.firstIndex(of: ">") else {
        result.append(.character(first))
        continue
      }
      let name = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      if let key = names[name] {
        result.append(key)
      } else if name.hasPrefix("ctrl-"), let letter = name.last {
        result.append(.control(letter))
      }
    }
    return result
  }
}

/// The first origin question: Bidirectional(LSTM(50)), BatchNormalization, Dropout.
func bidirectionalModel() -> Model {
  let lstm = LSTM(units: 50, returnSequences: true)
  var dropout: any Layer = Dropout()
  try? dropout.set("rate", to: 0.2)
  return Model(
    input: InputLayer(batchShape: [32, 128, 20]),
    layers: [
      NamedLayer("bidirectional", Bidirectional(NamedLayer("lstm", lstm))),
      NamedLayer("batch_normalization", BatchNormalization()),
      NamedLayer("dropout", dropout),
    ])
}
